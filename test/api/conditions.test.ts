import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { approved, assigned, notify, openTestStore, planned, sha, show, subject, type TestStore, tell } from "../store/support.ts";

let rig: TestStore;
beforeEach(async () => {
  rig = await openTestStore();
  await rig.store.upsertRepository({ id: 1, owner: "acme", name: "shop", installationId: 7, defaultBranch: "main", private: true });
});
afterEach(() => rig.close());

const query = (text: string) => rig.database.pool.query(text);
const named = async (name: string) => (await rig.store.conditions()).filter((condition) => condition.name === name);

test("where all is well there is nothing to say", async () => {
  await tell(rig.store, subject(1), [approved(), ...assigned(subject(1), "dev-e-1", 2)], [notify("news"), show("picture", "lane")]);
  expect(await rig.store.conditions()).toEqual([]);
});

test("runs that no runner takes are one condition a repository, until one does", async () => {
  const starved = [1, 2].map(async (number) => {
    const events = assigned(subject(number), `dev-e-${number}`, 2);
    const runId = events.flatMap((event) => (event.type === "RUN_REQUESTED" ? [event.data.runId] : []))[0];
    if (!runId) throw new Error("No run was asked for.");
    await tell(rig.store, subject(number), [
      approved(),
      ...events,
      { type: "RUNNER_STARVED", data: { runId, waitedMinutes: 6, detail: "No runner." } },
    ]);
    return events;
  });
  const [first] = await Promise.all(starved);
  expect(await named("runner-starvation")).toMatchObject([
    {
      subject: "acme/shop",
      detail: "2 runs wait for a runner that does not come: acme/shop#1, acme/shop#2.",
      wayOut: expect.stringContaining("Runners"),
    },
  ]);
  const started = first?.flatMap((event) => (event.type === "RUN_REQUESTED" ? [event.data] : []))[0];
  if (!started) throw new Error("No run was asked for.");
  await tell(rig.store, subject(1), [
    { type: "WORK_STARTED", data: { agentId: started.agentId, runId: started.runId, workflowRunUrl: "u" } },
  ]);
  expect(await named("runner-starvation")).toMatchObject([{ detail: "1 run waits for a runner that does not come: acme/shop#2." }]);
});

test("a paused repository and an invalid configuration say why, and what to do", async () => {
  await query("update rig.repositories set paused_because = 'It is archived.'");
  await rig.store.savePolicy(1, sha("a"), { errors: [{ line: 3, message: "queue.most is not known" }] });
  expect(await rig.store.conditions()).toMatchObject([
    { name: expect.any(String), subject: "acme/shop", since: expect.any(Date) },
    { subject: "acme/shop" },
  ]);
  expect(await named("repository-paused")).toMatchObject([{ detail: "Nothing starts there: It is archived." }]);
  expect(await named("configuration-invalid")).toMatchObject([
    { detail: expect.stringContaining("line 3: queue.most is not known"), wayOut: expect.stringContaining("docs/rig-yml.md") },
  ]);
});

/** A claimed effect that ends in some way. */
async function settled(
  key: string,
  state: "dead" | "planned" | "confirmed",
  more: { error?: string; retryMs?: number } = {},
): Promise<void> {
  const claim = await rig.store.claimEffect(key, 1000);
  if (!("effect" in claim)) throw new Error(`${key} cannot be claimed.`);
  await rig.store.settleEffect(key, claim.epoch, state, more);
}

test("acts that were given up are counted, apart from messages, until their issue is done or they were done again", async () => {
  const merge = planned("merge", { kind: "DELETE_BRANCH", data: { branch: "b" } });
  await tell(rig.store, subject(1), [approved()], [merge, show("old", "lane"), notify("news")]);
  await settled("merge", "dead", { error: "Resource not accessible by integration" });
  await settled("old", "dead", { error: "No" });
  await settled("news", "dead", { error: "Missing Access" });
  expect(await named("effects-dead")).toMatchObject([
    { subject: "acme/shop#1", detail: "2 acts were given up. The last one: SHOW: No", wayOut: expect.stringContaining("/rig retry") },
  ]);
  expect(await named("notices-dead")).toMatchObject([{ detail: "1 message never reached Discord. The last one: NOTIFY: Missing Access" }]);

  await tell(
    rig.store,
    subject(1),
    [{ type: "PRIORITY_CHANGED", data: { from: "normal", to: "high", by: "mona", source: "label" } }],
    [show("new", "lane")],
  );
  await settled("new", "confirmed");
  expect(await named("effects-dead")).toMatchObject([
    { detail: expect.stringContaining("1 act was given up. The last one: DELETE_BRANCH") },
  ]);
  await query("update rig.effects set settled_at = now() - interval '8 days'");
  expect(await rig.store.conditions()).toEqual([]);
});

test("messages that wait for Discord, and writes that the budget put off, are told apart", async () => {
  await tell(rig.store, subject(1), [approved()], [notify("news"), show("picture", "lane")]);
  await settled("news", "planned", { error: "503", retryMs: 60_000 });
  await settled("picture", "planned", { retryMs: 60_000 });
  expect(await named("notices-waiting")).toMatchObject([{ detail: "1 message waits for Discord. The last one: NOTIFY: 503" }]);
  expect(await named("writes-put-off")).toEqual([]);
  await query("update rig.effects set planned_at = now() - interval '2 minutes'");
  expect(await named("writes-put-off")).toMatchObject([
    { subject: "acme/shop#1", detail: expect.stringContaining("1 write waits for GitHub's limit") },
  ]);
});

test("deliveries that could not be used, or wait too long, are counted", async () => {
  const store = (guid: string) => rig.store.storeDelivery({ guid, event: "issues", headers: {}, raw: Buffer.from("{}"), task: "deliver" });
  const guids = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);
  await Promise.all(guids.map(store));
  await rig.store.settleDelivery(guids[0] ?? "", "dead", "The body is not a JSON object.");
  expect(await named("deliveries-dead")).toMatchObject([
    { subject: null, detail: "1 delivery of GitHub could not be used. The last one: issues: The body is not a JSON object." },
  ]);
  expect(await named("deliveries-waiting")).toEqual([]);
  await query("update rig.deliveries set received_at = now() - interval '6 minutes' where state = 'stored'");
  expect(await named("deliveries-waiting")).toMatchObject([{ detail: "2 deliveries have waited for more than five minutes." }]);
});

test("of the issues that wait for people, the one that waits longest is named", async () => {
  for (const number of [1, 2]) {
    await tell(rig.store, subject(number), [
      approved(),
      { type: "QUESTION_ASKED", data: { text: `Which tea, ${number}?`, by: "dev-e-1" } },
    ]);
  }
  const [longest] = await named("people-awaited");
  expect(longest).toMatchObject({
    subject: "acme/shop#1",
    detail: expect.stringMatching(/^2 issues wait for a person; this one the longest: /),
  });
});
