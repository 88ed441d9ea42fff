import { z } from "zod";
import { unfitLesson } from "../lessons.ts";
import { FindingAnswer, Lesson, MOST_LESSONS } from "../outcome.ts";
import type { Finding } from "../task.ts";
import { tool } from "./tool.ts";

export const finish = tool(
  "Ends your work: everything changed in the workspace becomes one commit. Call it when the task is done and the tests pass.",
  z.strictObject({
    title: z.string().min(1).max(72).describe("Of the commit and the pull request: imperative, what it does."),
    summary: z.string().min(1).max(5_000).describe("What you changed, for the person who reviews it."),
    why: z.string().min(1).max(3_000).optional().describe("Why it is right this way, and what you decided against."),
    tested: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe("What you ran and saw. The project's own test command is run once more after you."),
    answers: z
      .array(z.strictObject({ ...FindingAnswer.shape, why: z.string().min(1).max(2_000) }))
      .default([])
      .describe(
        "One for each finding that has an id: `changed` and what you did, or `disputed`, the code left as it is, and why the finding is wrong.",
      ),
    lessons: z
      .array(Lesson)
      .max(MOST_LESSONS)
      .default([])
      .describe("What you found out about this repository that the next run should know and cannot see at a glance. Mostly none."),
  }),
  ({ title, summary, why, tested, answers, lessons }, { asked, mayLearn = true }) => {
    requireAnswers(answers, asked);
    requireFit(lessons, mayLearn);
    return {
      end: {
        outcome: "patch",
        title,
        summary,
        ...(why === undefined ? {} : { why }),
        ...(tested === undefined ? {} : { tested }),
        answers,
        lessons,
      },
    };
  },
);

/** Each finding that has an id is answered exactly once, and what a person upheld is not disputed again. */
function requireAnswers(answers: readonly FindingAnswer[], asked: readonly Finding[]): void {
  const wanted = new Map(asked.flatMap((finding) => (finding.id === undefined ? [] : [[finding.id, finding] as const])));
  const given = new Set<string>();
  for (const { finding, did } of answers) {
    const of = wanted.get(finding);
    if (!of) throw new Error(`There is no finding ${finding} to answer; there ${listed([...wanted.keys()])}.`);
    if (given.has(finding)) throw new Error(`The finding ${finding} is answered twice: answer it once.`);
    if (of.upheld && did === "disputed")
      throw new Error(`A person decided that the finding ${finding} stands: it cannot be disputed again. Change what it asks for.`);
    given.add(finding);
  }
  const missing = [...wanted.keys()].filter((id) => !given.has(id));
  if (missing.length > 0)
    throw new Error(
      `Not answered yet: ${missing.join(", ")}. Put one answer for each into \`answers\`, \`changed\` or \`disputed\`, with why.`,
    );
}

function requireFit(lessons: readonly Lesson[], mayLearn: boolean): void {
  if (lessons.length > 0 && !mayLearn) throw new Error("This agent leaves no lessons: call it again without `lessons`.");
  for (const lesson of lessons) {
    const unfit = unfitLesson(lesson);
    if (unfit) throw new Error(`The lesson ${JSON.stringify(lesson.text.slice(0, 60))} cannot be kept. ${unfit}`);
  }
}

const listed = (ids: readonly string[]): string => (ids.length === 0 ? "is none with an id" : `are ${ids.join(", ")}`);
