import type { Subject } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import type { Seen } from "../domain/seen.ts";

/** What a view may draw: state in, picture out. */
export interface Picture {
  readonly subject: Subject;
  readonly issue: Issue;
  readonly policy: Policy;
  readonly seen: Seen;
  /** The one sentence every surface prints. */
  readonly why: string;
  readonly cto: readonly string[];
  /** Where the dashboard is, without a trailing slash. */
  readonly publicUrl: string;
}
