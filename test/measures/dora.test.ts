/** What each of the five counts, told as small stories. */
import { expect, test } from "@jest/globals";
import { type Dora, dora } from "../../app/measures/dora.ts";
import { effort } from "../../app/measures/effort.ts";
import { quantile } from "../../app/measures/statistics.ts";
import type { Told } from "../../app/measures/told.ts";
import { windowOf } from "../../app/measures/window.ts";
import { said, shaOf } from "./histories.ts";

const noon = Date.parse("2026-11-10T12:00:00Z");
const window = windowOf("2026-11-10", "2026-11-10", new Date(noon));
type Line = readonly [minute: number, type: Told["type"], data?: object];

const story = (stream: string, ...lines: readonly Line[]): readonly Told[] =>
  lines.map(([minute, type, data = {}], nth) => ({
    ...said(type, data),
    ...{ stream, version: nth + 1, at: new Date(noon + minute * 60_000), repo: stream.split("#")[0] },
  })) as unknown as readonly Told[];

const told = (...stories: readonly (readonly Told[])[]): Dora => dora(stories.flat(), window);

const opened: Line = [-60, "PR_CREATED"];
const merged: Line = [-10, "MERGED"];
const live = (minute: number, deploymentId = 1, sha = shaOf(1)): Line => [
  minute,
  "DEPLOYED_PRODUCTION",
  { environment: "production", sha, deploymentId },
];
const broken = (minute: number, more: object = {}): Line => [minute, "SMOKE_FAILED", { environment: "production", cause: "code", ...more }];
const healthy = (minute: number): Line => [minute, "VERIFIED", { environment: "production" }];
const suspected = (sha = shaOf(1)): Line => [30, "INCIDENT_DETECTED", { suspects: [{ sha, deployedAt: "2026-11-10T12:00:00Z" }] }];

test("two issues that one deployment brought are two changes and one deployment", () => {
  const { deploymentFrequency, leadTime } = told(
    story("a/b#1", opened, merged, live(0)),
    story("a/b#2", opened, merged, live(3, 1, shaOf(2))),
  );
  expect(deploymentFrequency).toEqual({ perDay: 1, deployments: 1, days: 1 });
  expect(leadTime).toEqual({ median: 60, p90: 60, count: 2 });
});

test("a merge that is deployed again is another deployment, and no other change", () => {
  const { deploymentFrequency, leadTime } = told(story("a/b#1", opened, merged, live(0, 1), live(5, 1), live(60, 2)));
  expect(deploymentFrequency.deployments).toBe(2);
  expect(leadTime.count).toBe(1);
});

test("the same number in two repositories is two deployments", () => {
  expect(told(story("a/b#1", merged, live(0)), story("a/c#1", merged, live(0))).deploymentFrequency.deployments).toBe(2);
});

test("lead time begins with the first commit where that is known, and never after the pull request was opened", () => {
  const commit = (minute: number): Line => [-60, "PR_CREATED", { firstCommitAt: new Date(noon + minute * 60_000).toISOString() }];
  expect(told(story("a/b#1", commit(-90), merged, live(0))).leadTime.median).toBe(90);
  expect(told(story("a/b#1", commit(90), merged, live(0))).leadTime.median).toBe(60);
});

test("a deployment belongs to the day on which it was first told of, to the millisecond", () => {
  const midnight = 12 * 60;
  const at = (minute: number) => told(story("a/b#1", opened, merged, live(minute))).deploymentFrequency.deployments;
  expect([at(-midnight), at(-midnight - 1 / 60_000), at(midnight), at(midnight - 1 / 60_000)]).toEqual([1, 0, 0, 1]);
  // Of two that tell of it, the first decides.
  expect(told(story("a/b#1", merged, live(midnight - 1)), story("a/b#2", merged, live(midnight + 1))).deploymentFrequency.deployments).toBe(
    1,
  );
  expect(
    told(story("a/b#1", merged, live(-midnight - 1)), story("a/b#2", merged, live(-midnight + 1))).deploymentFrequency.deployments,
  ).toBe(0);
});

test.each<readonly [string, readonly Line[], number]>([
  ["a check of production that fails by the code's fault", [broken(5)], 1],
  ["no check that fails because of something outside of it", [broken(5, { cause: "external_dependency" })], 0],
  ["no check of staging", [broken(5, { environment: "staging" })], 0],
  ["a rollback that a person asked for", [[5, "ROLLBACK_REQUESTED"]], 1],
  ["two failures of one deployment once", [broken(5), [6, "ROLLBACK_REQUESTED"]], 1],
])("the change fail rate counts %s", (_, lines, failed) => {
  expect(told(story("a/b#1", merged, live(0), ...lines)).changeFailRate).toEqual({ rate: failed, count: failed, of: 1 });
});

