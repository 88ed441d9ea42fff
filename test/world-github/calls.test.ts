import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, till } from "./small-world.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld();
});
beforeEach(() => world.github.calls.reset());
afterAll(() => world.close());

const url = () => `${world.github.apiUrl}/repos/ann/till/issues`;

test("an answer that has not changed is 304 without a body and is not counted", async () => {
  const headers = { authorization: `Bearer ${await world.mint()}` };
  const first = await fetch(url(), { headers });
  await first.text();
  const again = await fetch(url(), { headers: { ...headers, "if-none-match": first.headers.get("etag") ?? "" } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect(world.github.calls.counted(world.installationId)).toBe(1);
  expect([first, again].map((answer) => answer.headers.get("x-ratelimit-remaining"))).toEqual(["4999", "4999"]);
});

test("one of several known answers is enough", async () => {
  const headers = { authorization: `Bearer ${await world.mint()}` };
  const first = await fetch(url(), { headers });
  const etag = first.headers.get("etag") ?? "";
  expect((await fetch(url(), { headers: { ...headers, "if-none-match": `"other", ${etag}` } })).status).toBe(304);
  expect((await fetch(url(), { headers: { ...headers, "if-none-match": '"other"' } })).status).toBe(200);
});

test("every installation and the App itself have an hour of their own", async () => {
  const app = await world.asApp();
  const { headers } = await app.rest.issues.listForRepo(till);
  await app.rest.issues.listForRepo(till);
  await world.ann.rest.issues.listForRepo(till);
  expect(headers).toMatchObject({ "x-ratelimit-limit": "5000", "x-ratelimit-used": "1", "x-ratelimit-resource": "core" });
  expect(world.github.calls.counted(world.installationId)).toBe(2);
  // The token was asked for with the App's JWT, and Ann asked too.
  expect(world.github.calls.counted()).toBe(4);
});

test("reading one's own limit is free and tells what was used", async () => {
  const app = await world.asApp();
  await app.rest.issues.listForRepo(till);
  await app.rest.rateLimit.get();
  expect((await app.rest.rateLimit.get()).data.rate).toMatchObject({ limit: 5000, used: 1, remaining: 4999 });
});
