import { z } from "zod";
import { Diagnosis } from "../outcome.ts";
import { tool } from "./tool.ts";

export const diagnose = tool(
  "Ends your work with what you take for the cause of the incident. People read it beside the alert while it burns. Say how sure you are: a cause that you only guess at is `low`, and saying so is worth more than a wrong lead.",
  z.strictObject({
    ...Diagnosis.shape,
    evidence: z
      .array(z.string().trim().min(1).max(500))
      .max(10)
      .describe("What shows it, the strongest first: a file and line, a commit, a line of a log. `high` and `medium` need at least one."),
  }),
  (diagnosis) => {
    if (diagnosis.confidence !== "low" && diagnosis.evidence.length === 0)
      throw new Error(`Nothing shows it: name what does in \`evidence\`, or say that your confidence is low.`);
    return { end: { outcome: "report", title: "Diagnosed", summary: diagnosis.cause, diagnosis } };
  },
);
