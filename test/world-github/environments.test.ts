import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, statusOf, till } from "./small-world.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld({}, { environments: { production: ["rob", "tia"] } });
});
afterAll(() => world.close());

const nothing = new AbortController().signal;

function newRun(): number {
  const { id: repositoryId, headSha } = world.created;
  const run = { repositoryId, name: "Deploy", path: ".github/workflows/deploy.yml", event: "workflow_dispatch" };
  return world.github.actions.createRun({ ...run, headBranch: "main", headSha, actor: "bob", displayTitle: "Deploy" }).id;
}

function hold(signal = nothing) {
  const run_id = newRun();
  const held = world.github.actions.holdDeployment(run_id, "production", 7, signal);
  if (!held) throw new Error("Production is not protected.");
  return { run_id, ...held };
}

let production: number;
const review = async (who: "ann" | "bob" | "rob" | "tia", run_id: number, state: "approved" | "rejected", comment = "") => {
  const [pending] = (await world.ann.rest.actions.getPendingDeploymentsForRun({ ...till, run_id })).data;
  production = pending?.environment.id ?? production;
  return world[who].rest.actions.reviewPendingDeploymentsForRun({ ...till, run_id, environment_ids: [production], state, comment });
};
const statusesOf = async (deployment_id: number) =>
  (await world.ann.rest.repos.listDeploymentStatuses({ ...till, deployment_id })).data.map(({ state }) => state as string);
const runStatus = async (run_id: number) => (await world.ann.rest.actions.getWorkflowRun({ ...till, run_id })).data.status;

test("an environment without reviewers holds nothing", () => {
  expect(world.github.actions.holdDeployment(newRun(), "staging", 7, nothing)).toBeUndefined();
});

test("a deployment waits, and shows for whom", async () => {
  const { run_id, deployment } = hold();
  expect([await runStatus(run_id), await statusesOf(deployment)]).toEqual(["waiting", ["waiting"]]);
  const { data } = await world.rob.rest.actions.getPendingDeploymentsForRun({ ...till, run_id });
  expect(data).toMatchObject([
    {
      environment: { name: "production" },
      current_user_can_approve: true,
      reviewers: [
        { type: "User", reviewer: { login: "rob" } },
        { type: "User", reviewer: { login: "tia" } },
      ],
    },
  ]);
});

test("only its reviewers decide, whatever else others may do", async () => {
  const { run_id, approved } = hold();
  expect(await statusOf(review("bob", run_id, "approved"))).toBe(403);
  expect(await statusOf(review("ann", run_id, "rejected"))).toBe(403);
  expect(await runStatus(run_id)).toBe("waiting");
  await review("tia", run_id, "approved");
  expect(await approved).toBe(true);
  expect(await runStatus(run_id)).toBe("queued");
  expect(await statusOf(review("tia", run_id, "approved"))).toBe(422);
});

test("a refusal is kept with who said it and why", async () => {
  const { run_id, approved } = hold();
  await review("rob", run_id, "rejected", "Not on a Friday.");
  expect(await approved).toBe(false);
  const { data } = await world.bob.rest.actions.getReviewsForRun({ ...till, run_id });
  expect(data).toMatchObject([
    { state: "rejected", comment: "Not on a Friday.", user: { login: "rob" }, environments: [{ name: "production" }] },
  ]);
});

test("a cancelled run waits for nobody", async () => {
  const cancel = new AbortController();
  const { run_id, approved } = hold(cancel.signal);
  cancel.abort();
  expect(await approved).toBe(false);
  expect((await world.ann.rest.actions.getPendingDeploymentsForRun({ ...till, run_id })).data).toEqual([]);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect(world.github.violations).toEqual([]);
  const told = world.receiver.received.filter(({ event }) => event === "deployment_status");
  expect(told[0]?.payload).toMatchObject({ deployment_status: { state: "waiting" } });
});
