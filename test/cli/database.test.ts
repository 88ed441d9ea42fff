import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PrNumber } from "../../app/domain/ids.ts";
import { startWorker } from "../../app/store/worker.ts";
import { approved, asOwner, assigned, openTestStore, sha, subject, type TestStore, tell, until } from "../store/support.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { freePort } from "../world/world.ts";
import { type SmallWorld, smallWorld } from "../world-github/small-world.ts";
import { rig } from "./rig.ts";

const shop = { id: 1, owner: "acme", name: "shop", installationId: 7, defaultBranch: "main", private: true };
let world: TestStore;
let small: SmallWorld;
let env: Readonly<Record<string, string>>;
let app: Readonly<Record<string, string>>;

beforeAll(async () => {
  [world, small] = await Promise.all([openTestStore(), smallWorld()]);
  env = { DATABASE_URL: world.url };
  app = {
    ...env,
    APP_ID: String(small.app.id),
    PRIVATE_KEY: small.app.privateKey,
    WEBHOOK_SECRET: small.secret,
    GITHUB_API_URL: small.github.apiUrl,
  };
  await world.store.upsertRepository(shop);
});
afterAll(async () => {
  await small.close();
  await world.close();
});

const json = (out: string) => JSON.parse(out);

async function projections(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const name of ["issues", "assignments", "runs", "gates"]) {
    const { rows } = await world.database.pool.query(`select to_jsonb(t) - 'updated_at' as row from rig.${name} t order by 1`);
    found[name] = rows.map(({ row }) => row);
  }
  return found;
}

test("verify holds over what is sealed, and names the first block that does not", async () => {
  expect(await rig(env, "verify")).toMatchObject({ code: 0, out: expect.stringContaining("Nothing is sealed yet") });
  for (let number = 1; number <= 5; number += 1)
    await tell(world.store, subject(number), [approved(), ...assigned(subject(number), `dev-e-${number}`, 2)]);
  await world.store.seal(6);
  const whole = await rig(env, "verify", "--json");
  expect(whole.code).toBe(0);
  expect(json(whole.out)).toEqual({ blocks: 3, to: 15, intact: true, firstBroken: null });

  const tamper = (by: string) =>
    asOwner(
      world,
      `alter table rig.events disable trigger append_only; update rig.events set actor = jsonb_set(actor, '{login}', '"${by}"') where position = 8`,
    );
  await tamper("mallory");
  const broken = await rig(env, "verify");
  expect(broken.code).toBe(1);
  expect(broken.out).toContain("the one of positions 7 to 12 is the first that does not hold");
  await tamper("conductor-e");
  expect(await rig(env, "verify")).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^3 sealed blocks hold: the events up to position 15 /),
  });
});

test("projections rebuild makes the tables right, and --check only tells where they are not", async () => {
  const headSha = sha("c");
  const prNumber = PrNumber.parse(101);
  await tell(world.store, subject(1), [
    { type: "PR_CREATED", data: { prNumber, prUrl: "u", branch: "b", headSha } },
    { type: "HUMAN_GATE_TRIGGERED", data: { prNumber, headSha, gate: "auth", evidence: [], approvers: ["mona"] } },
  ]);
  const [run] = await world.store.runsOfStream(subject(1).stream);
  await world.store.claimRun({
    ...{ runId: run?.runId ?? "", workflowRunId: 9, attempt: 1, url: "u", capabilityHash: "h" },
    expiresAt: new Date("2030-01-01T00:00:00Z"),
  });
  const right = await projections();
  expect(await rig(env, "projections", "rebuild", "--check")).toMatchObject({
    code: 0,
    out: expect.stringContaining("The tables showed what it says."),
  });

  await asOwner(
    world,
    `update rig.issues set title = 'forged', state = 'done' where number = 2;
     update rig.runs set fenced = true where stream = 'acme/shop#3';
     delete from rig.gates;
     update rig.assignments set agent_id = 'dev-e-9' where stream = 'acme/shop#4'`,
  );
  const wrong = await projections();
  const checked = await rig(env, "projections", "rebuild", "--check", "--json");
  expect(checked.code).toBe(1);
  expect(json(checked.out)).toMatchObject({
    streams: 5,
    events: 17,
    written: 0,
    differences: [
      { stream: "acme/shop#1", parts: "gates" },
      { stream: "acme/shop#2", parts: "issue" },
      { stream: "acme/shop#3", parts: "runs" },
      { stream: "acme/shop#4", parts: "assignment" },
    ],
  });
  expect(await projections()).toEqual(wrong);

  const rebuilt = await rig(env, "projections", "rebuild");
  expect(rebuilt.code).toBe(0);
  expect(rebuilt.out).toMatch(
    /^Folded 17 events of 5 streams in [\d.]+ s\. 4 streams differed and were written again\.\nStream +Where\nacme\/shop#1 +gates\n/,
  );
  expect(await projections()).toEqual(right);
});

