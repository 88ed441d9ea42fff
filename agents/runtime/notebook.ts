/** What an agent notes while it works. It outlives the conversation's own memory: what is compacted away still stands here. */
import type { ReviewFinding } from "./outcome.ts";

export interface Notebook {
  /** The agent's plan as it last wrote it; empty: none yet. */
  readonly plan: () => string;
  readonly writePlan: (plan: string) => void;
  /** A reviewer's findings, oldest first. */
  readonly findings: () => readonly ReviewFinding[];
  readonly addFinding: (finding: ReviewFinding) => void;
}

export function openNotebook(): Notebook {
  let plan = "";
  const findings: ReviewFinding[] = [];
  return {
    plan: () => plan,
    writePlan: (text) => {
      plan = text;
    },
    findings: () => findings,
    addFinding: (finding) => findings.push(finding),
  };
}
