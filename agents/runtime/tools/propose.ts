import { z } from "zod";
import { MOST_PROPOSALS, Proposal } from "../outcome.ts";
import { tool } from "./tool.ts";

export const propose = tool(
  "Ends your work with what you propose, the most valuable first. Each becomes an issue of its own that waits for a person; nothing is done before one approves it. Where nothing is worth a person's time, propose nothing and say why in the summary.",
  z.strictObject({
    summary: z.string().min(1).max(2_000).describe("What you looked at, and why these or why nothing."),
    proposals: z.array(Proposal).max(MOST_PROPOSALS),
  }),
  ({ summary, proposals }) => {
    const titles = new Set<string>();
    for (const { title } of proposals) {
      const plain = title
        .normalize("NFKC")
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim();
      if (titles.has(plain)) throw new Error(`You propose ${JSON.stringify(title.slice(0, 120))} twice: each piece of work stands once.`);
      titles.add(plain);
    }
    return { end: { outcome: "report", title: `Proposed ${proposals.length}`, summary, proposals } };
  },
);
