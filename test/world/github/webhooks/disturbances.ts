import type { Outgoing } from "./delivery.ts";

export type Matches = (delivery: Outgoing) => boolean;

interface Disturbance {
  readonly kind: "drop" | "duplicate" | "delay" | "reorder";
  readonly matches: Matches;
  readonly milliseconds: number;
  readonly held: Outgoing[];
  left: number;
}

/** What a test does to deliveries on their way. */
export interface Disturbances {
  add(kind: Disturbance["kind"], matches: Matches, times: number, milliseconds?: number): void;
  /** What is to be sent in place of this delivery, and when; `lost` where that is nothing at all. */
  meet(delivery: Outgoing): { readonly send: readonly Outgoing[]; readonly after: number; readonly lost: boolean };
  clear(): readonly Outgoing[];
}

export function openDisturbances(): Disturbances {
  let list: Disturbance[] = [];
  return {
    add: (kind, matches, times, milliseconds = 0) => {
      list.push({ kind, matches, milliseconds, held: [], left: times });
    },
    meet: (delivery) => {
      const found = list.find(({ matches }) => matches(delivery));
      if (!found) return { send: [delivery], after: 0, lost: false };
      found.left -= 1;
      list = list.filter(({ left }) => left > 0);
      switch (found.kind) {
        case "drop":
          return { send: [], after: 0, lost: true };
        case "duplicate":
          return { send: [delivery, delivery], after: 0, lost: false };
        case "delay":
          return { send: [delivery], after: found.milliseconds, lost: false };
        case "reorder":
          found.held.unshift(delivery);
          return { send: found.left > 0 ? [] : found.held, after: 0, lost: false };
      }
    },
    clear: () => {
      const held = list.flatMap((one) => one.held);
      list = [];
      return held;
    },
  };
}
