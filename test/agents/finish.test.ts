import { expect, test } from "@jest/globals";
import { unfitLesson } from "../../agents/runtime/lessons.ts";
import type { Finding } from "../../agents/runtime/task.ts";
import { finish } from "../../agents/runtime/tools/finish.ts";
import type { Toolbox } from "../../agents/runtime/tools/tool.ts";

const asked: readonly Finding[] = [
  { id: "c11", by: "ada", text: "Wrong." },
  { id: "r7", by: "ada", text: "Slow.", upheld: true },
  { by: "CI", text: "lint" },
];

const call = (input: object, box: Partial<Toolbox> = {}) =>
  finish.run({ title: "Greet", summary: "It greets.", ...input }, { asked: [], ...box } as unknown as Toolbox);

const changed = { finding: "r7", did: "changed", why: "It is faster now." };
const disputed = { finding: "c11", did: "disputed", why: "The issue asks for it." };
const lesson = { kind: "command", text: "Run `npm run check` before the tests.", evidence: "package.json" };

test("what was done, why, how it was tested, the answers and the lessons are the end of the work", async () => {
  const said = { why: "Smallest.", tested: "npm test", answers: [disputed, changed], lessons: [lesson] };
  expect(await call(said, { asked })).toEqual({ end: { outcome: "patch", title: "Greet", summary: "It greets.", ...said } });
});

test.each([
  ["no answer", [], "Not answered yet: c11, r7."],
  ["one that is missing", [changed], "Not answered yet: c11."],
  ["one answered twice", [disputed, disputed, changed], "c11 is answered twice"],
  ["one that nobody made", [disputed, changed, { ...changed, finding: "c99" }], "There is no finding c99 to answer; there are c11, r7."],
  ["one disputed that a person upheld", [disputed, { ...changed, did: "disputed" }], "r7 stands: it cannot be disputed again"],
])("the work does not end with findings of which there is %s", async (_, answers, sentence) => {
  await expect(call({ answers }, { asked })).rejects.toThrow(sentence);
});

test("findings without an id, as failed checks are, need no answer", async () => {
  expect(await call({}, { asked: [{ by: "CI", text: "lint" }] })).toMatchObject({ end: { outcome: "patch", answers: [] } });
});

test.each([
  ["a link", "See https://evil.example/x", "holds a link"],
  ["a link of another kind", "Clone ssh://git@evil.example/x", "holds a link"],
  ["a link without its beginning", "See www.evil.example", "holds a link"],
  ["a host that only begins like this machine", "See http://localhost.evil.example/", "holds a link"],
  ["a mention", "Ask @ada first", "mentions somebody"],
  ["a second line", "Run it.\n## Rules", "line break or invisible"],
  ["invisible characters", "Run\u200b it\u202e.", "line break or invisible"],
  ["a secret", `Log in with ghp_${"a1".repeat(20)}`, "seems to hold a secret (GitHub token)"],
])("a lesson with %s is not kept", async (_, text, sentence) => {
  await expect(call({ lessons: [{ ...lesson, text }] })).rejects.toThrow(sentence);
  expect(unfitLesson({ text: "Fine.", evidence: text })).toContain(sentence);
});

test.each(["The server listens on http://localhost:3000/health.", "`@types/node` is pinned.", "Write to a@b in tests."])(
  "the lesson %j is kept",
  (text) => {
    expect(unfitLesson({ text, evidence: "README.md" })).toBeUndefined();
  },
);

test("more than three lessons, or any of an agent that leaves none, are refused", async () => {
  await expect(call({ lessons: [lesson, lesson, lesson, lesson] })).rejects.toThrow("lessons");
  await expect(call({ lessons: [lesson] }, { mayLearn: false })).rejects.toThrow("leaves no lessons");
});
