/** The one list of what can happen. Types, validation, the JSON Schema and the table in docs/events.md all come from here. */
import type { z } from "zod";
import { gateEvents } from "./events/gates.ts";
import { issueEvents } from "./events/issue.ts";
import { peopleEvents } from "./events/people.ts";
import { productionEvents } from "./events/production.ts";
import { pullRequestEvents } from "./events/pull-request.ts";
import { releaseEvents } from "./events/release.ts";
import { repositoryEvents } from "./events/repository.ts";
import type * as words from "./events/words.ts";
import { workEvents } from "./events/work.ts";

export const eventData = {
  ...issueEvents,
  ...workEvents,
  ...pullRequestEvents,
  ...gateEvents,
  ...releaseEvents,
  ...peopleEvents,
  ...repositoryEvents,
  ...productionEvents,
} as const;

export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>;
export type Priority = z.infer<typeof words.Priority>;
export type Cause = z.infer<typeof words.Cause>;
export type Environment = z.infer<typeof words.Environment>;
export type RunKind = z.infer<typeof words.RunKind>;
export type WaitingFor = z.infer<typeof words.WaitingFor>;
export type Decision = z.infer<typeof words.Decision>;
export type EscalationAbout = z.infer<typeof words.EscalationAbout>;
export type EscalationLevel = z.infer<typeof words.EscalationLevel>;
export type BudgetScope = z.infer<typeof words.BudgetScope>;
export type BudgetUnit = z.infer<typeof words.BudgetUnit>;
export type Probe = z.infer<typeof words.Probe>;
export type Severity = z.infer<typeof words.Severity>;
export type Suspect = z.infer<typeof words.Suspect>;
export type Diagnosis = z.infer<typeof words.Diagnosis>;
export type Proposal = z.infer<typeof words.Proposal>;
export type Finding = z.infer<typeof words.Finding>;
export type Requirement = z.infer<typeof words.Requirement>;
export type FailedCheck = z.infer<typeof words.Check>;

/** `RigEvent` is any event, `RigEvent<"CI_PASSED">` is one of them. */
export type RigEvent<T extends EventType = EventType> = { [K in T]: { readonly type: K; readonly data: EventData<K> } }[T];

export const eventTypes = Object.keys(eventData) as EventType[];

export const isEventType = (name: string): name is EventType => Object.hasOwn(eventData, name);

/** Reads an event from outside; throws zod's error where the data does not fit its type. */
export function parseEvent(type: EventType, data: unknown): RigEvent {
  return { type, data: eventData[type].parse(data) } as RigEvent;
}
