/** What a story is, and what it plays on. */
import { setTimeout as pause } from "node:timers/promises";
import type { Recorded } from "../../../app/domain/envelope.ts";
import type { EventType } from "../../../app/domain/events.ts";
import { issueStream, type StreamId } from "../../../app/domain/ids.ts";
import type { Conductor } from "../conductor.ts";
import type { CreatedRepository } from "../github/github.ts";
import type { Line } from "../model.ts";
import type { Branch } from "../shop.ts";
import type { World } from "../world.ts";
import type { Makes } from "./effects.ts";
import type { Kind } from "./script.ts";

/** An issue of a story, and what becomes of it. */
export interface Part {
  readonly issue: { readonly title: string; readonly body: string };
  /** What the model says in each kind of run on this issue. */
  readonly scripts: Partial<Readonly<Record<Kind, readonly Line[]>>>;
  /** Everything of these types that happens, in this order. */
  readonly history: readonly EventType[];
  /** It is not to be done: nothing of it is merged or released, and this is how it ends. */
  readonly ends?: "ISSUE_WITHDRAWN";
  /** What the Rig makes in the world for it, however often anything was lost or repeated; what is not said is ordinary. */
  readonly makes?: Partial<Makes>;
  /** What else must be true at the end: a sentence for each thing that is not. */
  readonly missing?: (stage: Stage, stream: StreamId) => readonly string[] | Promise<readonly string[]>;
}

export interface Story {
  readonly name: string;
  /** What it shows, in one sentence. */
  readonly shows: string;
  /** Where it is played, for the sake of its policy; else in the shop. */
  readonly at?: Branch;
  readonly parts: readonly Part[];
  /** Opens the issues, hands them over, and does what else people and fate do; answers the numbers of the parts' issues. */
  readonly play: (stage: Stage, tell: (stream: StreamId, sentence: string) => void) => Promise<readonly number[]>;
  /** It stops the app on its way: it begins before the stories that do not. */
  readonly stopsTheApp?: true;
}

/** Where a story is played. */
export interface Stage {
  readonly world: World;
  readonly rig: Conductor;
  readonly shop: CreatedRepository;
  /** Told what happens outside of the Rig's own history. */
  readonly tell: (story: Story, stream: StreamId, sentence: string) => void;
}

/** What the events of one type said, oldest first. */
export const dataOf = <T extends EventType>(events: readonly Recorded[], type: T): readonly Recorded<T>["data"][] =>
  events.flatMap((event) => (event.type === type ? [event.data as Recorded<T>["data"]] : []));

/** Says where something is not as it should be. */
export const differs = (what: string, found: string | undefined, right: string): readonly string[] =>
  found === right ? [] : [`${what}: ${found || "nothing"}, not ${right}`];

export const streamOf = ({ shop }: Stage, number: number): StreamId => issueStream(shop.owner, shop.name, number);

/** The way of an issue that nothing disturbs, in its parts. */
export const taken = ["ISSUE_ASSIGNED", "RUN_REQUESTED", "WORK_STARTED"] as const;
export const opened = ["RUN_FINISHED", "PR_CREATED"] as const;
export const begun = ["ISSUE_APPROVED", ...taken, ...opened] as const;
export const reviewed = ["REVIEW_REQUESTED", "RUN_REQUESTED", "WORK_STARTED", "RUN_FINISHED"] as const;
const merged = ["MERGE_REQUESTED", "MERGED"] as const;
const verified = ["DEPLOY_REQUESTED", "DEPLOYED_PRODUCTION", "VERIFIED", "ISSUE_DONE"] as const;
export const released = [...merged, "DEPLOY_REQUESTED", "DEPLOYED_STAGING", "SMOKE_PASSED", ...verified] as const;
export const straight: readonly EventType[] = [...begun, "CI_PASSED", ...reviewed, "REVIEW_PASSED", ...released];
/** From the pull request on, where there is no staging environment. */
export const toProduction = [...opened, "CI_PASSED", ...reviewed, "REVIEW_PASSED", ...merged, ...verified] as const;

/** What ends a story otherwise than it should. */
const ends: ReadonlySet<EventType> = new Set(["ISSUE_DONE", "ESCALATED", "ISSUE_HELD", "ISSUE_WITHDRAWN"]);

/** How long everything may stand still, and how long something may take to be seen. */
const PATIENCE_MS = 120_000;
/** Nobody knows here whether anything happens meanwhile. */
const SIGHT_MS = 180_000;
const LOOK_EVERY_MS = 150;

export interface Waiting {
  /** The how-manieth event of the type. */
  readonly nth?: number;
  /** What belongs to the story, although it ends others. */
  readonly passing?: readonly EventType[];
}

/** Waits for an event of this type; fails when the story ends without it, or stands still. */
export async function until<T extends EventType>(
  { rig }: Pick<Stage, "rig">,
  stream: StreamId,
  type: T,
  { nth = 1, passing = [] }: Waiting = {},
): Promise<Recorded<T>> {
  let known = -1;
  let deadline = 0;
  for (;;) {
    const events = await rig.events(stream);
    const found = events.filter((event) => event.type === type)[nth - 1];
    if (found) return found as Recorded<T>;
    const end = events.find((event) => ends.has(event.type) && !passing.includes(event.type));
    if (end) throw new Error(`${stream} came to ${end.type} without ${type}: ${JSON.stringify(end.data)}`);
    // Others may have to come first: as long as anything happens, it is not over.
    if (rig.progress() !== known) deadline = Date.now() + PATIENCE_MS;
    known = rig.progress();
    if (Date.now() > deadline)
      throw new Error(`${stream} stands still after ${events.at(-1)?.type ?? "nothing"}, and never came to ${type}.`);
    await pause(LOOK_EVERY_MS);
  }
}

/** What a story looks at in a webhook. */
interface Payload {
  readonly action?: string;
  readonly sender?: { readonly login?: string };
  readonly workflow_run?: { readonly id?: number };
}

/** The first webhook of this kind that GitHub has sent and that fits. */
export const heardOf = ({ world }: Stage, event: string, fits: (payload: Payload) => boolean) =>
  world.github.deliveries.all().find((delivery) => delivery.event === event && fits(delivery.payload));

/** GitHub's own number of the workflow run behind a run. */
export const workflowRunOf = ({ workflowRunUrl }: Pick<Recorded<"WORK_STARTED">["data"], "workflowRunUrl">): number =>
  Number(/\/runs\/(\d+)/.exec(workflowRunUrl)?.[1]);

/** Waits for something to be seen, and answers it. */
export async function sees<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + SIGHT_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`Waited ${SIGHT_MS / 1000} seconds in vain for ${what}.`);
    await pause(LOOK_EVERY_MS);
  }
}
