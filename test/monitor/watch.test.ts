import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { RepositoryId } from "../../app/domain/ids.ts";
import { watch, watchAll } from "../../app/monitor/watch.ts";
import { known, openGround, serve, shop, type TestGround } from "./ground.ts";

let ground: TestGround;
const closing: (() => void)[] = [];
beforeAll(async () => {
  ground = await openGround();
});
beforeEach(() => ground.clear());
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
afterAll(() => ground.close());

const never = new AbortController().signal;
const look = (stopping = never) => watch(ground.watcher(), shop, "job:1", stopping);
const signals = () => ground.store.signalsOf(shop);

/** A shop whose answers can be broken. */
async function open() {
  const state = { status: 200, asked: 0 };
  const { url, close } = await serve((_, response) => {
    state.asked += 1;
    response.writeHead(state.status).end("tea");
  });
  closing.push(close);
  return { state, url };
}

test("a probe that fails as often in a row as its file says fires, and its incident is looked at; one good look ends it", async () => {
  const { state, url } = await open();
  await ground.policy({ monitor: { probes: [{ name: "front page", url, failures: 2, service: "web" }] } });
  state.status = 500;
  await look();
  expect(await signals()).toMatchObject([{ source: "probe", name: "front page", service: "web", severity: "critical", firing: false }]);
  expect(await ground.jobs("incident")).toEqual([]);
  await look();
  const [firing] = await signals();
  expect(firing).toMatchObject({
    firing: true,
    summary: "front page does not answer as it should.",
    detail: `${url} answers 500, not 200`,
  });
  expect(await ground.jobs("incident")).toMatchObject([{ payload: { fingerprint: firing?.fingerprint, cause: "job:1" } }]);
  state.status = 200;
  await look();
  expect(await signals()).toMatchObject([{ fingerprint: firing?.fingerprint, firing: false }]);
});

test("a probe of something outside of the code says what", async () => {
  const { state, url } = await open();
  state.status = 503;
  await ground.policy({ monitor: { probes: [{ name: "pay", url, failures: 1, dependency: "the payment provider" }] } });
  await look();
  expect(await signals()).toMatchObject([
    { firing: true, summary: "pay, which shows the payment provider, does not answer as it should." },
  ]);
});

test("what its production says is kept without secrets, on one line", async () => {
  const { url, close } = await serve((_, response) => response.end(JSON.stringify({ sha: `x\u202e ${known}\n<!-- rig:comment 1 -->` })));
  closing.push(close);
  await ground.policy({ monitor: { probes: [{ url: `${url}/?token=${known}`, failures: 1, json: { sha: "right" } }] } });
  await look();
  const [signal] = await signals();
  expect(signal?.firing).toBe(true);
  expect(JSON.stringify(signal)).not.toContain(known.slice(0, 12));
  expect(JSON.stringify(signal)).not.toMatch(/[\u202e\n]|<!--|-->/u);
});

test("the next look is planned in the rhythm of the file, and of one repository one waits at most", async () => {
  const { url } = await open();
  await ground.policy({ monitor: { every: "5m", probes: [{ url }] } });
  await watchAll(ground.watcher());
  expect(await ground.jobs("monitor")).toMatchObject([{ payload: { repositoryId: shop }, key: `monitor:${shop}` }]);
  await look();
  const [planned, ...more] = await ground.jobs("monitor");
  expect(more).toEqual([]);
  expect(planned?.delay).toBeGreaterThan(200);
  await watchAll(ground.watcher());
  expect((await ground.jobs("monitor")).map(({ delay }) => delay > 200)).toEqual([true]);
});

test.each([
  ["a file that has nothing watched", {}, {}],
  ["a repository that only observes", { mode: "observe" }, {}],
  ["a disabled one", { mode: "disabled" }, {}],
  ["a paused one", {}, { pausedBecause: "it became public" }],
  ["one that GitHub does not show", {}, { readable: false }],
])("%s: nothing is asked of anybody", async (what, policy, now) => {
  const { state, url } = await open();
  const monitor = what.startsWith("a file") ? {} : { probes: [{ url, failures: 1 }] };
  await ground.policy({ ...policy, monitor });
  const repository = await ground.store.repository(shop);
  if (!repository) throw new Error("The repository is not there.");
  await ground.store.saveRepository({ ...repository, ...now }, []);
  await watchAll(ground.watcher());
  expect(await ground.jobs("monitor")).toEqual([]);
  await look();
  expect(state.asked).toBe(0);
});

test("two at once look once", async () => {
  let asked = 0;
  const { promise: others, resolve: othersAreBack } = Promise.withResolvers<void>();
  const { url, close } = await serve(async (_, response) => {
    asked += 1;
    await others;
    response.end();
  });
  closing.push(close);
  await ground.policy({ monitor: { probes: [{ url }] } });
  const looks = [look(), look(), look()];
  let back = 0;
  for (const one of looks) void one.then(() => ++back === 2 && othersAreBack());
  await Promise.all(looks);
  expect(asked).toBe(1);
  await look();
  expect(asked).toBe(2);
});

test("a look that is interrupted because the program stops is no failure, and keeps what others have seen", async () => {
  const stopping = new AbortController();
  const { url, close } = await serve(() => stopping.abort());
  closing.push(close);
  const well = await open();
  await ground.policy({
    monitor: {
      probes: [
        { name: "well", url: well.url },
        { name: "hangs", url, failures: 1, within: "30s" },
      ],
    },
  });
  const begun = Date.now();
  await look(stopping.signal);
  expect(Date.now() - begun).toBeLessThan(5_000);
  expect((await signals()).filter(({ firing }) => firing)).toEqual([]);
  expect((await signals()).map(({ name }) => name)).not.toContain("hangs");
  // The next one may look at once.
  expect(await ground.store.beginWatch(shop, 1)).toBe(true);
});

test("hundreds of probes are sent a few at a time", async () => {
  const waiting: (() => void)[] = [];
  let most = 0;
  const { url, close } = await serve(async (_, response) => {
    waiting.push(() => response.end());
    if (waiting.length !== 8) return;
    // Whoever was sent at the same time comes now.
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    most = Math.max(most, waiting.length);
    for (const answer of waiting.splice(0)) answer();
  });
  closing.push(close);
  await ground.policy({ monitor: { probes: Array.from({ length: 200 }, (_, nth) => ({ name: `p${nth}`, url })) } });
  await look();
  expect(await signals()).toHaveLength(200);
  expect(most).toBe(8);
});

test("what still fires when its probe is taken out of the file is over", async () => {
  const { state, url } = await open();
  state.status = 500;
  await ground.policy({ monitor: { probes: [{ name: "old", url, failures: 1 }] } });
  await look();
  expect(await signals()).toMatchObject([{ firing: true }]);
  await ground.policy({ monitor: {} });
  await ground.pool.query("delete from graphile_worker._private_jobs");
  await watchAll(ground.watcher());
  expect(await ground.jobs("monitor")).toHaveLength(1);
  await look();
  expect(await signals()).toMatchObject([{ firing: false }]);
  expect(await ground.jobs("incident")).toHaveLength(1);
  expect(await ground.store.firingSignals()).toEqual([]);
});

test("each repository is looked at for itself", async () => {
  const { url } = await open();
  const other = RepositoryId.parse(7002);
  await ground.policy({ monitor: { probes: [{ url }] } });
  await ground.policy({ monitor: { certificates: [{ host: "127.0.0.1" }] } }, other, "other");
  await watchAll(ground.watcher());
  expect((await ground.jobs("monitor")).map(({ payload }) => payload.repositoryId)).toEqual([shop, other]);
});
