import { stateOf } from "../domain/state.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** An issue whose dependencies are open keeps its place in the queue and does not begin. A ring of dependencies is called one. */
export const dependencies: Rule = ({ issue, seen }) => {
  if (stateOf(issue) !== "queued") return nothing;
  const { cycle } = seen.issue;
  const open = seen.issue.dependencies.filter(({ state }) => state !== "closed");
  const on = open.map(({ ref }) => ref).toSorted();
  if (on.length === 0)
    return issue.waiting
      ? say({ type: "ISSUE_RESUMED", data: { for: "dependency", reason: "Nothing has to be done first any more." } })
      : nothing;
  const reason = cycle
    ? `Its dependencies form a ring: ${cycle.join(" → ")}. Take one of these links away.`
    : `${on.length === 1 ? "It depends on" : "It depends on all of"} ${open.map(({ ref, state }) => (state === "unknown" ? `${ref} (which the Rig cannot read)` : ref)).join(", ")}.`;
  if (issue.waiting?.reason === reason) return nothing;
  return say({ type: "ISSUE_WAITING", data: { for: "dependency", reason, on } });
};
