import { expect, test } from "@jest/globals";
import { stateOf } from "../../app/domain/state.ts";
import { settle } from "../../app/rules/index.ts";
import { at, type History, merged, pr, said, scene, seenPr, sha } from "./stage.ts";

const watched = said("PR_WATCHED", {
  ...{ prNumber: pr, prUrl: "https://github.example/acme/shop/pull/7", branch: "jonas-1", base: "main", headSha: sha("a") },
  ...{ title: "Round down", by: "jonas" },
});
const history: History = [
  [0, watched],
  [20, merged],
];
const policy = {
  deploy: { staging: { workflow: "deploy.yml" }, production: { workflow: "deploy.yml", verify: [{ url: "https://shop.example" }] } },
};
const live = { id: 5, sha: sha("e"), state: "success", url: "https://shop.example", createdAt: at(30) } as const;
const days = 24 * 60;

/** What the Rig says of the merged pull request, so many minutes after it was opened. */
const concluded = (minute: number, deployment?: object, told: History = history) =>
  settle(scene({ history: told, policy, minute, seen: { production: { probes: [], ...(deployment ? { deployment } : {}) } } as never }));

test("a person's merged pull request is followed to production, and stays done", () => {
  const { events, scene: after } = concluded(40, live);
  expect(events).toMatchObject([{ type: "DEPLOYED_PRODUCTION", data: { environment: "production", deploymentId: 5 } }]);
  expect(stateOf(after.issue)).toBe("done");
});

test.each([
  ["while nothing that has it in it is live", undefined],
  ["while its deployment goes on", { ...live, state: "pending" }],
  ["when its deployment fails: the Rig neither mends nor escalates what is a person's", { ...live, state: "failure" }],
])("nothing is said, started or asked for %s", (_, deployment) => {
  const { events, wakeAt } = concluded(40, deployment);
  expect(events).toEqual([]);
  expect(wakeAt).toBeUndefined();
});

test("it is told once", () => {
  const { events } = concluded(40, live);
  expect(concluded(50, live, [...history, ...events.map((event) => [40, event] as const)]).events).toEqual([]);
});

test("after two weeks nobody asks when it came to production", () => {
  expect(concluded(20 + 14 * days - 1, live).events).toHaveLength(1);
  expect(concluded(20 + 14 * days, live).events).toEqual([]);
});

test("how long it took is counted from its first commit", () => {
  const open = { ...seenPr({ branch: "jonas-1", author: { login: "jonas", id: 20 } }), firstCommitAt: at(-90) };
  const before = scene({ seen: { pullRequest: open } });
  const { events } = settle({ ...before, subject: { ...before.subject, kind: "pull_request" } });
  expect(events[0]).toMatchObject({ type: "PR_WATCHED", data: { firstCommitAt: at(-90).toISOString() } });
});
