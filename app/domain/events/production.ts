import { z } from "zod";
import { AgentId, IssueNumber, RepositoryId, RunId } from "../ids.ts";
import { Count, Diagnosis, Login, Proposal, RunKind, Severity, Suspect, Text } from "./words.ts";

const fingerprint = z.string().regex(/^[0-9a-f]{16}$/);

/** Incidents, each a stream of its own; the rounds of agents that have no issue; and what is proposed, in the repository's stream. */
export const productionEvents = {
  INCIDENT_DETECTED: z
    .object({
      fingerprint,
      severity: Severity,
      service: Text,
      signal: Text,
      source: z.enum(["probe", "certificate", "query", "alertmanager", "grafana", "flux"]),
      summary: z.string().max(2_000),
      url: z.string().optional(),
      startedAt: z.iso.datetime(),
      suspects: z.array(Suspect),
      nth: z.number().int().positive(),
      repositoryId: RepositoryId.optional(),
      /** Its issue of before, which is still open and is used again. */
      issueNumber: IssueNumber.optional(),
    })
    .describe("Production shows a fault that was not known, or shows it again after it was over."),
  INCIDENT_CHANGED: z
    .object({ fingerprint, severity: Severity, summary: z.string().max(2_000) })
    .describe("The fault became worse or milder."),
  INCIDENT_FLAPPING: z
    .object({ fingerprint, changes: Count })
    .describe("The signal comes and goes: nothing more is said of it until it has been quiet for a while."),
  INCIDENT_FILED: z
    .object({ fingerprint, issueNumber: IssueNumber, url: z.string(), bodyHash: z.string() })
    .describe("The incident has its issue. `bodyHash` is of the text that the Rig wrote there."),
  INCIDENT_DIAGNOSED: z.object({ fingerprint, runId: RunId, diagnosis: Diagnosis }).describe("Monitor-E says what it takes for the cause."),
  INCIDENT_RESOLVED: z
    .object({ fingerprint, durationMinutes: z.number().nonnegative() })
    .describe("The signal has been gone for as long as the repository asks."),
  ROUND_REQUESTED: z
    .object({
      agent: z.string(),
      agentId: AgentId,
      kind: RunKind.extract(["diagnose", "propose"]),
      title: z.string().max(200),
      /** What the agent is told: made by the Conductor out of what it knows. */
      brief: z.string().max(60_000),
      /** The incident it is about. */
      incident: fingerprint.optional(),
      /** Of whom it is wanted: a login, `schedule` or `rig`. */
      by: Login,
    })
    .describe("An agent is asked to look and to say something; it has no issue to deliver."),
  PROPOSAL_CREATED: z
    .object({ issueNumber: IssueNumber, url: z.string().optional(), runId: RunId, fingerprint, ...Proposal.shape })
    .describe("Architect-E proposes work, as an issue that waits for a person."),
  PROPOSAL_SKIPPED: z
    .object({ runId: RunId, fingerprint, title: z.string().max(120), because: Text })
    .describe("Something that Architect-E wanted to propose is known already, open or rejected, or one too many."),
  PROPOSAL_APPROVED: z.object({ issueNumber: IssueNumber, by: Login }).describe("A person wants the proposal done."),
  PROPOSAL_REJECTED: z.object({ issueNumber: IssueNumber, by: Login }).describe("A person closed the proposal."),
  PROPOSAL_REOPENED: z
    .object({ issueNumber: IssueNumber })
    .describe("The proposal's issue is open and not approved, again: it waits for a person."),
  PROPOSAL_LAPSED: z
    .object({ issueNumber: IssueNumber, because: Text })
    .describe("The proposal's issue is gone, or no person closed it: nobody decided, and it may be proposed again."),
} as const;
