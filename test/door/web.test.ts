import { createHash } from "node:crypto";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createWeb } from "../../app/web/web.ts";
import { askForRun, place, type Stand, startStand, subjectOf } from "./stand.ts";

const token = "a-token-of-annas";
let stand: Stand;
let web: ReturnType<typeof createWeb>;

beforeAll(async () => {
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
  await askForRun(stand, 1);
  await approve(2, "high");
  await approve(3, "critical", '<script>alert("x")</script> & co');
  await approve(4, "normal");
});
afterAll(async () => {
  await web.close();
  await stand.close();
});

const approve = (number: number, priority: "critical" | "high" | "normal", title = "Brew tea") =>
  stand.history.record(
    subjectOf(number),
    [{ type: "ISSUE_APPROVED", data: { title, body: "b", bodyHash: "h", priority, dependsOn: [], approvedBy: "anna", actId: "1" } }],
    "test",
  );
const get = (path: string, headers: Record<string, string> = {}) => fetch(stand.url + path, { headers, redirect: "manual" });
const page = async (path: string) => (await get(path, { accept: "text/html" })).text();
const far = { "x-forwarded-for": "203.0.113.9" };

test("the front page lists every issue with its state, why, agent and links", async () => {
  const shown = await page("/");
  expect(shown).toContain('href="/issues/octo/tea/1"');
  expect(shown).toContain("dev-e-1");
  expect(shown).toMatch(/assigned <b>1<\/b>/);
  expect(shown).toMatch(/queued <b>3<\/b>/);
  expect(await page("/?state=assigned")).not.toContain('href="/issues/octo/tea/2"');
});

test("of a queued issue the front page tells its place in the queue, its age and what is in its way", async () => {
  const shown = await page("/?state=queued");
  expect(shown.match(/#\d+ · \d+ h/g)).toEqual(["#1 · 3 h", "#2 · 3 h", "#3 · 3 h"]);
  expect(shown).toContain("1 issue goes before it.");
});

test("what wants somebody's attention stands above the issues, with the way out, for as long as it lasts", async () => {
  await stand.pool.query("update rig.repositories set paused_because = '<b>It is archived.</b>'");
  const shown = await page("/");
  expect(shown).toContain("&lt;b&gt;It is archived.&lt;/b&gt;");
  expect(shown).toContain("resumes the repository");
  await stand.pool.query("update rig.repositories set paused_because = null");
  expect(await page("/")).not.toContain("Needs attention");
});

test("what people wrote is shown as text, and nothing foreign may run", async () => {
  const response = await get("/", { accept: "text/html" });
  const shown = await response.text();
  expect(shown).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; co");
  expect(shown).not.toContain("<script>alert");
  expect(response.headers.get("content-security-policy")).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
  expect(shown).not.toMatch(/ style="| onclick=|<style/);
});

test("an issue's page tells all that happened, newest first, also under a new name of its repository", async () => {
  const shown = await page("/issues/octo/tea/1");
  expect(shown.indexOf("RUN_REQUESTED")).toBeGreaterThan(0);
  expect(shown.indexOf("RUN_REQUESTED")).toBeLessThan(shown.indexOf("ISSUE_APPROVED"));
  await stand.store.upsertRepository({ ...place, name: "coffee" });
  expect(await page("/issues/octo/coffee/1")).toContain("octo/coffee#1");
  await stand.store.upsertRepository(place);
  expect((await get("/issues/octo/tea/99")).status).toBe(404);
});

test("the style and the script are served with their types", async () => {
  for (const [name, type] of [
    ["style.css", "text/css; charset=utf-8"],
    ["live.js", "text/javascript; charset=utf-8"],
  ]) {
    const response = await get(`/assets/${name}`);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
  }
});

test("from elsewhere one signs in, in a browser or with a bearer", async () => {
  const turnedAway = await get("/", { ...far, accept: "text/html" });
  expect([turnedAway.status, turnedAway.headers.get("location")]).toEqual([302, "/login"]);
  const refused = await get("/api/issues", far);
  expect([refused.status, refused.headers.get("content-type")]).toEqual([401, "application/problem+json"]);
  expect((await get("/api/issues", { ...far, authorization: "Bearer wrong" })).status).toBe(401);
  expect((await get("/api/issues", { ...far, authorization: `Bearer ${token}` })).status).toBe(200);

  const login = (value: string) =>
    fetch(`${stand.url}/login`, { method: "POST", headers: far, body: new URLSearchParams({ token: value }), redirect: "manual" });
  expect((await login("wrong")).status).toBe(401);
  const signedIn = await login(token);
  const cookie = signedIn.headers.get("set-cookie") ?? "";
  expect(signedIn.status).toBe(303);
  expect(cookie).toMatch(/HttpOnly.*SameSite=Strict/);
  expect((await get("/", { ...far, accept: "text/html", cookie: cookie.split(";")[0] ?? "" })).status).toBe(200);
});

test("a name on the web that points to this machine is not this machine", async () => {
  const { hostname, port } = new URL(stand.url);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    request({ hostname, port, path: "/api/issues", headers: { host: "evil.example" } }, async (response) => {
      await text(response);
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
  expect(status).toBe(401);
});

test("open pages hear of what is recorded", async () => {
  const response = await get("/api/stream");
  const reader = (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const hear = async (what: string) => {
    while (!heard.includes(what)) heard += (await reader.read()).value ?? "";
  };
  await hear(": hello");
  await heardOf(() => approve(5, "normal"), hear);
  await reader.cancel();
});

/** The connection that listens is made when the first page opens, so the first words may come before it. */
async function heardOf(say: () => Promise<unknown>, hear: (what: string) => Promise<void>): Promise<void> {
  const hearing = hear("event: recorded");
  let heard = false;
  void hearing.then(() => {
    heard = true;
  });
  await say();
  while (!heard)
    await Promise.race([hearing, stand.pool.query("select pg_sleep(0.05)").then(() => stand.pool.query("notify rig_events, '1'"))]);
}
