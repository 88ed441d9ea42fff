import type { PrNumber, Sha } from "../domain/ids.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import type { Hearing } from "./verb.ts";

/** The pull request that is spoken about, with its present head. */
export type Head = { readonly pr: SeenPullRequest; readonly onHead: { readonly prNumber: PrNumber; readonly headSha: Sha } };

/** The open pull request under which it was spoken, or why there is none. */
export function openHead({ issue, seen, on }: Hearing): Head | { readonly unable: string } {
  const pr = seen.pullRequest;
  if (issue.merged || pr?.state === "merged") return { unable: "The pull request is merged." };
  if (!pr || pr.number !== on) return { unable: `#${on} is not the pull request the Rig works on now.` };
  if (pr.state === "closed") return { unable: "The pull request is closed." };
  return { pr, onHead: { prNumber: pr.number, headSha: pr.headSha } };
}
