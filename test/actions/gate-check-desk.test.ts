/** What the gate check does while GitHub moves under it. */
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { concludeCheck, type Desk, openCheck } from "../../actions/gate-check/check.ts";
import { connect } from "../../actions/gate-check/client.ts";
import { checkGates } from "../../actions/gate-check/gates.ts";
import { jobToken } from "./support/gate-check.ts";
import { type GatedShop, gatedShop, place } from "./support/gated.ts";

let shop: GatedShop;
let desk: Desk;
beforeEach(async () => {
  shop = await gatedShop({ idle: true });
  desk = { ...place, octokit: connect(shop.github.apiUrl, jobToken(shop)), redact: (text) => text.replaceAll("hunter2", "***") };
});
afterEach(() => shop.close());

const harmless = { "src/greet.ts": "export const greet = () => 'good day';\n", "db/migrations/0002_tips.sql": null };
const migration = { "db/migrations/0002_tips.sql": "alter table tills add column tip int;\n" };

test("files of a head that came in between are never taken for those of the head that was asked about", async () => {
  const { number, headSha } = await shop.open("tips", migration);
  let moved: string | undefined;
  desk.octokit.hook.before("request", async ({ url }) => {
    if (!moved && url.includes("/compare/")) {
      moved = "";
      moved = await shop.push("tips", harmless);
    }
  });
  const outcome = await checkGates(desk, { number }, false);
  expect(outcome).toMatchObject({ headSha: moved, conclusion: "success" });
  expect(await shop.checks(headSha)).toMatchObject([{ conclusion: "failure" }]);
  expect(await shop.checks(moved ?? "")).toMatchObject([{ conclusion: "success" }]);
}, 180_000);

const shown = (from: number, to: number) => ({
  ...{ conclusion: "action_required" as const, title: "It waits, hunter2", summary: "It waits." },
  annotations: Array.from({ length: to - from }, (_, index) => ({
    ...{ path: "src/greet.ts", line: from + index + 1, level: "warning" as const, title: "auth gate", message: "says hunter2" },
  })),
});

test("a commit has one check, its remarks come fifty at a time and only once, and secrets are masked in all of it", async () => {
  const { headSha } = await shop.open("tips", migration);
  const id = await openCheck(desk, headSha);
  await concludeCheck(desk, id, shown(0, 60));
  expect(await openCheck(desk, headSha)).toBe(id);
  await concludeCheck(desk, id, shown(0, 70));
  const remarks = await desk.octokit.paginate(desk.octokit.rest.checks.listAnnotations, { ...place, check_run_id: id, per_page: 100 });
  expect(new Set(remarks.map(({ start_line }) => start_line)).size).toBe(70);
  expect(remarks).toHaveLength(70);
  const sent = shop.github.writes
    .filter(({ operation }) => operation === "checks/update")
    .map(({ body }) => body as { output: { annotations?: object[] } });
  expect(sent.map(({ output }) => output.annotations?.length ?? 0)).toEqual([50, 10, 0, 10]);
  expect(JSON.stringify(sent)).not.toContain("hunter2");
  expect(await shop.checks(headSha)).toMatchObject([{ id, conclusion: "action_required", output: { title: "It waits, ***" } }]);
});
