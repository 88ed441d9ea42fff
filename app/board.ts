/** The one board in Discord: drawn from the tables, edited at each coordination where it shows something else. */
import { createHash } from "node:crypto";
import type { Conductor } from "./conductor.ts";
import type { CommandData, Rendering } from "./domain/commands.ts";
import { BOARD, StreamId } from "./domain/ids.ts";
import { historyOf } from "./sync.ts";
import { discordBoard } from "./views/discord-board.ts";

/** More than the message has room for. */
const MOST_ROWS = 20;
/** A board on which nothing changes still says every hour that it is alive, and is there again when somebody deleted it. */
const HOUR_MS = 3_600_000;
const LANE = `${BOARD}:discord-board`;

/** The board says these in its own words, or shows them by being there. */
const elsewhere: ReadonlySet<string> = new Set(["people-awaited", "notices-waiting"]);

type BoardOf = Pick<Conductor, "store" | "discord" | "publicUrl" | "now"> & { readonly config: Pick<Conductor["config"], "cto"> };

export async function board({ store, discord, config, publicUrl, now }: BoardOf): Promise<void> {
  if (!discord) return;
  const [queue, working, waiting, incidents, conditions, told] = await Promise.all([
    store.boardQueue(MOST_ROWS),
    store.boardWorking(MOST_ROWS),
    store.boardWaiting(MOST_ROWS),
    store.openIncidents(),
    store.conditions(),
    store.effectsOf(BOARD).then((effects) => effects.findLast(({ kind, key }) => kind === "SHOW" && key.startsWith(`${LANE}:`))),
  ]);
  const histories = waiting.first.map(async (row) => ({ ...row, ...(await historyOf(store, StreamId.parse(row.stream))) }));
  const picture = {
    ...{ queue, working, incidents, waiting: { ...waiting, first: await Promise.all(histories) } },
    conditions: [...conditions.filter(({ name }) => !elsewhere.has(name)), ...discord.conditions()],
    cto: config.cto,
    publicUrl: publicUrl(),
  };
  const at = now();
  const hash = hashOf(discordBoard({ ...picture, now: new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS) }));
  if (told && told.state !== "dead" && (told.data as CommandData<"SHOW">).hash === hash) return;
  const key = `${LANE}:${Number(told?.key.split(":").at(-1) ?? 0) + 1}`;
  const rendering = discordBoard({ ...picture, now: at });
  await store.append({
    stream: BOARD,
    expectedVersion: null,
    events: [],
    commands: [{ kind: "SHOW", data: { hash, rendering }, key, lane: LANE }],
  });
}

const hashOf = (rendering: Rendering): string => createHash("sha256").update(JSON.stringify(rendering)).digest("hex").slice(0, 32);
