import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hashOf } from "../../app/door/capability.ts";
import { askForRun, type Stand, startStand } from "./stand.ts";

const key = "sk-the-key-of-the-app-0123456789";
let stand: Stand;
let next = 700;

beforeAll(async () => {
  stand = await startStand({ deps: { redact: (text) => text.replaceAll(key, "***") } });
});
afterAll(() => stand.close());

async function claimed() {
  const number = next++;
  const runId = await askForRun(stand, number);
  const capability = `cap_${number}_0123456789012345678901234567890`;
  await stand.store.claimRun({
    ...{ runId, workflowRunId: number, attempt: 1, url: "https://github.example/1", capabilityHash: hashOf(capability) },
    expiresAt: new Date(Date.now() + 60_000),
  });
  const tell = async (from: number | string, lines: readonly string[], bearer = capability, id: string = runId) => {
    const answer = await fetch(`${stand.url}/api/runs/${id}/transcript?from=${from}`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/octet-stream" },
      body: lines.map((line) => `${line}\n`).join(""),
    });
    return { status: answer.status, body: (await answer.json()) as { next?: number; detail?: string } };
  };
  const kept = async () => (await stand.store.transcript(runId, 0, 100)).map(({ note }) => note);
  return { runId, tell, kept };
}

const note = (text: string) => JSON.stringify({ type: "user", text });

test("notes are kept in order, once each, however often they are told", async () => {
  const { tell, kept } = await claimed();
  expect(await tell(0, [note("a"), note("b")])).toEqual({ status: 202, body: { next: 2 } });
  expect(await tell(0, [note("a"), note("b")])).toEqual({ status: 202, body: { next: 2 } });
  expect(await tell(1, [note("b"), note("c")])).toEqual({ status: 202, body: { next: 3 } });
  expect(await kept()).toEqual([note("a"), note("b"), note("c")]);
});

test("notes that came at once from two calls leave no gap", async () => {
  const { tell, kept } = await claimed();
  await Promise.all([tell(0, [note("a"), note("b")]), tell(0, [note("a"), note("b"), note("c")])]);
  expect(await kept()).toEqual([note("a"), note("b"), note("c")]);
});

test("who leaves notes out is told which one is wanted", async () => {
  const { tell, kept } = await claimed();
  expect(await tell(5, [note("f")])).toEqual({ status: 202, body: { next: 0 } });
  expect(await kept()).toEqual([]);
});

test("the app's own secrets are masked", async () => {
  const { tell, kept } = await claimed();
  await tell(0, [note(`it is ${key}`)]);
  expect(await kept()).toEqual([note("it is ***")]);
});

test.each([
  ["a line that is no JSON", ["nonsense"], 400, "Note 0 is not a JSON object on one line."],
  ["a list", ["[]"], 400, "Note 0 is not a JSON object on one line."],
])("%s is refused", async (_, lines, status, detail) => {
  const { tell, kept } = await claimed();
  expect(await tell(0, lines)).toMatchObject({ status, body: { detail } });
  expect(await kept()).toEqual([]);
});

test("a run speaks for itself only, and with its own bearer", async () => {
  const [one, another] = [await claimed(), await claimed()];
  expect((await one.tell(0, [note("a")], undefined, another.runId)).status).toBe(403);
  expect((await one.tell(0, [note("a")], "cap_of_nobody")).status).toBe(401);
  expect((await one.tell("x", [note("a")])).status).toBe(400);
  expect([...(await one.kept()), ...(await another.kept())]).toEqual([]);
});