test("projections are rebuilt from nothing but the history and the repositories", async () => {
  const right = await projections();
  await asOwner(world, "truncate rig.issues, rig.assignments, rig.runs, rig.gates");
  expect((await rig(env, "projections", "rebuild")).code).toBe(0);
  const rebuilt = await projections();
  const without = (rows: unknown, ...live: readonly string[]) =>
    (rows as Record<string, unknown>[]).map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !live.includes(column))));
  expect(without(rebuilt.issues, "why")).toEqual(without(right.issues, "why"));
  expect(rebuilt.assignments).toEqual(right.assignments);
  expect(rebuilt.gates).toEqual(right.gates);
  // What was known live of a run is in no history.
  const live = ["claimed_by", "capability_hash", "capability_expires_at", "last_seen_at", "workflow_run_id", "workflow_run_url"];
  expect(without(rebuilt.runs, ...live)).toEqual(without(right.runs, ...live));
  expect(await world.store.issueByStream("acme/shop#1")).toMatchObject({
    repositoryId: 1,
    why: expect.stringContaining("the next look says why"),
  });
});

async function storeDelivery(state: "stored" | "handled" | "dead"): Promise<string> {
  const guid = randomUUID();
  await world.store.storeDelivery({ guid, event: "issues", headers: {}, raw: Buffer.from("{}"), task: "delivery" });
  await asOwner(
    world,
    `select graphile_worker.complete_jobs(array(select id from graphile_worker._private_jobs where payload ->> 'guid' = '${guid}'))`,
  );
  if (state !== "stored") await world.store.settleDelivery(guid, state, state === "dead" ? "The body is not a JSON object." : undefined);
  return guid;
}

test("a delivery that was given up, or whose job is gone, reaches the worker again", async () => {
  const [dead, stuck, handled] = [await storeDelivery("dead"), await storeDelivery("stored"), await storeDelivery("handled")];
  const waiting = randomUUID();
  await world.store.storeDelivery({ guid: waiting, event: "issues", headers: {}, raw: Buffer.from("{}"), task: "delivery" });

  const failed = await rig(env, "deliveries", "redeliver", "--failed", "--json");
  expect(failed.code).toBe(0);
  expect(json(failed.out)).toEqual([dead, stuck].map((guid) => ({ guid, outcome: "handed to the worker" })));
  expect(await rig(env, "deliveries", "redeliver", "--failed")).toMatchObject({
    code: 0,
    out: "No delivery was given up, and none waits without a job.\n",
  });
  expect(await rig(env, "deliveries", "redeliver", handled.toUpperCase())).toMatchObject({
    code: 0,
    out: expect.stringContaining(`${handled}  handed to the worker`),
  });

  const seen: string[] = [];
  const delivery = async (payload: unknown) => {
    const { guid } = payload as { readonly guid: string };
    if ((await world.store.loadDelivery(guid))?.state === "stored") seen.push(guid);
    await world.store.settleDelivery(guid, "handled");
  };
  const worker = await startWorker({ ...world, tasks: { delivery }, concurrency: 2 });
  await until(async () => seen.length === 4);
  await worker.stop();
  expect(seen.toSorted()).toEqual([dead, stuck, handled, waiting].toSorted());
});

test("a delivery that never came is asked of GitHub, which sends it again under its GUID", async () => {
  await small.bob.rest.issues.create({ owner: "ann", repo: "till", title: "Lost" });
  await small.github.deliveries.settled();
  const [{ guid } = { guid: "" }] = small.receiver.received.filter(({ event }) => event === "issues");
  const { code, out } = await rig(app, "deliveries", "redeliver", guid);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(`${guid}  GitHub was asked for it`) });
  await small.github.deliveries.settled();
  expect(small.receiver.received.filter((received) => received.guid === guid)).toHaveLength(2);
});

test("a delivery that nobody has is a finding; without the App's values the sentence says how to get them", async () => {
  const guid = randomUUID();
  const nowhere = await rig(app, "deliveries", "redeliver", guid, "--json");
  expect({ ...nowhere, out: json(nowhere.out) }).toEqual({
    code: 1,
    out: [{ guid, outcome: "neither the Rig nor GitHub has it" }],
    err: "",
  });
  const bare = await rig(env, "deliveries", "redeliver", guid);
  expect(bare).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/^APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are not set/) });
});

test("a GitHub or a database that does not answer is named, and no password with it", async () => {
  const port = await freePort();
  const dead = await rig({ ...app, GITHUB_API_URL: `http://127.0.0.1:${port}` }, "deliveries", "redeliver", randomUUID());
  expect(dead).toMatchObject({ code: 3, out: "", err: expect.stringContaining(`GitHub at http://127.0.0.1:${port} could not be asked`) });
  expect(dead.err).not.toMatch(/\n\s+at |PRIVATE KEY/);
  const secret = "a-password-that-is-long";
  for (const args of [["verify"], ["projections", "rebuild"], ["deliveries", "redeliver", "--failed"]]) {
    const { code, out, err } = await rig({ DATABASE_URL: `postgres://rig:${secret}@127.0.0.1:${port}/rig` }, ...args);
    expect({ code, out }).toEqual({ code: 3, out: "" });
    expect(err).toMatch(/^The database at 127\.0\.0\.1:\d+\/rig does not answer: .*Check DATABASE_URL\.\n$/);
    expect(err).not.toContain(secret);
  }
});

test("a database of another version is named as that", async () => {
  const other = await createTestDatabase();
  try {
    await asOwner({ ...world, url: other.url }, "drop function rig.verify");
    const { code, err } = await rig({ DATABASE_URL: other.url }, "verify");
    expect(code).toBe(3);
    expect(err).toContain("start the app of this version once");
  } finally {
    await other.close();
  }
});
