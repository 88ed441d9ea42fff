import type { Subject } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import type { Seen } from "../domain/seen.ts";
import type { Evaluation } from "../gates/evaluate.ts";

/** What a view may draw: state in, picture out. */
export interface Picture {
  readonly subject: Subject;
  readonly issue: Issue;
  readonly policy: Policy;
  readonly seen: Seen;
  /** The gates of the present head; absent where there is none to judge. */
  readonly evaluation?: Evaluation;
  /** Where the head changes the Rig's configuration: what is wrong with it then. */
  readonly config?: {
    readonly path: string;
    readonly errors: readonly { readonly line: number; readonly column: number; readonly message: string }[];
  };
  /** The one sentence every surface prints. */
  readonly why: string;
  readonly cto: readonly string[];
  /** Where the dashboard is, without a trailing slash. */
  readonly publicUrl: string;
}
