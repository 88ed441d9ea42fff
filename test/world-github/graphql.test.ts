import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type SmallWorld, smallWorld, till } from "./small-world.ts";

let world: SmallWorld;

beforeAll(async () => {
  world = await smallWorld({}, { private: true });
});
afterAll(() => world.close());

const edits = `query ($number: Int!) {
  repository(owner: "ann", name: "till") {
    issue(number: $number) { lastEditedAt editor { __typename login ... on User { databaseId } } }
  }
}`;

const open = async () => (await world.ann.rest.issues.create({ ...till, title: "One", body: "first" })).data.number;
const errorsOf = async (query: string, by = world.ann) => {
  const { data } = await by.request("POST /graphql", { query });
  return (data as { errors: { type?: string; message: string }[] }).errors;
};

test("an issue whose text nobody edited has no editor", async () => {
  const number = await open();
  await world.ann.rest.issues.update({ ...till, issue_number: number, title: "Two" });
  const app = await world.asApp({ permissions: { issues: "read" } });
  expect(await app.graphql(edits, { number })).toEqual({ repository: { issue: { lastEditedAt: null, editor: null } } });
});

test("an edit of the text by another person names them and the time", async () => {
  const number = await open();
  const { data } = await world.bob.rest.issues.update({ ...till, issue_number: number, body: "second" });
  const app = await world.asApp({ permissions: { issues: "read" } });
  expect(await app.graphql(edits, { number })).toEqual({
    repository: {
      issue: { lastEditedAt: data.updated_at, editor: { __typename: "User", login: "bob", databaseId: world.people.bob.id } },
    },
  });
});

test("a bot is named without its suffix, and is no user", async () => {
  const number = await open();
  const app = await world.asApp();
  await app.rest.issues.update({ ...till, issue_number: number, body: "by the App" });
  expect(await app.graphql(edits, { number })).toMatchObject({ repository: { issue: { editor: { __typename: "Bot", login: "rig" } } } });
});

test("a field GitHub does not have is an error as GitHub words it", async () => {
  expect(await errorsOf('{ repository(owner: "ann", name: "till") { flavour } }')).toMatchObject([
    {
      message: "Field 'flavour' doesn't exist on type 'Repository'",
      extensions: { code: "undefinedField", typeName: "Repository", fieldName: "flavour" },
    },
  ]);
  expect(await errorsOf("{ repository(")).toMatchObject([{ message: expect.stringContaining("Syntax Error") }]);
});

test("a field this GitHub cannot tell is an error, not null", async () => {
  expect(await errorsOf('{ repository(owner: "ann", name: "till") { forkCount } }')).toMatchObject([
    { message: expect.stringContaining("Repository.forkCount") },
  ]);
});

test("what is not there, or not for the caller, is said by type", async () => {
  const missing = await errorsOf('{ repository(owner: "ann", name: "till") { issue(number: 99) { title } } }');
  expect(missing).toMatchObject([{ type: "NOT_FOUND", message: "Could not resolve to an Issue with the number of 99." }]);
  const hidden = await errorsOf('{ repository(owner: "ann", name: "till") { id } }', world.eve);
  expect(hidden).toMatchObject([{ type: "NOT_FOUND", message: "Could not resolve to a Repository with the name 'ann/till'." }]);
  const unread = await world.asApp({ permissions: { contents: "read" } });
  expect(await errorsOf('{ repository(owner: "ann", name: "till") { issue(number: 1) { title } } }', unread)).toMatchObject([
    { type: "FORBIDDEN", message: "Resource not accessible by integration" },
  ]);
});

test("nobody asks without a token", async () => {
  const answer = await fetch(`${world.github.origin}/api/graphql`, {
    method: "POST",
    body: JSON.stringify({ query: "{ viewer { login } }" }),
  });
  expect(answer.status).toBe(401);
});

test("a question is no write, and is counted apart", async () => {
  const [writes, counted] = [world.github.writes.length, world.github.calls.countedGraphql()];
  await world.ann.graphql(edits, { number: 1 });
  expect([world.github.writes.length, world.github.calls.countedGraphql()]).toEqual([writes, counted + 1]);
});

test("all of it agrees with GitHub's own description", async () => {
  await world.github.deliveries.settled();
  expect([world.github.violations, world.github.unknownRoutes]).toEqual([[], []]);
});
