import { expect, test } from "@jest/globals";
import { conductor, type Recorded, type Said } from "../../app/domain/envelope.ts";
import { repositoryOf } from "../../app/domain/repository.ts";
import { lessonsOf, MOST_STANDING } from "../../app/rules/repository/lessons.ts";
import { agentId, at, merged, opened, requested, runId, said, scene } from "./stage.ts";

const issue = scene({ history: [] }).subject.number;

const recorded = (events: readonly Said[]): readonly Recorded[] =>
  events.map(
    (event, index) =>
      ({
        ...event,
        ...{ id: `e${index}`, stream: "s", version: index + 1, position: index + 1, schemaVersion: 1, actor: conductor },
        ...{ occurredAt: at(index), recordedAt: at(index), causationId: "c", correlationId: "s" },
      }) as unknown as Recorded,
  );

const lesson = (text: string) => ({ kind: "pitfall" as const, text, evidence: "npm test" });
const noted = (n: number, ...texts: readonly string[]) =>
  said("RUN_FINISHED", {
    ...{ runId: runId(n), outcome: "patch", usd: 1, tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }, turns: 1, minutes: 1 },
    lessons: texts.map(lesson),
  });
const learned = (nth: number, text: string) =>
  said("LESSON_LEARNED", { id: `L${nth}`, ...lesson(text), runId: runId(90 + nth), agent: "dev-e-2", issue });
const forgotten = (id: string, by?: string) => said("LESSON_FORGOTTEN", { id, ...(by ? { by } : {}) });

const told = (repository: readonly Said[], history: readonly Said[]) =>
  lessonsOf(repositoryOf("repo/acme/shop", recorded(repository)), recorded(history), issue);

const inPullRequest: readonly Said[] = [requested("implement", 1), noted(1, "Build first."), opened];

test("what a run noted is learned when its change is merged, and not before", () => {
  expect(told([], inPullRequest)).toEqual([]);
  expect(told([], [...inPullRequest, merged])).toEqual([
    { type: "LESSON_LEARNED", data: { id: "L1", ...lesson("Build first."), runId: runId(1), agent: agentId, issue } },
  ]);
});

test("said again, it is learned once", () => {
  const [first] = told([], [...inPullRequest, merged]);
  expect(told([first as Said], [...inPullRequest, merged])).toEqual([]);
});

test("an attempt that came to nothing teaches nothing, though another one was merged", () => {
  const failed = requested("implement", 2);
  const elsewhere = { ...failed, data: { ...failed.data, branch: "rig/12-other-1" } } as Said;
  expect(told([], [elsewhere, noted(2, "Trust every comment."), ...inPullRequest, merged])).toHaveLength(1);
});

test("what stands already, however it is written, and what a person took away are not learned again", () => {
  const history = [requested("implement", 1), noted(1, "BUILD  first!", "Ask Ada.", "New."), opened, merged];
  const events = told([learned(1, "Build first."), learned(2, "Ask Ada."), forgotten("L2", "ada")], history);
  expect(events.map(({ data }) => data)).toEqual([expect.objectContaining({ id: "L3", text: "New." })]);
});

test("what only made room may be learned again", () => {
  const events = told([learned(1, "Build first."), forgotten("L1")], [...inPullRequest, merged]);
  expect(events).toEqual([expect.objectContaining({ type: "LESSON_LEARNED" })]);
});

test("a repository remembers fifty, and the oldest makes room", () => {
  const full = Array.from({ length: MOST_STANDING }, (_, n) => learned(n + 1, `Number ${n + 1}.`));
  const events = told(full, [...inPullRequest, merged]);
  expect(events.map(({ type, data }) => [type, data.id])).toEqual([
    ["LESSON_LEARNED", "L51"],
    ["LESSON_FORGOTTEN", "L1"],
  ]);
  expect(repositoryOf("repo/acme/shop", recorded([...full, ...events])).lessons).toHaveLength(MOST_STANDING);
});

test("what a person takes away on an issue is forgotten once", () => {
  const history = [forgotten("L1", "ada"), forgotten("L1", "ada"), forgotten("L9", "ada")];
  expect(told([learned(1, "Build first.")], history)).toEqual([{ type: "LESSON_FORGOTTEN", data: { id: "L1", by: "ada" } }]);
  expect(told([learned(1, "Build first."), forgotten("L1", "ada")], history)).toEqual([]);
});
