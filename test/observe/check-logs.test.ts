import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { checkFailures, MOST_OF_ALL, MOST_OF_ONE } from "../../app/observe/check-logs.ts";
import { logExcerpt } from "../../app/observe/log-excerpt.ts";
import { anotherApp } from "../world-github/another-app.ts";
import { type SmallWorld, smallWorld, till } from "../world-github/small-world.ts";

type Client = Awaited<ReturnType<SmallWorld["asApp"]>>;

let world: SmallWorld;
let octokit: Client;
let ci: Client;
let nth = 0;

beforeAll(async () => {
  world = await smallWorld();
  octokit = await world.asApp();
  ci = await anotherApp(world.github, { slug: "ci", permissions: { checks: "write" } }).client();
});
afterAll(async () => {
  expect(world.github.violations).toEqual([]);
  await world.close();
});

const push = () => world.push(`topic-${++nth}`, { "topic.txt": `${nth}\n` });
const failures = (sha: string, ...names: string[]) => checkFailures({ octokit, ...till }, sha, names, AbortSignal.timeout(10_000));

/** A job of GitHub Actions that failed, with what it printed. */
function failedJob(headSha: string, name: string, log: string | undefined): number {
  const { actions } = world.github;
  const run = actions.createRun({
    ...{ repositoryId: world.created.id, name: "CI", path: ".github/workflows/ci.yml", event: "push", headBranch: "main" },
    ...{ headSha, actor: "ann", displayTitle: "CI" },
  });
  const job = actions.createJob(run.id, { name, labels: ["ubuntu"] });
  actions.updateJob(job, { status: "completed", conclusion: "failure", ...(log === undefined ? {} : { log }) });
  return job;
}

test("the log of a failed job is fetched by its check run, and only of the checks asked for", async () => {
  const head = await push();
  failedJob(
    head,
    "test",
    "2026-11-22T10:00:00.1234567Z \u001b[31mnot ok 3 - the third piece is free\u001b[0m\n##[error]Process completed with exit code 1.\n",
  );
  failedJob(head, "lint", "ugly\n");
  const found = await failures(head, "test");
  expect(found).toEqual([
    { name: "test", text: "not ok 3 - the third piece is free\n##[error]Process completed with exit code 1.", annotations: [] },
  ]);
});

test("of another CI its own words and annotations are told", async () => {
  const head = await push();
  await ci.rest.checks.create({
    ...{ ...till, name: "types", head_sha: head, status: "completed", conclusion: "failure" },
    output: {
      ...{ title: "2 errors", summary: "tsc found 2 errors", text: "src/a.ts is wrong" },
      annotations: [
        { path: "src/a.ts", start_line: 3, end_line: 3, annotation_level: "failure", title: "TS2345", message: "It is no number." },
        { path: "src/b.ts", start_line: 9, end_line: 9, annotation_level: "warning", message: "Unused." },
      ],
    },
  });
  expect(await failures(head, "types")).toEqual([
    { name: "types", text: "src/a.ts is wrong", annotations: [{ path: "src/a.ts", line: 3, text: "TS2345\nIt is no number." }] },
  ]);
});

test("a log that is not to be had is told, and is no failure of ours", async () => {
  const head = await push();
  const job = failedJob(head, "test", "gone\n");
  const lost = Object.assign(Object.create(octokit) as Client, {
    rest: {
      ...octokit.rest,
      actions: {
        ...octokit.rest.actions,
        downloadJobLogsForWorkflowRun: () => octokit.rest.actions.downloadJobLogsForWorkflowRun({ ...till, job_id: job + 999_999 }),
      },
    },
  });
  const [found] = await checkFailures({ octokit: lost, ...till }, head, ["test"], AbortSignal.timeout(10_000));
  expect(found?.text).toMatch(/^Its log could not be read: Not Found/);
});

/** A client to whom GitHub says that the log lies there. */
function leadingTo(store: Server): Client {
  const location = `http://127.0.0.1:${(store.address() as AddressInfo).port}/log`;
  return Object.assign(Object.create(octokit) as Client, {
    rest: { ...octokit.rest, actions: { ...octokit.rest.actions, downloadJobLogsForWorkflowRun: async () => ({ headers: { location } }) } },
  });
}

