/** What a story is, and what it plays on. */
import { setTimeout as pause } from "node:timers/promises";
import type { Recorded } from "../../../app/domain/envelope.ts";
import type { EventType } from "../../../app/domain/events.ts";
import { issueStream, type StreamId } from "../../../app/domain/ids.ts";
import type { Conductor } from "../conductor.ts";
import type { Line } from "../model.ts";
import type { World } from "../world.ts";
import type { Kind } from "./script.ts";

export interface Story {
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly shows: string;
  readonly issue: { readonly title: string; readonly body: string };
  /** What the model says in each kind of run on this issue. */
  readonly scripts: Partial<Readonly<Record<Kind, readonly Line[]>>>;
  /** Opens the issue, hands it over, and does what else people and fate do; answers the issue's number. */
  readonly play: (stage: Stage, tell: (stream: StreamId, sentence: string) => void) => Promise<number>;
  /** It stops the app on its way: it begins before the stories that do not. */
  readonly stopsTheApp?: true;
  /** Everything of these types that happens, in this order. */
  readonly history: readonly EventType[];
  /** Runs of each agent, and so many pushes, however often anything was lost or repeated. */
  readonly runs: { readonly "dev-e": number; readonly "review-e": number };
  /** What else must be true at the end: a sentence for each thing that is not. */
  readonly missing?: (stage: Stage, stream: StreamId) => Promise<readonly string[]>;
}

const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 150;

/** Where a story is played. */
export interface Stage {
  readonly world: World;
  readonly rig: Conductor;
  /** Told what happens outside of the Rig's own history. */
  readonly tell: (story: Story, stream: StreamId, sentence: string) => void;
}

export const streamOf = ({ world: { shop } }: Stage, number: number): StreamId => issueStream(shop.owner, shop.name, number);

/** The way of an issue that nothing disturbs, in its parts. */
export const begun = ["ISSUE_APPROVED", "ISSUE_ASSIGNED", "RUN_REQUESTED", "WORK_STARTED", "RUN_FINISHED", "PR_CREATED"] as const;
export const reviewed = ["REVIEW_REQUESTED", "RUN_REQUESTED", "WORK_STARTED", "RUN_FINISHED"] as const;
export const released = [
  "MERGE_REQUESTED",
  "MERGED",
  "DEPLOY_REQUESTED",
  "DEPLOYED_STAGING",
  "SMOKE_PASSED",
  "DEPLOY_REQUESTED",
  "DEPLOYED_PRODUCTION",
  "VERIFIED",
  "ISSUE_DONE",
] as const;
export const straight: readonly EventType[] = [...begun, "CI_PASSED", ...reviewed, "REVIEW_PASSED", ...released];

/** What ends a story otherwise than it should. */
const ends: ReadonlySet<EventType> = new Set(["ISSUE_DONE", "ESCALATED", "ISSUE_HELD", "ISSUE_WITHDRAWN"]);

/** Waits for an event of this type; fails when the story ends without it, or stands still. */
export async function until<T extends EventType>(stage: Stage, stream: StreamId, type: T): Promise<Recorded<T>> {
  return sees(`${stream} to come to ${type}`, async () => {
    const events = await stage.rig.events(stream);
    const found = events.find((event) => event.type === type);
    if (found) return found as Recorded<T>;
    const end = events.find((event) => ends.has(event.type));
    if (end) throw new Error(`${stream} came to ${end.type} without ${type}: ${JSON.stringify(end.data)}`);
    return undefined;
  });
}

/** Waits for something to be seen, and answers it. */
export async function sees<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${PATIENCE_MS / 1000} seconds in vain for ${what}.`);
    await pause(LOOK_EVERY_MS);
  }
}
