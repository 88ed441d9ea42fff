import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Task } from "../../agents/runtime/task.ts";
import type { Said } from "../../app/domain/envelope.ts";
import { AgentId, PrNumber, RunId } from "../../app/domain/ids.ts";
import { runOf } from "../../app/domain/state.ts";
import { hashOf } from "../../app/door/capability.ts";
import { agentOf, askForRun, baseSha, place, type Stand, startStand, subjectOf } from "./stand.ts";

let stand: Stand;
let next = 100;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand.close());

async function post(path: string, bearer: string, body: unknown = {}) {
  const response = await fetch(`${stand.url}/api/runs${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const type = response.headers.get("content-type");
  return { status: response.status, type, answer: (await response.json()) as Record<string, unknown> };
}

const token = (claims: object = {}, more: object = {}) => stand.issuer.sign({ claims: stand.claims(claims), ...more });

/** A fresh issue with a run, and its claim. */
async function claimed(claims: object = {}) {
  const number = next++;
  const runId = await askForRun(stand, number);
  const { status, answer } = await post(`/${runId}/claim`, await token(claims));
  expect([status, answer]).toEqual([200, expect.anything()]);
  return { number, runId, task: Task.parse(answer), stream: subjectOf(number).stream, agentId: agentOf(number) };
}

const finish = (runId: string, outcome: string) => ({
  type: "RUN_FINISHED",
  data: { runId, outcome, usd: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, turns: 3, minutes: 2 },
});

test("a claim answers the frozen text, the lower limits and a bearer, and the history says that work started", async () => {
  const { number, runId, task, stream, agentId } = await claimed();
  expect(task).toMatchObject({
    runId,
    agent: "dev-e",
    kind: "implement",
    attempt: 1,
    repository: { id: place.id, owner: place.owner, name: place.name, defaultBranch: "main" },
    issue: { number, title: "Brew tea", text: "Please.\u202eNow." },
    findings: [{ by: "ci", text: "lint" }],
    baseSha,
    branch: `rig/${number}-tea-1`,
    limits: { turns: 20, minutes: 30, usd: 4 },
    gateway: `${stand.url}/llm`,
  });
  expect(task.pullRequest).toBeUndefined();
  const history = await stand.store.readStream(stream);
  expect(history.at(-1)).toMatchObject({
    type: "WORK_STARTED",
    data: { agentId, runId, workflowRunUrl: "https://github.example/octo/tea/actions/runs/5001" },
    actor: { kind: "agent", login: agentId },
  });
});

test("of the bearer only the hash is stored, so that it survives a restart and a stolen database does not speak", async () => {
  const { runId, task } = await claimed();
  const { rows } = await stand.pool.query("select capability_hash, r::text as everything from rig.runs r where run_id = $1", [runId]);
  expect(rows[0].capability_hash).toBe(hashOf(task.capability));
  expect(rows[0].everything).not.toContain(task.capability);
});

test.each([
  ["of another audience", {}, { audience: "sigstore" }, 401],
  ["of another issuer", {}, { issuer: "https://issuer.example" }, 401],
  ["that has expired", {}, { age: 900 }, 401],
  ["from the future", {}, { age: -900 }, 401],
  ["with a stranger's signature", {}, { byStranger: true }, 401],
  ["without the claims of a run", { workflow_ref: undefined }, {}, 401],
  ["of another repository", { repository_id: "666" }, {}, 403],
  ["of another workflow", { workflow_ref: "octo/tea/.github/workflows/review-e.yml@refs/heads/main" }, {}, 403],
  ["of the workflow on another branch", { workflow_ref: "octo/tea/.github/workflows/dev-e.yml@refs/heads/evil" }, {}, 403],
  ["of the workflow in a fork", { workflow_ref: "evil/tea/.github/workflows/dev-e.yml@refs/heads/main" }, {}, 403],
])("a claim with a token %s is refused", async (_, claims, more, status) => {
  const runId = await askForRun(stand, next++);
  const refused = await post(`/${runId}/claim`, await token(claims, more));
  expect(refused).toMatchObject({ status, type: "application/problem+json", answer: { status, detail: expect.any(String) } });
  expect((await stand.store.run(runId))?.claimedBy).toBeNull();
});

test("a clock that is half a minute off does no harm", async () => {
  const runId = await askForRun(stand, next++);
  expect(await post(`/${runId}/claim`, await token({}, { age: -30 }))).toMatchObject({ status: 200 });
});

test("a claim of nothing, of the wrong run, or without a token is told so", async () => {
  expect(await post(`/${randomUUID()}/claim`, await token())).toMatchObject({ status: 404 });
  expect(await post("/not-a-run/claim", await token())).toMatchObject({ status: 404 });
  expect(await post(`/${randomUUID()}/claim`, "nonsense")).toMatchObject({ status: 401 });
  const { runId } = await claimed({ run_id: "5001" });
  expect(await post(`/${runId}/claim`, await token({ run_id: "5002" }))).toMatchObject({ status: 403 });
});

test("a run is claimed once per attempt, also by twenty at once; the next attempt takes it over", async () => {
  const runId = await askForRun(stand, next++);
  const first = await token();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(`/${runId}/claim`, first)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  const again = await post(`/${runId}/claim`, await token({ run_attempt: "2" }));
  expect(again.status).toBe(200);
  const before = answers.find(({ status }) => status === 200)?.answer.capability;
  expect(await post(`/${runId}/events`, String(before), finish(runId, "patch"))).toMatchObject({ status: 401 });
});

test("nothing starts on a text that changed after its approval", async () => {
  const number = next++;
  const runId = await askForRun(stand, number);
  await stand.history.record(subjectOf(number), [{ type: "APPROVAL_STALE", data: { changedBy: "mallory", newHash: "x" } }], "test");
  expect(await post(`/${runId}/claim`, await token())).toMatchObject({
    status: 409,
    answer: { detail: expect.stringContaining("changed after it was approved") },
  });
});

test("a run whose place was taken gets no task, and its late words count no more", async () => {
  const { number, runId, task } = await claimed();
  const other = await askForRun(stand, next++);
  for (const each of [number, next - 1])
    await stand.history.record(subjectOf(each), [{ type: "ISSUE_WITHDRAWN", data: { by: "anna", reason: "not now" } }], "test");
  expect(await post(`/${other}/claim`, await token())).toMatchObject({ status: 409 });
  expect(await post(`/${runId}/events`, task.capability, finish(runId, "patch"))).toMatchObject({ status: 409 });
  expect(await post(`/${runId}/publish-token`, await token())).toMatchObject({ status: 409 });
});

test("what a run says of itself becomes history", async () => {
  const { runId, task, stream, agentId } = await claimed();
  const question = { type: "QUESTION_ASKED", data: { text: "Which tea?", by: agentId } };
  expect(await post(`/${runId}/events`, task.capability, question)).toMatchObject({
    status: 202,
    answer: { result: "accepted", version: 5 },
  });
  expect((await stand.store.readStream(stream)).at(-1)).toMatchObject({
    ...question,
    actor: { kind: "agent", login: agentId },
    causationId: runId,
  });
});

test("a question is the run's own, whoever it says asks, and its answer is part of the next task", async () => {
  const { number, runId, task, stream, agentId } = await claimed();
  const asked = await post(`/${runId}/events`, task.capability, { type: "QUESTION_ASKED", data: { text: "Which tea?", by: "rig" } });
  expect(asked.status).toBe(202);
  expect((await stand.store.readStream(stream)).at(-1)?.data).toEqual({ text: "Which tea?", by: agentId, runId });
  await stand.history.record(subjectOf(number), [{ type: "QUESTION_ANSWERED", data: { text: "Sencha.", by: "anna" } }], "test");
  const again = await post(`/${runId}/claim`, await token({ run_attempt: "2" }));
  expect(again.answer).toMatchObject({ answers: [{ question: "Which tea?", by: "anna", text: "Sencha." }] });
});

test.each([
  ["a type that is not a run's to say", (_: string) => ({ type: "MERGED", data: {} }), "type:"],
  ["a type nobody knows", () => ({ type: "TEA_BREWED", data: {} }), "type:"],
  ["data that do not fit", (runId: string) => ({ type: "GUARD_BLOCKED", data: { runId, rule: "R24" } }), "data.detail:"],
  ["another run's id", () => ({ type: "GUARD_BLOCKED", data: { runId: randomUUID(), rule: "R24", detail: "x" } }), "data.runId:"],
  [
    "another agent's id",
    (runId: string) => ({
      type: "AGENT_STUCK",
      data: { agentId: "dev-e-9", runId, attempt: 1, cause: "agent", reason: "x", fingerprint: "y" },
    }),
    "data.agentId:",
  ],
  ["no body", () => "tea", "The body:"],
])("%s is refused with its place", async (_, said, where) => {
  const { runId, task, stream } = await claimed();
  const refused = await post(`/${runId}/events`, task.capability, said(runId));
  expect(refused).toMatchObject({ status: 400, answer: { detail: expect.stringContaining(where) } });
  expect(await stand.store.readStream(stream)).toHaveLength(4);
});

test("a bearer speaks for its own run only, and not after its time", async () => {
  const one = await claimed();
  const other = await claimed();
  expect(await post(`/${other.runId}/events`, one.task.capability, finish(other.runId, "patch"))).toMatchObject({ status: 403 });
  expect(await post(`/${one.runId}/events`, "x".repeat(43), finish(one.runId, "patch"))).toMatchObject({ status: 401 });
  await stand.pool.query("update rig.runs set capability_expires_at = now() - interval '1 second' where run_id = $1", [one.runId]);
  expect(await post(`/${one.runId}/events`, one.task.capability, finish(one.runId, "patch"))).toMatchObject({ status: 401 });
});

test("a body above 256 KiB is refused", async () => {
  const { runId, task } = await claimed();
  const long = { type: "QUESTION_ASKED", data: { text: "x".repeat(300_000), by: "dev-e" } };
  expect(await post(`/${runId}/events`, task.capability, long)).toMatchObject({ status: 413 });
});

/** A claimed run whose clock the test owns, and how many of its heartbeats the history keeps. */
async function beating(policy: object = {}) {
  let now = new Date();
  const on = await startStand({ desk: { now: () => now }, policy });
  const number = next++;
  const runId = await askForRun(on, number);
  const call = async (path: string, bearer: string, body: unknown = {}) =>
    (
      await fetch(`${on.url}/api/runs/${runId}/${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      })
    ).json();
  const task = Task.parse(await call("claim", await on.issuer.sign({ claims: on.claims() })));
  const kept = async () => (await on.store.readStream(subjectOf(number).stream)).filter(({ type }) => type === "HEARTBEAT").length;
  /** After so many milliseconds. Answers how many are kept then. */
  const beat = async (after: number, progress: object = {}) => {
    now = new Date(now.getTime() + after);
    const data = { agentId: agentOf(number), status: "working", runId, progress: { turns: 1, toolCalls: 0, ...progress } };
    await call("events", task.capability, { type: "HEARTBEAT", data });
    return kept();
  };
  return { on, number, runId, task, beat };
}

