import { z } from "zod";
import { tool } from "./tool.ts";

export const reportStuck = tool(
  "Ends your work without a result. Call it when you cannot go on: another attempt or a person takes over and reads your reason.",
  z.strictObject({ reason: z.string().min(1).max(2_000).describe("What you tried, what stopped you, what is needed.") }),
  ({ reason }) => ({ end: { outcome: "stuck", title: "Stuck", summary: reason } }),
);
