import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { sendProbe } from "../../app/observe/probe.ts";
import { parsePolicy } from "../../app/policy/parse.ts";

let answer: RequestListener;
let url: string;
const server = createServer((request, response) => answer(request, response));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/health`;
});
beforeEach(() => answers({ status: "ok", sha: merge }));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const merge = "e".repeat(40);
const old = "0".repeat(40);
const isMerge = async (sha: string) => sha === merge;

function answers(body: unknown, { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {}): void {
  answer = (_, response) => response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
}
const ask = (more: object = {}, isLive = isMerge) => sendProbe({ url, status: 200, ...more }, isLive);

test("an answer as it should be is good", async () => {
  const wanted = { contains: "ok", json: { sha: "{sha}", status: "ok", "$.status": "ok" }, within: 5_000 };
  expect(await ask(wanted)).toEqual({ url, ok: true, detail: "answers 200 as expected" });
});

test("its name and the dependency that it shows stand in the answer", async () => {
  expect(await ask({ name: "till", dependency: "bank" })).toMatchObject({ name: "till", dependency: "bank", ok: true });
});

test.each<[string, () => void, object, string]>([
  ["another status", () => answers("", { status: 503 }), {}, "answers 503, not 200"],
  [
    "a redirect, which is not followed",
    () => answers("", { status: 302, headers: { location: "/elsewhere" } }),
    {},
    "answers 302 (redirects are not followed), not 200",
  ],
  ["a text that is not there", () => answers("ill"), { contains: "all is well" }, 'does not contain "all is well"'],
  [
    "a header that is not there",
    () => answers("ok"),
    { headers: { "x-release": "{sha}" } },
    "does not show header x-release, which has to be the merge",
  ],
  [
    "a header with another value",
    () => answers("ok", { headers: { "x-mode": "safe" } }),
    { headers: { "x-mode": "open" } },
    "shows header x-mode safe, not open",
  ],
  [
    "the old commit in a header",
    () => answers("ok", { headers: { "x-release": old } }),
    { headers: { "x-release": "{sha}" } },
    `shows header x-release ${old}, not the merge`,
  ],
  ["the old commit, although it says 200", () => answers({ sha: old }), { json: { sha: "{sha}" } }, `shows sha ${old}, not the merge`],
  ["a key that is not there", () => answers({}), { json: { sha: "{sha}" } }, "does not show sha, which has to be the merge"],
  ["a key that only every object has", () => answers({}), { json: { constructor: "x" } }, "does not show constructor, which has to be x"],
  ["a path that leads nowhere", () => answers({ a: [] }), { json: { "$.a[0].b": "1" } }, "does not show $.a[0].b, which has to be 1"],
  ["a path that leads to several", () => answers({ a: [1, 2] }), { json: { "$.a[*]": "1" } }, "shows $.a[*] 2 times"],
  ["something that is no JSON", () => answers("<html>"), { json: { sha: "{sha}" } }, "does not answer JSON"],
  [
    "an endless JSON",
    () => answers(`"${"a".repeat(300_000)}"`),
    { json: { sha: "{sha}" } },
    "answers more than 256 KiB, of which nothing is read as JSON",
  ],
])("%s is not good, and says what was seen and what was wanted", async (_, set, more, detail) => {
  set();
  expect(await ask(more)).toMatchObject({ ok: false, detail });
});

test("values deep in the answer are found by their path", async () => {
  answers({
    checks: [
      { name: "db", up: true },
      { name: "queue", up: false },
    ],
  });
  expect(await ask({ json: { '$.checks[?@.name=="db"].up': "true" } })).toMatchObject({ ok: true });
  expect(await ask({ json: { '$.checks[?@.name=="queue"].up': "true" } })).toMatchObject({
    detail: expect.stringContaining("false, not true"),
  });
});

test("what a stranger answers is short, on one line and without tricks", async () => {
  answers({ sha: `@everyone\n\u202e\u0000${"x".repeat(5_000)}` });
  const { detail } = await ask({ json: { sha: "{sha}" } });
  expect(detail).toMatch(/^shows sha "@everyone x+…", not the merge$/);
  expect(detail.length).toBeLessThan(100);
});

test("a secret in an answer is hidden before the answer is cut (P15)", async () => {
  const secret = `token-${"5".repeat(80)}`;
  answers({ sha: secret });
  const hide = (text: string, most: number) => text.replaceAll(secret, "[hidden]").slice(0, most);
  const { detail } = await sendProbe({ url, status: 200, json: { sha: "{sha}" } }, isMerge, hide);
  expect(detail).toBe('shows sha "[hidden]", not the merge');
});

test("an answer that comes too late is told with how late it was", async () => {
  answer = (_, response) => void setTimeout(() => response.end("ok"), 120);
  const { ok, detail } = await ask({ within: 50 });
  expect([ok, detail]).toEqual([false, expect.stringMatching(/^answers in 1[0-9][0-9] ms, not within 50 ms$/)]);
});

test("of an answer without end only the beginning is read", async () => {
  answer = (_, response) => {
    const more = () => void (response.destroyed || response.write("ok".repeat(10_000), () => setImmediate(more)));
    more();
  };
  expect(await ask({ contains: "ok" })).toMatchObject({ ok: true });
});

test("no answer at all is one as well", async () => {
  server.closeAllConnections();
  expect(await sendProbe({ url: "http://127.0.0.1:9/", status: 200 })).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/^does not answer \(\w+\)/),
  });
  answer = (request) => void request.socket.destroy();
  expect(await ask()).toMatchObject({ ok: false, detail: expect.stringMatching(/^does not answer \(/) });
});

test("it comes on a connection of its own, past every cache", async () => {
  answer = (request, response) =>
    response.end(JSON.stringify({ connection: request.headers.connection, cache: request.headers["cache-control"] }));
  expect(await ask({ json: { connection: "close", cache: "no-cache" } })).toMatchObject({ ok: true });
});

test("whoever is not known to be the merge is asked about; that GitHub does not answer is no verdict", async () => {
  answers({ sha: old });
  expect(await ask({ json: { sha: "{sha}" } }, async (sha) => sha === old)).toMatchObject({ ok: true });
  await expect(ask({ json: { sha: "{sha}" } }, () => Promise.reject(new Error("502")))).rejects.toThrow("502");
});

test("without a merge any commit will do, and nothing else", async () => {
  expect(await sendProbe({ url, status: 200, json: { sha: "{sha}" } })).toMatchObject({ ok: true });
  answers({ sha: "main" });
  expect(await sendProbe({ url, status: 200, json: { sha: "{sha}" } })).toMatchObject({ ok: false });
});

const policyWith = (place: string) =>
  parsePolicy(
    `deploy:\n  production:\n    verify:\n      - url: http://shop.example\n        json:\n          ${JSON.stringify(place)}: "1"\n`,
  );

test.each([
  ["$.a[", "is not a path of RFC 9535"],
  ["$a", "is not a path of RFC 9535"],
  ["$..a", "may have neither .. nor a second $"],
  ["$.a[?@.b == $.c]", "may have neither .. nor a second $"],
  ['$.a[?match(@.b, "(a+)+$")]', "may have neither"],
  ['$.a[?search(@.b, "a")]', "no such function 'search'"],
  [`$.${"a".repeat(200)}`, "more than 200 characters"],
])("the path %s is refused with its line", (place, message) => {
  expect(policyWith(place)).toMatchObject({ errors: [{ line: 6, message: expect.stringContaining(message) }] });
});

test.each(["a b", "sha", "$.a.b[0]", "$['x y']", '$.a[?@.b=="c"].d'])("the place %s is taken", (place) => {
  expect(policyWith(place)).not.toHaveProperty("errors");
});
