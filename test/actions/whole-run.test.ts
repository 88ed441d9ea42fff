import path from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { ID_TOKEN, startConductor } from "../agents/support/conductor.ts";
import { calls, startModel } from "../agents/support/model.ts";
import { makeOrigin, sh, temporary } from "../agents/support/repository.ts";
import { CAPABILITY, RUN, taskOf } from "../agents/support/task.ts";
import { identity, runAction } from "./support/action.ts";
import { startGitHub, TOKEN } from "./support/github.ts";

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

test("an issue becomes a pull request: claimed, worked on, bundled, checked, pushed", async () => {
  const origin = makeOrigin({ "greeting.txt": "goodbye\n", "test.sh": "grep -q hello greeting.txt\n" });
  const model = await startModel([
    calls("bash", { script: "cat greeting.txt; env" }),
    calls("edit", { path: "greeting.txt", old: "goodbye", new: "hello" }),
    calls("finish", { title: "Greet @ada, fixes #9", summary: "It says hello.\n```\nCloses #9 @ada" }),
  ]);
  const github = await startGitHub(origin.root);
  const task = taskOf({ baseSha: origin.head, gateway: `${model.url}`, stack: { test: "sh test.sh" } });
  const conductor = await startConductor({
    [`/api/runs/${RUN}/claim`]: task,
    [`/api/runs/${RUN}/events`]: { result: "accepted" },
    [`/api/runs/${RUN}/publish-token`]: {
      token: TOKEN,
      expiresAt: "2026-11-22T12:00:00Z",
      permissions: { contents: "write", pull_requests: "write" },
      capability: CAPABILITY,
      outcome: "patch",
      identity: { appId: 7, userId: 900 },
      repository: { owner: "acme", name: "shop", defaultBranch: "main" },
      issue: { number: 7, title: task.issue.title },
      baseSha: origin.head,
      branch: task.branch,
      limits: { changedFiles: 40, changedLines: 1500 },
    },
  });
  closing.push(model.close, github.close, conductor.close);

  const artifact = path.join(temporary(), "out");
  const worked = await runAction("run-agent", {
    inputs: { run: RUN, conductor: conductor.url, output: artifact },
    env: { ...identity(conductor.url), GITHUB_WORKSPACE: origin.workspace, SECRET_OF_THE_JOB: "canary-value-of-the-job" },
  });
  expect(worked).toMatchObject({ exitCode: 0, outputs: { run: RUN, outcome: "patch" } });
  expect(worked.summary).toContain("| patch | passed | 3 |");
  expect(conductor.heard[0]).toMatchObject({ path: `/api/runs/${RUN}/claim`, bearer: ID_TOKEN });
  expect(JSON.stringify(model.requests)).not.toContain("canary-value-of-the-job");

  const publish = () =>
    runAction("publish", {
      inputs: { run: RUN, conductor: conductor.url, artifact },
      env: {
        ...identity(conductor.url),
        GITHUB_SERVER_URL: github.url,
        GITHUB_API_URL: `${github.url}/api/v3`,
        GITHUB_REPOSITORY: "acme/shop",
        GITHUB_RUN_ID: "77",
      },
    });
  const published = await publish();
  expect(published).toMatchObject({ exitCode: 0, outputs: { "pull-request": "12" } });
  expect(sh(origin.bare, "show", `${task.branch}:greeting.txt`)).toBe("hello");
  const [opened] = github.writes;
  expect(opened?.body).toMatchObject({ head: task.branch, base: "main", title: "Greet ada, fixes no. 9" });
  expect(String(opened?.body.body)).toContain("Closes #7");
  expect(String(opened?.body.body)).toContain("````text\nIt says hello.\n```\nCloses #9 @ada\n````");
  expect(String(opened?.body.body)).toContain("it passed");

  expect(await publish()).toMatchObject({ exitCode: 0, outputs: { "pull-request": "12" } });
  expect(github.writes).toHaveLength(1);
});
