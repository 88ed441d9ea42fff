import { expect, test } from "@jest/globals";
import { settle } from "../../app/rules/index.ts";
import {
  approved,
  assigned,
  at,
  ciPassed,
  concluded,
  finished,
  type History,
  merged,
  pr,
  requested,
  review,
  said,
  scene,
  seenIssue,
  seenPr,
  sha,
  start,
  started,
  toOpen,
  toReviewed,
} from "./stage.ts";

const both = { deploy: { staging: { workflow: "deploy.yml" }, production: { workflow: "deploy.yml" } } };
const toMerged: History = [...toReviewed, [21, merged]];
const success = { id: 5, sha: sha("e"), state: "success", url: "", createdAt: at(22) } as const;
const holds = { url: "http://shop.example/version", ok: true, detail: "" };

test("a person's label freezes the text and puts the issue into the queue", () => {
  const { events } = settle(scene({}));
  expect(events).toMatchObject([
    {
      type: "ISSUE_APPROVED",
      data: { approvedBy: "jonas", body: seenIssue.body, priority: "normal" },
      actor: { kind: "human" },
      at: start,
    },
  ]);
});

test("an assigned agent is sent to work from the head of the default branch", () => {
  expect(
    settle(
      scene({
        history: [
          [0, approved],
          [1, assigned],
        ],
      }),
    ).events,
  ).toMatchObject([{ type: "RUN_REQUESTED", data: { kind: "implement", baseSha: sha("0") } }]);
});

test("a pull request of the issue's branch is noticed", () => {
  expect(
    concluded({
      history: toOpen.slice(0, -1),
      seen: { pullRequest: seenPr({ checks: { state: "pending", names: ["test"], failed: [] } }) },
    }),
  ).toEqual(["PR_CREATED"]);
});

test("passed checks bring the reviewer", () => {
  expect(concluded({ history: toOpen, seen: { pullRequest: seenPr() } })).toEqual(["CI_PASSED", "REVIEW_REQUESTED", "RUN_REQUESTED"]);
});

test("Review-E's approval of the head lets it merge", () => {
  const history: History = [
    ...toOpen,
    [12, ciPassed],
    [12, said("REVIEW_REQUESTED", { prNumber: pr, headSha: sha("a"), iteration: 1 })],
    [13, requested("review", 2, sha("a"))],
    [14, started(2)],
  ];
  expect(concluded({ history, minute: 16, seen: { pullRequest: seenPr({ reviews: [review()] }) } })).toEqual([
    "REVIEW_PASSED",
    "MERGE_REQUESTED",
  ]);
});

test("a merge that GitHub shows is done where nothing is deployed", () => {
  const seen = { pullRequest: seenPr({ state: "merged", mergeSha: sha("e"), mergedBy: "rig[bot]" }), issue: { ...seenIssue, open: false } };
  expect(concluded({ history: toReviewed, seen })).toEqual(["MERGED", "ISSUE_DONE"]);
});

test.each([
  ["starts with staging", [], {}, ["DEPLOY_REQUESTED"]],
  ["waits while staging is deployed", [[22, said("DEPLOY_REQUESTED", { environment: "staging", sha: sha("e"), attempt: 1 })]], {}, []],
  [
    "is smoke-tested in staging and then asks for production",
    [[22, said("DEPLOY_REQUESTED", { environment: "staging", sha: sha("e"), attempt: 1 })]],
    { staging: { deployment: success, probes: [holds] } },
    ["DEPLOYED_STAGING", "SMOKE_PASSED", "DEPLOY_REQUESTED"],
  ],
  [
    "is verified when production shows it, and only then done",
    [
      [22, said("SMOKE_PASSED", { environment: "staging", sha: sha("e"), checks: [] })],
      [22, said("DEPLOY_REQUESTED", { environment: "production", sha: sha("e"), attempt: 1 })],
    ],
    { production: { deployment: success, probes: [holds] } },
    ["DEPLOYED_PRODUCTION", "VERIFIED", "ISSUE_DONE"],
  ],
  [
    "is not done while production does not show it",
    [
      [22, said("SMOKE_PASSED", { environment: "staging", sha: sha("e"), checks: [] })],
      [22, said("DEPLOY_REQUESTED", { environment: "production", sha: sha("e"), attempt: 1 })],
    ],
    { production: { deployment: success, probes: [{ ...holds, ok: false }] } },
    ["DEPLOYED_PRODUCTION"],
  ],
] as const)("a merge %s", (_, more, seen, events) => {
  const history = [...toMerged, ...(more as History)];
  expect(concluded({ history, minute: 23, policy: both, seen: { issue: { ...seenIssue, open: false }, ...seen } })).toEqual(events);
});

test("a merge that never becomes healthy goes back to work, and is a person's where nobody may mend it", () => {
  const history: History = [
    ...toMerged,
    [22, said("DEPLOY_REQUESTED", { environment: "staging", sha: sha("e"), attempt: 1 })],
    [22, said("DEPLOYED_STAGING", { environment: "staging", sha: sha("e"), deploymentId: 5, url: "" })],
  ];
  const seen = { issue: { ...seenIssue, open: false }, staging: { deployment: success, probes: [{ ...holds, ok: false }] } };
  expect(concluded({ history, minute: 60, policy: both, seen })).toEqual(["SMOKE_FAILED"]);
  const never = { ...both, limits: { smokeRetries: 0 } };
  expect(concluded({ history, minute: 60, policy: never, seen })).toEqual(["SMOKE_FAILED", "ESCALATED"]);
});

test("what is asked twice is said once", () => {
  const first = settle(scene({ history: toOpen, seen: { pullRequest: seenPr() } }));
  expect(settle({ ...first.scene }).events).toEqual([]);
});

test("a finished run whose result never appears is called lost, not forgotten", () => {
  const history = [...toOpen.slice(0, 4), [10, finished(1)]] as History;
  expect(settle(scene({ history, minute: 11 })).wakeAt).toEqual(at(12));
  expect(concluded({ history, minute: 12 })).toEqual(["AGENT_STUCK", "ISSUE_UNASSIGNED"]);
});

test("production that nobody has asked yet is not verified", () => {
  const verify = {
    deploy: { production: { workflow: "deploy.yml", verify: [{ url: "http://shop.example/version", json: { sha: "{sha}" } }] } },
  };
  const history: History = [...toMerged, [22, said("DEPLOY_REQUESTED", { environment: "production", sha: sha("e"), attempt: 1 })]];
  const stage = { history, minute: 23, policy: verify };
  const issue = { ...seenIssue, open: false };
  expect(concluded({ ...stage, seen: { issue, production: { deployment: success, probes: [] } } })).toEqual(["DEPLOYED_PRODUCTION"]);
  expect(concluded({ ...stage, seen: { issue, production: { deployment: success, probes: [holds] } } })).toEqual([
    "DEPLOYED_PRODUCTION",
    "VERIFIED",
    "ISSUE_DONE",
  ]);
});
