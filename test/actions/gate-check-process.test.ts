/** The committed bundle as a process: what it exits with, what it prints, and what GitHub shows then. */
import { afterEach, expect, test } from "@jest/globals";
import { runGateCheck } from "./support/gate-check.ts";
import { type GatedShop, gatedShop, place, type ShopOptions } from "./support/gated.ts";

let shop: GatedShop;
const start = async (more: ShopOptions = {}) => {
  shop = await gatedShop({ ...more, idle: true });
};
afterEach(async () => {
  const said = [shop.github.violations, shop.github.unknownRoutes];
  await shop.close();
  expect(said).toEqual([[], []]);
});

const migration = { "db/migrations/0002_tips.sql": "alter table tills add column tip int;\n" };
const greeting = { "src/greet.ts": "export const greet = () => 'good day';\n" };
const CANARY = "a sentence that only the payload has";
const about = (number: number) => ({ action: "opened", pull_request: { number, title: CANARY, body: CANARY } });
const comment = (number: number, body: string, user: object = { type: "User" }) => ({
  action: "created",
  issue: { number, pull_request: {} },
  comment: { body, user },
});

test("a waiting gate fails the step with one sentence, and the summary shows the table", async () => {
  await start();
  const { number, headSha } = await shop.open("tips", migration);
  const { exitCode, log, summary } = await runGateCheck(shop, "pull_request_target", about(number));
  expect(exitCode).toBe(1);
  expect(
    log
      .trim()
      .split("\n")
      .filter((line) => !line.startsWith("::add-mask::")),
  ).toEqual(["::error::schema: waits for @maria"]);
  expect(summary).toContain(`### Gates of #${number} at ${headSha.slice(0, 7)}`);
  expect(summary).toMatch(/\| schema \| waits \|.*0002/);
});

test("when GitHub answers 502 the step fails, the check is no success, and nothing of the payload is printed", async () => {
  await start();
  const { number, headSha } = await shop.open("greeting", greeting);
  shop.github.faults.next({ method: "GET", path: /\/pulls\/\d+\/files/, kind: "502", times: 3 });
  const { exitCode, log } = await runGateCheck(shop, "pull_request_target", about(number));
  expect(exitCode).toBe(1);
  expect(log).toMatch(/::error::GitHub answered 502 to GET \S+\/files/);
  expect(log).not.toContain(CANARY);
  expect(await shop.checks(headSha)).toMatchObject([{ status: "completed", conclusion: "failure" }]);
  expect(shop.github.faults.pending()).toEqual([]);
});

test("an earlier success is taken back before anything is read, and stays away when reading fails", async () => {
  await start();
  const { number, headSha } = await shop.open("greeting", greeting);
  expect((await runGateCheck(shop, "pull_request_target", about(number))).exitCode).toBe(0);
  shop.github.faults.next({ method: "GET", path: /\/pulls\/\d+\/files/, kind: "502", times: 3 });
  shop.github.faults.next({ method: "GET", path: /\/annotations/, kind: "502", times: 6 });
  expect((await runGateCheck(shop, "issue_comment", comment(number, "/rig recheck"))).exitCode).toBe(1);
  expect(await shop.checks(headSha)).toMatchObject([{ status: "in_progress", conclusion: null }]);
}, 180_000);

test("a check that was made although GitHub answered 502 is not made twice", async () => {
  await start();
  const { number, headSha } = await shop.open("greeting", greeting);
  shop.github.faults.next({ method: "POST", path: /\/check-runs$/, kind: "502-after-write" });
  expect((await runGateCheck(shop, "pull_request_target", about(number))).exitCode).toBe(0);
  expect(await shop.checks(headSha)).toMatchObject([{ conclusion: "success" }]);
});

test("P17: nothing of a payload but the number is believed", async () => {
  await start();
  const { number, headSha } = await shop.open("tips", migration);
  const lie = {
    ...about(number),
    pull_request: { number, state: "closed", draft: true, head: { sha: "0".repeat(40), repo: { fork: true } } },
  };
  expect((await runGateCheck(shop, "pull_request_target", lie)).exitCode).toBe(1);
  expect(await shop.checks(headSha)).toMatchObject([{ conclusion: "action_required" }]);
});

test("an event on which the head's own workflow runs is refused, and a bot's command is not heard", async () => {
  await start();
  const { number, headSha } = await shop.open("tips", migration);
  const refused = await runGateCheck(shop, "pull_request", about(number));
  expect(refused).toMatchObject({ exitCode: 1, log: expect.stringContaining("Gates are not judged on pull_request:") });
  expect(refused.log).not.toContain(CANARY);
  expect((await runGateCheck(shop, "issue_comment", comment(number, "/rig recheck", { type: "Bot" }))).exitCode).toBe(0);
  expect(await shop.checks(headSha)).toEqual([]);
});

test("a closed pull request is left alone", async () => {
  await start();
  const { number, headSha } = await shop.open("tips", migration);
  await shop.as("jonas").rest.pulls.update({ ...place, pull_number: number, state: "closed" });
  expect((await runGateCheck(shop, "issue_comment", comment(number, "/rig recheck"))).exitCode).toBe(0);
  expect(await shop.checks(headSha)).toEqual([]);
});

test("R14: a rig.yml that is not valid turns the check red with its line", async () => {
  await start({ files: { ".github/rig.yml": "mode: active\ngates:\n  schema: { pathes: [a] }\n" } });
  const { number, headSha } = await shop.open("greeting", greeting);
  const { exitCode, summary } = await runGateCheck(shop, "pull_request_target", about(number));
  expect(exitCode).toBe(1);
  expect(summary).toContain("line 3");
  expect(await shop.checks(headSha)).toMatchObject([{ conclusion: "failure" }]);
});

test("R12c: a team that the token cannot read opens nothing, and the check says why", async () => {
  await start({ files: { ".github/CODEOWNERS": "* @acme/owners\n" } });
  const { number, headSha } = await shop.open("tips", migration);
  await shop.approve("maria", number, headSha);
  const { exitCode, summary } = await runGateCheck(shop, "pull_request_target", about(number));
  expect(exitCode).toBe(1);
  expect(summary).toContain("cannot read who belongs to &#64;acme/owners");
  const [check] = await shop.checks(headSha);
  expect(check?.conclusion).not.toBe("success");
});
