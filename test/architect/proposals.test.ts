/** From a finished round to issues, and from what people do with those back into the history: a real GitHub to talk to, a real database. */
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { syncProposals } from "../../app/architect/proposals.ts";
import { coordinate } from "../../app/coordinate.ts";
import { issueStream } from "../../app/domain/ids.ts";
import { subjectFor } from "../../app/hear.ts";
import { perform } from "../../app/perform.ts";
import { sync } from "../../app/sync.ts";
import { type InProcess, openInProcess } from "../coordination/in-process.ts";
import { asUser } from "../world/github/as-user.ts";
import { leaveRound, proposal } from "./rounds.ts";

let rig: InProcess;

beforeAll(async () => {
  rig = await openInProcess({ webhookUrl: "http://127.0.0.1:9/" });
}, 180_000);
afterAll(async () => rig?.close());
beforeEach(() => rig.github.deliveries.drop(() => true, Number.POSITIVE_INFINITY));

const maria = () => asUser(rig.github, rig.maria.token);

/** A repository of its own, and what a worker would do there. */
async function open(owner: string) {
  rig.github.createOrganization(owner);
  const place = { owner, repo: "shop" };
  const { id } = await rig.github.createRepository({
    ...{ owner, name: "shop", private: true, labels: ["agent-ready", "rig:proposal"], collaborators: { maria: "admin" } },
    files: { "README.md": "Shop.\n" },
  });
  const { installationId } = rig.github.install(rig.app.id, owner, ["shop"]);
  const conductor = rig.begin();
  await coordinate(conductor);
  const home = `repo/${owner}/shop`;
  const here = {
    ...{ id, installationId, place, home, conductor },
    look: (cause = "test") => syncProposals(conductor, id, cause),
    /** Carries out what waits; answers how many issues are to be filed and are not. */
    file: async () => {
      for (const { key, kind, state } of await rig.store.effectsOf(home))
        if (kind === "FILE_ISSUE" && (state === "planned" || state === "sent")) await perform(conductor, key);
      return (await rig.store.effectsOf(home)).filter(({ kind, state }) => kind === "FILE_ISSUE" && state !== "confirmed").length;
    },
    events: async () =>
      (await rig.store.readStream(home)).flatMap(({ type, data }) => (type.startsWith("PROPOSAL_") ? [{ type, ...data }] : [])),
    issues: async () => (await maria().rest.issues.listForRepo({ ...place, state: "all" })).data.toReversed(),
    close: (issue_number: number) => maria().rest.issues.update({ ...place, issue_number, state: "closed" }),
    reopen: (issue_number: number) => maria().rest.issues.update({ ...place, issue_number, state: "open" }),
  };
  return here;
}

/** One that has its issue already. */
async function proposed(owner: string, title = "Cache the price list") {
  const here = await open(owner);
  await leaveRound(rig.store, here, "one", [proposal(title)]);
  await here.look();
  await here.file();
  await here.look();
  return here;
}

test("each proposal becomes one issue with its label, and the history says so once GitHub has numbered it", async () => {
  const here = await open("filing");
  const runId = await leaveRound(rig.store, here, "one", [proposal("Cache the price list"), proposal("Test the cart")]);
  await here.look();
  expect(await here.events()).toEqual([]);
  expect(await here.file()).toBe(0);
  await here.look();
  await here.look();
  const issues = await here.issues();
  expect(
    issues.map(({ title, labels, user }) => ({
      title,
      labels: labels.map((one) => (typeof one === "string" ? one : one.name)),
      by: user?.type,
    })),
  ).toEqual([
    { title: "Cache the price list", labels: ["rig:proposal"], by: "Bot" },
    { title: "Test the cart", labels: ["rig:proposal"], by: "Bot" },
  ]);
  expect(issues[0]?.body).toContain("Cache the price list, in src/prices.mjs");
  expect(await here.events()).toMatchObject([
    { type: "PROPOSAL_CREATED", issueNumber: 1, runId, title: "Cache the price list", url: issues[0]?.html_url },
    { type: "PROPOSAL_CREATED", issueNumber: 2, runId, title: "Test the cart" },
  ]);
  const notices = (await rig.store.effectsOf(here.home)).filter(({ data }) => JSON.stringify(data).includes("Architect-E proposes #"));
  expect(notices).toMatchObject([
    { kind: "NOTIFY", data: { channel: "conductor-e", message: { title: "filing/shop: Architect-E proposes #1", mentions: [] } } },
    { data: { message: { title: "filing/shop: Architect-E proposes #2" } } },
  ]);
});

