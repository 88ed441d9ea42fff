import { z } from "zod";
import { MOST_QUESTION } from "../outcome.ts";
import { tool } from "./tool.ts";

const MOST_OPTIONS = 6;

export const ask = tool(
  "Ends your work with a question to the people who handed it over. What is in the workspace is kept, and a later run goes on with it and their answer. Ask only what decides how the work is done and what neither the issue nor the repository answers.",
  z.strictObject({
    question: z.string().trim().min(1).max(1_500).describe("One question, understandable without knowing what you did."),
    options: z
      .array(z.string().trim().min(1).max(200))
      .max(MOST_OPTIONS)
      .optional()
      .describe("The answers you see, the one you would take first."),
  }),
  ({ question, options = [] }) => {
    const listed = options.map((option, index) => `${index + 1}. ${option}`);
    const summary = [question, ...(listed.length > 0 ? [listed.join("\n")] : [])].join("\n\n").slice(0, MOST_QUESTION);
    return { end: { outcome: "question", title: "Question", summary, keep: "question" } };
  },
);
