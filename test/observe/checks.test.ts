import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { observeChecks } from "../../app/observe/checks.ts";
import { createMemory } from "../../app/observe/memory.ts";
import { anotherApp } from "../world-github/another-app.ts";
import { type SmallWorld, smallWorld, till } from "../world-github/small-world.ts";

type Client = Awaited<ReturnType<SmallWorld["asApp"]>>;

let world: SmallWorld;
let rig: Client;
/** Another App that sets checks. */
let ci: Client;
let ciId: number;
let base: string;
let head: string;
let nth = 0;

beforeAll(async () => {
  world = await smallWorld();
  rig = await world.asApp();
  const other = anotherApp(world.github, { slug: "ci", permissions: { checks: "write", statuses: "write" } });
  ciId = other.id;
  ci = await other.client();
});
beforeEach(async () => {
  nth += 1;
  world.github.setRules("ann/till", {});
  base = await world.push("main", { "main.txt": `${nth}\n` });
  head = await world.push(`topic-${nth}`, { "topic.txt": `${nth}\n` });
});
afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const see = () => observeChecks({ octokit: rig, ...till, memory: createMemory() }, head, "main", [world.app.id]);
type Conclusion = "success" | "failure" | "neutral";
const check = (name: string, sha: string, conclusion?: Conclusion, by = ci) =>
  by.rest.checks.create({
    ...till,
    name,
    head_sha: sha,
    ...(conclusion ? { status: "completed", conclusion } : { status: "in_progress" }),
  });
const status = (context: string, sha: string, state: "success" | "failure" | "pending") =>
  ci.rest.repos.createCommitStatus({ ...till, sha, context, state });
const failedOf = ({ failed }: Awaited<ReturnType<typeof see>>) =>
  Object.fromEntries(failed.map(({ name, preExisting }) => [name, preExisting]));

test("where nothing is required every check has to conclude well, our own excepted", async () => {
  await check("lint", head, "success");
  await check("anything of ours", head, "failure", rig);
  await check("rig/review", head, "failure");
  expect(await see()).toEqual({ state: "passed", names: ["lint"], failed: [] });
  await check("slow", head);
  expect(await see()).toMatchObject({ state: "pending", names: ["slow", "lint"] });
});

test("where something is required, nothing else counts, and what has not come yet is waited for", async () => {
  world.github.setRules("ann/till", { requiredChecks: ["build", "rig/gates"] });
  await check("lint", head, "failure");
  expect(await see()).toEqual({ state: "pending", names: ["build"], failed: [] });
  await check("build", head, "success");
  expect(await see()).toEqual({ state: "passed", names: ["build"], failed: [] });
});

test("a check that fails on the base branch too is not the pull request's doing", async () => {
  await check("old trouble", base, "failure");
  await check("old trouble", head, "failure");
  await check("broken here", base, "success");
  await check("broken here", head, "failure");
  await check("came with it", head, "failure");
  await check("not known there yet", base);
  await check("not known there yet", head, "failure");
  const seen = await see();
  expect(seen.state).toBe("failed");
  expect(failedOf(seen)).toEqual({ "old trouble": true, "broken here": false, "came with it": false, "not known there yet": false });
});

test("commit statuses are told apart in the same way", async () => {
  await status("deploy preview", base, "failure");
  await status("deploy preview", head, "failure");
  await status("size", head, "failure");
  expect(failedOf(await see())).toEqual({ "deploy preview": true, size: false });
});

test("the base branch is asked about only where something failed", async () => {
  await check("lint", head, "success");
  const before = world.github.reads.get("checks/list-for-ref") ?? 0;
  await see();
  expect(world.github.reads.get("checks/list-for-ref")).toBe(before + 1);
  await check("test", head, "failure");
  await see();
  expect(world.github.reads.get("checks/list-for-ref")).toBe(before + 3);
});

test("R16: a required check counts only when it comes from the App that the rules name", async () => {
  world.github.setRules("ann/till", { requiredChecks: ["build"], checkSources: { build: ciId } });
  const forger = await anotherApp(world.github, { slug: `forger-${nth}`, permissions: { checks: "write", statuses: "write" } }).client();
  await check("build", head, "success", forger);
  await forger.rest.repos.createCommitStatus({ ...till, sha: head, context: "build", state: "success" });
  expect(await see()).toEqual({ state: "pending", names: ["build"], failed: [] });
  await check("build", head, "failure");
  await check("build", base, "failure", forger);
  expect(failedOf(await see())).toEqual({ build: false });
  await check("build", head, "success");
  expect(await see()).toMatchObject({ state: "passed" });
});

test("where any App will do, all that set it have to agree, and of each only the newest word counts", async () => {
  world.github.setRules("ann/till", { requiredChecks: ["build"] });
  await check("build", head, "failure");
  await check("build", head, "success");
  expect(await see()).toMatchObject({ state: "passed" });
  await status("build", head, "failure");
  expect(failedOf(await see())).toEqual({ build: false });
});