test("an answer that is lost after GitHub took the issue makes no second one, and none is lost", async () => {
  const here = await open("losing");
  await leaveRound(rig.store, here, "one", [proposal("Cache the price list")]);
  await here.look();
  rig.github.faults.next({ method: "POST", path: /\/repos\/losing\/shop\/issues$/, kind: "502-after-write" });
  await here.file();
  const unknown = (await rig.store.effectsOf(here.home)).find(({ kind }) => kind === "FILE_ISSUE");
  if (unknown?.state !== "confirmed") {
    expect(unknown?.state).toBe("sent");
    await rig.pool.query("update rig.effects set due_at = clock_timestamp(), lease_until = null where key = $1", [unknown?.key]);
    expect(await here.file()).toBe(0);
  }
  await here.look();
  expect(await here.issues()).toHaveLength(1);
  expect(await here.events()).toMatchObject([{ type: "PROPOSAL_CREATED", issueNumber: 1 }]);
});

test("two looks at the same moment file each proposal once", async () => {
  const here = await open("racing");
  await rig.store.savePolicy(here.id, "a".repeat(40), { policy: { architect: { maxProposals: 1 } } });
  await leaveRound(rig.store, here, "one", [proposal("Cache the price list"), proposal("Test the cart")]);
  await Promise.all([here.look("a"), here.look("b"), here.look("c")]);
  await here.file();
  await Promise.all([here.look("d"), here.look("e")]);
  expect(await here.issues()).toHaveLength(1);
  expect((await here.events()).map(({ type }) => type).toSorted()).toEqual(["PROPOSAL_CREATED", "PROPOSAL_SKIPPED"]);
});

test("what an open issue of people asks for already is skipped", async () => {
  const here = await open("asking");
  await maria().rest.issues.create({ ...here.place, title: "Please cache the price lists" });
  await leaveRound(rig.store, here, "one", [proposal("Cache the price list")]);
  await here.look();
  expect(await here.events()).toMatchObject([{ type: "PROPOSAL_SKIPPED", because: "It is like #1, which is open." }]);
  expect(await here.file()).toBe(0);
});

test("a person who closes it rejects it, a lost webhook or not, and it is not proposed again; opened again it waits again", async () => {
  const here = await proposed("rejecting");
  await here.close(1);
  await here.look();
  await here.look();
  await leaveRound(rig.store, here, "two", [proposal("Caching of price lists")]);
  await here.look();
  await here.reopen(1);
  await here.look();
  expect((await here.events()).slice(1)).toMatchObject([
    { type: "PROPOSAL_REJECTED", issueNumber: 1, by: "maria" },
    { type: "PROPOSAL_SKIPPED", because: "It is like the proposal #1, which maria rejected." },
    { type: "PROPOSAL_REOPENED", issueNumber: 1 },
  ]);
  expect(await here.issues()).toHaveLength(1);
});

test("a bot that closes it decides nothing: it lapses, and may be proposed again", async () => {
  const here = await proposed("sweeping");
  const bot = await rig.begin().github.installation(here.installationId);
  await bot.rest.issues.update({ ...here.place, issue_number: 1, state: "closed" });
  await leaveRound(rig.store, here, "two", [proposal("Cache price lists")]);
  await here.look();
  await here.file();
  await here.look();
  expect((await here.events()).slice(1)).toMatchObject([
    { type: "PROPOSAL_LAPSED", issueNumber: 1, because: "No person closed the issue." },
    { type: "PROPOSAL_CREATED", issueNumber: 2 },
  ]);
});

test("a person who puts the label on it approves it: the admission judges, and the history of the repository follows", async () => {
  const here = await proposed("approving");
  await maria().rest.issues.addLabels({ ...here.place, issue_number: 1, labels: ["agent-ready"] });
  const subject = await subjectFor(rig.store, here.id, 1);
  if (!subject) throw new Error("The repository is not known.");
  await sync(here.conductor, subject, "test");
  const [approved] = (await rig.store.readStream(issueStream("approving", "shop", 1))).filter(({ type }) => type === "ISSUE_APPROVED");
  expect(approved).toMatchObject({ data: { approvedBy: "maria", dependsOn: [], body: (await here.issues())[0]?.body } });
  const { rows } = await rig.pool.query("select from graphile_worker.jobs where key = $1", [`proposals:${here.id}`]);
  expect(rows).toHaveLength(1);
  await here.look();
  await here.look();
  expect((await here.events()).slice(1)).toEqual([{ type: "PROPOSAL_APPROVED", issueNumber: 1, by: "maria" }]);
});

test("only a round that was asked to propose does: what another run says counts for nothing", async () => {
  const here = await open("posing");
  await leaveRound(rig.store, here, "one", [proposal("Cache the price list")], "diagnose");
  await here.look();
  expect(await here.file()).toBe(0);
  expect(await here.issues()).toEqual([]);
  expect(await here.events()).toEqual([]);
});

test("a repository that only observes files nothing, and files it once it is active", async () => {
  const here = await open("observing");
  await rig.store.savePolicy(here.id, "a".repeat(40), { policy: { mode: "observe" } });
  await leaveRound(rig.store, here, "one", [proposal("Cache the price list")]);
  await here.look();
  expect(await here.file()).toBe(0);
  expect(await here.issues()).toEqual([]);
  await rig.store.savePolicy(here.id, "b".repeat(40), { policy: {} });
  await here.look();
  expect(await here.file()).toBe(0);
  expect(await here.issues()).toHaveLength(1);
});