test("every heartbeat is kept as the latest, and one a minute in the history", async () => {
  const { on, number, runId, task, beat } = await beating();
  expect(task.heartbeatMs).toBe(30_000);
  expect(await beat(0)).toBe(0); // WORK_STARTED was the sign of life of this minute.
  expect(await beat(61_000, { turns: 2 })).toBe(1);
  expect(await beat(30_000, { turns: 3 })).toBe(1);
  expect(await on.store.agents(place.id)).toMatchObject([{ agentId: agentOf(number), status: "working", runId, progress: { turns: 3 } }]);
  await on.close();
});

test("a heartbeat that shows other files, another test run or another commit is kept at once", async () => {
  const { on, beat } = await beating();
  const tree = (digit: string) => ({ treeSha: digit.repeat(40) });
  expect(await beat(10, tree("a"))).toBe(1);
  expect(await beat(10, { ...tree("a"), sameCalls: 2, turns: 9 })).toBe(1);
  expect(await beat(10, tree("b"))).toBe(2);
  expect(await beat(10, { ...tree("b"), testRuns: 1 })).toBe(3);
  expect(await beat(10, { ...tree("b"), testRuns: 1, lastCommit: "c" })).toBe(4);
  await on.close();
});

test("a short time-out makes heartbeats frequent, and the history keeps at least one in each half of it", async () => {
  const { on, task, beat } = await beating({ timeouts: { heartbeat: "2s", checkpoint: "4s" } });
  expect([task.heartbeatMs, task.checkpointMs]).toEqual([500, 2_000]);
  for (const nth of [1, 2, 3, 4]) expect(await beat(500)).toBe(Math.floor(nth / 2));
  await on.close();
});

