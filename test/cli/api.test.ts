import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createWeb } from "../../app/web/web.ts";
import { askForRun, type Stand, startStand, subjectOf } from "../door/stand.ts";
import { freePort } from "../world/world.ts";
import { begin, rig, serve } from "./rig.ts";

const token = "a-token-of-annas-that-nobody-sees";
let stand: Stand;
let web: ReturnType<typeof createWeb>;
let far: Awaited<ReturnType<typeof serve>>;
let folder: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-cli-"));
  const tokens = [{ name: "anna", sha256: createHash("sha256").update(token).digest("hex") }];
  stand = await startStand({
    more: (store) => {
      web = createWeb({
        store,
        tokens,
        githubUrl: "https://github.example",
        paused: false,
        now: () => new Date(Date.now() + 3 * 3_600_000),
        speak: () => Promise.reject(new Error("Nobody speaks here.")),
        backtest: () => Promise.reject(new Error("Nobody looks back here.")),
      });
      return [web.routes];
    },
  });
  env = { RIG_URL: stand.url };
  // Whoever comes through a proxy is not on the app's own machine.
  far = await serve((asked, answered) => {
    const headers = { ...asked.headers, "x-forwarded-for": "203.0.113.9" };
    request(stand.url + asked.url, { headers }, (answer) => {
      answered.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(answered);
    }).end();
  });
  await askForRun(stand, 1);
  await approve(2, "normal", "Warm the pot");
  await approve(3, "critical", "\u001b[31mRed\u001b[0m \u202eevil\u0007 tea");
});
afterAll(async () => {
  await far.close();
  await web.close();
  await stand.close();
  await rm(folder, { recursive: true, force: true });
});

const approve = (number: number, priority: "critical" | "high" | "normal", title: string) =>
  stand.history.record(
    subjectOf(number),
    [{ type: "ISSUE_APPROVED", data: { title, body: "b", bodyHash: "h", priority, dependsOn: [], approvedBy: "anna", actId: "1" } }],
    "test",
  );

test("status tells what is worked on, and is no finding while nothing wants attention", async () => {
  const { code, out, err } = await rig(env, "status");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^The Rig runs\.\nIssues {2}2 queued, 1 assigned\n/);
  expect(out).toContain("Nothing wants attention.");
});

test("status is a finding while something wants attention, and says the way out", async () => {
  const [guid] = [crypto.randomUUID()];
  await stand.store.storeDelivery({ guid, event: "issues", headers: {}, raw: Buffer.from("{"), task: "delivery" });
  await stand.store.settleDelivery(guid, "dead", "The body is not a JSON object.");
  const { code, out } = await rig(env, "status");
  expect(code).toBe(1);
  expect(out).toMatch(/\ndeliveries-dead, for \d+ min\n {2}1 delivery .*The body is not a JSON object\.\n {2}→ /);
  const json = await rig(env, "status", "--json");
  expect(json.code).toBe(1);
  expect(JSON.parse(json.out)).toMatchObject({ paused: false, queueLength: 2, conditions: [{ name: "deliveries-dead" }] });
});

