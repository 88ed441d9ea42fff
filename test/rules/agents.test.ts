/** Which agent does an issue: the one that its approval asks for, else the first of the policy, and never another instead. */
import { expect, test } from "@jest/globals";
import { AgentId } from "../../app/domain/ids.ts";
import { newIssue } from "../../app/domain/issue.ts";
import { Policy } from "../../app/domain/policy.ts";
import { agentIn, agentOf, instancesOf, producerOf, producers } from "../../app/domain/producers.ts";
import { stateOf } from "../../app/domain/state.ts";
import { dispatch } from "../../app/reactions/runs.ts";
import { settle } from "../../app/rules/index.ts";
import { why } from "../../app/rules/why.ts";
import { approved, runId, said, scene, seenIssue } from "./stage.ts";

const text = { agents: { "ops-e": { workflow: "operate.yml", maxConcurrent: 3 } } };
const withOps = Policy.parse(text);
const forAgent = (agent: string) => said("ISSUE_APPROVED", { ...(approved.data as object), agent } as never);

test("the policy's own agents come first, and the reviewer does no issue", () => {
  expect(producers(withOps)).toEqual(["dev-e", "ops-e"]);
  expect(instancesOf(withOps, "ops-e")).toEqual(["ops-e-1", "ops-e-2", "ops-e-3"]);
  expect(agentOf("ops-e-12")).toBe("ops-e");
});

test.each([
  ["an agent of its own has the workflow of its name", { "ops-e": {} }, { workflow: "ops-e.yml", maxConcurrent: 2 }],
  ["or the one that is told", { "ops-e": { workflow: "operate.yaml" } }, { workflow: "operate.yaml", maxConcurrent: 2 }],
])("%s", (_, agents, expected) => {
  expect(Policy.parse({ agents }).agents["ops-e"]).toEqual(expected);
});

test.each([
  ["an instance's name", { agents: { "ops-1": {} } }],
  ["a name with capitals", { agents: { OpsE: {} } }],
  ["an unknown key", { agents: { "ops-e": { workfow: "x.yml" } } }],
  ["a workflow elsewhere", { agents: { "ops-e": { workflow: "../x.yml" } } }],
  ["a character outside the repository", { agents: { "ops-e": { character: "../x.json" } } }],
])("a policy with %s is refused", (_, policy) => {
  expect(Policy.safeParse(policy).success).toBe(false);
});

test.each([
  [[], {}],
  [["bug", "agent:ops-e"], { agent: "ops-e" }],
  [["Agent:Ops-E"], { agent: "ops-e" }],
  [["agent:ops-e", "agent:dev-e"], { agent: "dev-e, ops-e" }],
])("the labels %j ask for %j", (labels, expected) => {
  expect(agentIn(labels)).toEqual(expected);
});

test("whom the label asked for is frozen with the approval", () => {
  const { events, scene: after } = settle(
    scene({ seen: { issue: { ...seenIssue, labels: ["agent-ready", "agent:ops-e"] } }, policy: text }),
  );
  expect(events).toMatchObject([{ type: "ISSUE_APPROVED", data: { agent: "ops-e" } }]);
  expect(producerOf(after.issue, withOps)).toBe("ops-e");
  // The label may go: who approved it saw it.
  expect(settle({ ...after, seen: { ...after.seen, issue: seenIssue } }).events).toEqual([]);
});

test.each(["ops-e", "review-e", "dev-e, ops-e"])(
  "an issue for %s, which the policy has not as such, waits and says what would help",
  (agent) => {
    const { events, scene: after } = settle(scene({ history: [[0, forAgent(agent)]] }));
    expect(events).toMatchObject([{ type: "ISSUE_WAITING", data: { for: "capability" } }]);
    expect(stateOf(after.issue)).toBe("waiting");
    expect(why(after)).toContain(`It is for the agent ${agent}, and the agents here are dev-e. Name it under agents in .github/rig.yml`);
  },
);

test("it goes on as soon as the policy has the agent", () => {
  const waiting = settle(scene({ history: [[0, forAgent("ops-e")]] })).scene;
  const { events, scene: after } = settle({ ...waiting, policy: withOps });
  expect(events.map(({ type }) => type)).toEqual(["ISSUE_RESUMED"]);
  expect(stateOf(after.issue)).toBe("queued");
});

test("the agent of the instance that has the issue is sent, in its own workflow", () => {
  const agentId = AgentId.parse("ops-e-2");
  const assigned = said("ISSUE_ASSIGNED", { agentId, attempt: 1, branch: "rig/12-round-prices-1", runId: runId(1) });
  const { events } = settle(
    scene({
      history: [
        [0, forAgent("ops-e")],
        [1, assigned],
      ],
      policy: text,
    }),
  );
  expect(events).toMatchObject([{ type: "RUN_REQUESTED", data: { agent: "ops-e", agentId, kind: "implement" } }]);
  const context = { policy: withOps, defaultBranch: "main", before: newIssue, after: newIssue } as unknown as Parameters<
    typeof dispatch
  >[1];
  expect(dispatch(events[0]?.data as Parameters<typeof dispatch>[0], context)).toMatchObject([{ data: { workflow: "operate.yml" } }]);
});
