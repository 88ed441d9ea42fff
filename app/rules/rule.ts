import type { EffectOutcome } from "../domain/commands.ts";
import type { Said } from "../domain/envelope.ts";
import type { Environment, RigEvent } from "../domain/events.ts";
import type { Sha, Subject } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import type { ConfigFile, Seen } from "../domain/seen.ts";

/** Everything a rule may know. Plain data: a rule has no clock, no network and no memory of its own. */
export interface Scene {
  readonly subject: Subject;
  readonly issue: Issue;
  /** The version the issue's stream has with all events of `issue` in it. */
  readonly version: number;
  readonly seen: Seen;
  readonly policy: Policy;
  /** How the commands of this issue ended so far, oldest first. */
  readonly effects: readonly EffectOutcome[];
  /** Logins of `RIG_CTO`: whom escalations address. */
  readonly cto: readonly string[];
  /** R1: it is the issue that the Rig opened for an incident, named by this event, with this text. */
  readonly filed?: { readonly eventId: string; readonly bodyHash: string };
  /** Why nothing may be done in the repository now; absent where all is well. */
  readonly paused?: string;
  /** Of each environment the first earlier merge, of another issue, that this one contains and that is not healthy there. */
  readonly brokenBefore?: readonly { readonly environment: Environment; readonly by: string; readonly sha: Sha }[];
  /** An earlier merge of another issue, which this one contains, that a person took production back from. */
  readonly frozen?: { readonly by: string; readonly sha: Sha; readonly takenBackBy: string };
  /** What production was verified with last; told where a release to it may fail. */
  readonly lastVerified?: Sha;
  /** What is wrong with the repository itself, each as a sentence: while it is, no gate is green (R14, R16). */
  readonly faults: readonly string[];
  /** The files of the Rig's configuration that the pull request changes, and what is wrong with each there, if anything. */
  readonly config?: readonly ConfigFile[];
  /** Our own accounts, by GitHub's user id: never people, never a human's approval. */
  readonly identities: { readonly rig: number; readonly review?: number };
  readonly now: Date;
}

/** What a rule concludes: what has happened, and when to look again if nothing else does. */
export interface Conclusion {
  readonly events: readonly Said[];
  readonly wakeAt?: Date;
}

export type Rule = (scene: Scene) => Conclusion;

export const nothing: Conclusion = { events: [] };

/** One event, said by the Conductor itself. */
export const say = (event: RigEvent): Conclusion => ({ events: [event] });

/** Nothing yet; look again `ms` after `since`. */
export const lookAgain = (since: Date, ms: number): Conclusion => ({ events: [], wakeAt: new Date(since.getTime() + ms) });

export const passed = (since: Date, ms: number, now: Date): boolean => now.getTime() >= since.getTime() + ms;
