import { producerOf, producers } from "../domain/producers.ts";
import { nothing, type Rule, say } from "./rule.ts";

/** An issue for an agent that the policy does not have waits, rather than be given to another. */
export const capability: Rule = ({ issue, policy }) => {
  const { approval, assignment, merged, waiting } = issue;
  if (!approval || assignment || merged) return nothing;
  if (producerOf(issue, policy))
    return waiting?.for === "capability"
      ? say({
          type: "ISSUE_RESUMED",
          data: { for: "capability", reason: `The policy has the agent ${approval.agent ?? producers(policy)[0]} now.` },
        })
      : nothing;
  if (waiting && waiting.for !== "dependency" && waiting.for !== "capability") return nothing;
  const reason = `It is for the agent ${approval.agent}, and the agents here are ${producers(policy).join(", ")}. Name it under agents in .github/rig.yml, or take the label agent:${approval.agent} off and approve the issue again.`;
  return waiting?.reason === reason ? nothing : say({ type: "ISSUE_WAITING", data: { for: "capability", reason } });
};
