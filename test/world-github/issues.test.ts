import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, till } from "./small-world.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld();
});
afterAll(() => world.close());

const open = async (title: string, body = "") => ({
  ...till,
  issue_number: (await world.ann.rest.issues.create({ ...till, title, body })).data.number,
});

test("the timeline says who set a label and when", async () => {
  const issue = await open("Labelled");
  await world.tia.rest.issues.addLabels({ ...issue, labels: ["agent-ready"] });
  await world.tia.rest.issues.addLabels({ ...issue, labels: ["AGENT-READY"] });
  await world.ann.rest.issues.removeLabel({ ...issue, name: "agent-ready" });
  const { data } = await world.ann.rest.issues.listEventsForTimeline(issue);
  const acts = data.map((act) => ("actor" in act && "label" in act ? [act.event, act.actor?.login, act.label.name] : []));
  expect(acts).toEqual([
    ["labeled", "tia", "agent-ready"],
    ["unlabeled", "ann", "agent-ready"],
  ]);
});

test("an edit of title or body is told with what it was before", async () => {
  const issue = await open("Before", "old");
  await world.bob.rest.issues.update({ ...issue, title: "After", body: "new" });
  await world.github.deliveries.settled();
  const edited = world.receiver.received.find(({ event, payload }) => event === "issues" && payload.action === "edited");
  expect(edited?.payload).toMatchObject({ changes: { title: { from: "Before" }, body: { from: "old" } }, sender: { login: "bob" } });
});

test("an issue is closed with a reason and reopened", async () => {
  const issue = await open("Closed");
  await world.ann.rest.issues.update({ ...issue, state: "closed", state_reason: "not_planned" });
  expect((await world.ann.rest.issues.get(issue)).data).toMatchObject({
    state: "closed",
    state_reason: "not_planned",
    closed_by: { login: "ann" },
  });
  await world.ann.rest.issues.update({ ...issue, state: "open" });
  expect((await world.ann.rest.issues.get(issue)).data).toMatchObject({ state: "open", closed_at: null, state_reason: "reopened" });
  const { data } = await world.ann.rest.issues.listEvents(issue);
  expect(data.map(({ event }) => event)).toEqual(["closed", "reopened"]);
});

test("issues are found by label and state, pull requests among them", async () => {
  const issue = await open("Findable");
  await world.tia.rest.issues.addLabels({ ...issue, labels: ["Needle"] });
  await world.push("found");
  const pull = (await world.bob.rest.pulls.create({ ...till, title: "Found", head: "found", base: "main" })).data;
  await world.bob.rest.issues.addLabels({ ...till, issue_number: pull.number, labels: ["needle"] });
  const { data } = await world.ann.rest.issues.listForRepo({ ...till, labels: "needle" });
  expect(data.map(({ number, pull_request }) => [number, pull_request !== undefined])).toEqual([
    [pull.number, true],
    [issue.issue_number, false],
  ]);
  await world.github.deliveries.settled();
  expect(world.receiver.names()).toContain("pull_request.labeled");
});

test("the permission for pull requests opens issue endpoints only on pull requests", async () => {
  const issue = await open("Not a pull request");
  await world.push("also");
  const pull = (await world.bob.rest.pulls.create({ ...till, title: "Also", head: "also", base: "main" })).data;
  const app = await world.asApp({ permissions: { pull_requests: "write" } });
  await expect(app.rest.issues.createComment({ ...issue, body: "x" })).rejects.toMatchObject({ status: 403 });
  await expect(app.rest.issues.createComment({ ...till, issue_number: pull.number, body: "x" })).resolves.toMatchObject({ status: 201 });
});

test("a reaction counts once per person", async () => {
  const issue = await open("Reacted");
  const { id: comment_id } = (await world.ann.rest.issues.createComment({ ...issue, body: "/rig status" })).data;
  const app = await world.asApp();
  const statuses = [];
  for (let n = 0; n < 2; n += 1)
    statuses.push((await app.rest.reactions.createForIssueComment({ ...till, comment_id, content: "eyes" })).status);
  expect(statuses).toEqual([201, 200]);
  expect((await world.ann.rest.issues.getComment({ ...till, comment_id })).data.reactions).toMatchObject({ eyes: 1, total_count: 1 });
});

test("an edited comment is told as edited, under its author's name and by the editor", async () => {
  const issue = await open("Commented");
  const { id: comment_id } = (await world.ann.rest.issues.createComment({ ...issue, body: "first" })).data;
  await world.bob.rest.issues.updateComment({ ...till, comment_id, body: "/rig approve" });
  await world.github.deliveries.settled();
  const told = world.receiver.received.find(({ event, payload }) => event === "issue_comment" && payload.action === "edited");
  expect(told?.payload).toMatchObject({
    comment: { user: { login: "ann" }, body: "/rig approve" },
    changes: { body: { from: "first" } },
    sender: { login: "bob" },
  });
});

test("an unknown owner in CODEOWNERS is an error on its line", async () => {
  await world.github.pushFiles({
    repository: "ann/till",
    branch: "main",
    author: "ann",
    message: "Owners",
    files: { ".github/CODEOWNERS": "# who\n*.ts @bob\n/db/ @nobody @rob\n" },
  });
  const { errors } = (await world.ann.rest.repos.codeownersErrors(till)).data;
  expect(errors.map(({ line, column, kind, path }) => ({ line, column, kind, path }))).toEqual([
    { line: 3, column: 6, kind: "Unknown owner", path: ".github/CODEOWNERS" },
    { line: 3, column: 14, kind: "Unknown owner", path: ".github/CODEOWNERS" },
  ]);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect(world.github.violations).toEqual([]);
});
