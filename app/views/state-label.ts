import type { Rendering } from "../domain/commands.ts";
import { type IssueState, stateOf } from "../domain/state.ts";
import type { Picture } from "./picture.ts";

/** State labels are written from state and never read as state. */
const labels: { readonly [S in IssueState]: string | undefined } = {
  new: undefined,
  queued: "rig:queued",
  assigned: "rig:working",
  in_progress: "rig:working",
  in_review: "rig:in-review",
  waiting: "rig:waiting",
  deploying: "rig:deploying",
  held: "rig:waiting",
  failed: "rig:failed",
  done: "rig:done",
};

export const stateLabels: readonly string[] = [...new Set(Object.values(labels).filter((name) => name !== undefined))];

/** Of an issue that was never handed over nothing is known, and nothing is shown. */
export function stateLabel({ subject, issue }: Picture): Rendering | undefined {
  if (issue.lastActId === undefined) return undefined;
  const add = labels[stateOf(issue)];
  return { surface: "labels", number: subject.number, ...(add ? { add } : {}), family: stateLabels.join(",") };
}
