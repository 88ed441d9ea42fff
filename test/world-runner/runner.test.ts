import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type StandInRunner, startRunner } from "../world/runner/runner.ts";
import { memoryStore } from "./memory-store.ts";
import { rigWith } from "./rig-with.ts";
import { until } from "./until.ts";

let world: Awaited<ReturnType<typeof memoryStore>>;
let runner: StandInRunner;
let rig: Awaited<ReturnType<typeof rigWith>>;

const RUN_AGENT = `
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token, GITHUB_OUTPUT, INPUT_OUTPUT, INPUT_AGENT, INPUT_RUN } = process.env;
const answer = await (await fetch(url + "&audience=engineering-rig", { headers: { authorization: "Bearer " + token } })).json();
mkdirSync(INPUT_OUTPUT);
writeFileSync(INPUT_OUTPUT + "/report.json", JSON.stringify({ ...JSON.parse(answer.value), agent: INPUT_AGENT, environment: Object.keys(process.env) }));
appendFileSync(GITHUB_OUTPUT, "outcome=patch\\nrun=" + INPUT_RUN + "\\n");
`;
const PUBLISH = `
import { readFileSync } from "node:fs";
console.log("published " + process.env.INPUT_RUN + " for " + process.env.INPUT_CONDUCTOR);
console.log("report " + readFileSync(process.env.INPUT_ARTIFACT + "/report.json", "utf8"));
`;

beforeEach(async () => {
  rig = await rigWith({ "run-agent": RUN_AGENT, publish: PUBLISH });
  world = await memoryStore();
  runner = await startRunner(world.store, {
    rigRoot: rig.root,
    rigRepository: "engineering-rig/engineering-rig",
    path: `${dirname(process.execPath)}:${process.env.PATH}`,
  });
});
afterEach(async () => {
  await runner.stop();
  await world.close();
  await rig.remove();
});

/** Whether a process runs; one that ended and was not yet buried does not. */
const isAlive = (pid: number) =>
  !["", "Z"].includes(spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout.slice(0, 1));

function push(workflow: string, files: Readonly<Record<string, string>> = {}) {
  const { id, sha } = world.addRepository("acme", "till", { ".github/workflows/ci.yml": workflow, ...files });
  runner.happened({
    repositoryId: id,
    name: "push",
    ref: "refs/heads/main",
    sha,
    payload: { head_commit: { message: "Change files" } },
    actor: "ada",
  });
  return { id, sha };
}

test("a job gets what the job before it said, and what needs a failed one is skipped", async () => {
  const { sha } = push(
    `
name: CI
on: { push: { branches: [main] } }
env: { GREETING: hello }
jobs:
  build:
    runs-on: ubuntu-latest
    outputs: { word: "\${{ steps.say.outputs.word }}" }
    steps:
      - uses: actions/checkout@v5
      - id: say
        run: |
          echo "word=$GREETING $(cat name.txt)" >> "$GITHUB_OUTPUT"
          echo "LATER=from the step before" >> "$GITHUB_ENV"
      - run: test "$LATER" = "from the step before" && test "$(git rev-parse HEAD)" = "$GITHUB_SHA"
  use:
    needs: build
    runs-on: ubuntu-latest
    steps:
      - env: { WORD: "\${{ needs.build.outputs.word }}" }
        run: echo "got $WORD" && test "$WORD" = "hello Ada"
  fail:
    needs: [build]
    runs-on: ubuntu-latest
    steps:
      - run: exit 3
      - run: echo never
      - if: failure()
        run: echo afterwards
  after:
    needs: [fail]
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
  report:
    needs: [fail]
    if: always() && needs.fail.result == 'failure'
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`,
    { "name.txt": "Ada" },
  );
  await runner.idle();
  expect(runner.logs(1)).toContain("got hello Ada");
  expect(world.conclusions()).toEqual({ build: "success", use: "success", fail: "failure", after: "skipped", report: "success" });
  expect(world.runs).toMatchObject([{ name: "CI", headSha: sha, headBranch: "main", status: "completed", conclusion: "failure" }]);
  const steps = world.jobs.find(({ name }) => name === "fail")?.steps ?? [];
  expect(steps.map(({ conclusion }) => conclusion)).toEqual(["success", "failure", "skipped", "success"]);
});

