/** What an audit looks for. A code never changes its meaning and is never used again; programs and runbooks rely on them. */
import { z } from "zod";
import { callsOf, type Facts, notesOf, own } from "./facts.ts";

export type Severity = "error" | "warning" | "notice";

export interface Code {
  readonly code: `A${number}`;
  readonly severity: Severity;
  /** What a finding means, for the page of codes. */
  readonly means: string;
  /** What it stands on, one sentence each; empty: nothing found. */
  readonly look: (facts: Facts) => readonly string[];
}

const Limits = z.looseObject({ limits: z.object({ usd: z.number(), turns: z.number(), minutes: z.number() }) });
const Tool = z.looseObject({ name: z.string(), isError: z.boolean() });
const End = z.looseObject({ summary: z.string().optional(), tested: z.string().optional() });

const one = (found: boolean, sentence: string): readonly string[] => (found ? [sentence] : []);

const finished = (facts: Facts) => own(facts, "RUN_FINISHED").at(-1)?.data;

const MASK = "***";
/** Looks for credentials, in the words that find them. */
const PROBES =
  /\/proc\/[^"\s]{0,40}environ|\bprintenv\b|(?:^|[\s;&|"])env(?:\s*$|\s*[|>"\\])|\.netrc|\.git-credentials|\.ssh\/|\.aws\/|169\.254\.169\.254|metadata\.google/;
const CLAIMS = /\b(?:all )?tests? (?:now )?pass(?:es|ed)?\b/i;

export const codes: readonly Code[] = [
  {
    code: "A101",
    severity: "warning",
    means: "A rule stopped something that the run tried.",
    look: (facts) => own(facts, "GUARD_BLOCKED").map(({ data }) => `${String(data.rule)}: ${String(data.detail)}`),
  },
  {
    code: "A102",
    severity: "error",
    means: "The agent's commands ran without a sandbox, as the operator allowed by name.",
    look: (facts) =>
      one(
        notesOf(facts, "sandbox").some(({ kind }) => String(kind).startsWith("none")),
        "The sandbox of the run was: none.",
      ),
  },
  {
    code: "A103",
    severity: "warning",
    means: "The agent looked where credentials are kept.",
    look: (facts) =>
      callsOf(facts)
        .filter(({ name, input }) => name !== "finish" && PROBES.test(input))
        .map(({ nth, name, input }) => `Note ${nth}, ${name}: ${input.slice(0, 200)}`),
  },
  {
    code: "A104",
    severity: "warning",
    means: "Something that is, or looks like, a secret stood in the transcript and was masked.",
    look: (facts) =>
      facts.notes
        .filter((note) => JSON.stringify(note).includes(MASK))
        .map(({ nth, type }) => `Note ${nth} (${type}) holds a masked value.`),
  },
  {
    code: "A201",
    severity: "warning",
    means: "The run left a change although the project's tests fail on it.",
    look: (facts) => {
      const { outcome, testsExitCode } = finished(facts) ?? {};
      return one(outcome === "patch" && Number(testsExitCode ?? 0) !== 0, `The tests ended with ${testsExitCode}.`);
    },
  },
  {
    code: "A202",
    severity: "notice",
    means: "The run left a change on which nobody ran the project's tests: the repository names no test command.",
    look: (facts) => {
      const { outcome, testsExitCode } = finished(facts) ?? {};
      return one(outcome === "patch" && testsExitCode === undefined, "No test command was run by the runtime.");
    },
  },
  {
    code: "A203",
    severity: "error",
    means: "The agent says that the tests pass, and the runtime measured that they fail.",
    look: (facts) => {
      const words = notesOf(facts, "end").map((note) => End.safeParse(note).data);
      const claim = words.map((end) => `${end?.tested ?? ""} ${end?.summary ?? ""}`).find((text) => CLAIMS.test(text));
      const { testsExitCode } = finished(facts) ?? {};
      return one(
        claim !== undefined && Number(testsExitCode ?? 0) !== 0,
        `It says "${claim?.trim().slice(0, 200)}"; they ended with ${testsExitCode}.`,
      );
    },
  },
  {
    code: "A301",
    severity: "warning",
    means: "The run ended without what it was asked for.",
    look: (facts) => {
      const { outcome, summary } = finished(facts) ?? {};
      const ended = outcome === undefined || ["patch", "review", "question"].includes(String(outcome));
      return one(!ended, `It ended with ${outcome}${summary ? `: ${summary}` : "."}`);
    },
  },
  {
    code: "A302",
    severity: "error",
    means: "The run began and never said how it ended.",
    look: (facts) => {
      const over = facts.run.fenced || own(facts, "AGENT_STUCK").length > 0;
      return one(facts.run.startedAt !== null && facts.run.finishedAt === null && over, "It was given up without a report of its own.");
    },
  },
  {
    code: "A303",
    severity: "notice",
    means: "More than a third of the tool calls failed.",
    look: (facts) => {
      const answers = notesOf(facts, "tool").flatMap((note) => Tool.safeParse(note).data ?? []);
      const failed = answers.filter(({ isError }) => isError).length;
      return one(answers.length >= 6 && failed * 3 > answers.length, `${failed} of ${answers.length} calls failed.`);
    },
  },
  {
    code: "A401",
    severity: "notice",
    means: "The run used more than four fifths of its dollars or turns.",
    look: (facts) => {
      const limits = notesOf(facts, "task").flatMap((note) => Limits.safeParse(note).data?.limits ?? [])[0];
      if (!limits) return [];
      const turns = notesOf(facts, "assistant").length;
      return [
        ...one(facts.run.usd > limits.usd * 0.8, `It cost $${facts.run.usd.toFixed(2)} of $${limits.usd}.`),
        ...one(turns > limits.turns * 0.8, `It took ${turns} of ${limits.turns} turns.`),
      ];
    },
  },
  {
    code: "A402",
    severity: "notice",
    means: "Less than half of what a long run sent to the model came from the cache: it cost more than it had to.",
    look: (facts) => {
      const { input, cacheRead, cacheWrite } = facts.run.tokens;
      const all = input + cacheRead + cacheWrite;
      return one(
        notesOf(facts, "assistant").length >= 10 && cacheRead * 2 < all,
        `${cacheRead} of ${all} input tokens came from the cache.`,
      );
    },
  },
  {
    code: "A501",
    severity: "notice",
    means: "Something newer took the run's place; what it said after that changed nothing.",
    look: (facts) => one(facts.run.fenced, "The run is fenced."),
  },
  {
    code: "A502",
    severity: "warning",
    means: "The transcript is not whole, so the audit may have missed something.",
    look: (facts) => {
      if (facts.run.startedAt === null) return [];
      if (facts.notes.length === 0) return ["There is no transcript: it was never told, or it is older than ninety days."];
      return one(facts.run.finishedAt !== null && notesOf(facts, "end").length === 0, "The transcript has no end.");
    },
  },
];
