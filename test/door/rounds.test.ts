/** Rounds at the door: their task, what they may say, and that nothing of theirs is ever published. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { redactor } from "../../agents/runtime/redact.ts";
import { Task } from "../../agents/runtime/task.ts";
import { AgentId, incidentStream, NO_ISSUE, RunId, roundStream } from "../../app/domain/ids.ts";
import { baseSha, place, type Stand, startStand, subjectOf } from "./stand.ts";

const SECRET = "hook-secret-of-the-app-4711";
const incident = "0123456789abcdef";
const kinds = { "monitor-e": "diagnose", "architect-e": "propose" } as const;
type Agent = keyof typeof kinds;

let stand: Stand;
beforeAll(async () => {
  stand = await startStand({ deps: { redact: redactor([SECRET]) } });
  await stand.store.upsertRepository(place);
});
afterAll(() => stand.close());

async function post(path: string, bearer: string, body: unknown = {}) {
  const response = await fetch(`${stand.url}/api/runs${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

const token = (agent: string, claims: object = {}) =>
  stand.issuer.sign({
    claims: stand.claims({ workflow_ref: `${place.owner}/${place.name}/.github/workflows/${agent}.yml@refs/heads/main`, ...claims }),
  });

/** A round with its run asked for, as the Conductor writes it down. */
async function roundOf(agent: Agent, about?: string) {
  const runId = RunId.parse(randomUUID());
  const stream = roundStream(agent, place.id, runId);
  const { stream: _, number: __, ...where } = subjectOf(1);
  const agentId = AgentId.parse(agent);
  const subject = { ...where, kind: "round" as const, stream, number: NO_ISSUE };
  const asked = { agent, agentId, kind: kinds[agent], title: "Look around", brief: "Something is slow.", by: "rig" };
  await stand.history.record(
    subject,
    [
      { type: "ROUND_REQUESTED", data: { ...asked, ...(about ? { incident: about } : {}) } },
      { type: "RUN_REQUESTED", data: { runId, agent, agentId, kind: kinds[agent], attempt: 1, branch: "", baseSha, findings: [] } },
    ],
    "test",
  );
  return { runId, stream };
}

async function claimed(agent: Agent, about?: string) {
  const round = await roundOf(agent, about);
  const { status, answer } = await post(`/${round.runId}/claim`, await token(agent));
  expect([status, answer]).toEqual([200, expect.anything()]);
  return { ...round, task: Task.parse(answer) };
}

const diagnosis = { cause: "A lock is held.", confidence: "low", evidence: ["src/lock.ts:7"], next: "Let it go." };
const proposal = { kind: "fix", title: "Let go of locks", what: "All.", rationale: "Slow.", evidence: ["#7"], complexity: "small" };
const finish = (runId: string, outcome: string, more: object = {}) => ({
  type: "RUN_FINISHED",
  data: { runId, outcome, usd: 0, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }, turns: 3, minutes: 2, ...more },
});

test("a round's task is its brief, on no issue, with nothing to answer and nothing that it could change", async () => {
  const { task } = await claimed("architect-e");
  expect(task).toMatchObject({
    ...{ agent: "architect-e", kind: "propose", attempt: 1, baseSha, findings: [] },
    issue: { number: 0, title: "Look around", text: "Something is slow." },
  });
  expect(task.pullRequest).toBeUndefined();
  expect(task.branch).not.toBe("");
});

test("the task of a diagnosis names the issue of its incident", async () => {
  await stand.store.append({
    stream: incidentStream(incident),
    expectedVersion: null,
    events: [
      {
        type: "INCIDENT_DETECTED",
        data: {
          ...{ fingerprint: incident, severity: "critical", service: "shop", signal: "down", source: "probe", summary: "503" },
          ...{ startedAt: "2026-11-22T09:00:00Z", suspects: [], nth: 1 },
        },
        ...{ actor: { kind: "app", login: "conductor-e", id: 0 }, causationId: "test", correlationId: incident },
      },
      {
        type: "INCIDENT_FILED",
        data: { fingerprint: incident, issueNumber: 31, url: "https://github.example/31", bodyHash: "h" } as never,
        ...{ actor: { kind: "app", login: "conductor-e", id: 0 }, causationId: "test", correlationId: incident },
      },
    ],
  });
  expect((await claimed("monitor-e", incident)).task.issue.number).toBe(31);
});

test("its report becomes history, without the app's own secrets", async () => {
  const { runId, task, stream } = await claimed("monitor-e");
  const said = { ...diagnosis, cause: `The secret is ${SECRET}.`, evidence: [`${SECRET}`] };
  const told = await post(`/${runId}/events`, task.capability, finish(runId, "report", { diagnosis: said, summary: SECRET }));
  expect(told).toMatchObject({ status: 202, answer: { result: "accepted" } });
  const last = (await stand.store.readStream(stream)).at(-1);
  expect(last).toMatchObject({
    type: "RUN_FINISHED",
    data: { outcome: "report", diagnosis: { ...diagnosis, cause: "The secret is ***.", evidence: ["***"] }, summary: "***" },
  });
  expect(await stand.store.issueByRun(runId)).toMatchObject({ kind: "round", state: "done", number: 0 });
});