test("the gateway's count of dollars and tokens goes before what the run says it used", async () => {
  const { runId, task, stream } = await claimed();
  await stand.store.addUsage(runId, { input: 10, output: 20, cacheRead: 30, cacheWrite: 40, usd: 1.25 });
  await post(`/${runId}/events`, task.capability, finish(runId, "patch"));
  expect((await stand.store.readStream(stream)).at(-1)).toMatchObject({
    data: { usd: 1.25, tokens: { input: 10, output: 20, cacheRead: 30, cacheWrite: 40 }, turns: 3 },
  });
});

test("a finished patch gets a token that may push and open a pull request here, and a bearer to report with", async () => {
  const { number, runId, task, stream, agentId } = await claimed();
  await post(`/${runId}/events`, task.capability, finish(runId, "patch"));
  const { status, answer } = await post(`/${runId}/publish-token`, await token());
  expect([status, answer]).toEqual([
    200,
    expect.objectContaining({
      outcome: "patch",
      permissions: { contents: "write", pull_requests: "write" },
      branch: `rig/${number}-tea-1`,
      baseSha,
      issue: { number, title: "Brew tea" },
      limits: { changedFiles: 40, changedLines: 1500 },
    }),
  ]);
  expect(stand.minted.at(-1)).toEqual({
    installationId: place.installationId,
    repositoryId: place.id,
    permissions: { contents: "write", pull_requests: "write" },
    app: "rig",
  });
  const reported = { type: "BRANCH_CREATED", data: { agentId, branch: `rig/${number}-tea-1`, baseSha } };
  expect(await post(`/${runId}/events`, String(answer.capability), reported)).toMatchObject({ status: 202 });
  expect(await post(`/${runId}/events`, task.capability, reported)).toMatchObject({ status: 401 });
  expect(runOf(await stand.history.issueOf(stream), runId)?.finished?.outcome).toBe("patch");
});

