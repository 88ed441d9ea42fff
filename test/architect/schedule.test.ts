/** The app's own schedule for Architect-E: one round for each slot, whoever asks and how often. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { architect } from "../../app/architect/schedule.ts";
import { conductor as conductorE } from "../../app/domain/envelope.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { IssueNumber, repositoryStream, runIdFor } from "../../app/domain/ids.ts";
import { type InProcess, openInProcess } from "../coordination/in-process.ts";
import { leaveRound } from "./rounds.ts";

let rig: InProcess;
let last = 0;

beforeAll(async () => {
  rig = await openInProcess({ webhookUrl: "http://127.0.0.1:9/" });
  rig.github.deliveries.drop(() => true, Number.POSITIVE_INFINITY);
}, 180_000);
afterAll(() => rig?.close());

const MONDAY = "2026-11-23T06:00Z";

/** A repository with this policy; looking at it answers the rounds that wait to be begun. */
async function shop(policy: string) {
  last += 1;
  const place = { owner: "acme", repo: `shop-${last}` };
  const { id } = await rig.github.createRepository({
    ...{ owner: "acme", name: place.repo, private: true },
    files: { ".github/rig.yml": policy },
  });
  const { installationId } = rig.github.install(rig.app.id, "acme", [place.repo]);
  const row = { id, owner: "acme", name: place.repo, installationId, defaultBranch: "main", private: true };
  await rig.store.upsertRepository(row);
  return {
    ...{ id, installationId, place },
    rest: () => rig.store.saveRepository({ ...row, readable: true, pausedBecause: "It is archived." }, []),
    look: async (now: string) => {
      await architect({ ...rig.begin(), now: () => new Date(now) }, id);
      const { rows } = await rig.pool.query<{ payload: object }>(
        `select p.payload from graphile_worker.jobs j join graphile_worker._private_jobs p using (id)
         where j.task_identifier = 'round' and (p.payload ->> 'repositoryId')::bigint = $1 order by j.key`,
        [id],
      );
      return rows.map(({ payload }) => payload);
    },
    tell: async (events: readonly RigEvent[]) => {
      const stream = repositoryStream("acme", place.repo);
      await rig.store.append({
        ...{ stream, expectedVersion: null },
        events: events.map((event) => ({ ...event, actor: conductorE, causationId: "test", correlationId: stream })),
      });
    },
  };
}

const said = () => JSON.stringify(rig.log());
const weekly = "architect:\n  schedule: 0 6 * * 1\n";

test("a slot that has come asks for its round, once however often it is looked at", async () => {
  const here = await shop(weekly);
  expect(await here.look("2026-11-23T06:00:00Z")).toEqual([
    { repositoryId: here.id, agent: "architect-e", kind: "propose", key: MONDAY, by: "schedule" },
  ]);
  expect(await here.look("2026-11-23T06:05:00Z")).toHaveLength(1);
  expect(await here.look("2026-11-23T23:00:00Z")).toHaveLength(1);
});

test("a round that is there is not asked for again, whatever the clock does", async () => {
  const here = await shop(weekly);
  await leaveRound(rig.store, here, MONDAY, []);
  for (const now of ["2026-11-23T06:00:00Z", "2026-11-24T05:59:00Z", "2026-11-23T06:30:00Z"]) expect(await here.look(now)).toEqual([]);
  expect(await here.look("2026-11-30T06:01:00Z")).toMatchObject([{ key: "2026-11-30T06:00Z" }]);
});

test("before its time, and a day after it, nothing is asked for", async () => {
  const here = await shop(weekly);
  expect(await here.look("2026-11-22T06:00:00Z")).toEqual([]);
  expect(await here.look("2026-11-23T05:59:59Z")).toEqual([]);
  expect(await here.look("2026-11-24T06:00:01Z")).toEqual([]);
});

test.each([
  ["has no schedule", "# nothing\n"],
  ["only observes", `${weekly}mode: observe\n`],
  ["is switched off", `${weekly}mode: disabled\n`],
])("a repository that %s is left alone", async (_, policy) => {
  expect(await (await shop(policy)).look("2026-11-23T06:01:00Z")).toEqual([]);
});

test("a repository that rests is left alone", async () => {
  const here = await shop(weekly);
  await here.rest();
  expect(await here.look("2026-11-23T06:01:00Z")).toEqual([]);
});

test("while a round is under way the next one waits, and the log says so", async () => {
  const here = await shop('architect:\n  schedule: "0 * * * *"\n');
  await leaveRound(rig.store, here, "2026-11-23T05:00Z");
  expect(await here.look("2026-11-23T06:01:00Z")).toEqual([]);
  expect(said()).toContain("a round is under way");
});

test("more proposals than anybody reads stop the next round, until some are decided", async () => {
  const here = await shop(weekly);
  const created = (number: number): RigEvent<"PROPOSAL_CREATED"> => ({
    type: "PROPOSAL_CREATED",
    data: {
      ...{ issueNumber: IssueNumber.parse(number), runId: runIdFor("test", 1), fingerprint: String(number).padStart(16, "0"), kind: "fix" },
      ...{ title: `Proposal ${number}`, what: "Do it.", rationale: "It is slow.", evidence: ["#1"], complexity: "small" },
    },
  });
  await here.tell(Array.from({ length: 11 }, (_, index) => created(index + 1)));
  expect(await here.look("2026-11-23T06:01:00Z")).toEqual([]);
  expect(said()).toContain("11 proposals wait for a person");
  await here.tell([{ type: "PROPOSAL_REJECTED", data: { issueNumber: IssueNumber.parse(3), by: "maria" } }]);
  expect(await here.look("2026-11-23T06:06:00Z")).toMatchObject([{ key: MONDAY }]);
});
