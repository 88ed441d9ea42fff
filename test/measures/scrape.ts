/** What Prometheus reads of a door whose database some histories are in. */
import { measureStore } from "../../app/metrics-from-store.ts";
import type { Shop } from "../api/shop-of-tea.ts";

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads the text format. */
export function samplesIn(text: string): readonly Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", labels = "", value = ""] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, of]) => [key as string, of as string]);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}

/** Metric → its type and help, as the format tells. */
export const metricsIn = (text: string): ReadonlyMap<string, { readonly type: string; readonly help: string }> =>
  new Map(
    [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\w+)$/gm)].map(([, name = "", help = "", type = ""]) => [name, { type, help }]),
  );

export async function scrape({ door }: Pick<Shop, "door">): Promise<string> {
  const response = await fetch(door.metricsUrl ?? "");
  if (response.status !== 200) throw new Error(`/metrics answers ${response.status}.`);
  return response.text();
}

/** Every gauge of the store beside what the door counts. Time only moves as it is told to: answers are kept for seconds. */
export function measured(shop: Shop, store: Parameters<typeof measureStore>[1]["store"] = shop.store) {
  const clock = { now: new Date() };
  measureStore(shop.door.metrics.registry, {
    store,
    github: { calls: { made: 12, counted: 7 }, remaining: () => 4321 },
    now: () => clock.now,
    log: { warn: () => {} } as never,
  });
  return {
    later: (ms: number) => {
      clock.now = new Date(clock.now.getTime() + ms);
    },
  };
}