test("the job in which the agent worked publishes nothing, also when its attempt was not the first; another job of its run does", async () => {
  const { runId, task } = await claimed({ check_run_id: "91" });
  expect((await stand.store.run(runId))?.workflowRunUrl).toBe("https://github.example/octo/tea/actions/runs/5001/job/91");
  const again = await post(`/${runId}/claim`, await token({ run_attempt: "2", check_run_id: "93" }));
  const { capability } = Task.parse(again.answer);
  expect(capability).not.toBe(task.capability);
  await post(`/${runId}/events`, capability, finish(runId, "patch"));
  const asWorker = await token({ run_attempt: "2", check_run_id: "93" });
  expect(await post(`/${runId}/publish-token`, asWorker)).toMatchObject({
    status: 403,
    answer: { detail: expect.stringContaining("in which the agent worked") },
  });
  expect(await post(`/${runId}/publish-token`, await token({ run_attempt: "2", check_run_id: "94" }))).toMatchObject({ status: 200 });
});

test("a finished review gets a token of the other App that cannot push", async () => {
  const number = next++;
  const runId = await askForRun(stand, number, { agent: "review-e", kind: "review" });
  const workflow = { workflow_ref: "octo/tea/.github/workflows/review-e.yml@refs/heads/main" };
  const task = Task.parse((await post(`/${runId}/claim`, await token(workflow))).answer);
  await post(`/${runId}/events`, task.capability, finish(runId, "review"));
  expect(await post(`/${runId}/publish-token`, await token(workflow))).toMatchObject({ status: 200, answer: { outcome: "review" } });
  expect(stand.minted.at(-1)).toMatchObject({ app: "review", permissions: { pull_requests: "write", checks: "write" } });
});

const reviewing = { workflow_ref: "octo/tea/.github/workflows/review-e.yml@refs/heads/main" };

/** A person's pull request, and a run asked for to read it. */
async function watched(number: number, kind: "review" | "answer-review") {
  await stand.store.upsertRepository(place);
  const runId = RunId.parse(randomUUID());
  const prNumber = PrNumber.parse(number);
  const page = { prUrl: `https://github.example/octo/tea/pull/${number}`, branch: "green-tea", base: "next", by: "mallory" };
  await stand.history.record(
    subjectOf(number),
    [
      { type: "PR_WATCHED", data: { prNumber, headSha: baseSha, title: "Green tea", ...page } },
      {
        type: "RUN_REQUESTED",
        data: {
          ...{ runId, kind, baseSha, prNumber, attempt: 1, branch: "green-tea", findings: [] },
          ...{ agent: "review-e", agentId: AgentId.parse("review-e") },
        },
      },
    ],
    "test",
  );
  return runId;
}

test("R3: of a person's pull request a reviewer is told the title as it was recorded, where it goes, and no other word of its author", async () => {
  const number = next++;
  const runId = await watched(number, "review");
  const task = Task.parse((await post(`/${runId}/claim`, await token(reviewing))).answer);
  expect(task).toMatchObject({ kind: "review", baseSha, branch: "green-tea", pullRequest: { number, headSha: baseSha }, findings: [] });
  expect(task.issue).toEqual({ number, title: "Green tea", text: expect.stringContaining("compare it with origin/next") });
  await post(`/${runId}/events`, task.capability, finish(runId, "review"));
  const grant = await post(`/${runId}/publish-token`, await token(reviewing));
  expect(grant).toMatchObject({ status: 200, answer: { outcome: "review", baseSha, issue: { title: "Green tea" } } });
  expect(stand.minted.at(-1)).toMatchObject({ app: "review", permissions: { pull_requests: "write", checks: "write" } });
});

