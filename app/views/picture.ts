import type { Subject } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import type { ConfigFile, Seen } from "../domain/seen.ts";
import type { Evaluation } from "../gates/evaluate.ts";

/** What a view may draw: state in, picture out. */
export interface Picture {
  readonly subject: Subject;
  readonly issue: Issue;
  readonly policy: Policy;
  readonly seen: Seen;
  /** The gates of the present head; absent where there is none to judge. */
  readonly evaluation?: Evaluation;
  /** The files of the Rig's configuration that the head changes, and what is wrong with each then. */
  readonly config?: readonly ConfigFile[];
  /** The one sentence every surface prints. */
  readonly why: string;
  readonly cto: readonly string[];
  /** Where the dashboard is, without a trailing slash. */
  readonly publicUrl: string;
}
