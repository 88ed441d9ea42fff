import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { AgentId, PrNumber } from "../../app/domain/ids.ts";
import { approved, asOwner, assigned, foldRecorded, openTestStore, sha, subject, type TestStore, tell } from "./support.ts";

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());

const tables = ["issues", "assignments", "runs", "gates"];

async function projections() {
  const found: Record<string, unknown> = {};
  for (const table of tables) {
    const { rows } = await world.database.pool.query(
      `select to_jsonb(t) - 'updated_at' as row from rig.${table} t order by to_jsonb(t) - 'updated_at'`,
    );
    found[table] = rows.map(({ row }) => row);
  }
  return found;
}

test("projections rebuilt from history equal the live ones, and what is known live of runs stays", async () => {
  const { store } = world;
  for (let number = 1; number <= 12; number++) {
    const of = subject(number);
    await tell(store, of, [approved()]);
    if (number % 2) await tell(store, of, assigned(of, `dev-e-${number}`, 2));
    if (number % 4 === 1) {
      const prNumber = PrNumber.parse(100 + number);
      await tell(store, of, [
        { type: "PR_CREATED", data: { prNumber, prUrl: "u", branch: "b", headSha: sha("c") } },
        { type: "HUMAN_GATE_TRIGGERED", data: { prNumber, headSha: sha("c"), gate: "auth", evidence: [], approvers: ["mona"] } },
      ]);
    }
  }
  const [run] = await store.runsOfStream("acme/shop#1");
  await store.claimRun({
    runId: run?.runId ?? "",
    workflowRunId: 9,
    attempt: 1,
    url: "u",
    capabilityHash: "h",
    expiresAt: new Date("2030-01-01T00:00:00Z"),
  });
  const live = await projections();
  expect(Object.fromEntries(tables.map((table) => [table, (live[table] as unknown[]).length]))).toEqual({
    issues: 12,
    assignments: 6,
    runs: 6,
    gates: 3,
  });

  await asOwner(
    world,
    `
    update rig.issues set state = 'done', title = 'forged';
    update rig.runs set fenced = not fenced, agent = 'x';
    delete from rig.gates;
    update rig.assignments set agent_id = 'swap' where stream = 'acme/shop#1';
    update rig.assignments set agent_id = 'dev-e-1' where stream = 'acme/shop#3';
    update rig.assignments set agent_id = 'dev-e-3' where stream = 'acme/shop#1';
    insert into rig.issues select ((r).*) from (select jsonb_populate_record(i, '{"stream": "acme/shop#99", "number": 99}') as r from rig.issues i limit 1) x`,
  );
  expect(await projections()).not.toEqual(live);

  expect(await store.rebuildProjections(foldRecorded)).toBe(13);
  expect(await projections()).toEqual(live);
});

test("a rebuild while appends go on ends with the newest state", async () => {
  const { store } = world;
  const of = subject(50);
  await tell(store, of, [approved()]);
  let told = 0;
  let folded = 0;
  const rebuilt = store.rebuildProjections((events) => {
    if (events[0]?.stream === of.stream) folded++;
    return foldRecorded(events);
  });
  const telling = (async () => {
    for (; told < 30; told++)
      await tell(store, of, [
        { type: "PRIORITY_CHANGED", data: { from: "normal", to: told % 2 ? "high" : "critical", by: "mona", source: "label" } },
      ]);
  })();
  await Promise.all([rebuilt, telling]);
  expect(folded).toBeGreaterThan(0);
  expect(await store.issueByNumber(1, 50)).toMatchObject({ why: "It has 31 events." });
});

test("a stream that no longer adds up to anything leaves the tables", async () => {
  const { store } = world;
  const of = subject(60);
  await tell(store, of, [approved(), ...assigned(of, AgentId.parse("dev-e-60"), 2)]);
  await store.rebuildProjections((events) => (events[0]?.stream === of.stream ? undefined : foldRecorded(events)));
  expect(await store.issueByNumber(1, 60)).toBeUndefined();
  expect(await store.runsOfStream(of.stream)).toEqual([]);
});
