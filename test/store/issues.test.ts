import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RigEvent } from "../../app/domain/events.ts";
import { PrNumber } from "../../app/domain/ids.ts";
import { approved, assigned, folded, openTestStore, said, sha, subject, type TestStore, tell } from "./support.ts";

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());

test("the queue is critical before high before normal, then whoever was approved first", async () => {
  const { store } = world;
  const arrivals = [
    [1, "normal", "09:00"],
    [2, "high", "09:05"],
    [3, "critical", "09:09"],
    [4, "normal", "08:00"],
    [5, "high", "09:04"],
    [6, "critical", "09:10"],
  ] as const;
  for (const [number, priority, time] of arrivals) {
    const of = subject(number, 5);
    const event = said(approved(priority), { occurredAt: new Date(`2026-11-22T${time}:00Z`) });
    await store.append({ stream: of.stream, expectedVersion: 0, events: [event], projection: folded(of, [event]) });
  }
  const elsewhere = subject(20, 6);
  await tell(store, elsewhere, [approved("critical")]);
  expect((await store.queuedIssues(5)).map(({ number }) => number)).toEqual([3, 6, 5, 2, 4, 1]);
  expect((await store.queuedIssues()).map(({ number }) => number)).toContain(20);
});

test("an issue is found by everything GitHub may speak of", async () => {
  const { store } = world;
  const of = subject(30);
  const given = assigned(of, "dev-e-30", 2);
  const pullRequest = { prNumber: PrNumber.parse(31), prUrl: "https://github.test/31", branch: "rig/30-tip-1", headSha: sha("b") };
  await tell(store, of, [approved(), ...given, { type: "PR_CREATED", data: pullRequest }]);
  const [run] = await store.runsOfStream(of.stream);
  const found = {
    ...of,
    state: "in_progress",
    prNumber: 31,
    headSha: sha("b"),
    branch: "rig/30-tip-1",
    title: "Tip the waiter",
    why: "It has 4 events.",
  };
  expect(await store.issueByNumber(1, 30)).toMatchObject(found);
  expect(await store.issueByStream(of.stream)).toMatchObject(found);
  expect(await store.issueByRun(run?.runId ?? "")).toMatchObject(found);
  expect(await store.issuesByPullRequest(1, 31)).toMatchObject([found]);
  expect(await store.issuesByBranch(1, "rig/30-tip-1")).toMatchObject([found]);
  expect(await store.issuesByHeadSha(1, sha("b"))).toMatchObject([found]);
  expect(await store.issuesInState(1, ["in_progress"])).toMatchObject([found]);
  expect(await store.openIssues(1)).toMatchObject([found]);
  expect(await store.issueByNumber(2, 30)).toBeUndefined();
  expect(await store.issuesByPullRequest(2, 31)).toEqual([]);
  expect(await store.issuesInState(1, ["queued"])).toEqual([]);
});

test("what may be unhealthy out there is found, and what is being taken back, and what production was verified with last", async () => {
  const { store } = world;
  const merge = (letter: string): RigEvent => ({
    type: "MERGED",
    data: { prNumber: PrNumber.parse(1), headSha: sha("a"), mergeSha: sha(letter), mergedBy: "rig" },
  });
  const live = (letter: string) => ({ environment: "production", sha: sha(letter) }) as const;
  const failed: RigEvent = { type: "SMOKE_FAILED", data: { ...live("b"), failed: [], retry: 1, maxRetries: 3, cause: "code" } };
  const over: RigEvent = { type: "ISSUE_DONE", data: { durationMinutes: 1, attempts: 1, usd: 1, humanWaitMinutes: 0 } };
  const verified = (letter: string): RigEvent => ({ type: "VERIFIED", data: { ...live(letter), probes: [] } });
  const back = { by: "maria", fromSha: sha("d"), toSha: sha("c") };
  const asked: RigEvent = { type: "ROLLBACK_REQUESTED", data: back };
  await tell(store, subject(61, 60), [approved(), merge("a")]);
  await tell(store, subject(62, 60), [approved(), merge("b"), failed]);
  await tell(store, subject(63, 60), [approved(), merge("c"), verified("c"), over]);
  await tell(store, subject(64, 60), [approved(), merge("d"), verified("d"), over, asked]);
  await tell(store, subject(65, 60), [approved(), merge("e"), over, asked, { type: "ROLLED_BACK", data: back }]);
  await tell(store, subject(66, 60), [approved()]);
  await tell(store, subject(67, 61), [approved(), merge("a"), asked]);
  expect((await store.unhealthyIssues(60)).map(({ number }) => number)).toEqual([61, 62]);
  expect((await store.issuesGoingBack(60)).map(({ number }) => number)).toEqual([64]);
  expect((await store.issuesTakenBack(60)).map(({ number }) => number)).toEqual([64, 65]);
  expect([await store.lastVerified(60), await store.lastVerified(61)]).toEqual([sha("d"), undefined]);
});

test("after a rename an issue is reached under the repository's present name, and keeps its stream", async () => {
  const { store } = world;
  const of = subject(40, 40);
  await tell(store, of, [approved()]);
  const repository = { id: 40, owner: "acme", name: "shop", installationId: 7, defaultBranch: "main", private: false };
  await store.upsertRepository(repository);
  await store.upsertRepository({ ...repository, owner: "acme-inc", name: "store" });
  expect(await store.issueByNumber(40, 40)).toMatchObject({ stream: of.stream, owner: "acme-inc", repo: "store" });
});

test("a repository is found by id and by name in any case", async () => {
  const { store } = world;
  const repository = { id: 50, owner: "Acme", name: "Bar", installationId: 7, defaultBranch: "main", private: true };
  await store.upsertRepository(repository);
  expect(await store.repository(50)).toMatchObject({ ...repository, policy: null, policySha: null, policyErrors: null });
  expect(await store.repositoryByName("acme", "bar")).toMatchObject(repository);
  expect(await store.repositoryByName("acme", "baz")).toBeUndefined();
});

test("a bad policy leaves the last good one in force and says what is wrong with it, until a good one comes", async () => {
  const { store } = world;
  await store.upsertRepository({ id: 60, owner: "acme", name: "bill", installationId: 7, defaultBranch: "main", private: true });
  await store.savePolicy(60, sha("1"), { policy: { mode: "observe" } });
  await store.savePolicy(60, sha("2"), { errors: [{ line: 3, message: "unknown key" }] });
  expect(await store.repository(60)).toMatchObject({
    policy: { mode: "observe" },
    policySha: sha("1"),
    policyReadSha: sha("2"),
    policyErrors: [{ line: 3, message: "unknown key" }],
  });
  await store.savePolicy(60, sha("3"), { policy: { mode: "active" } });
  expect(await store.repository(60)).toMatchObject({
    policy: { mode: "active" },
    policySha: sha("3"),
    policyReadSha: sha("3"),
    policyErrors: null,
  });
  await expect(store.savePolicy(61, sha("1"), { policy: {} })).rejects.toThrow("The repository 61 is not known");
});
