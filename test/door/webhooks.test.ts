import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { appId, deliver, hangUp, headersFor, previousSecret, raw, secret, signature, statusOf } from "./delivery.ts";
import { type Stand, startStand } from "./stand.ts";

let stand: Stand;
beforeAll(async () => {
  stand = await startStand();
});
afterAll(() => stand.close());

const body = JSON.stringify({ action: "labeled", issue: { number: 1 } });
const rowsOf = async (guid: string) =>
  (await stand.pool.query("select raw, event, headers from rig.deliveries where guid = $1", [guid])).rows;
const without = (name: string) => Object.fromEntries(Object.entries(headersFor(body)).filter(([key]) => key !== name));

test("a signed delivery is stored with its job before it is acknowledged", async () => {
  const headers = headersFor(body);
  expect(await deliver(stand.url, body, headers)).toMatchObject({ status: 202, answer: { result: "stored" } });
  const guid = headers["x-github-delivery"];
  const [row] = await rowsOf(guid);
  expect(row).toMatchObject({
    raw: Buffer.from(body),
    event: "issues",
    headers: { "x-github-event": "issues", "x-github-hook-installation-target-id": String(appId) },
  });
  expect(row.headers).not.toHaveProperty("x-hub-signature-256");
  const jobs = await stand.pool.query("select from graphile_worker._private_jobs where payload ->> 'guid' = $1", [guid]);
  expect(jobs.rowCount).toBe(1);
});

