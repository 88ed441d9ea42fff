/** A person's pull request, from its first commit to production. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { coordinate } from "../../app/coordinate.ts";
import { IssueNumber, issueStream, RepositoryId, type Subject } from "../../app/domain/ids.ts";
import { jobsFor } from "../../app/hear.ts";
import { sync } from "../../app/sync.ts";
import { asUser } from "../world/github/as-user.ts";
import { type InProcess, openInProcess } from "./in-process.ts";

let rig: InProcess;
beforeAll(async () => {
  rig = await openInProcess({ webhookUrl: "http://127.0.0.1:9/" });
  rig.github.deliveries.drop(() => true, Number.POSITIVE_INFINITY);
}, 180_000);
afterAll(async () => rig?.close());

const place = { owner: "acme", repo: "shop" };

test("what a person merges is followed to production: heard at once, found by the five-minute pass, said once, and nothing else is done", async () => {
  const { id } = await rig.github.createRepository({
    ...{ owner: "acme", name: "shop", private: true, collaborators: { maria: "admin" } },
    files: {
      "README.md": "Shop.\n",
      ".github/rig.yml": "deploy:\n  production:\n    workflow: deploy.yml\n    verify:\n      - url: http://127.0.0.1:9/\n",
    },
  });
  rig.github.install(rig.app.id, "acme", ["shop"]);
  const conductor = rig.begin();
  await coordinate(conductor);
  const maria = asUser(rig.github, rig.maria.token).rest;
  await rig.github.pushFiles({ repository: "acme/shop", branch: "tip", files: { "tip.txt": "A tip.\n" }, message: "Tip", author: "maria" });
  const { data: pr } = await maria.pulls.create({ ...place, title: "Tip", head: "tip", base: "main" });

  const subject: Subject = {
    ...{ kind: "pull_request", stream: issueStream("acme", "shop", pr.number), installationId: 0, owner: "acme", repo: "shop" },
    ...{ repositoryId: RepositoryId.parse(id), number: IssueNumber.parse(pr.number) },
  };
  const look = () => sync(conductor, subject, "test");
  const history = async () => (await rig.store.readStream(subject.stream)).filter(({ type }) => !type.startsWith("HUMAN_GATE"));
  const looksFor = async () => (await jobsFor(conductor, [{ repositoryId: id, at: { releases: true } }], "test")).map(({ key }) => key);
  await look();
  const [watched] = await history();
  const { data: commits } = await maria.pulls.listCommits({ ...place, pull_number: pr.number });
  const committed = new Date(commits[0]?.commit.committer?.date ?? "").toISOString();
  expect(watched).toMatchObject({ type: "PR_WATCHED", data: { by: "maria", firstCommitAt: committed } });
  expect(await looksFor()).toEqual([]);

  await maria.pulls.merge({ ...place, pull_number: pr.number });
  await look();
  expect((await history()).map(({ type }) => type)).toEqual(["PR_WATCHED", "MERGED"]);
  expect(await looksFor()).toEqual([`sync:${subject.stream}`]);
  await rig.pool.query("select graphile_worker.remove_job($1)", [`sync:${subject.stream}`]);
  await coordinate(conductor);
  const { rows } = await rig.pool.query("select from graphile_worker.jobs where key = $1", [`sync:${subject.stream}`]);
  expect(rows).toHaveLength(1);

  const { data: deployment } = await maria.repos.createDeployment({
    ...place,
    ref: "main",
    environment: "production",
    required_contexts: [],
    auto_merge: false,
  });
  if (!("id" in deployment)) throw new Error("No deployment was made.");
  await look();
  expect((await history()).map(({ type }) => type)).toEqual(["PR_WATCHED", "MERGED"]);
  await maria.repos.createDeploymentStatus({ ...place, deployment_id: deployment.id, state: "success" });
  await look();
  await look();
  expect((await history()).at(-1)).toMatchObject({ type: "DEPLOYED_PRODUCTION", data: { deploymentId: deployment.id } });
  expect((await history()).map(({ type }) => type)).toEqual(["PR_WATCHED", "MERGED", "DEPLOYED_PRODUCTION"]);
  expect(await rig.store.issueByStream(subject.stream)).toMatchObject({ state: "done" });
  expect(await looksFor()).toEqual([]);
  expect((await rig.store.effectsOf(subject.stream)).filter(({ kind }) => ["DEPLOY", "SMOKE", "NOTIFY", "COMMENT"].includes(kind))).toEqual(
    [],
  );
});