test("where the log lies hears nothing of our token, and sends no more than is read", async () => {
  const head = await push();
  failedJob(head, "test", "unused\n");
  const heard: (string | undefined)[] = [];
  let sent = 0;
  const store = createServer((request, response) => {
    heard.push(request.headers.authorization);
    const more = () => {
      while (!response.destroyed && sent < 64 * 1024 * 1024 && response.write("x".repeat(1024 * 1024))) sent += 1024 * 1024;
      if (!response.destroyed && sent < 64 * 1024 * 1024) response.once("drain", more);
      else response.end();
    };
    more();
  });
  await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
  const [found] = await checkFailures({ octokit: leadingTo(store), ...till }, head, ["test"], AbortSignal.timeout(10_000));
  store.closeAllConnections();
  await new Promise((resolve) => store.close(resolve));
  expect(heard).toEqual([undefined]);
  expect(found?.text).toMatch(/^x+…$/);
  expect(sent).toBeLessThan(60 * 1024 * 1024);
});

test("where the log lies sends nobody on to somewhere else", async () => {
  const head = await push();
  failedJob(head, "test", "unused\n");
  let reached = false;
  const store = createServer((request, response) => {
    reached ||= request.url === "/elsewhere";
    response.writeHead(302, { location: "/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => store.listen(0, "127.0.0.1", resolve));
  const [found] = await checkFailures({ octokit: leadingTo(store), ...till }, head, ["test"], AbortSignal.timeout(10_000));
  store.closeAllConnections();
  await new Promise((resolve) => store.close(resolve));
  expect(found?.text).toMatch(/^Its log could not be read: /);
  expect(reached).toBe(false);
});

test("many failed checks share what a task can hold", async () => {
  const head = await push();
  const log = Array.from({ length: 3_000 }, (_, line) => `line ${line} ${"y".repeat(60)}`).join("\n");
  const names = Array.from({ length: 6 }, (_, index) => `job ${index}`);
  for (const name of names) failedJob(head, name, log);
  const found = await failures(head, ...names);
  expect(found).toHaveLength(6);
  const all = found.reduce((sum, { text }) => sum + text.length, 0);
  expect(all).toBeLessThanOrEqual(MOST_OF_ALL);
  expect(all).toBeGreaterThan(MOST_OF_ALL / 2);
  expect(found[0]?.text).toMatch(/line 2999 y+$/);
});

const filler = (lines: number) => Array.from({ length: lines }, (_, line) => `passed ${line}`);

test("the first failure and every marked error stay in the excerpt, however long the log", () => {
  const log = [
    "##[group]Set up job",
    ...filler(40),
    "##[endgroup]",
    ...filler(5_000),
    "✖ the third piece is free (1.2ms)",
    "  AssertionError [ERR_ASSERTION]: 3750 !== 2500",
    ...filler(5_000),
    "##[error]Process completed with exit code 1.",
    ...filler(5_000),
    "the end",
  ].join("\r\n");
  const text = logExcerpt(log, MOST_OF_ONE);
  expect(text.length).toBeLessThanOrEqual(MOST_OF_ONE);
  expect(text).toContain("3750 !== 2500");
  expect(text).toContain("##[error]Process completed with exit code 1.");
  expect(text).toMatch(/… \d+ lines left out …/);
  expect(text).toMatch(/the end$/);
  expect(text).not.toContain("\r");
});

test("what the runner sets up is folded, unless the error is in it", () => {
  const log = [
    "##[group]Run actions/checkout",
    "a",
    "b",
    "##[endgroup]",
    "##[group]Run tests",
    "##[error]boom",
    "##[endgroup]",
    "done",
  ].join("\n");
  expect(logExcerpt(log, MOST_OF_ONE)).toBe("▸ Run actions/checkout (2 lines)\n▸ Run tests\n##[error]boom\ndone");
});

test("a line without an end does not push everything else out", () => {
  const text = logExcerpt(`${"z".repeat(100_000)}\n##[error]boom`, MOST_OF_ONE);
  expect(text).toMatch(/^z{1000}…\n##\[error\]boom$/);
});
