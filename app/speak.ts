/** What people and programs with a token of `RIG_API_TOKENS` may say to an issue: `POST /api/events`. */
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { Conductor } from "./conductor.ts";
import { refused } from "./domain/accepts.ts";
import type { Actor, Said } from "./domain/envelope.ts";
import { type EventData, type EventType, eventData, type RigEvent } from "./domain/events.ts";
import type { StreamId, Subject } from "./domain/ids.ts";
import { runOf } from "./domain/state.ts";
import type { Scene } from "./rules/rule.ts";
import type { Store } from "./store/store.ts";
import { sync } from "./sync.ts";

export interface Words {
  readonly subject: Subject;
  readonly type: EventType;
  /** The event's fields as they were sent. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Whose token it is. */
  readonly by: string;
  /** Said again under the same key, it counts once. */
  readonly key?: string | undefined;
}

export interface Answer {
  readonly result: "accepted" | "duplicate" | "rejected";
  readonly reason?: string;
  /** When it was recorded, or refused. */
  readonly at: Date;
}

/** The fields are not those of the type. */
export interface Misfit {
  readonly misfit: z.ZodError;
}

export type Speak = (words: Words) => Promise<Answer | Misfit>;

interface Sayable<T extends EventType> {
  /** Fields that follow from who speaks; nobody speaks for another. */
  readonly own?: (by: string) => Partial<EventData<T>>;
  /** Why it may not be said now, beyond what the history itself refuses. */
  readonly unfit?: (scene: Scene, data: EventData<T>) => string | undefined;
}

const itsOwnRun = ({ issue }: Scene, { runId, agentId }: { readonly runId?: string | undefined; readonly agentId: string }) => {
  if (!runId) return "name the runId: a heartbeat belongs to a run";
  const run = runOf(issue, runId);
  return run && run.agentId !== agentId ? `run ${runId} is ${run.agentId}'s` : undefined;
};
const approved = ({ issue }: Scene) => (issue.approval ? undefined : "the issue was never handed over");
const by = (name: string) => ({ by: name });

/**
 * The closed list: how an agent that people run themselves goes, and what only stops, orders or answers.
 * What GitHub shows is read there and nowhere else; what spends, resets or lets through takes a permission at GitHub, which a token is not.
 */
const sayable: { readonly [T in EventType]?: Sayable<T> } = {
  HEARTBEAT: { unfit: itsOwnRun },
  AGENT_STUCK: { unfit: itsOwnRun },
  QUESTION_ANSWERED: { own: by },
  ESCALATION_ACKNOWLEDGED: { own: by },
  LESSON_FORGOTTEN: { own: by },
  ISSUE_HELD: { own: by, unfit: approved },
  ISSUE_RELEASED: {
    own: by,
    unfit: ({ issue, seen, paused }) => {
      if (issue.escalation) return "a person has to decide first: /rig resolve on the issue";
      if (paused) return `its repository is paused: ${paused}`;
      return seen.issue.hold || seen.issue.locked
        ? "what holds it is still there: take rig:hold off, or unlock the conversation"
        : undefined;
    },
  },
  PRIORITY_CHANGED: {
    own: (name) => ({ by: name, source: "command" }),
    unfit: (scene, { from }) =>
      approved(scene) ?? (from === scene.issue.priority ? undefined : `its priority is ${scene.issue.priority}, not ${from}`),
  },
};

/** The types that may come from outside. */
export const sayableTypes = Object.keys(sayable) as EventType[];

/** The history keeps a heartbeat a minute; the latest one is kept apart. */
const THINNED_TO = 60_000;

export async function speak(conductor: Conductor, { subject, type, data, by: name, key }: Words): Promise<Answer | Misfit> {
  const { store, now } = conductor;
  const rejected = (reason: string): Answer => ({ result: "rejected", reason, at: now() });
  const rule = sayable[type] as Sayable<EventType> | undefined;
  if (!rule)
    return rejected(
      `${type} does not come from outside: what GitHub shows is read there, and what takes a permission is said there. Here may be said: ${sayableTypes.join(", ")}.`,
    );
  const own = rule.own?.(name) ?? {};
  const foreign = Object.entries(own).find(([field, value]) => data[field] !== undefined && data[field] !== value);
  if (foreign) return rejected(`${foreign[0]} is ${foreign[1]} for this token: leave the field out.`);
  const parsed = eventData[type].safeParse({ ...data, ...own });
  if (!parsed.success) return { misfit: parsed.error };
  const event = { type, data: parsed.data } as RigEvent;

  const dedupeKey = key === undefined ? undefined : `said:${name}:${key}`;
  const earlier = async () => (dedupeKey === undefined ? undefined : said(store, dedupeKey, subject.stream, event));
  const known = await earlier();
  if (known) return known;

  let unfit: string | undefined;
  const actor: Actor = { kind: "human", login: name, id: 0 };
  const words: Said = { ...event, actor, ...(dedupeKey === undefined ? {} : { dedupeKey }) };
  const recording = await sync(conductor, subject, `api:${name}`, async (scene) => {
    unfit = rule.unfit?.(scene, event.data as EventData<typeof type>) ?? refused(scene.issue, event);
    if (unfit) return [];
    return event.type === "HEARTBEAT" && !(await isNews(store, scene, event.data)) ? [] : [words];
  });
  // Said twice at once, the second finds what the first has just changed.
  if (unfit) return (await earlier()) ?? rejected(unfit);
  const { result, reason } = recording;
  return { result, ...(reason ? { reason } : {}), at: now() };
}

/** What became of an earlier event under the key. */
async function said(
  store: Pick<Store, "recordedAs">,
  key: string,
  stream: StreamId,
  { type, data }: RigEvent,
): Promise<Answer | undefined> {
  const found = await store.recordedAs(key);
  if (!found) return undefined;
  if (found.stream === stream && found.type === type && isDeepStrictEqual(found.data, data))
    return { result: "duplicate", at: found.occurredAt };
  return {
    result: "rejected",
    reason: `the Idempotency-Key stands for another event, ${found.type} of ${found.stream}: take a new one`,
    at: found.occurredAt,
  };
}

/** Keeps a sign of life; true where the history should have it too. */
async function isNews(store: Pick<Store, "seen">, { issue, now }: Scene, heartbeat: EventData<"HEARTBEAT">): Promise<boolean> {
  if (!heartbeat.runId) return false;
  await store.seen(heartbeat.runId, heartbeat);
  const last = runOf(issue, heartbeat.runId)?.lastSeenAt;
  return !last || now.getTime() - last.getTime() >= THINNED_TO;
}
