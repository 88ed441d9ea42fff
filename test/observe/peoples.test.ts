/** What of a person's pull request says whether Review-E reads it: asked of GitHub, at this moment (R1). */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Sha } from "../../app/domain/ids.ts";
import { type Issue, newIssue } from "../../app/domain/issue.ts";
import { defaultPolicy } from "../../app/domain/policy.ts";
import { observePullRequest } from "../../app/observe/pull-request.ts";
import { type SmallWorld, smallWorld, till } from "../world-github/small-world.ts";
import { readerOf } from "./support/trees.ts";

let world: SmallWorld;
let nth = 0;
beforeAll(async () => {
  world = await smallWorld();
});
afterAll(() => world.close());

async function opened(by: Pick<SmallWorld["bob"], "rest"> = world.bob) {
  const branch = `change-${++nth}`;
  await world.push(branch);
  return (await by.rest.pulls.create({ ...till, title: branch, head: branch, base: "main" })).data;
}

async function seen(number: number, issue: Issue = newIssue) {
  const { data } = await world.bob.rest.repos.getBranch({ ...till, branch: "main" });
  const standing = { issue, policy: defaultPolicy, defaultBranch: { name: "main", sha: data.commit.sha } };
  const identities = { rig: 1, rigAppId: 1, review: 2 };
  const subject = { kind: "pull_request" as const, number: number as never };
  return observePullRequest(readerOf(world), subject, { ...standing, identities });
}
const label = (by: Pick<SmallWorld["bob"], "rest">, number: number, name = "rig:review") =>
  by.rest.issues.addLabels({ ...till, issue_number: number, labels: [name] });

test("whoever may write and put the label on is admitted, whoever may only triage is not, and a bot never is", async () => {
  const { number } = await opened();
  expect(await seen(number)).not.toHaveProperty("reviewLabel");
  await label(world.tia, number, "Rig:Review");
  expect((await seen(number))?.reviewLabel).toMatchObject({ by: "tia", verdict: "refused" });
  await world.bob.rest.issues.removeLabel({ ...till, issue_number: number, name: "rig:review" });
  await label(await world.asApp(), number);
  expect((await seen(number))?.reviewLabel).toMatchObject({ by: "rig[bot]", verdict: "refused" });
  await world.bob.rest.issues.removeLabel({ ...till, issue_number: number, name: "rig:review" });
  await label(world.bob, number);
  expect((await seen(number))?.reviewLabel).toMatchObject({ by: "bob", byId: world.people.bob.id, verdict: "admitted" });
});

test("who lost the right to write since is refused, and while GitHub does not say it is undecided", async () => {
  const { number } = await opened();
  await label(world.bob, number);
  world.github.faults.next({ method: "GET", path: /\/collaborators\/bob\/permission$/, kind: "502", times: 10 });
  expect((await seen(number))?.reviewLabel).toMatchObject({ verdict: "undecided" });
  world.github.faults.clear();
  world.github.setCollaborator("ann/till", "bob", "read");
  expect((await seen(number))?.reviewLabel).toMatchObject({ verdict: "refused" });
  world.github.setCollaborator("ann/till", "bob", "write");
});

test("of a head that was read nobody asks who wanted it", async () => {
  const { number, head } = await opened();
  await label(world.bob, number);
  const review = { headSha: Sha.parse(head.sha), since: new Date(), result: "passed", findings: [] } as const;
  expect(await seen(number, { ...newIssue, review })).not.toHaveProperty("reviewLabel");
});

test("a fork's head and a bot's authorship show, and of a person's own branch neither", async () => {
  const own = await opened();
  const plain = await seen(own.number);
  expect(plain).not.toHaveProperty("fork");
  expect(plain?.author).toEqual({ login: "bob", id: world.people.bob.id });
  await world.github.createRepository({ owner: "eve", name: "till", files: { "README.md": "# Till\n" } });
  world.github.comesFrom("ann/till", own.number, "eve/till");
  expect(await seen(own.number)).toMatchObject({ fork: true });
  const { number } = await opened(await world.asApp());
  expect((await seen(number))?.author).toMatchObject({ login: "rig[bot]", bot: true });
});
