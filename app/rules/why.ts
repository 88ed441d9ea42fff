import { escalationText } from "../domain/escalation-text.ts";
import type { Issue } from "../domain/issue.ts";
import type { Broken, Gate, Run } from "../domain/issue-parts.ts";
import { producerOf } from "../domain/producers.ts";
import { questionText } from "../domain/question-text.ts";
import type { SeenPullRequest } from "../domain/seen.ts";
import { liveRun, openGates, stateOf } from "../domain/state.ts";
import { evaluationOf } from "./evaluation.ts";
import { toldOfReview } from "./peoples-review-told.ts";
import { releasing } from "./releasing.ts";
import type { Scene } from "./rule.ts";
import { verdict } from "./verdict.ts";

/** The one sentence for "why is nothing happening, and what would move it". Every surface prints it. */
export function why(scene: Scene): string {
  const { issue, policy } = scene;
  const state = stateOf(issue);
  if (issue.round) return inRound(issue);
  if (scene.subject.kind === "pull_request" || issue.watched) return watched(scene);
  // What is escalated is said before all else, in the same words everywhere.
  const open = issue.escalation ? `${escalationText(issue.escalation)} ` : "";
  switch (state) {
    case "new":
      return isNew(scene);
    case "queued":
      return `${open}${queued(scene)}`;
    case "assigned":
      return `${open}${issue.assignment?.agentId} has it: its run starts when a runner takes it.${starved(liveRun(issue))}`;
    case "in_progress":
      return `${open}${working(issue)}`;
    case "in_review":
      return `${open}${inReview(scene)}`;
    case "waiting":
      return `${open}${waiting(scene)}`;
    case "deploying":
      return `${open}${releasing(scene)}`;
    case "held":
      return `${issue.rollback ? `${goingBack(issue.rollback)} ` : ""}${ended(issue.held?.reason ?? "It is held")} ${onward(issue, policy.trigger.label)}`;
    case "failed":
      return `${open}Say \`/rig resolve\` with ${(issue.escalation?.options ?? []).join(", ") || "retry"}, or put ${policy.trigger.label} on it again.`;
    case "done":
      if (issue.rollback) return `${open}${goingBack(issue.rollback)}`;
      if (issue.takenBack)
        return `${issue.takenBack.by} took production back from it to ${issue.takenBack.toSha.slice(0, 7)}: no release that has it in it goes there until a person says \`/rig resume\` here.`;
      return issue.verifiedAt
        ? "Done: the change was seen live and healthy."
        : "Done: the change is merged, and nothing is deployed from here.";
    default:
      return state satisfies never;
  }
}

const goingBack = ({ by, toSha, prNumber, mergeSha }: NonNullable<Issue["rollback"]>): string =>
  `${by} takes production back to ${toSha.slice(0, 7)}: ${prNumber && !mergeSha ? `it goes out when a person merges pull request #${prNumber}` : "the deployment decides"}.`;

/** A round that came to nothing says why, and is over all the same. */
function inRound(issue: Issue): string {
  const run = issue.runs.at(-1);
  if (stateOf(issue) !== "done") return run && !run.stuck ? working(issue) : `${issue.round?.agentId} is asked.`;
  if (run?.finished?.outcome === "report") return "Done: it said what it found.";
  const because = run?.stuck?.reason ?? run?.finished?.summary ?? `it ended with ${run?.finished?.outcome}`;
  return `Done without a result: ${ended(because)}`;
}

/** Of a person's pull request the Rig holds the gates and says what Review-E found, and its author merges it. */
function watched(scene: Scene): string {
  const { issue, seen } = scene;
  const pr = seen.pullRequest;
  if (issue.merged) return "It is merged.";
  if (!issue.pullRequest || !pr || pr.state !== "open") return "It is not open, and the Rig leaves it alone.";
  if (issue.held) return `${ended(issue.held.reason)} Say \`/rig resume\` to go on.`;
  return [atItsGates(scene, pr), ...toldOfReview(scene)].join(" ");
}

function atItsGates(scene: Scene, pr: SeenPullRequest): string {
  const { issue } = scene;
  const { obstacles } = evaluationOf(scene, pr);
  if (obstacles.length > 0) return obstacles.join(" ");
  const gate = openGates(issue)[0];
  if (gate) return gateWaits(gate);
  return pr.draft
    ? "It is a draft: its gates are asked about once it is ready for review."
    : "No gate is in its way: whoever may merge it can.";
}

function gateWaits(gate: Gate): string {
  if (gate.state === "rejected") return `${gate.by} said no to the ${gate.name} gate: a new head and their approving review are needed.`;
  const who = gate.approvers.length > 0 ? gate.approvers.join(" or ") : "a code owner (CODEOWNERS names nobody for it)";
  return `The ${gate.name} gate waits for an approving review of ${gate.headSha.slice(0, 7)} by ${who}.`;
}

const ended = (text: string): string => text.replace(/[.\s]*$/, ".");

