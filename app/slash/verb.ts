import type { Said } from "../domain/envelope.ts";
import type { Priority, RigEvent } from "../domain/events.ts";
import type { Sha, Subject } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import type { Lesson } from "../domain/repository.ts";
import type { Seen } from "../domain/seen.ts";
import type { Evaluation } from "../gates/evaluate.ts";

/** Who may speak it, by the repository's roles. `gate`: whoever may write; the gates judge whether it counts. `cto`: a login of `RIG_CTO` that maintains the repository. */
export type Who = "read" | "write" | "maintain" | "gate" | "cto";

/** Everything a command may know: plain data, as it was when the command was heard. */
export interface Hearing {
  readonly subject: Subject;
  readonly issue: Issue;
  readonly seen: Seen;
  readonly policy: Policy;
  readonly cto: readonly string[];
  /** The gates of the pull request's head, where there is one. */
  readonly evaluation?: Evaluation;
  /** Why nothing may be done in the repository now. */
  readonly paused?: string;
  /** The one sentence for why nothing happens, and what would move it. */
  readonly why: string;
  readonly now: Date;
  readonly by: string;
  readonly byId: number;
  /** Of the comment; of a pressed button, of the check run it stands on. */
  readonly commentId: number;
  /** The delivery that brought the press of a button. */
  readonly press?: string;
  /** When it was spoken. */
  readonly at: Date;
  /** The number of the issue or pull request where it was spoken. */
  readonly on: number;
  readonly onPullRequest: boolean;
  /** What the issue's labels say. */
  readonly labelled: Priority;
  /** Where a commit of the default branch is named to go back to: what that takes back, the newest first. Read where the command is about it. */
  readonly wayBack?: { readonly commits: number; readonly takesBack: readonly { readonly sha: Sha; readonly title: string }[] };
  /** What the repository has learned, read where the command is about it. */
  readonly lessons?: readonly Lesson[];
}

/** What a command comes to. Replies and reasons are Markdown, with people's words escaped. */
export type Answer = { readonly events: readonly Said[]; readonly reply?: string } | { readonly unable: string };

export interface Verb {
  readonly name: string;
  /** What is written after the name, as people read it. */
  readonly usage?: string;
  readonly description: string;
  readonly where: "issue" | "pr" | "both";
  readonly who: Who;
  /** It also means something under a person's own pull request, of which the Rig holds the gates and which Review-E may read. */
  readonly onPeoples?: true;
  /** The rest of the comment belongs to it. Without, what stands below its line is a remark. */
  readonly freeText?: true;
  /** What may be written after the name; anything else is answered with the usage. */
  readonly takes: RegExp;
  readonly speak: (args: string, hearing: Hearing) => Answer;
}

export const nothing = /^$/;
export const anyText = /\S/;

/** The event as the person says it who speaks. */
export const byPerson = ({ by, byId, at }: Pick<Hearing, "by" | "byId" | "at">, event: RigEvent): Said =>
  ({ ...event, actor: { kind: "human", login: by, id: byId }, at }) as Said;

/** How a verb is written: `/rig budget <usd>`. */
export const written = ({ name, usage }: Pick<Verb, "name" | "usage">): string => `/rig ${name}${usage ? ` ${usage}` : ""}`;
