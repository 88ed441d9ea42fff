import type { Command } from "../domain/commands.ts";
import type { EventType, RigEvent } from "../domain/events.ts";
import type { Subject } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";

/** What a reaction may know besides its event. */
export interface Context {
  readonly subject: Subject;
  /** The issue just before the event, and just after it. */
  readonly before: Issue;
  readonly after: Issue;
  readonly policy: Policy;
  readonly defaultBranch: string;
  /** The messages to people so far, oldest first. */
  readonly notices: readonly { readonly key: string; readonly about: string }[];
  /** Logins of `RIG_CTO`. */
  readonly cto: readonly string[];
}

export type Reaction<T extends EventType> = (data: RigEvent<T>["data"], context: Context) => readonly Command[];
