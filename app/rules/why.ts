import { type Issue, liveRun, openGates, stateOf } from "../domain/issue.ts";
import { environments } from "./release.ts";
import type { Scene } from "./rule.ts";
import { verdict } from "./verdict.ts";

/** The one sentence for "why is nothing happening, and what would move it". Every surface prints it. */
export function why(scene: Scene): string {
  const { issue, policy } = scene;
  const state = stateOf(issue);
  switch (state) {
    case "new":
      return `Waiting for a person with ${policy.trigger.minPermission} permission to put ${policy.trigger.label} on it.`;
    case "queued":
      return `Queued with ${issue.priority} priority: it starts when an agent is free.`;
    case "assigned":
      return `${issue.assignment?.agentId} has it: its run starts when a runner takes it.`;
    case "in_progress":
      return working(issue);
    case "in_review":
      return inReview(scene);
    case "waiting":
      return waiting(scene);
    case "deploying":
      return releasing(scene);
    case "held":
      return `${issue.held?.reason} Put ${policy.trigger.label} on it again to go on.`.replace(/\.\./g, ".");
    case "failed":
      return `A person has to decide. ${issue.escalation?.reason} Put ${policy.trigger.label} on it again to go on.`;
    case "done":
      return issue.verifiedAt
        ? "Done: the change was seen live and healthy."
        : "Done: the change is merged, and nothing is deployed from here.";
    default:
      return state satisfies never;
  }
}

function working(issue: Issue): string {
  const run = liveRun(issue);
  const what = {
    implement: "implements it",
    "fix-ci": "mends the failed checks",
    "answer-review": "answers the review",
    rebase: "resolves a conflict",
    "fix-smoke": "mends what broke",
    review: "reviews it",
  };
  if (run) return `${run.agentId} ${what[run.kind]}.`;
  return `${issue.assignment?.agentId} has finished, and its result is being published.`;
}

function inReview(scene: Scene): string {
  const { issue, seen } = scene;
  const head = issue.pullRequest?.headSha;
  const pr = `#${issue.pullRequest?.number}`;
  if (issue.ci?.headSha !== head) return `The checks of ${pr} are running.`;
  if (!issue.ci?.passed) return `Checks of ${pr} failed: ${issue.assignment?.agentId ?? "an agent"} is sent to mend them.`;
  if (issue.review?.headSha !== head || issue.review?.result === "requested") return `Review-E reads ${pr}.`;
  if (issue.review?.result === "changes_requested")
    return `The review of ${pr} asks for changes: ${issue.assignment?.agentId ?? "an agent"} is sent to answer.`;
  const missing = seen.pullRequest ? verdict(scene, seen.pullRequest).filter(({ ok }) => !ok) : [];
  return missing.length > 0 ? `${pr} does not merge yet: ${missing.map(({ because }) => because).join(" ")}` : `${pr} is being merged.`;
}

function waiting({ issue, policy }: Scene): string {
  if (issue.approval?.stale)
    return `The text changed after it was approved: take ${policy.trigger.label} off and put it on again to approve it as it stands.`;
  if (issue.waiting) return `Waiting (${issue.waiting.for}): ${issue.waiting.reason}`;
  const gate = openGates(issue)[0];
  if (!gate) return `${issue.assignment?.agentId ?? "An agent"} waits for GitHub.`;
  if (gate.state === "rejected") return `${gate.by} said no to the ${gate.name} gate: a new head and their approving review are needed.`;
  const who = gate.approvers.length > 0 ? gate.approvers.join(" or ") : "a code owner (CODEOWNERS names nobody for it)";
  return `The ${gate.name} gate waits for an approving review of ${gate.headSha.slice(0, 7)} by ${who}.`;
}

function releasing({ issue, policy }: Scene): string {
  const environment = environments(policy).find((name) => !issue.release[name].healthyAt);
  if (!environment) return "Merged: everything is verified.";
  const { requestedAt, deployedAt } = issue.release[environment];
  if (deployedAt) return `Deployed to ${environment}: its checks decide.`;
  return requestedAt ? `The deployment to ${environment} is under way.` : `Waiting for the repository to deploy to ${environment}.`;
}
