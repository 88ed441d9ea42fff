/** The measures where people meet them: the command line, the dashboard, and what the API refuses. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { far, openShop, type Shop } from "../api/shop-of-tea.ts";
import { rig } from "../cli/rig.ts";
import { append, repositories, said, shaOf, subjectAt } from "./histories.ts";

let shop: Shop;
const shopOf = repositories[0] as (typeof repositories)[number];
const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  shop = await openShop();
  await shop.store.upsertRepository(shopOf);
  const noon = Date.parse(`${day(2)}T12:00:00Z`);
  const at = (minute: number) => new Date(noon + minute * 60_000);
  const [headSha, mergeSha] = [shaOf(1), shaOf(2)];
  await append(shop.store, subjectAt(shopOf, 1), [
    [
      at(0),
      said("ISSUE_APPROVED", { title: "Tip", body: "", bodyHash: "b", priority: "normal", dependsOn: [], approvedBy: "mona", actId: "1" }),
    ],
    [at(5), said("PR_CREATED", { prNumber: 7, prUrl: "https://github.example/pr", branch: "rig/1", headSha })],
    [at(30), said("MERGED", { prNumber: 7, headSha, mergeSha, mergedBy: "mona" })],
    [at(95), said("DEPLOYED_PRODUCTION", { environment: "production", sha: mergeSha, deploymentId: 5, url: "" })],
    [at(96), said("VERIFIED", { environment: "production", sha: mergeSha, probes: [] })],
    [at(96), said("ISSUE_DONE", { durationMinutes: 96, attempts: 1, usd: 1.25, humanWaitMinutes: 12 })],
  ]);
});
afterAll(() => shop.close());

test("rig dora shows a row for everything and for each repository, by whose changes they were", async () => {
  const { code, out } = await rig({ RIG_URL: shop.url }, "dora", "--from", day(3), "--to", day(1));
  expect(code).toBe(0);
  const lines = out
    .trim()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  expect(lines).toEqual([
    [`Production from ${day(3)} to ${day(1)}, UTC.`],
    ["Of", "By", "Deploys a day", "Lead time", "90 % within", "Change fail rate", "Recovery", "Rework rate"],
    ["everything", "all", "0.33 (1)", "1 h 30 min", "1 h 30 min", "0 % (0 of 1)", "-", "0 % (0 of 1)"],
    ["", "agents", "0.33 (1)", "1 h 30 min", "1 h 30 min", "0 % (0 of 1)", "-", "0 % (0 of 1)"],
    ["", "people", "-", "-", "-", "-", "-", "-"],
    ["acme/shop", "all", "0.33 (1)", "1 h 30 min", "1 h 30 min", "0 % (0 of 1)", "-", "0 % (0 of 1)"],
    ["", "agents", "0.33 (1)", "1 h 30 min", "1 h 30 min", "0 % (0 of 1)", "-", "0 % (0 of 1)"],
    ["", "people", "-", "-", "-", "-", "-", "-"],
  ]);
});

test("with --json it is what the API answers, and a day that is none is refused before anything is asked", async () => {
  const { out } = await rig({ RIG_URL: shop.url }, "dora", "--json");
  expect(JSON.parse(out)).toEqual(await (await fetch(`${shop.url}/api/dora`)).json());
  expect(await rig({ RIG_URL: "http://127.0.0.1:9" }, "dora", "--from", "yesterday")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--from"),
  });
});

test("the dashboard shows the same, to whoever may read it", async () => {
  const page = await (await fetch(`${shop.url}/measures`)).text();
  expect(page).toContain("acme/shop");
  expect(page).toMatch(/1\.5 h/);
  expect(page).toContain("$1.25");
  expect(page).toContain("12 min");
  expect((await fetch(`${shop.url}/measures`, { headers: far, redirect: "manual" })).status).not.toBe(200);
  expect(await (await fetch(shop.url)).text()).toContain('href="/measures"');
});

test.each([
  ["/api/dora?from=2026-11-31", "from must be a day such as 2026-11-22"],
  ["/api/dora?from=2026-11-20&to=2026-11-19", "from is 2026-11-20, which comes after 2026-11-19"],
  ["/api/dora?since=2026-11-20", "since is not known here"],
])("%s is refused with what is wrong", async (path, detail) => {
  const response = await fetch(shop.url + path);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining(detail) });
});
