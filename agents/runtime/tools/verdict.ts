import { z } from "zod";
import { ReviewFinding, verdicts } from "../outcome.ts";
import { tool } from "./tool.ts";

export const verdict = tool(
  "Ends your review. Request changes only for what must not be merged; everything else is a finding beside an approval.",
  z.strictObject({
    verdict: z.enum(verdicts),
    summary: z.string().min(1).max(5_000),
    findings: z.array(ReviewFinding).max(50).default([]),
  }),
  ({ verdict: decision, summary, findings }) => {
    if (decision === "request_changes" && findings.length === 0)
      throw new Error("Requesting changes needs at least one finding: say what must change.");
    return {
      end: { outcome: "review", title: decision === "approve" ? "Approved" : "Changes requested", summary, verdict: decision, findings },
    };
  },
);
