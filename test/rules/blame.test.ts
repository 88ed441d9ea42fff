/** The first merge that fails is mended; what was merged on top of it waits for that, and its time does not run. */
import { expect, test } from "@jest/globals";
import { brokenBefore, unhealthyIn } from "../../app/blame.ts";
import type { Probe } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { issueStream, type Sha } from "../../app/domain/ids.ts";
import type { Issue } from "../../app/domain/issue.ts";
import { Policy } from "../../app/domain/policy.ts";
import type { Reader } from "../../app/observe/github.ts";
import { createMemory } from "../../app/observe/memory.ts";
import type { Scene } from "../../app/rules/rule.ts";
import { smokeFailed } from "../../app/rules/smoke-failure.ts";
import { why } from "../../app/rules/why.ts";
import { at, folded, type History, merged, pr, said, scene, sha, toReviewed } from "./stage.ts";

const policy = { deploy: { staging: { workflow: "deploy.yml" }, production: { workflow: "deploy.yml" } } };
const deployed = said("DEPLOYED_STAGING", { environment: "staging", sha: sha("e"), deploymentId: 5, url: "https://staging.example" });
const fault: Probe = { url: "http://staging.shop.example/health", ok: false, detail: "answers 500, not 200" };
const on: History = [...toReviewed, [21, merged], [22, deployed]];
const first = { environment: "staging", by: "acme/shop#4", sha: sha("d") } as const;
const blocked = said("DEPLOY_BLOCKED", { environment: "staging", sha: sha("e"), by: first.by, failingSha: first.sha });

const failing = (history: History, brokenBefore: Scene["brokenBefore"] = [], dependency?: string) =>
  smokeFailed({ ...scene({ history, policy }), brokenBefore }, "staging", sha("e"), [{ ...fault, ...(dependency ? { dependency } : {}) }]);

test("what contains an earlier merge that fails there is not blamed: it says once for whom it waits, and waits", () => {
  expect(failing(on, [first])).toEqual({ events: [blocked] });
  const waiting = failing([...on, [55, blocked]], [first]);
  expect(waiting).toEqual({ events: [], wakeAt: new Date(at(60).getTime() + 30_000) });
  expect(why(scene({ history: [...on, [55, blocked]], policy }))).toContain("acme/shop#4");
});

test("when the fix is there, it answers for itself again, with its time from then on", () => {
  const history: History = [...on, [55, blocked]];
  const { events } = failing(history);
  expect(events).toEqual([said("DEPLOY_UNBLOCKED", { environment: "staging", sha: sha("e") })]);
  const { staging } = folded([...history, [60, said("DEPLOY_UNBLOCKED", { environment: "staging", sha: sha("e") })]]).release;
  expect(staging).toEqual({ requests: 0, smokeFailures: 0, url: "https://staging.example", deployedAt: at(60) });
});

test("another environment's fault is none of this one, and a dependency is nobody's", () => {
  expect(failing(on, [{ ...first, environment: "production" }]).events).toMatchObject([{ type: "SMOKE_FAILED" }]);
  expect(failing(on, [first], "the till").events).toMatchObject([{ type: "SMOKE_FAILED" }, { type: "ESCALATED" }]);
});

/** Another issue of the repository, and what became of its merge. */
const merge = (letter: string, minute: number, ...more: History): Issue =>
  folded([
    ...toReviewed,
    [minute, said("MERGED", { prNumber: pr, headSha: sha("a"), mergeSha: sha(letter), mergedBy: "rig[bot]" })],
    [minute + 1, said("DEPLOYED_STAGING", { environment: "staging", sha: sha(letter), deploymentId: 5, url: "" })],
    ...more,
  ]);
const failed = (letter: string) =>
  said("SMOKE_FAILED", {
    ...{ environment: "staging", sha: sha(letter), failed: [], retry: 1, maxRetries: 3, cause: "code", because: "It fails." },
  });
const escalated = (about: "smoke" | "effect") => said("ESCALATED", { level: "cto", about, reason: "Look.", attempts: 1, options: [] });
const passed = said("SMOKE_PASSED", { environment: "staging", sha: sha("c"), checks: [] });

test.each<[string, Issue, readonly Sha[]]>([
  ["that is not healthy yet", merge("c", 20), [sha("c")]],
  ["that is healthy", merge("c", 20, [22, passed]), []],
  ["that failed and is being mended", merge("c", 20, [25, failed("c")]), [sha("c")]],
  ["that failed, and so did its fix", mendedInVain(), [sha("c"), sha("d")]],
  ["that was mended", evolve(mending(), passed, at(31)), []],
  [
    "that failed and was given up by a person",
    merge("c", 20, [25, failed("c")], [26, said("ISSUE_WITHDRAWN", { by: "jonas", reason: "No." })]),
    [],
  ],
  ["that waits for another", merge("c", 20, [25, said("DEPLOY_BLOCKED", { ...blockedData("c") })]), []],
  ["for which the CTO is asked", merge("c", 20, [25, escalated("smoke")]), [sha("c")]],
  ["that a person has for another reason", merge("c", 20, [25, escalated("effect")]), []],
])("to blame are, of a merge %s", (_, issue, shas) => {
  expect(unhealthyIn(issue, "staging").map((one) => one.sha)).toEqual(shas);
});

function blockedData(letter: string) {
  return { environment: "staging" as const, sha: sha(letter), by: "acme/shop#9", failingSha: sha("f") };
}
function mending(): Issue {
  return [
    said("MERGED", { prNumber: pr, headSha: sha("b"), mergeSha: sha("d"), mergedBy: "rig[bot]" }),
    said("DEPLOYED_STAGING", { environment: "staging", sha: sha("d"), deploymentId: 6, url: "" }),
  ].reduce((issue, event) => evolve(issue, event, at(30)), merge("c", 20, [25, failed("c")]));
}
function mendedInVain(): Issue {
  return evolve(mending(), failed("d"), at(35));
}

test("of several the first merged that it contains is the one, and nothing is asked where nothing is on its way", async () => {
  const asked: string[] = [];
  const compareCommitsWithBasehead = async ({ basehead }: { readonly basehead: string }) => {
    asked.push(basehead);
    return { data: { status: basehead.startsWith(sha("b")) ? "diverged" : "ahead" } };
  };
  const octokit = { rest: { repos: { compareCommitsWithBasehead } } } as unknown as Reader["octokit"];
  const reader: Reader = { octokit, owner: "acme", repo: "shop", memory: createMemory() };
  const others = new Map([
    [issueStream("acme", "shop", 4), merge("c", 20)],
    [issueStream("acme", "shop", 5), merge("d", 19)],
    [issueStream("acme", "shop", 6), merge("b", 18)],
    [issueStream("acme", "shop", 12), merge("e", 17)],
  ]);
  const store = {
    candidates: async () => [...others.keys()].map((stream) => ({ ...scene({}).subject, stream })),
    issueOf: async (stream: string) => others.get(issueStream("acme", "shop", Number(stream.split("#")[1]))) ?? folded([]),
  };
  const looked = (history: History) => brokenBefore(store, reader, scene({}).subject, folded(history), Policy.parse(policy));
  expect(await looked(on)).toEqual([{ environment: "staging", by: "acme/shop#5", sha: sha("d") }]);
  expect(asked).toEqual([`${sha("b")}...${sha("e")}`, `${sha("d")}...${sha("e")}`]);
  for (const quiet of [toReviewed, on.slice(0, -1), [...on, [23, said("ISSUE_HELD", { by: "jonas", reason: "Wait." })]] as History])
    expect(await looked(quiet)).toEqual([]);
});
