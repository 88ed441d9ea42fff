/** P13: the way back that a person asked for, from the request to what production shows. */
import { expect, test } from "@jest/globals";
import { frozenBy } from "../../app/blame.ts";
import type { EffectOutcome } from "../../app/domain/commands.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { eventId, issueStream, PrNumber } from "../../app/domain/ids.ts";
import { isWayBack } from "../../app/domain/peoples.ts";
import { Policy } from "../../app/domain/policy.ts";
import { stateOf } from "../../app/domain/state.ts";
import type { Reader } from "../../app/observe/github.ts";
import { createMemory } from "../../app/observe/memory.ts";
import { react } from "../../app/reactions/index.ts";
import { settle } from "../../app/rules/index.ts";
import { why } from "../../app/rules/why.ts";
import { agentId, at, concluded, folded, type History, merged, runId, said, scene, seenIssue, sha, toReviewed } from "./stage.ts";

const asked = said("ROLLBACK_REQUESTED", {
  ...{ by: "maria", fromSha: sha("e"), toSha: sha("0"), commits: 3 },
  takesBack: [
    { sha: sha("e"), title: "Round @everyone's prices, closes #3 <b>" },
    { sha: sha("d"), title: "Before" },
  ],
});
const held = said("ISSUE_HELD", { by: "maria", reason: "maria takes production back to 0000000" });
const done = said("ISSUE_DONE", { durationMinutes: 1, attempts: 1, usd: 1, humanWaitMinutes: 0 });
const proposed = said("ROLLBACK_PROPOSED", { by: "maria", toSha: sha("0"), prNumber: PrNumber.parse(9), url: "" });
const rolledBack = said("ROLLED_BACK", { by: "maria", fromSha: sha("e"), toSha: sha("0") });
const live: History = [...toReviewed, [21, merged]];
const back: History = [...live, [30, done], [40, asked]];
const opened = (more: Partial<EffectOutcome> = {}): EffectOutcome => ({
  ...{ key: "k", kind: "OPEN_REVERT", state: "confirmed", data: { toSha: sha("0") }, response: { number: 9, url: "u" }, settledAt: at(41) },
  ...more,
});

test.each<[string, readonly EffectOutcome[], readonly string[]]>([
  ["while it is being carried out", [opened({ state: "sent", response: undefined })], []],
  ["when its pull request is open", [opened()], ["ROLLBACK_PROPOSED"]],
  ["where only an earlier request had a pull request", [opened({ settledAt: at(35) })], []],
  ["where GitHub refused it for good", [opened({ state: "dead", response: undefined, error: "403" })], ["ESCALATED"]],
  ["where the workflow could not be started", [opened({ kind: "DEPLOY", state: "dead", data: { sha: sha("0") } })], ["ESCALATED"]],
])("of a request is said, %s", (_, effects, events) => {
  const seen = { issue: { ...seenIssue, open: false } };
  expect(concluded({ history: back, minute: 60, seen, effects })).toEqual(events);
});

test("it is asked about until production shows it, ever less often, and then it is said once", () => {
  const stage = { history: back, seen: { issue: { ...seenIssue, open: false } } };
  expect(settle(scene({ ...stage, minute: 40 })).wakeAt).toEqual(new Date(at(40).getTime() + 2_000));
  expect(settle(scene({ ...stage, minute: 60 })).wakeAt).toEqual(at(65));
  expect(settle(scene({ ...stage, minute: 10_000 })).wakeAt).toEqual(at(10_060));
  const seen = { ...stage.seen, rolledBack: true };
  expect(concluded({ ...stage, seen, minute: 60 })).toEqual(["ROLLED_BACK"]);
  expect(concluded({ history: [...back, [60, rolledBack]], minute: 61, seen })).toEqual([]);
});