test("R3: nothing but a review is done on a person's pull request", async () => {
  const runId = await watched(next++, "answer-review");
  expect(await post(`/${runId}/claim`, await token(reviewing))).toMatchObject({
    status: 409,
    answer: { detail: expect.stringContaining("no longer approved") },
  });
});

test.each<[string, Said]>([
  ["is on hold", { type: "ISSUE_HELD", data: { by: "anna", reason: "not now" } }],
  ["was closed", { type: "PR_CLOSED", data: { prNumber: PrNumber.parse(1), by: "mallory" } }],
])("no review of a person's pull request is published that %s meanwhile", async (_, event) => {
  const number = next++;
  const runId = await watched(number, "review");
  const task = Task.parse((await post(`/${runId}/claim`, await token(reviewing))).answer);
  await post(`/${runId}/events`, task.capability, finish(runId, "review"));
  await stand.history.record(subjectOf(number), [event], "test");
  expect(await post(`/${runId}/publish-token`, await token(reviewing))).toMatchObject({ status: 409 });
});

test("an author that answers every finding and changes nothing gets a token that cannot push, and only for the findings it was asked", async () => {
  const findings = [
    { id: "c11", by: "review", text: "Wrong." },
    { id: "r7", by: "ada", text: "Slow." },
    { by: "ci", text: "lint" },
  ];
  const runId = await askForRun(stand, next++, { kind: "answer-review", findings });
  const task = Task.parse((await post(`/${runId}/claim`, await token())).answer);
  await post(`/${runId}/events`, task.capability, finish(runId, "nothing_to_do"));
  expect(await post(`/${runId}/publish-token`, await token())).toMatchObject({
    status: 200,
    answer: { outcome: "nothing_to_do", findings: ["c11", "r7"], permissions: { pull_requests: "write" } },
  });
  expect(stand.minted.at(-1)).toMatchObject({ app: "rig", permissions: { pull_requests: "write" } });
  expect(stand.minted.at(-1)?.permissions).not.toHaveProperty("contents");
});

test.each(["question", "stuck", "failed", "limit_reached", "review", "nothing_to_do"])(
  "a run that ended with %s has nothing to publish",
  async (outcome) => {
    const { runId, task } = await claimed();
    await post(`/${runId}/events`, task.capability, finish(runId, outcome));
    const before = stand.minted.length;
    expect(await post(`/${runId}/publish-token`, await token())).toMatchObject({ status: 409 });
    expect(stand.minted).toHaveLength(before);
  },
);

test("no token before the run has finished, for another workflow run, or for a text that changed", async () => {
  const { number, runId, task } = await claimed();
  expect(await post(`/${runId}/publish-token`, await token())).toMatchObject({
    status: 409,
    answer: { detail: expect.stringContaining("not finished") },
  });
  await post(`/${runId}/events`, task.capability, finish(runId, "patch"));
  expect(await post(`/${runId}/publish-token`, await token({ run_id: "5002" }))).toMatchObject({ status: 403 });
  await stand.history.record(subjectOf(number), [{ type: "APPROVAL_STALE", data: { changedBy: "mallory", newHash: "x" } }], "test");
  expect(await post(`/${runId}/publish-token`, await token())).toMatchObject({
    status: 409,
    answer: { detail: expect.stringContaining("text changed") },
  });
});

test("whoever presses Run workflow is judged by who they are", async () => {
  expect(await post("", await token(), { agent: "dev-e", issue: 12 })).toMatchObject({
    status: 200,
    answer: { runId: expect.any(String) },
  });
  expect(await post("", await token({ actor: "mallory" }), { agent: "dev-e", issue: 12 })).toMatchObject({
    status: 409,
    answer: { detail: "mallory may not start #12." },
  });
  expect(await post("", await token(), { agent: "review-e", issue: 12 })).toMatchObject({ status: 403 });
  expect(await post("", await token(), { agent: "dev-e" })).toMatchObject({ status: 400 });
  expect(await post("", await token({ repository_id: "666" }), { agent: "dev-e", issue: 12 })).toMatchObject({ status: 404 });
});

test("an issuer out of reach is our trouble, not the run's", async () => {
  const other = await startStand();
  const bearer = await other.issuer.sign({ claims: other.claims() });
  await other.issuer.close();
  const response = await fetch(`${other.url}/api/runs/${randomUUID()}/claim`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}` },
  });
  expect([response.status, response.headers.get("retry-after")]).toEqual([503, "5"]);
  await other.close();
});