test("Dev-E's own workflow runs in a repository that calls it: with OIDC, an artifact and no secret", async () => {
  world.variables.RIG_URL = "http://rig.example";
  world.secrets.DEPLOY_KEY = "a secret of the repository";
  const caller = `
name: Dev-E
on: { workflow_dispatch: { inputs: { run: { type: string, required: true } } } }
permissions: {}
jobs:
  agent:
    permissions: { contents: read, id-token: write }
    uses: engineering-rig/engineering-rig/.github/workflows/dev-e.yml@${"1".repeat(40)}
    with: { run: "\${{ inputs.run }}" }
`;
  const { id, sha } = world.addRepository("acme", "till", { ".github/workflows/dev-e.yml": caller });
  const run = "7f6c1d3e-0000-4000-8000-000000000001";
  expect(await runner.dispatch({ repositoryId: id, workflow: "dev-e.yml", ref: "main", inputs: { run }, actor: "rig[bot]" })).toEqual({
    runId: 1,
  });
  await runner.idle();
  expect(world.conclusions()).toEqual({ "agent / Work": "success", "agent / Publish": "success" });
  const log = runner.logs(1);
  expect(log).toContain(`published ${run} for http://rig.example`);
  const report = JSON.parse(/report (\{.*\})/.exec(log)?.[1] ?? "{}");
  expect(report).toMatchObject({
    agent: "dev-e",
    runId: 1,
    audience: "engineering-rig",
    jobWorkflowRef: `engineering-rig/engineering-rig/.github/workflows/dev-e.yml@${"1".repeat(40)}`,
  });
  expect(report.environment).toEqual(expect.arrayContaining(["GITHUB_REPOSITORY", "GITHUB_RUN_ID", "RUNNER_TEMP", "INPUT_AGENT"]));
  expect(report.environment).not.toEqual(expect.arrayContaining([expect.stringMatching(/DEPLOY_KEY|GITHUB_TOKEN|JEST|npm_/)]));
  expect(world.tokens.map(({ permissions }) => permissions)).toEqual([{ contents: "read" }, {}]);
  expect(world.runs).toMatchObject([{ event: "workflow_dispatch", headSha: sha, conclusion: "success" }]);
});

test("a called workflow gets no more permissions than its caller has", async () => {
  const { id } = world.addRepository("acme", "till", {
    ".github/workflows/dev-e.yml": `
on: workflow_dispatch
permissions: { contents: read }
jobs: { agent: { uses: engineering-rig/engineering-rig/.github/workflows/dev-e.yml@main } }`,
  });
  expect(await runner.dispatch({ repositoryId: id, workflow: "dev-e.yml", ref: "main", inputs: {}, actor: "ada" })).toMatchObject({
    status: 422,
    message: expect.stringContaining("'id-token: write', but is only allowed 'id-token: none'"),
  });
});

test("cancelling ends the whole process group, and only what asks for it runs afterwards", async () => {
  push(`
on: push
jobs:
  long:
    runs-on: ubuntu-latest
    steps:
      - run: |
          trap 'echo deaf' TERM
          (trap '' TERM; sleep 300) &
          echo "child $!"
          while true; do wait || true; done
      - run: echo not this
      - if: always()
        run: echo but this
  next:
    needs: long
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`);
  const child = Number(await until(() => /child (\d+)/.exec(world.runs.length > 0 ? runner.logs(1) : "")?.[1]));
  expect(isAlive(child)).toBe(true);
  runner.cancel(1);
  await runner.idle();
  expect(isAlive(child)).toBe(false);
  expect(world.conclusions()).toEqual({ long: "cancelled", next: "cancelled" });
  expect(world.runs[0]?.conclusion).toBe("cancelled");
  expect(runner.logs(1)).toMatch(/deaf[\s\S]*but this/);
  expect(runner.logs(1)).not.toContain("not this\n");
});

test("a job with an environment makes a deployment and says how it ended, and where", async () => {
  push(`
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: { name: staging, url: "\${{ steps.up.outputs.url }}" }
    steps: [{ id: up, run: 'echo "url=http://staging.example" >> "$GITHUB_OUTPUT"' }]
  broken:
    runs-on: ubuntu-latest
    environment: production
    steps: [{ run: "false" }]
`);
  await runner.idle();
  expect(world.deployments).toEqual(
    expect.arrayContaining([
      { environment: "staging", statuses: ["in_progress", "success http://staging.example"] },
      { environment: "production", statuses: ["in_progress", "failure"] },
    ]),
  );
});

