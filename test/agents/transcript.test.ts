import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { redactor } from "../../agents/runtime/redact.ts";
import { openReport } from "../../agents/runtime/report.ts";
import { tellTranscript } from "../../agents/runtime/tell-transcript.ts";
import { openTranscript } from "../../agents/runtime/transcript.ts";
import { type Conductor, startConductor } from "./support/conductor.ts";
import { temporary } from "./support/repository.ts";
import { CAPABILITY, RUN } from "./support/task.ts";

const place = `/api/runs/${RUN}/transcript`;
const now = () => new Date("2026-11-22T09:00:00Z");

let conductor: Conductor;
let file: string;

beforeEach(async () => {
  conductor = await startConductor({});
  file = path.join(temporary(), "transcript.jsonl");
});
afterEach(() => conductor.close());

const open = () => openTranscript(file, redactor([CAPABILITY]), now);
const tellingOf = (transcript: ReturnType<typeof open>) =>
  tellTranscript({ report: openReport(conductor.url, RUN, CAPABILITY), transcript, everyMs: 60_000 });
const told = () => conductor.heard.map(({ query, body }) => ({ from: query.from, notes: String(body).trim().split("\n").length }));

test("a note is a line of the file, without the secret in it", () => {
  open().note("tool", { text: `Bearer ${CAPABILITY}` });
  const line = readFileSync(file, "utf8");
  expect(JSON.parse(line)).toEqual({ at: "2026-11-22T09:00:00.000Z", type: "tool", text: "Bearer ***" });
});

test("a note of more than a megabyte is left out and says so", () => {
  open().note("tool", { text: "x".repeat(2_000_000) });
  expect(JSON.parse(readFileSync(file, "utf8")).text).toMatch(/^\[20000\d\d characters left out\]$/);
});

test("notes are told as they stand in the file, from the one that is wanted next", async () => {
  conductor.answers[place] = ({ query, body }: { query: Record<string, string>; body: unknown }) => ({
    next: Number(query.from) + String(body).trim().split("\n").length,
  });
  const transcript = open();
  const telling = tellingOf(transcript);
  transcript.note("user", { text: "one" });
  transcript.note("user", { text: "two" });
  await telling.finish();
  transcript.note("end", { text: "three" });
  await telling.finish();
  await telling.finish();
  telling.stop();
  expect(told()).toEqual([
    { from: "0", notes: 2 },
    { from: "2", notes: 1 },
  ]);
  expect(conductor.heard.map(({ body }) => String(body)).join("")).toBe(readFileSync(file, "utf8"));
});

test("many notes go in several calls", async () => {
  conductor.answers[place] = ({ query, body }: { query: Record<string, string>; body: unknown }) => ({
    next: Number(query.from) + String(body).trim().split("\n").length,
  });
  const transcript = open();
  for (let nth = 0; nth < 5; nth++) transcript.note("tool", { text: "y".repeat(300_000) });
  const telling = tellingOf(transcript);
  await telling.finish();
  telling.stop();
  expect(told().map(({ notes }) => notes)).toEqual([1, 1, 1, 1, 1]);
});

test("a Conductor that does not take transcripts is asked once", async () => {
  const transcript = open();
  const telling = tellingOf(transcript);
  transcript.note("user", { text: "one" });
  await telling.finish();
  await telling.finish();
  telling.stop();
  expect(conductor.heard).toHaveLength(1);
});