test("while it is under way nothing else of the issue is released, and the sentence says who waits for what", () => {
  const history: History = [...live, [40, asked], [40, held]];
  const policy = { deploy: { staging: { workflow: "deploy.yml" }, production: { workflow: "deploy.yml" } } };
  expect(concluded({ history, policy, minute: 60 })).toEqual([]);
  expect(why(scene({ history, policy }))).toMatch(/^maria takes production back to 0000000: the deployment decides\. .*\/rig resume/);
  expect(why(scene({ history: [...back, [41, proposed]] }))).toContain("when a person merges pull request #9");
});

test("given back after the workflow took it, the release to production begins anew", () => {
  const deployed = said("DEPLOYED_PRODUCTION", { environment: "production", sha: sha("e"), deploymentId: 5, url: "" });
  const issue = folded([...live, [25, deployed], [40, asked], [40, held], [50, rolledBack]]);
  expect([issue.rollback, issue.release.production]).toEqual([undefined, { requests: 0, smokeFailures: 0 }]);
  expect(stateOf(evolve(issue, said("ISSUE_RELEASED", { by: "maria", reason: "Again." }), at(60)))).toBe("deploying");
});

test("given back after a pull request took it, the change is brought again: it is not in the default branch any more", () => {
  const history: History = [...live, [40, asked], [40, held], [41, proposed], [50, rolledBack]];
  const again = said("ISSUE_RELEASED", { by: "maria", reason: "Again." });
  const given = said("ISSUE_ASSIGNED", { agentId, attempt: 2, branch: "rig/12-round-prices-half-up-2", runId: runId(3) });
  expect(stateOf(folded(history))).toBe("held");
  const { events } = settle(scene({ history: [...history, [60, again], [61, given]] }));
  expect(events[0]).toMatchObject({ type: "RUN_REQUESTED", data: { kind: "implement", attempt: 2 } });
  expect(JSON.stringify(events[0]?.data)).toContain("is not in the default branch any more");
});

const reactionTo = (event: RigEvent, policy: object = {}) => {
  const before = folded([...live, [30, done]]);
  const { subject } = scene({});
  return react(event, eventId(subject.stream, 30), {
    ...{ subject, before, after: evolve(before, event, at(40)), policy: Policy.parse(policy) },
    ...{ defaultBranch: "main", cto: ["maria"], notices: [] },
  });
};

test("the workflow that the repository names for it is started, with what was asked for", () => {
  const [first, ...more] = reactionTo(asked, { deploy: { production: { workflow: "deploy.yml" }, rollback: { workflow: "back.yml" } } });
  expect(first).toMatchObject({ kind: "DEPLOY", data: { environment: "production", workflow: "back.yml", ref: "main", sha: sha("0") } });
  expect(more.map(({ kind }) => kind)).toEqual(["NOTIFY", "COMMENT"]);
  for (const { data } of more) expect(JSON.stringify(data)).toContain("maria");
});

test("without one a pull request is opened, and strangers' words in it neither call, link nor close anything", () => {
  const [first] = reactionTo(asked, { deploy: { production: { workflow: "deploy.yml" } } });
  expect(first).toMatchObject({
    kind: "OPEN_REVERT",
    data: { toSha: sha("0"), by: "maria", base: "main", branch: "rig/rollback-12-0000000", title: "Take production back to 0000000" },
  });
  const { body = "" } = (first?.data ?? {}) as { readonly body?: string };
  for (const told of ["maria asked on #12", "It takes back 3 commits", "eeeeeee", "and 1 more", "its gates hold"])
    expect(body).toContain(told);
  for (const stranger of ["@everyone", "closes #3", "<b>"]) expect(body).not.toContain(stranger);
});

test.each([
  ["rig/rollback-12-0000000", true],
  ["rig/12-rollback-0000000-1", false],
  ["rig/rollback-12-0000000-more", false],
  ["jonas/rig/rollback-12-0000000", false],
])("a pull request of our own from %s is watched like a person's: %s", (branch, is) => {
  expect(isWayBack(branch)).toBe(is);
});