test("a dispatch is checked against what the workflow declares", async () => {
  const { id } = world.addRepository("acme", "till", {
    ".github/workflows/typed.yml": `
on: { workflow_dispatch: { inputs: { where: { type: choice, options: [staging, production], required: true }, dry: { type: boolean, default: true } } } }
jobs: { go: { runs-on: ubuntu-latest, steps: [{ if: "inputs.dry == true && github.event.inputs.dry == 'true'", run: "echo dry in \${{ inputs.where }}" }] } }`,
    ".github/workflows/push.yml": "on: push\njobs: { go: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }",
    ".github/workflows/broken.yml":
      "on: workflow_dispatch\njobs: { go: { runs-on: ubuntu-latest, needs: nobody, steps: [{ run: 'true' }] } }",
  });
  const dispatch = (workflow: string, inputs: Readonly<Record<string, string>>, ref = "main") =>
    runner.dispatch({ repositoryId: id, workflow, ref, inputs, actor: "ada" });
  expect(await dispatch("none.yml", {})).toEqual({ status: 404, message: "Not Found" });
  expect(await dispatch("push.yml", {})).toEqual({ status: 422, message: "Workflow does not have 'workflow_dispatch' trigger" });
  expect(await dispatch("typed.yml", { where: "staging", text: "x" })).toEqual({
    status: 422,
    message: 'Unexpected inputs provided: ["text"]',
  });
  expect(await dispatch("typed.yml", {})).toEqual({ status: 422, message: "Required input 'where' not provided" });
  expect(await dispatch("typed.yml", { where: "moon" })).toMatchObject({
    status: 422,
    message: expect.stringContaining("not in the list of allowed values"),
  });
  expect(await dispatch("typed.yml", { where: "staging" }, "gone")).toEqual({ status: 422, message: "No ref found for: gone" });
  expect(await dispatch("broken.yml", {})).toMatchObject({ status: 422, message: expect.stringContaining("Invalid workflow file") });
  expect(await dispatch("typed.yml", { where: "staging" })).toEqual({ runId: 1 });
  await runner.idle();
  expect(runner.logs(1)).toContain("dry in staging");
});

test("secrets never reach the log, and an output that holds one is dropped", async () => {
  world.secrets.KEY = "hunter2-and-more";
  push(`
on: push
jobs:
  leak:
    runs-on: ubuntu-latest
    outputs: { key: "\${{ steps.say.outputs.key }}" }
    env: { KEY: "\${{ secrets.KEY }}" }
    steps:
      - id: say
        run: |
          echo "the key is $KEY"
          echo "key=$KEY" >> "$GITHUB_OUTPUT"
          echo "::add-mask::swordfish"
          echo "and swordfish"
  use:
    needs: leak
    runs-on: ubuntu-latest
    steps: [{ run: 'test -z "\${{ needs.leak.outputs.key }}"' }]
`);
  await runner.idle();
  expect(world.conclusions()).toEqual({ leak: "success", use: "success" });
  expect(runner.logs(1)).toContain("the key is ***\nand ***");
  expect(runner.logs(1)).not.toMatch(/hunter2|swordfish/);
});

test("a runner may never come, and a machine may die without a word", async () => {
  runner.pauseLabel("rig");
  push("on: push\njobs: { go: { runs-on: [self-hosted, rig], steps: [{ run: echo here && exec sleep 300 }] } }");
  await runner.idle();
  expect(world.runs[0]).toMatchObject({ status: "queued" });
  runner.resumeLabel("rig");
  await until(() => runner.logs(1).includes("here"));
  runner.killRun(1);
  await runner.idle();
  expect(world.runs[0]).toMatchObject({ status: "in_progress" });
  runner.cancel(1);
  expect(world.runs[0]).toMatchObject({ status: "completed", conclusion: "cancelled" });
  expect(world.conclusions()).toEqual({ go: "cancelled" });
});

test("in a concurrency group one runs, the newest waits, and what waited before is cancelled", async () => {
  runner.pauseLabel("rig");
  const workflow = "on: push\nconcurrency: one\njobs: { go: { runs-on: rig, steps: [{ run: 'true' }] } }";
  const { id, sha } = push(workflow);
  const again = () => runner.happened({ repositoryId: id, name: "push", ref: "refs/heads/main", sha, payload: {}, actor: "ada" });
  await runner.idle();
  again();
  await runner.idle();
  again();
  await runner.idle();
  runner.resumeLabel("rig");
  await runner.idle();
  expect(world.runs.map(({ conclusion }) => conclusion)).toEqual(["success", "cancelled", "success"]);
});

