/** An agent that nobody wrote code for: a folder with a character, a workflow, a name in the policy, a label. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createTestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { asUser } from "../world/github/as-user.ts";
import { personIn } from "../world/stories/person.ts";
import { afterSeeing, approve, bash, create, finish, green, isAbout, priced, TESTS } from "../world/stories/script.ts";
import { dataOf, type Stage, sees, streamOf, until } from "../world/stories/story.ts";
import { startWorld, type World } from "../world/world.ts";

const root = join(import.meta.dirname, "../..");
const issue = {
  title: "Write down how the shop is started again",
  body: "Add `docs/restart.md`: stop it, start `server.mjs`, look at /health.",
};

const character = {
  name: "Ops-E",
  role: "operator",
  bio: "Looks after how the shop runs.",
  personality: ["You write down what the next person at night needs."],
  lore: [],
  prompts: { implement: "prompts/implement.md", "fix-ci": "prompts/implement.md", "answer-review": "prompts/implement.md" },
  tools: ["bash", "read", "edit", "finish", "report_stuck"],
  llm: { model: "claude-sonnet-5-5", maxTokens: 8000 },
  limits: { turns: 20, minutes: 10, usd: 1 },
};

/** The workflow of another agent with this one's name in it. */
const workflow = readFileSync(join(root, ".github/workflows/dev-e.yml"), "utf8").replaceAll("dev-e", "ops-e").replaceAll("Dev-E", "Ops-E");

const folder = mkdtempSync(join(tmpdir(), "rig-new-agent-"));
let world: World;
let rig: Conductor;
let closeDatabase: () => Promise<void>;

beforeAll(async () => {
  const agents = join(folder, "agents");
  mkdirSync(join(agents, "ops-e/prompts"), { recursive: true });
  writeFileSync(join(agents, "ops-e/character.json"), JSON.stringify(character));
  writeFileSync(join(agents, "ops-e/prompts/implement.md"), "Do what the issue below asks for.\n");
  const database = await createTestDatabase();
  closeDatabase = database.close;
  world = await startWorld({
    shop: {
      files: {
        ".github/workflows/ops-e.yml": workflow,
        ".github/rig/ops-e.json": JSON.stringify({ lore: ["The shop is started by server.mjs."] }),
      },
      policy: { "agents.ops-e.maxConcurrent": 1 },
    },
  });
  rig = await startConductor(world, { databaseUrl: database.url, logFile: join(folder, "app.log"), env: { RIG_AGENTS: agents } });
}, 120_000);
afterAll(async () => {
  await rig?.close();
  await world?.close();
  await closeDatabase?.();
  rmSync(folder, { recursive: true, force: true });
}, 180_000);

test("an issue with its label is done by it, reviewed, merged and seen in production", async () => {
  const stage: Stage = { world, rig, shop: world.shop, tell: () => undefined };
  const systems = new Set<string>();
  const begun = bash("Let me see.", "ls");
  world.model.script(
    ({ system, task }) => system.startsWith("You are Ops-E, a operator.") && task.startsWith("Do what the issue below asks for."),
    priced([
      ({ system }) => {
        systems.add(system);
        return begun;
      },
      create("This is it.", "docs/restart.md", "Stop it, start `server.mjs`, look at /health.\n"),
      bash("The tests still pass?", TESTS),
      afterSeeing(green, finish("Say how the shop is started again", "The page says it in one line.")),
    ]),
  );
  world.model.script(isAbout(issue.title, "review"), priced([approve("It says what is to be done.")]));

  const maria = personIn(stage, "maria");
  const number = await maria.openIssue({ ...issue, labels: ["agent:ops-e"] });
  await maria.label(number, "agent-ready");
  const stream = streamOf(stage, number);
  await until(stage, stream, "ISSUE_DONE", { passing: [] });

  const events = await rig.events(stream);
  expect(dataOf(events, "ISSUE_APPROVED")).toMatchObject([{ agent: "ops-e" }]);
  expect(dataOf(events, "ISSUE_ASSIGNED").map(({ agentId }) => agentId)).toEqual(["ops-e-1"]);
  expect(dataOf(events, "RUN_REQUESTED").map(({ agent, kind }) => [agent, kind])).toEqual([
    ["ops-e", "implement"],
    ["review-e", "review"],
  ]);
  expect(dataOf(events, "WORK_STARTED")[0]).toMatchObject({
    agentId: "ops-e-1",
    override: { path: ".github/rig/ops-e.json", sha: expect.stringMatching(/^[0-9a-f]{40}$/) },
  });
  expect(dataOf(events, "MERGED")).toHaveLength(1);
  expect([...systems].join()).toContain("The shop is started by server.mjs.");
  expect(world.violations()).toEqual([]);
}, 300_000);

