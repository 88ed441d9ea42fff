import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Backtest, createBacktest } from "../../app/backtest.ts";
import { readConfig } from "../../app/config.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { IssueNumber, issueStream, PrNumber, RepositoryId, Sha } from "../../app/domain/ids.ts";
import { connectGitHub } from "../../app/github.ts";
import { createLog } from "../../app/log.ts";
import { createMemory } from "../../app/observe/memory.ts";
import { rig } from "../cli/rig.ts";
import { type SmallWorld, smallWorld, till } from "../world-github/small-world.ts";
import { type Ask, openApi } from "./contract.ts";
import { anna, LATER_MINUTES, openShop, type Shop } from "./shop-of-tea.ts";

let world: SmallWorld;
let shop: Shop;
let ask: Ask;
let real: Backtest;
let run: Backtest;
let folder: string;
let file: string;

/** Docs are gated, schemas are free. */
const policy = "gates:\n  words:\n    paths: [docs/**]\n  schema:\n    enabled: false\n";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-backtest-"));
  file = join(folder, "new.yml");
  await writeFile(file, policy);
  [world, shop] = await Promise.all([smallWorld({}, { private: true }), openShop(undefined, (asked) => run(asked))]);
  ask = await openApi(() => shop.url);
  const log = createLog({ level: "silent", redact: (text) => text });
  const config = readConfig({
    APP_ID: String(world.app.id),
    PRIVATE_KEY: world.app.privateKey,
    WEBHOOK_SECRET: world.secret,
    GITHUB_API_URL: world.github.apiUrl,
  });
  real = createBacktest({ store: shop.store, github: connectGitHub(config, log), memory: createMemory(), log });
  await shop.store.upsertRepository({
    ...{ id: world.created.id, owner: "ann", name: "till", defaultBranch: "main" },
    ...{ installationId: world.installationId, private: true },
  });
  await open(1, "words", { "docs/till.md": "# The till\n" });
  await open(2, "table", { "db/migrations/0001_tip.sql": "create table tip (id int);\n" }, true);
  await open(3, "code", { "src/sum.ts": "one\ntwo\nfour\n" });
  // One that GitHub no longer has.
  await note(4, {
    type: "PR_CREATED",
    data: { prNumber: PrNumber.parse(99), prUrl: "u", branch: "b", headSha: Sha.parse("f".repeat(40)) },
  });
});
beforeEach(() => {
  run = real;
});
afterAll(async () => {
  await shop.close();
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const note = (number: number, event: RigEvent) =>
  shop.history.record(
    {
      ...{ stream: issueStream("ann", "till", number), number: IssueNumber.parse(number), owner: "ann", repo: "till" },
      ...{ installationId: world.installationId, repositoryId: RepositoryId.parse(world.created.id) },
    },
    [event],
    "test",
  );

/** A pull request on GitHub that the history knows: as an agent's, or as a person's that is only watched. */
async function open(number: number, branch: string, files: Readonly<Record<string, string>>, watched = false): Promise<void> {
  const headSha = Sha.parse(await world.push(branch, { ...files }));
  const { data } = await world.bob.rest.pulls.create({ ...till, title: `Change ${branch}`, head: branch, base: "main" });
  const told = { prNumber: PrNumber.parse(data.number), prUrl: data.html_url, branch, headSha };
  await note(
    number,
    watched ? { type: "PR_WATCHED", data: { ...told, base: "main", title: data.title, by: "bob" } } : { type: "PR_CREATED", data: told },
  );
}

const post = (body: object, headers: Readonly<Record<string, string>> = anna) =>
  ask("/api/gates/backtest", { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) });

test("says what would newly be gated and what freed, with the first evidence, and names what can no longer be read", async () => {
  const { status, body } = await post({ policy, repository: "ann/till" });
  expect(status).toBe(200);
  expect(body).toMatchObject({ inAll: 4, replayed: 3, cut: false });
  const { differences, gates, unreadable } = body as Record<"differences" | "gates" | "unreadable", readonly Record<string, unknown>[]>;
  expect(gates).toEqual([
    { gate: "schema", before: 1, after: 0 },
    { gate: "words", before: 0, after: 1 },
  ]);
  const byTitle = [...differences].toSorted((one, other) => String(one.title).localeCompare(String(other.title)));
  expect(byTitle).toMatchObject([
    {
      ...{ repository: "ann/till", title: "Change table", added: [] },
      removed: [{ gate: "schema", evidence: { path: "db/migrations/0001_tip.sql" } }],
    },
    { title: "Change words", added: [{ gate: "words", evidence: { path: "docs/till.md" }, evidenceCount: 1 }], removed: [] },
  ]);
  expect(unreadable).toMatchObject([{ repository: "ann/till", pullRequest: 99, because: expect.stringContaining("Not Found") }]);
});

test("the policy in force differs from itself in nothing", async () => {
  const { body } = await post({ policy: "" });
  expect(body).toMatchObject({ replayed: 3, differences: [], gates: [{ gate: "schema", before: 1, after: 1 }] });
});

test("only what happened since then is replayed", async () => {
  expect((await post({ policy, since: `${LATER_MINUTES - 2}m` })).body).toMatchObject({ inAll: 0, replayed: 0, differences: [] });
});

test("of more than can be replayed the newest are taken, each pull request once", async () => {
  const since = new Date(0);
  await note(4, {
    type: "PR_UPDATED",
    data: { prNumber: PrNumber.parse(99), headSha: Sha.parse("e".repeat(40)), previousSha: Sha.parse("f".repeat(40)) },
  });
  const { found, inAll } = await shop.store.pullRequestsSince(since, undefined, 2);
  expect({ inAll, newest: found[0], count: found.length }).toMatchObject({
    inAll: 4,
    newest: { number: 99, headSha: "e".repeat(40) },
    count: 2,
  });
  run = async () => ({
    replayed: 498,
    inAll: 900,
    gates: [],
    differences: [],
    unreadable: [{ repository: "a/b", pullRequest: 1, because: "x" }],
  });
  expect((await post({ policy })).body).toMatchObject({ inAll: 900, cut: true });
});

test("a repository that the Rig may no longer see is named with every pull request, and the reason", async () => {
  const gone = { ...(await shop.store.repositoryByName("ann", "till")) } as NonNullable<
    Awaited<ReturnType<Shop["store"]["repositoryByName"]>>
  >;
  await shop.store.saveRepository({ ...gone, readable: false, pausedBecause: "The App was uninstalled." }, []);
  try {
    const { body } = await post({ policy });
    expect(body).toMatchObject({ replayed: 0, differences: [] });
    expect((body as { readonly unreadable: readonly object[] }).unreadable).toHaveLength(4);
    expect(JSON.stringify(body)).toContain("The App was uninstalled.");
  } finally {
    await shop.store.saveRepository({ ...gone, readable: true, pausedBecause: null }, []);
  }
});

test.each([
  ["a policy that is not valid", { policy: "merge:\n  metod: x\n" }, 400, "line 2, column 3: merge.metod is not a key of rig.yml"],
  ["no policy", {}, 400, "policy"],
  ["a time that is none", { policy, since: "soon" }, 400, "since must be a duration such as 90d"],
  ["a repository that is none", { policy, repository: "till" }, 400, "repository must be a repository"],
  ["a repository that is not known", { policy, repository: "ann/elsewhere" }, 404, "The App is not installed in ann/elsewhere"],
  ["what is not known here", { policy, head: "x" }, 400, "head is not known here"],
  ["more than a rig.yml is", { policy: "#".repeat(300_000) }, 413, "256 KiB"],
])("%s is refused", async (_, body, status, words) => {
  expect(await post(body)).toMatchObject({ status, type: "application/problem+json", body: { detail: expect.stringContaining(words) } });
});

test("who only sits at the machine may not begin one, and nobody a second beside another", async () => {
  expect((await post({ policy }, {})).status).toBe(401);
  const held = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  run = async () => {
    begun.resolve();
    await held.promise;
    throw new Error("It went wrong.");
  };
  const first = fetch(`${shop.url}/api/gates/backtest`, {
    ...{ method: "POST", headers: { ...anna, "content-type": "application/json" } },
    body: JSON.stringify({ policy }),
  });
  await begun.promise;
  expect(await post({ policy })).toMatchObject({ status: 429 });
  held.resolve();
  expect((await first).status).toBe(500);
  run = real;
  expect((await post({ policy: "" })).status).toBe(200);
});

test("at the terminal a difference is a finding, told as a table; none is none", async () => {
  const env = { RIG_URL: shop.url, RIG_TOKEN: anna.authorization.replace("Bearer ", "") };
  const { code, out, err } = await rig(env, "gates", "backtest", "--policy", file, "--since", "30d", "--repo", "ann/till");
  expect({ code, err }).toEqual({ code: 1, err: "" });
  expect(out).toMatch(/^Of 3 pull requests since .*, 1 would be newly gated and 1 freed\.\n/);
  expect(out).toMatch(/\nann\/till#\d+ +freed +schema +db\/migrations\/0001_tip\.sql\S* \S/);
  expect(out).toMatch(/\nann\/till#\d+ +gated +words +docs\/till\.md \S/);
  expect(out).toMatch(/\n1 pull request can no longer be read, .*\n.*\nann\/till#99 +\S/);
  await writeFile(file, "");
  expect(await rig(env, "gates", "backtest", "--policy", file, "--json")).toMatchObject({ code: 0 });
  await writeFile(file, "merge: 1\n");
  expect(await rig(env, "gates", "backtest", "--policy", file)).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("line 1, column 1: merge"),
  });
});

test("nothing was written on GitHub, and all that was asked agrees with its own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
  // Its own tokens it has to fetch.
  const byApp = world.github.writes.filter(
    ({ appId, operation }) => appId === world.app.id && operation !== "apps/create-installation-access-token",
  );
  expect(byApp).toEqual([]);
});