/** Another issue's merge, on its way while production was taken back from this one's. */
const behind = { by: "acme/shop#4", sha: sha("d"), takenBackBy: "maria" };
const onlyProduction = { deploy: { production: { workflow: "deploy.yml" } } };
const told = said("DEPLOY_BLOCKED", {
  environment: "production",
  sha: sha("e"),
  by: behind.by,
  failingSha: behind.sha,
  takenBackBy: "maria",
});

test("what production was taken back from is not brought there again by the next merge, until a person says so", () => {
  const stage = scene({ history: live, policy: onlyProduction, minute: 30 });
  expect(settle({ ...stage, frozen: behind }).events).toEqual([told]);
  const waiting = scene({ history: [...live, [30, told]], policy: onlyProduction, minute: 31 });
  expect(settle({ ...waiting, frozen: behind })).toMatchObject({ events: [], wakeAt: new Date(at(31).getTime() + 30_000) });
  expect(why({ ...waiting, frozen: behind })).toContain("`/rig resume` on acme/shop#4 lets it go on");
  const { events, scene: then } = settle(waiting);
  expect(events).toMatchObject([{ type: "DEPLOY_REQUESTED", data: { environment: "production" } }]);
  expect(then.issue.release.production.blocked).toBeUndefined();
});

test("staging is not kept from it", () => {
  const policy = { deploy: { staging: { workflow: "deploy.yml" }, production: { workflow: "deploy.yml" } } };
  const { events } = settle({ ...scene({ history: live, policy, minute: 30 }), frozen: behind });
  expect(events).toMatchObject([{ type: "DEPLOY_REQUESTED", data: { environment: "staging" } }]);
});

test.each<[string, History, boolean]>([
  ["once it was asked for", back, true],
  ["once production shows it", [...back, [41, rolledBack]], true],
  ["no longer when the pull request for it was merged", [...back, [41, proposed], [42, rolledBack]], false],
  [
    "no longer when a person gives it back",
    [...back, [41, rolledBack], [42, said("ISSUE_RELEASED", { by: "maria", reason: "It is mended." })]],
    false,
  ],
])("an issue stands in the way of releases %s", (_, history, stands) => {
  expect(folded(history).takenBack !== undefined).toBe(stands);
});

const others = (issue: ReturnType<typeof folded>, status: string) =>
  frozenBy(
    { candidates: async () => [{ ...scene({}).subject, stream: issueStream("acme", "shop", 4) }], issueOf: async () => issue },
    {
      ...{ owner: "acme", repo: "shop", memory: createMemory() },
      octokit: { rest: { repos: { compareCommitsWithBasehead: async () => ({ data: { status } }) } } } as unknown as Reader["octokit"],
    },
    scene({}).subject,
    evolve(
      folded(toReviewed),
      said("MERGED", { prNumber: PrNumber.parse(8), headSha: sha("a"), mergeSha: sha("f"), mergedBy: "rig[bot]" }),
      at(50),
    ),
    Policy.parse(onlyProduction),
  );

test("in the way is what the merge contains, and nothing else", async () => {
  expect(await others(folded(back), "ahead")).toEqual({ by: "acme/shop#4", sha: sha("e"), takenBackBy: "maria" });
  expect(await others(folded(back), "diverged")).toBeUndefined();
  expect(await others(folded([...live, [30, done]]), "ahead")).toBeUndefined();
});

test("what a person merged of it goes to production, once, and nothing is kept from going there any more", () => {
  const history: History = [...back, [41, proposed]];
  const seen = { issue: { ...seenIssue, open: false }, revertedBy: sha("f") };
  const { events, scene: then } = settle(scene({ history, minute: 50, seen, policy: onlyProduction }));
  const merge = said("ROLLBACK_MERGED", { by: "maria", toSha: sha("0"), prNumber: PrNumber.parse(9), mergeSha: sha("f") });
  expect(events).toEqual([merge]);
  expect(then.issue.takenBack).toBeUndefined();
  expect(concluded({ history: [...history, [50, merge]], minute: 51, seen, policy: onlyProduction })).toEqual([]);
});
