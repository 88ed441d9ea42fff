/** P13: without a workflow for it, the way back is a pull request: the Rig opens it, its gates are asked, a person merges it, and production shows it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createTestDatabase } from "../support/postgres.ts";
import { startConductor } from "../world/conductor.ts";
import { aRollback } from "../world/stories/a-rollback.ts";
import { personIn } from "../world/stories/person.ts";
import { isAbout, type Kind, priced } from "../world/stories/script.ts";
import { dataOf, type Stage, sees, streamOf, until } from "../world/stories/story.ts";
import { startWorld } from "../world/world.ts";

const folder = mkdtempSync(join(tmpdir(), "rig-way-back-"));
const opened = new AsyncDisposableStack();
let stage: Stage;

beforeAll(async () => {
  const database = await createTestDatabase();
  opened.defer(() => database.close());
  const world = await startWorld({ repositories: { arcade: { policy: { "deploy.staging": undefined }, openBefore: true } } });
  opened.defer(() => world.close());
  const rig = await startConductor(world, { databaseUrl: database.url, logFile: join(folder, "app.log") });
  opened.defer(() => rig.close());
  stage = { world, rig, shop: world.branch("arcade"), tell: () => {} };
}, 120_000);
afterAll(async () => {
  await opened.disposeAsync();
  rmSync(folder, { recursive: true });
}, 180_000);

/** Maria at GitHub's REST API. */
async function maria(method: string, path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const { github, people } = stage.world;
  const response = await fetch(`${github.apiUrl}/repos/${stage.shop.fullName}${path}`, {
    method,
    headers: { authorization: `Bearer ${people.maria.token}`, accept: "application/vnd.github+json", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`GitHub refuses ${method} ${path} with ${response.status}: ${text}`);
  return text === "" ? {} : JSON.parse(text);
}

test("a person merges what takes production back, and only then it is back", async () => {
  const [part] = aRollback().parts;
  if (!part) throw new Error("The story has no part.");
  for (const [kind, lines] of Object.entries(part.scripts))
    stage.world.model.script(isAbout(part.issue.title, kind as Kind), priced(lines));
  const jonas = personIn(stage, "jonas");
  const number = await jonas.openIssue(part.issue);
  await jonas.label(number, "agent-ready");
  const stream = streamOf(stage, number);
  await until(stage, stream, "ISSUE_DONE");
  const products = `${stage.world.platform.environment("arcade/production")?.url}/products`;
  expect(await (await fetch(products)).text()).toContain("earl-grey");

  const before = stage.shop.headSha;
  const spoken = await personIn(stage, "maria").say(number, `/rig rollback ${"d".repeat(40)}`);
  await sees("the refusal of a commit nobody knows", async () => (await jonas.reactions(spoken)).includes("-1"));
  await personIn(stage, "maria").say(number, `/rig rollback ${before}`);
  const passing = ["ISSUE_DONE"] as const;
  const { data } = await until(stage, stream, "ROLLBACK_PROPOSED", { passing });

  const its = streamOf(stage, data.prNumber);
  const { data: watched } = await until(stage, its, "PR_WATCHED");
  expect([watched.by, watched.branch]).toEqual([stage.world.apps.rig.botLogin, `rig/rollback-${number}-${before.slice(0, 7)}`]);
  for (const name of ["rig/gates", "Test"])
    await sees(
      `${name} on it`,
      async () => (await jonas.check({ number: data.prNumber, headSha: watched.headSha }, name))?.conclusion === "success",
    );
  expect(dataOf(await stage.rig.events(its), "MERGED")).toEqual([]);
  expect(dataOf(await stage.rig.events(stream), "ROLLED_BACK")).toEqual([]);

  const { sha } = await maria("PUT", `/pulls/${data.prNumber}/merge`, { merge_method: "squash" });
  const { data: done } = await until(stage, stream, "ROLLED_BACK", { passing });
  expect([done.by, done.toSha]).toEqual(["maria", before]);
  expect(stage.world.platform.environment("arcade/production")?.sha).toBe(sha);
  expect(await (await fetch(products)).text()).not.toContain("earl-grey");
  expect(stage.world.violations()).toEqual([]);
}, 400_000);