test("an incident is the failure of its first suspect's deployment, and of no other", () => {
  const issues = [story("a/b#1", merged, live(0)), story("a/b#2", merged, live(10, 2, shaOf(2)))];
  const blamed = told(...issues, story("incident/1", suspected(shaOf(2)), [50, "INCIDENT_RESOLVED"]));
  expect(blamed.changeFailRate).toEqual({ rate: 0.5, count: 1, of: 2 });
  expect(blamed.recoveryTime).toMatchObject({ median: 20, open: 0 });
  expect(told(...issues, story("incident/1", suspected(shaOf(9)))).changeFailRate.count).toBe(0);
});

test("recovery lasts from the first failure until nothing of the deployment is broken any more", () => {
  const both = story("a/b#1", merged, live(0), broken(5), [20, "MERGED"], live(25, 2, shaOf(2)), healthy(35));
  expect(told(both).recoveryTime).toEqual({ median: 30, p90: 30, count: 1, open: 0 });
  const incident = story("incident/1", suspected(), [95, "INCIDENT_RESOLVED"]);
  expect(told(both, incident).recoveryTime).toMatchObject({ median: 90, count: 1 });
  expect(told(both, incident.slice(0, 1)).recoveryTime).toEqual({ median: null, p90: null, count: 0, open: 1 });
  expect(told(story("a/b#1", merged, live(0), [5, "ROLLBACK_REQUESTED"], [11, "ROLLED_BACK"])).recoveryTime.median).toBe(6);
});

test("rework is the fix of what failed in production, and the issue that an incident was filed as", () => {
  expect(told(story("a/b#1", merged, live(0), broken(5), [20, "MERGED"], live(25, 2))).reworkRate).toEqual({ rate: 0.5, count: 1, of: 2 });
  const filed = story("incident/1", suspected(), [31, "INCIDENT_FILED", { url: "https://github.com/a/b/issues/2" }]);
  expect(told(story("a/b#1", merged, live(0)), story("a/b#2", merged, live(60, 2)), filed).reworkRate.count).toBe(1);
  expect(told(story("a/b#1", merged, broken(-5, { environment: "staging" }), [-3, "MERGED"], live(0))).reworkRate.count).toBe(0);
});

test("a deployment of both kinds counts for both, and its failure for whose change is at fault", () => {
  const person = story("a/b#2", [-60, "PR_WATCHED"], merged, live(1, 1, shaOf(2)));
  const { agent, human, ...all } = told(story("a/b#1", opened, merged, live(0), broken(5)), person);
  expect([all, agent, human].map(({ changeFailRate }) => changeFailRate)).toEqual([
    { rate: 1, count: 1, of: 1 },
    { rate: 1, count: 1, of: 1 },
    { rate: 0, count: 0, of: 1 },
  ]);
  expect([agent.leadTime.count, human.leadTime.count]).toEqual([1, 1]);
});

test("a wait is counted from the last approval to the first assignment, and each gate by its head", () => {
  const gate = (minute: number, type: "HUMAN_GATE_TRIGGERED" | "HUMAN_GATE_APPROVED", headSha: string): Line => [
    minute,
    type,
    { gate: "auth", headSha },
  ];
  const waits = story(
    "a/b#1",
    ...([
      [-30, "ISSUE_APPROVED"],
      [-20, "ISSUE_APPROVED"],
      [-5, "ISSUE_ASSIGNED"],
      [0, "ISSUE_ASSIGNED"],
    ] as const),
    ...[gate(1, "HUMAN_GATE_TRIGGERED", "a"), gate(4, "HUMAN_GATE_TRIGGERED", "b"), gate(9, "HUMAN_GATE_APPROVED", "b")],
    [20, "ISSUE_DONE", { usd: 3, humanWaitMinutes: 5 }],
  );
  const done = story("a/b#2", healthy(1), [2, "ISSUE_DONE", { usd: 2, humanWaitMinutes: 7 }]);
  expect(effort([...waits, ...done], window, { usd: 5, repositories: {} })).toMatchObject({
    queueWaitMinutes: { median: 15, count: 1 },
    gateWaitMinutes: { median: 5, count: 1 },
    // What was merged and never seen in production is no verified change.
    ...{ verifiedChanges: 1, usd: { median: 2 }, humanMinutes: { median: 7 }, usdOfAllPerVerifiedChange: 5 },
  });
});

test("between two values a quantile lies on the line between them", () => {
  expect([quantile([], 0.5), quantile([4], 0.9), quantile([1, 2], 0.5), quantile([1, 2, 3, 4, 11], 0.9)]).toEqual([null, 4, 1.5, 8.2]);
});

test("thirty days end with today, or with the day that is told", () => {
  expect(windowOf(undefined, undefined, new Date(noon))).toMatchObject({ from: "2026-10-12", to: "2026-11-10", days: 30 });
  expect(windowOf(undefined, "2026-03-01", new Date(noon))).toMatchObject({ from: "2026-01-31", days: 30 });
});