function isNew({ issue, seen, policy }: Scene): string {
  const { label, minPermission } = policy.trigger;
  if (seen.issue.gone) return "The issue is not here any more, and nothing is done about it.";
  if (!seen.issue.open) return "The issue is closed. Open it, and put the label on it again, to have it done.";
  const { trigger } = seen.issue;
  if (trigger?.verdict === "refused")
    return `${trigger.by} may not hand issues over: a person with ${minPermission} permission has to put ${label} on it.`;
  if (trigger?.verdict === "undecided") return `GitHub does not say yet what ${trigger.by} may do here: it is asked again.`;
  if (trigger && trigger.id === issue.lastActId)
    return `Its approval was taken back: take ${label} off and put it on again to have it done.`;
  return `Waiting for a person with ${minPermission} permission to put ${label} on it.`;
}

function queued({ issue, policy }: Scene): string {
  if (issue.waiting) return `Queued: ${ended(issue.waiting.reason)} It starts when that is closed.`;
  if (issue.broken && !issue.setAside) return `${mending(issue.broken)} It starts, before others of its class, when an agent is free.`;
  if (issue.setAside) return `It was interrupted and goes on, before others of its class, when an agent is free.`;
  const agent = producerOf(issue, policy);
  if (issue.failure && agent !== undefined && policy.agents[agent]?.maxConcurrent !== 1)
    return `Queued for a second attempt: it starts when an instance other than ${issue.failure.agentId} is free.`;
  return `Queued with ${issue.priority} priority: it starts when an agent is free.`;
}

function onward(issue: Issue, label: string): string {
  const until = issue.held?.until;
  if (until === "repository-back") return "It goes on by itself when that is over.";
  if (until === "unlocked") return "Unlock it to go on.";
  if (until === "label-off") return "Take the label off to go on.";
  return `Say \`/rig resume\`, or put ${label} on it again, to go on.`;
}

const starved = (run: Run | undefined): string =>
  run?.starvedAt ? " No runner has taken it for too long: look at the runners of this repository." : "";

/** What is broken out there, and which try it is to mend it. */
const mending = ({ environment, sha, retry, maxRetries, takenBackBy }: Broken): string =>
  takenBackBy === undefined
    ? `${environment} failed with ${sha.slice(0, 7)}: it is mended forward, ${retry} of ${maxRetries}.`
    : `${takenBackBy} took production back: the change is brought again.`;

function working(issue: Issue): string {
  const run = liveRun(issue);
  const what = {
    implement: "implements it",
    "fix-ci": "mends the failed checks",
    "answer-review": "answers the review",
    rebase: "resolves a conflict",
    "fix-smoke": "mends what broke",
    review: "reviews it",
    diagnose: "looks for the cause",
    propose: "looks for work to propose",
  };
  if (!run) return `${issue.assignment?.agentId} has finished, and its result is being published.`;
  if (run.asked && !run.fenced) return `${run.agentId} was asked to keep its work and make room. ${ended(run.asked.reason)}`;
  const broken = issue.broken ? `${mending(issue.broken)} ` : "";
  return `${broken}${run.agentId} ${what[run.kind]}.${starved(run.startedAt ? undefined : run)}`;
}

function inReview(scene: Scene): string {
  const { issue, seen } = scene;
  const head = issue.pullRequest?.headSha;
  const pr = `#${issue.pullRequest?.number}`;
  if (issue.ci?.headSha !== head) return `The checks of ${pr} are running.`;
  if (!issue.ci?.passed) return `Checks of ${pr} failed: ${issue.assignment?.agentId ?? "an agent"} is sent to mend them.`;
  if (issue.review?.headSha !== head || issue.review?.result === "requested") return `Review-E reads ${pr}.${starved(liveRun(issue))}`;
  if (issue.review?.result === "changes_requested")
    return `The review of ${pr} asks for changes: ${issue.assignment?.agentId ?? "an agent"} is sent to answer.`;
  const missing = seen.pullRequest ? verdict(scene, seen.pullRequest).filter(({ ok }) => !ok) : [];
  return missing.length > 0 ? `${pr} does not merge yet: ${missing.map(({ because }) => because).join(" ")}` : `${pr} is being merged.`;
}

function waiting({ issue, policy }: Scene): string {
  if (issue.approval?.stale)
    return `The text changed after it was approved: take ${policy.trigger.label} off and put it on again to approve it as it stands.`;
  if (issue.waiting?.for === "answer")
    return `${questionText(issue.waiting.reason, issue.asked.at(-1)?.by)} A person with write permission answers with \`/rig answer <text>\`; another comment is no answer.`;
  if (issue.waiting?.for === "budget") {
    const or = issue.waiting.scope === "day" ? ", or it goes on tomorrow at 00:00 UTC" : "";
    return `${ended(issue.waiting.reason)} \`/rig budget <usd>\` by a person with maintain permission lets it go on${or}.`;
  }
  if (issue.waiting) return `Waiting (${issue.waiting.for}): ${ended(issue.waiting.reason)}`;
  const gate = openGates(issue)[0];
  if (!gate) return `${issue.assignment?.agentId ?? "An agent"} waits for GitHub.`;
  return gateWaits(gate);
}