test("the queue is a table in the order of turns, and no text in it can command the terminal", async () => {
  const { code, out } = await rig(env, "queue");
  expect(code).toBe(0);
  const lines = out.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^Turn +Issue +Priority +Waits +Ready +Title +Why$/);
  expect(lines[1]).toMatch(/^1 +octo\/tea#3 +critical +3 h +yes +\[31mRed\[0m evil tea {2,}\S/);
  expect(lines[2]).toMatch(/^2 +octo\/tea#2 +normal +3 h +yes +Warm the pot {2,}\S/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the promise
  expect(out.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  const json = await rig(env, "queue", "--json", "--most", "1");
  expect(JSON.parse(json.out)).toMatchObject([{ id: "octo/tea#3", title: "\u001b[31mRed\u001b[0m \u202eevil\u0007 tea", position: 1 }]);
  expect(json.out).not.toContain("\u202e");
});

test("why says the one sentence; an issue that nobody knows is a finding", async () => {
  expect(await rig(env, "why", "octo/tea#1")).toEqual({ code: 0, out: "octo/tea#1 is assigned. A test.\n", err: "" });
  const unknown = await rig(env, "why", "octo/tea#99", "--json");
  expect(unknown.code).toBe(1);
  expect(JSON.parse(unknown.out)).toMatchObject({ id: "octo/tea#99", state: null });
});

test("why is a finding where the issue waits for a person", async () => {
  await approve(4, "normal", "Ask first");
  await stand.history.record(subjectOf(4), [{ type: "ISSUE_HELD", data: { by: "anna", reason: "Not now." } }], "test");
  const { code, out } = await rig(env, "why", "octo/tea#4");
  expect(code).toBe(1);
  expect(out).toMatch(/^octo\/tea#4 is held\. /);
});

test("events are a table, all pages of them; a stream without any is a finding", async () => {
  const { code, out } = await rig(env, "events", "octo/tea#1");
  expect(code).toBe(0);
  expect(out).toMatch(
    /^Version .*\n1 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +ISSUE_APPROVED +conductor-e +\{.*"title":"Brew tea".*\n2 .*ISSUE_ASSIGNED.*\n3 .*RUN_REQUESTED/,
  );
  const nothing = await rig(env, "events", "octo/tea#98");
  expect(nothing).toMatchObject({ code: 1, out: expect.stringContaining("Nothing was ever recorded under octo/tea#98") });

  const many = { type: "GUARD_BLOCKED", data: { runId: crypto.randomUUID(), rule: "R10", detail: "d" } } as const;
  const event = { ...many, actor: { kind: "clock", login: "clock", id: 0 }, causationId: "test", correlationId: "test" } as const;
  await stand.store.append({ stream: "octo/tea#50", expectedVersion: 0, events: Array(1203).fill(event) });
  const json = await rig(env, "events", "octo/tea#50", "--json");
  expect(JSON.parse(json.out).map(({ version }: { version: number }) => version)).toEqual(Array.from({ length: 1203 }, (_, n) => n + 1));
});

test("events --follow goes on with what happens", async () => {
  const child = begin(env, "events", "octo/tea#60", "--follow", "--json");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value ?? "null");
  try {
    await approve(60, "normal", "Follow me");
    expect(await next()).toMatchObject({ version: 1, type: "ISSUE_APPROVED" });
    await stand.history.record(subjectOf(60), [{ type: "ISSUE_HELD", data: { by: "anna", reason: "Not now." } }], "test");
    expect(await next()).toMatchObject({ version: 2, type: "ISSUE_HELD" });
  } finally {
    child.kill();
  }
});

test("through a proxy a token is needed, and is never shown", async () => {
  const refused = await rig({ RIG_URL: far.url }, "queue");
  expect(refused).toMatchObject({ code: 3, out: "", err: expect.stringContaining("does not let us in: set RIG_TOKEN") });
  const wrong = await rig({ RIG_URL: far.url, RIG_TOKEN: "some-other-token-of-nobody" }, "queue");
  expect(wrong.code).toBe(3);
  expect(wrong.err).not.toContain("some-other-token");
  expect(await rig({ RIG_URL: far.url, RIG_TOKEN: token }, "why", "octo/tea#1")).toMatchObject({ code: 0 });
  const file = join(folder, "token");
  writeFileSync(file, `${token}\n`);
  expect(await rig({ RIG_URL: far.url, RIG_TOKEN_FILE: file }, "why", "octo/tea#1")).toMatchObject({ code: 0 });
});

test("where nothing listens, the sentence names the place and what to do", async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  for (const args of [["status"], ["queue"], ["why", "a/b#1"], ["events", "a/b#1"], ["events", "a/b#1", "--follow"]]) {
    expect(await rig({ PORT: new URL(url).port }, ...args)).toEqual({
      code: 3,
      out: "",
      err: `The app at ${url} does not answer (ECONNREFUSED): start it, or set RIG_URL to where it runs.\n`,
    });
  }
});

test("whoever answers and is not the Rig is told apart, and gets the token only once", async () => {
  const seen: string[] = [];
  const other = await serve((asked, answered) => {
    seen.push(`${asked.url} ${asked.headers.authorization}`);
    if (asked.url === "/api/status") answered.writeHead(302, { location: "/elsewhere" }).end();
    else answered.writeHead(200, { "content-type": "application/json" }).end('{"hello": "world"}');
  });
  try {
    const moved = await rig({ RIG_URL: other.url, RIG_TOKEN: token }, "status");
    expect(moved).toMatchObject({ code: 3, err: expect.stringContaining("answered 302") });
    const strange = await rig({ RIG_URL: other.url, RIG_TOKEN: token }, "why", "a/b#1");
    expect(strange).toMatchObject({ code: 3, err: expect.stringContaining("is not the Rig's (id: ") });
    expect(seen).toEqual([`/api/status Bearer ${token}`, `/api/why/a/b/1 Bearer ${token}`]);
  } finally {
    await other.close();
  }
});

test.each([
  ["an unknown verb", ["dance"], "unknown command 'dance'"],
  ["an unknown option", ["status", "--loud"], "unknown option '--loud'"],
  ["a missing word", ["why"], "missing required argument"],
  ["too many words", ["status", "now"], "too many arguments"],
  ["what is not an issue", ["why", "12"], "12 is not an issue: write it as owner/repo#12"],
  ["a number that is none", ["queue", "--most", "some"], "--most is not a whole number"],
  ["no delivery", ["deliveries", "redeliver"], "No delivery is named"],
  ["a delivery that cannot be one", ["deliveries", "redeliver", "x"], "x is not a delivery's GUID"],
  ["both ways to name deliveries", ["deliveries", "redeliver", crypto.randomUUID(), "--failed"], "exclude each other"],
])("%s is a question of usage", async (_, args, sentence) => {
  const { code, out, err } = await rig(env, ...args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(sentence);
  expect(err).not.toMatch(/\n\s+at /);
});

test("an environment that is not as it has to be is a question of usage", async () => {
  const { code, err } = await rig({ RIG_URL: "gopher://x" }, "status");
  expect({ code, err }).toEqual({ code: 2, err: "RIG_URL is not an http or https URL: set one such as https://example.com.\n" });
});

test("help tells every verb and what the exits mean", async () => {
  const { code, out } = await rig({}, "--help");
  expect(code).toBe(0);
  for (const word of ["status", "queue", "why", "events", "deliveries", "projections", "verify", "Exits with:"])
    expect(out).toContain(word);
});

test("an app that died while its answers are read leaves a sentence, not a stack", async () => {
  const cut = await serve((_, answered) => {
    answered.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    answered.write("[");
    answered.destroy();
  });
  const { code, err } = await rig({ RIG_URL: cut.url }, "queue");
  await cut.close();
  expect(code).toBe(3);
  expect(err).not.toMatch(/\n\s+at /);
});
