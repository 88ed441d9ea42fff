import { z } from "zod";
import { tool } from "./tool.ts";

export const finish = tool(
  "Ends your work: everything changed in the workspace becomes one commit. Call it when the task is done and the tests pass.",
  z.strictObject({
    title: z.string().min(1).max(72).describe("Of the commit and the pull request: imperative, what it does."),
    summary: z.string().min(1).max(5_000).describe("What you changed and why, for the person who reviews it."),
  }),
  ({ title, summary }) => ({ end: { outcome: "patch", title, summary } }),
);