test("filters of branches and paths hold, a broken file shows on a push, and [skip ci] is heard", async () => {
  const files = {
    ".github/workflows/docs.yml":
      "on: { push: { branches: ['release/**'], paths: ['docs/**', '!docs/old/**'] } }\njobs: { go: { runs-on: rig, steps: [{ run: 'true' }] } }",
    ".github/workflows/pr.yml": "on: pull_request\njobs: { go: { runs-on: rig, steps: [{ run: 'true' }] } }",
  };
  const { id, sha: before } = world.addRepository("acme", "till", files);
  const sha = world.commit(id, { "docs/old/a.md": "a" });
  const newer = world.commit(id, { "docs/a.md": "a" });
  const broken = world.commit(id, { ".github/workflows/broken.yml": "on: push\njobs: []" });
  const pushed = async (ref: string, from: string, to: string) => {
    runner.happened({ repositoryId: id, name: "push", ref, sha: to, payload: { before: from }, actor: "ada" });
    await runner.idle();
    return world.runs.length;
  };
  expect(await pushed("refs/heads/main", before, newer)).toBe(0);
  expect(await pushed("refs/heads/release/1", before, sha)).toBe(0);
  expect(await pushed("refs/heads/release/1", sha, newer)).toBe(1);
  expect(await pushed("refs/heads/main", newer, broken)).toBe(2);
  expect(world.runs[1]).toMatchObject({ name: ".github/workflows/broken.yml", conclusion: "failure" });
  expect(runner.logs(2)).toContain("Invalid workflow file");
  const pull = { pull_request: { title: "A", base: { ref: "main", repo: { id } }, head: { ref: "a", sha: newer, repo: { id } } } };
  runner.happened({
    repositoryId: id,
    name: "pull_request",
    action: "labeled",
    ref: "refs/pull/1/merge",
    sha: newer,
    payload: pull,
    actor: "ada",
  });
  runner.happened({
    repositoryId: id,
    name: "pull_request",
    action: "opened",
    ref: "refs/pull/1/merge",
    sha: newer,
    payload: pull,
    actor: "ada",
  });
  const quiet = world.commit(id, { "b.txt": "b" }, "Say nothing [skip ci]");
  expect(await pushed("refs/heads/release/1", newer, quiet)).toBe(3);
  expect(world.runs[2]).toMatchObject({ event: "pull_request", headBranch: "a", conclusion: "success" });
});

test("a repository's own actions run: composite ones with their steps, JavaScript ones with state and post step", async () => {
  push(
    `
on: push
jobs:
  each:
    strategy: { matrix: { word: [one, two], include: [{ word: two, extra: more }] } }
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - { id: shout, uses: ./actions/shout, with: { word: "\${{ matrix.word }}\${{ matrix.extra }}" } }
      - { id: keep, uses: ./actions/keep, continue-on-error: true }
      - run: echo "\${{ steps.shout.outputs.loud }} after \${{ steps.keep.outcome }} as \${{ steps.keep.conclusion }}"
  stranger:
    runs-on: ubuntu-latest
    steps: [{ uses: someone/else@v1 }]
`,
    {
      "actions/shout/action.yml": `
name: shout
description: In capitals
inputs: { word: { description: w, required: true }, mark: { description: m, default: "!" } }
outputs: { loud: { description: l, value: "\${{ steps.up.outputs.loud }}" } }
runs:
  using: composite
  steps: [{ id: up, shell: bash, run: 'echo "loud=$(echo "$WORD" | tr a-z A-Z)\${{ inputs.mark }}" >> "$GITHUB_OUTPUT"', env: { WORD: "\${{ inputs.word }}" } }]
`,
      "actions/keep/action.yml": "{ name: keep, description: k, runs: { using: node24, main: main.mjs, post: post.mjs } }",
      "actions/keep/main.mjs":
        'import { appendFileSync } from "node:fs"; appendFileSync(process.env.GITHUB_STATE, "kept=42\\n"); process.exit(7);',
      "actions/keep/post.mjs": 'console.log("post step has " + process.env.STATE_kept);',
    },
  );
  await runner.idle();
  expect(world.conclusions()).toEqual({ "each (one)": "success", "each (two, more)": "success", stranger: "failure" });
  const log = runner.logs(1);
  expect(log).toContain("ONE! after failure as success");
  expect(log).toContain("TWOMORE! after failure as success");
  expect(log.match(/post step has 42/g)).toHaveLength(2);
  expect(log).toContain("Unable to resolve action someone/else@v1");
});

test("a pull request from a fork gets neither secrets nor a token that writes", async () => {
  world.secrets.KEY = "of the repository";
  const { id, sha } = world.addRepository("acme", "till", {
    ".github/workflows/pr.yml": `
on: pull_request
permissions: { contents: write, id-token: write }
jobs: { go: { runs-on: rig, env: { KEY: "\${{ secrets.KEY }}" }, steps: [{ run: 'test -z "$KEY$ACTIONS_ID_TOKEN_REQUEST_URL"' }] } }`,
  });
  const from = (repository: number) => ({ base: { ref: "main", repo: { id } }, head: { ref: "a", sha, repo: { id: repository } } });
  const opened = (repository: number) =>
    runner.happened({
      repositoryId: id,
      name: "pull_request",
      action: "opened",
      ref: "refs/heads/main",
      sha,
      payload: { pull_request: from(repository) },
      actor: "eve",
    });
  opened(99);
  await runner.idle();
  opened(id);
  await runner.idle();
  expect(world.runs.map(({ conclusion }) => conclusion)).toEqual(["success", "failure"]);
  expect(world.tokens.map(({ permissions }) => permissions)).toEqual([{ contents: "read" }, { contents: "write" }]);
});