test("an issue for an agent that nobody has waits, and says for whom", async () => {
  const stage: Stage = { world, rig, shop: world.shop, tell: () => undefined };
  const maria = personIn(stage, "maria");
  const number = await maria.openIssue({ title: "Paint the shop", body: "All of `server.mjs` in green.", labels: ["agent:paint-e"] });
  await maria.label(number, "agent-ready");
  const stream = streamOf(stage, number);
  await until(stage, stream, "ISSUE_WAITING", { passing: ["ISSUE_WAITING"] });
  const row = await rig.store.issueByStream(stream);
  expect(row).toMatchObject({ state: "waiting", ready: false });
  expect(row?.why).toContain("It is for the agent paint-e, and the agents here are dev-e, ops-e.");
  expect(dataOf(await rig.events(stream), "ISSUE_ASSIGNED")).toEqual([]);
}, 120_000);

test("a person who starts its workflow with an issue's number has it done by this agent, label or not", async () => {
  const stage: Stage = { world, rig, shop: world.shop, tell: () => undefined };
  const number = await personIn(stage, "maria").openIssue({
    title: "Say when the shop opens",
    body: "In `docs/hours.md`: from nine to six.",
  });
  const place = { owner: world.shop.owner, repo: world.shop.name };
  const inputs = { issue: String(number) };
  await asUser(world.github, world.people.maria.token).rest.actions.createWorkflowDispatch({
    ...{ ...place, inputs },
    ...{ workflow_id: "ops-e.yml", ref: "main" },
  });
  const stream = streamOf(stage, number);
  await until(stage, stream, "WORK_STARTED");
  const events = await rig.events(stream);
  expect(dataOf(events, "ISSUE_APPROVED")).toMatchObject([{ agent: "ops-e", approvedBy: "maria" }]);
  expect(dataOf(events, "RUN_REQUESTED")).toMatchObject([{ agent: "ops-e", agentId: "ops-e-1" }]);
}, 120_000);

test("a pull request that fits it wrongly is told so by a check, with the line and what was meant", async () => {
  const stage: Stage = { world, rig, shop: world.shop, tell: () => undefined };
  const files = { ".github/rig/ops-e.json": '{\n  "lor": []\n}\n' };
  const headSha = await personIn(stage, "jonas").push({ branch: "fit", files, message: "Fit it" });
  const { rest } = asUser(world.github, world.people.jonas.token);
  const place = { owner: world.shop.owner, repo: world.shop.name };
  await rest.pulls.create({ ...place, title: "Fit it", head: "fit", base: "main", body: "Please." });
  const check = await sees("rig/config", async () => {
    const { data } = await rest.checks.listForRef({ ...place, ref: headSha, check_name: "rig/config" });
    return data.check_runs[0];
  });
  expect(check).toMatchObject({
    conclusion: "failure",
    output: { title: expect.stringMatching(/^\.github\/rig\/ops-e\.json is not valid: line 2: lor: .* Did you mean lore\?$/) },
  });
}, 120_000);