test.each<[string, Agent, (runId: string) => object, string]>([
  ["a change", "monitor-e", (run) => finish(run, "patch"), "data.outcome: a run of the kind diagnose cannot end with patch"],
  ["a review", "architect-e", (run) => finish(run, "review"), "data.outcome: a run of the kind propose cannot end with review"],
  [
    "a question",
    "monitor-e",
    () => ({ type: "QUESTION_ASKED", data: { text: "Why?", by: "monitor-e" } }),
    "type: a run of the kind diagnose",
  ],
  [
    "a branch",
    "monitor-e",
    () => ({ type: "BRANCH_CREATED", data: { agentId: "monitor-e", branch: "x", baseSha } }),
    "type: a run of the kind",
  ],
  ["no diagnosis", "monitor-e", (run) => finish(run, "report"), "data.diagnosis: it is missing"],
  ["no proposals", "architect-e", (run) => finish(run, "report"), "data.proposals: it is missing"],
  ["proposals of a diagnosis", "monitor-e", (run) => finish(run, "report", { diagnosis, proposals: [proposal] }), "data.proposals:"],
  ["a diagnosis of proposals", "architect-e", (run) => finish(run, "report", { diagnosis, proposals: [proposal] }), "data.diagnosis:"],
  ["a diagnosis without a report", "monitor-e", (run) => finish(run, "stuck", { diagnosis }), "data.diagnosis:"],
  ["eleven proposals", "architect-e", (run) => finish(run, "report", { proposals: Array(11).fill(proposal) }), "data.proposals:"],
  ["a page for a title", "architect-e", (run) => finish(run, "report", { proposals: [{ ...proposal, title: "x".repeat(121) }] }), "title"],
])("a round that says %s is refused, and its history does not grow", async (_, agent, said, where) => {
  const { runId, task, stream } = await claimed(agent);
  const refused = await post(`/${runId}/events`, task.capability, said(runId));
  expect(refused).toMatchObject({ status: 400, answer: { detail: expect.stringContaining(where) } });
  expect(await stand.store.readStream(stream)).toHaveLength(3);
});

test.each(["report", "patch", "review", "nothing_to_do"])(
  "no token that writes exists for a round, though its end is told as %s",
  async (outcome) => {
    const { runId, stream } = await claimed("monitor-e");
    const { stream: _, number: __, ...where } = subjectOf(1);
    // As if the check of what a round may say had let it through.
    const data = finish(runId, outcome, outcome === "report" ? { diagnosis } : {}).data as never;
    await stand.history.record({ ...where, kind: "round", stream, number: NO_ISSUE }, [{ type: "RUN_FINISHED", data }], "test");
    const before = stand.minted.length;
    const answer = await post(`/${runId}/publish-token`, await token("monitor-e", { check_run_id: "77" }));
    expect(answer).toMatchObject({ status: 409, answer: { detail: expect.stringContaining("a round publishes nothing") } });
    expect(stand.minted).toHaveLength(before);
  },
);

test("a round keeps no work for another run", async () => {
  const { runId, task } = await claimed("monitor-e");
  const response = await fetch(`${stand.url}/api/runs/${runId}/checkpoint?sha=${baseSha}&base=${baseSha}`, {
    method: "POST",
    headers: { authorization: `Bearer ${task.capability}`, "content-type": "application/octet-stream" },
    body: "",
  });
  expect([response.status, await response.text()]).toEqual([409, expect.stringContaining("leaves nothing but words")]);
});

test("a round is in no list of issues, and has no issue's number", async () => {
  const { stream } = await claimed("monitor-e");
  const lists = await Promise.all([
    stand.store.allIssues(),
    stand.store.openIssues(place.id),
    stand.store.issuesInState(place.id, ["in_progress"]),
    stand.store.issuesPage(undefined, undefined, 100),
    stand.store.queuedIssues(),
  ]);
  expect(lists.flat().map((issue) => issue.stream)).not.toContain(stream);
  expect(await stand.store.issueByNumber(place.id, 0)).toBeUndefined();
  expect((await stand.store.boardWorking(100)).first).toEqual([]);
  expect((await stand.store.issueCounts()).reduce((sum, { count }) => sum + count, 0)).toBe(0);
  expect((await stand.store.openRounds(place.id, "monitor-e")).map((round) => round.stream)).toContain(stream);
  expect((await stand.store.roundsOf(place.id, "monitor-e")).map((round) => round.stream)).toContain(stream);
  expect((await stand.store.roundsOf(place.id, "architect-e")).map((round) => round.stream)).not.toContain(stream);
  expect(await stand.store.runsToday(place.id)).toBe(0);
});

test.each([
  ["a person, with an issue", "monitor-e", { actor: "anna" }, { issue: 31 }, 200, "runId"],
  ["a person, without one", "architect-e", { actor: "anna" }, {}, 200, "runId"],
  ["a schedule", "architect-e", { actor: "mallory", event_name: "schedule" }, {}, 200, "runId"],
  ["somebody who may not", "architect-e", { actor: "mallory", event_name: "workflow_dispatch" }, {}, 409, "detail"],
])("%s starts a round by its workflow, as the Conductor decides", async (_, agent, claims, body, status, answers) => {
  expect(await post("", await token(agent, claims), { agent, ...body })).toMatchObject({
    status,
    answer: { [answers]: expect.any(String) },
  });
});

test("an agent that works on issues is not started without one, nor a round by another agent's workflow", async () => {
  expect(await post("", await token("dev-e"), { agent: "dev-e" })).toMatchObject({ status: 400 });
  expect(await post("", await token("dev-e"), { agent: "architect-e" })).toMatchObject({ status: 403 });
});
