import { LRUCache } from "lru-cache";
import type { Subject } from "../../domain/ids.ts";
import type { Issue } from "../../domain/issue.ts";
import type { Policy } from "../../domain/policy.ts";
import type { RunRow } from "../../store/runs.ts";
import type { Desk } from "../runs/desk.ts";
import { subjectOf } from "../runs/look-up.ts";

/** What a run's budgets are, whatever is spent of them. */
export interface Terms {
  readonly subject: Subject;
  readonly limits: Policy["limits"];
  readonly issue: Pick<Issue, "budget" | "warned">;
}

/** Folding an issue's history costs more than all else before a call. A limit that a person lowers holds after this long. */
const FRESH_MS = 5_000;
const MOST = 500;

/** Reads the terms of runs, and remembers them for a moment. */
export function termsOfRuns(desk: Pick<Desk, "store" | "issueOf" | "policyOf">) {
  const remembered = new LRUCache<string, Terms>({ max: MOST, ttl: FRESH_MS });

  const read = async ({ runId, repositoryId }: RunRow): Promise<Terms> => {
    const subject = await subjectOf(desk, runId);
    const [{ limits }, { budget, warned }] = await Promise.all([desk.policyOf(repositoryId), desk.issueOf(subject.stream)]);
    const terms: Terms = { subject, limits, issue: { ...(budget && { budget }), warned } };
    remembered.set(runId, terms);
    return terms;
  };
  return { read, recent: (run: RunRow): Terms | undefined => remembered.get(run.runId) };
}