test("the same delivery twenty times at once is stored once, and each time acknowledged", async () => {
  const headers = headersFor(body);
  const answers = await Promise.all(Array.from({ length: 20 }, () => deliver(stand.url, body, headers)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
  expect(answers.filter(({ answer }) => (answer as { result: string }).result === "stored")).toHaveLength(1);
  expect(await rowsOf(headers["x-github-delivery"])).toHaveLength(1);
});

test("during a rotation the secret before still counts", async () => {
  expect(await deliver(stand.url, body, headersFor(body, previousSecret))).toMatchObject({ status: 202 });
});

test.each([
  ["signed with the word development", () => headersFor(body, "development"), 401],
  ["signed for another body", () => ({ ...headersFor(body), "x-hub-signature-256": signature("{}") }), 401],
  ["with half a signature", () => ({ ...headersFor(body), "x-hub-signature-256": signature(body).slice(0, 40) }), 401],
  ["with a SHA-1 signature", () => ({ ...headersFor(body), "x-hub-signature-256": `sha1=${"0".repeat(40)}` }), 401],
  ["without a signature", () => without("x-hub-signature-256"), 400],
  ["without an event", () => without("x-github-event"), 400],
  ["without an id", () => without("x-github-delivery"), 400],
  ["with an id that is no UUID", () => ({ ...headersFor(body), "x-github-delivery": "1; drop table" }), 400],
  ["for another App", () => ({ ...headersFor(body), "x-github-hook-installation-target-id": "1" }), 400],
  ["for no App", () => without("x-github-hook-installation-target-id"), 400],
  ["as a form", () => ({ ...headersFor(body), "content-type": "application/x-www-form-urlencoded" }), 415],
  ["compressed", () => ({ ...headersFor(body), "content-encoding": "gzip" }), 415],
])("a delivery %s is refused and leaves no row", async (_, headers, status) => {
  const count = async () => (await stand.pool.query("select count(*)::int as n from rig.deliveries")).rows[0].n;
  const before = await count();
  const refused = await deliver(stand.url, body, headers());
  expect(refused.status).toBe(status);
  expect(refused.answer).toEqual({ error: expect.any(String) });
  expect(await count()).toBe(before);
});

test("another method is answered with the one that works", async () => {
  const response = await fetch(`${stand.url}/api/github/webhooks`);
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
});

const head = (headers: Record<string, string | number>, more: readonly string[] = []) =>
  [
    "POST /api/github/webhooks HTTP/1.1",
    "host: door",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ...more,
    "",
    "",
  ].join("\r\n");

test.each([
  ["a second id", `x-github-delivery: ${randomUUID()}`],
  ["a second event", "x-github-event: push"],
  ["a second signature", `x-hub-signature-256: ${signature(body)}`],
  ["a second App", `x-github-hook-installation-target-id: ${appId}`],
])("%s in the headers is refused", async (_, second) => {
  const headers = { ...headersFor(body), "content-length": body.length };
  expect(statusOf(await raw(stand.url, head(headers, [second]), body))).toBe(400);
  expect(await rowsOf(headers["x-github-delivery"])).toHaveLength(0);
});

test.each([
  ["a length that is no number", { "content-length": "many" }],
  ["a length and chunks", { "content-length": 10, "transfer-encoding": "chunked" }],
  ["a header of 40 KB", { "x-large": "a".repeat(40_000) }],
])("%s is refused before anything is read", async (_, wrong) => {
  expect(statusOf(await raw(stand.url, head({ ...headersFor(body), ...wrong })))).toBeGreaterThanOrEqual(400);
});

test("a body above 26 MiB is refused by its announced length, and the sender sees why", async () => {
  const refused = await raw(stand.url, head({ ...headersFor(body), "content-length": 27 * 1024 * 1024 }), Buffer.alloc(1024 * 1024));
  expect(statusOf(refused)).toBe(413);
  expect(refused).toContain('{"error":"The body is larger than 26 MiB."}');
});

test("a body that grows above 26 MiB in chunks is refused while it is read", async () => {
  const chunk = Buffer.concat([Buffer.from("900000\r\n"), Buffer.alloc(0x900000, "a"), Buffer.from("\r\n")]);
  expect(statusOf(await raw(stand.url, head({ ...headersFor(body), "transfer-encoding": "chunked" }), chunk, chunk, chunk))).toBe(413);
});

test("a body of 25 MB is stored as it came", async () => {
  const large = Buffer.from(JSON.stringify({ text: "x".repeat(25_000_000) }));
  const headers = headersFor(large);
  // On a slow disk the store may pass its deadline: then the door says 503, and a sender comes again.
  let answered = await deliver(stand.url, large, headers);
  for (let more = 5; answered.status === 503 && more > 0; more -= 1) answered = await deliver(stand.url, large, headers);
  expect(answered).toMatchObject({ status: 202 });
  const { rows } = await stand.pool.query("select length(raw)::int as size from rig.deliveries where guid = $1", [
    headers["x-github-delivery"],
  ]);
  expect(rows).toEqual([{ size: large.length }]);
});

test.each([
  ["NUL", '{"text":"a\\u0000b"}'],
  ["a lone surrogate", '{"text":"\\ud800"}'],
  ["a number beyond numbers", '{"n":1e400000}'],
  ["bidirectional and four-byte characters", '{"text":"\u202ecod\u202c \u{1F600} e\u0301"}'],
  ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0x22, 0x7d])],
  ["something that is not JSON", "{nonsense"],
  ["nothing", ""],
])("a signed body with %s is stored byte for byte", async (_, written) => {
  const bytes = Buffer.from(written);
  const headers = headersFor(bytes);
  expect(await deliver(stand.url, bytes, headers)).toMatchObject({ status: 202, answer: { result: "stored" } });
  const [row] = await rowsOf(headers["x-github-delivery"]);
  expect(Buffer.compare(row.raw, bytes)).toBe(0);
});

test("whoever hangs up anywhere in a delivery leaves no row and a door that still works", async () => {
  const headers = { ...headersFor(body), "content-length": body.length };
  const whole = head(headers) + body;
  const cuts = Array.from({ length: Math.ceil(whole.length / 7) }, (_, nth) => whole.slice(0, nth * 7));
  await Promise.all(cuts.map((written) => hangUp(stand.url, written)));
  expect(await rowsOf(headers["x-github-delivery"])).toHaveLength(0);
  expect(await deliver(stand.url, body)).toMatchObject({ status: 202 });
});

test("deliveries are counted by how they ended", async () => {
  const text = await (await fetch(stand.door.metricsUrl ?? "")).text();
  expect(text).toMatch(/rig_deliveries_total\{result="stored"\} \d+/);
  expect(text).toMatch(/rig_deliveries_total\{result="refused"\} \d+/);
  expect(text).toMatch(/rig_http_request_duration_seconds_count\{.*route="\/api\/github\/webhooks".*\} \d+/);
  expect(text).not.toContain(secret);
});
