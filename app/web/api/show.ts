/** Rows of the tables as the API's shapes. */
import type { z } from "zod";
import type { Recorded } from "../../domain/envelope.ts";
import type { AssignmentRow, IssueRow } from "../../store/issues.ts";
import type { Event, Issue } from "./shapes.ts";

export const timeOf = (at: Date | null): string | null => at?.toISOString() ?? null;

/** Issue → the agent instance that has it. */
export const agentsByIssue = (assignments: readonly AssignmentRow[]): ReadonlyMap<string, string> =>
  new Map(assignments.map(({ stream, agentId }) => [stream, agentId]));

export const issueShape = (row: IssueRow, agents: ReadonlyMap<string, string>): z.infer<typeof Issue> => ({
  id: row.stream,
  repo: `${row.owner}/${row.repo}`,
  issueNumber: row.number,
  title: row.title,
  state: row.state,
  priority: row.priority,
  why: row.why,
  agentId: agents.get(row.stream) ?? null,
  approvedAt: timeOf(row.approvedAt),
  attempts: row.attempts,
  strikes: row.strikes,
  branch: row.branch,
  prNumber: row.prNumber,
  headSha: row.headSha,
  mergeSha: row.mergeSha,
  milestone: row.milestone,
  usd: row.usd,
  updatedAt: row.updatedAt.toISOString(),
});

export const eventShape = ({ id, type, data, occurredAt, version, position, actor }: Recorded): z.infer<typeof Event> => ({
  id,
  type,
  data,
  timestamp: occurredAt.toISOString(),
  version,
  position,
  actor,
});
