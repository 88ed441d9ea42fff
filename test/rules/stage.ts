/** A small stage for rules: an issue with a history, what is seen of it, and the time. */
import { conductor, type Said } from "../../app/domain/envelope.ts";
import type { EventData, EventType } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { AgentId, IssueNumber, issueStream, PrNumber, RepositoryId, RunId, Sha } from "../../app/domain/ids.ts";
import { type Issue, newIssue } from "../../app/domain/issue.ts";
import { defaultPolicy, Policy } from "../../app/domain/policy.ts";
import type { ChangedFile, Seen, SeenChanges, SeenPullRequest, SeenReview } from "../../app/domain/seen.ts";
import { textHash } from "../../app/domain/text.ts";
import { raisedBy } from "../../app/gates/evaluate.ts";
import { settle } from "../../app/rules/index.ts";
import type { Scene } from "../../app/rules/rule.ts";

export const start = new Date("2026-11-22T09:00:00Z");
export const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
export const sha = (letter: string) => Sha.parse(letter.repeat(40));
export const pr = PrNumber.parse(7);
export const agentId = AgentId.parse("dev-e-1");
export const runId = (n: number) => RunId.parse(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`);

export const title = "Round prices half up";
export const body = "A price of 2.345 becomes 2.34.";
export const rig = 900;
export const reviewer = 901;

const subject = {
  stream: issueStream("acme", "shop", 12),
  installationId: 1,
  repositoryId: RepositoryId.parse(4242),
  owner: "acme",
  repo: "shop",
  number: IssueNumber.parse(12),
};

export const person = { id: "5001", by: "jonas", byId: 20, at: start, verdict: "admitted" } as const;

export const seenIssue: Seen["issue"] = {
  open: true,
  locked: false,
  title,
  body,
  bodyHash: textHash(title, body),
  labels: ["agent-ready"],
  trigger: person,
  dependencies: [],
};

/** A file that is new in the head. */
export const file = (path: string, text = "", more: Partial<ChangedFile> = {}): ChangedFile => ({
  ...{ path, mode: "100644", head: text, removed: [] },
  added: text.split("\n").map((line, index) => ({ line: index + 1, text: line })),
  ...more,
});

/** A head that raises the schema gate and no other. */
export const migration: SeenChanges = { complete: true, files: [file("db/migrations/1.sql", "-- nothing yet")] };

/** How a gate is raised by a pull request as it is seen. */
export function raising(seen: SeenPullRequest, gate: string, approvers: readonly string[] = ["@maria"]): Said {
  const raised = raisedBy(seen, {}).find((one) => one.gate.name === gate);
  if (!raised) throw new Error(`Nothing in it raises ${gate}.`);
  return said("HUMAN_GATE_TRIGGERED", {
    ...{ prNumber: seen.number, headSha: seen.headSha, gate, approvers: [...approvers] },
    evidence: raised.evidence.map((one) => ({ ...one })),
    ...{ evidenceCount: raised.evidence.length, evidenceHash: raised.hash },
  });
}

export const seenPr = (more: Partial<SeenPullRequest> = {}): SeenPullRequest => ({
  number: pr,
  url: "https://github.example/acme/shop/pull/7",
  title: "Round prices half up",
  labels: [],
  branch: "rig/12-round-prices-half-up-1",
  base: { name: "main", sha: sha("0") },
  author: { login: "rig[bot]", id: rig },
  state: "open",
  draft: false,
  headSha: sha("a"),
  body: "Rounds half up.\n\nCloses #12",
  mergeable: true,
  mergeableState: "clean",
  checks: { state: "passed", names: ["test"], failed: [] },
  reviews: [],
  changes: { complete: true, files: [file("src/rounding.mjs", "return Math.round(value);")] },
  owners: { path: "CODEOWNERS", text: "* @maria", errors: [] },
  siblings: [],
  teams: {},
  madeBy: ["rig[bot]"],
  ...more,
});

export const review = (more: Partial<SeenReview> = {}): SeenReview => ({
  id: 1,
  by: "review-e[bot]",
  byId: reviewer,
  byType: "Bot",
  state: "APPROVED",
  commitId: sha("a"),
  submittedAt: at(30),
  body: "",
  findings: [],
  canWrite: false,
  ...more,
});

/** What was said so far, each at its own minute. */
export type History = readonly (readonly [minute: number, event: Said])[];

export const said = <T extends EventType>(type: T, data: Extract<Said, { type: T }>["data"]): Said => ({ type, data }) as unknown as Said;

export const approved = said("ISSUE_APPROVED", {
  title,
  body,
  bodyHash: textHash(title, body),
  priority: "normal",
  dependsOn: [],
  approvedBy: "jonas",
  actId: "5001",
});
export const assigned = said("ISSUE_ASSIGNED", { agentId, attempt: 1, branch: "rig/12-round-prices-half-up-1", runId: runId(1) });
export const requested = (kind: "implement" | "review" | "fix-ci" | "answer-review", n: number, baseSha = sha("0")) =>
  said("RUN_REQUESTED", {
    runId: runId(n),
    agent: kind === "review" ? "review-e" : "dev-e",
    agentId,
    kind,
    attempt: 1,
    branch: "rig/12-round-prices-half-up-1",
    baseSha,
    findings: [],
  });
export const started = (n: number) => said("WORK_STARTED", { agentId, runId: runId(n), workflowRunUrl: "https://github.example/runs/1" });
export const finished = (n: number, outcome: EventData<"RUN_FINISHED">["outcome"] = "patch") =>
  said("RUN_FINISHED", {
    runId: runId(n),
    outcome,
    usd: 0.1,
    tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
    turns: 3,
    minutes: 1,
  });
export const opened = said("PR_CREATED", {
  prNumber: pr,
  prUrl: "https://github.example/acme/shop/pull/7",
  branch: "rig/12-round-prices-half-up-1",
  headSha: sha("a"),
});
export const ciPassed = said("CI_PASSED", { prNumber: pr, headSha: sha("a"), checks: ["test"] });
export const reviewPassed = said("REVIEW_PASSED", { prNumber: pr, headSha: sha("a"), reviewer: "review-e[bot]", reviewId: 1 });

/** From the label to an open pull request whose checks passed and which Review-E approved. */
export const toOpen: History = [
  [0, approved],
  [1, assigned],
  [1, requested("implement", 1)],
  [2, started(1)],
  [10, finished(1)],
  [11, opened],
];
export const toReviewed: History = [
  ...toOpen,
  [12, ciPassed],
  [12, said("REVIEW_REQUESTED", { prNumber: pr, headSha: sha("a"), iteration: 1 })],
  [13, requested("review", 2, sha("a"))],
  [14, started(2)],
  [20, finished(2, "review")],
  [20, reviewPassed],
];
export const merged = said("MERGED", { prNumber: pr, headSha: sha("a"), mergeSha: sha("e"), mergedBy: "rig[bot]" });

export const folded = (history: History): Issue => history.reduce((issue, [minute, event]) => evolve(issue, event, at(minute)), newIssue);

export interface Stage {
  readonly history?: History;
  readonly minute?: number;
  readonly seen?: Partial<Seen>;
  readonly policy?: object;
  readonly effects?: Scene["effects"];
}

export const scene = ({ history = [], minute = 60, seen = {}, policy, effects = [] }: Stage): Scene => ({
  subject,
  issue: folded(history),
  version: history.length,
  seen: { issue: seenIssue, defaultBranch: { name: "main", sha: sha("0") }, ...seen },
  policy: policy ? Policy.parse(policy) : defaultPolicy,
  effects,
  cto: ["maria"],
  faults: [],
  identities: { rig, review: reviewer },
  now: at(minute),
});

/** What the rules conclude, by name. */
export const concluded = (stage: Stage): readonly string[] => settle(scene(stage)).events.map(({ type }) => type);

export { conductor };
