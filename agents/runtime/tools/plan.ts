import { z } from "zod";
import { tool } from "./tool.ts";

const MOST = 4_096;

export const plan = tool(
  "Notes your plan in place of the one before: the steps, which are done, what you found out. It stays with you when the conversation grows too long to be kept whole.",
  z.strictObject({
    plan: z
      .string()
      .min(1)
      .refine((text) => Buffer.byteLength(text) <= MOST, `at most ${MOST} bytes: note what matters`),
  }),
  ({ plan: text }, { notebook }) => {
    notebook.writePlan(text);
    return { text: "Noted." };
  },
);
