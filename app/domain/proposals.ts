/** Work that Architect-E proposed, and what people made of it. */
import type { Recorded } from "./envelope.ts";
import type { EventData } from "./events.ts";

/** What says of an issue at GitHub that it is a proposal. */
export const PROPOSAL_LABEL = "rig:proposal";

export const standings = ["open", "approved", "rejected", "lapsed"] as const;
export type Standing = (typeof standings)[number];

/** A proposal that has its issue. */
export interface StandingProposal
  extends Pick<EventData<"PROPOSAL_CREATED">, "issueNumber" | "runId" | "fingerprint" | "kind" | "title" | "complexity"> {
  readonly url?: string;
  readonly at: Date;
  readonly standing: Standing;
  /** Who approved or rejected it. */
  readonly by?: string;
  /** When that was written down. */
  readonly decidedAt?: Date;
}

/** Folds one event of a repository into its proposals, the oldest first. */
export function proposalsAfter(proposals: readonly StandingProposal[], event: Recorded): readonly StandingProposal[] {
  const now = (standing: Standing, issueNumber: number, more: Pick<StandingProposal, "by" | "decidedAt"> = {}) =>
    proposals.map((proposal) => (proposal.issueNumber === issueNumber ? { ...undecided(proposal), standing, ...more } : proposal));
  const decidedAt = event.occurredAt;
  switch (event.type) {
    case "PROPOSAL_CREATED": {
      const { what: _what, rationale: _why, evidence: _shown, url, ...proposal } = event.data;
      return [...proposals, { ...proposal, ...(url ? { url } : {}), at: event.occurredAt, standing: "open" }];
    }
    case "PROPOSAL_APPROVED":
      return now("approved", event.data.issueNumber, { by: event.data.by, decidedAt });
    case "PROPOSAL_REJECTED":
      return now("rejected", event.data.issueNumber, { by: event.data.by, decidedAt });
    case "PROPOSAL_LAPSED":
      return now("lapsed", event.data.issueNumber, { decidedAt });
    case "PROPOSAL_REOPENED":
      return now("open", event.data.issueNumber);
    default:
      return proposals;
  }
}

const undecided = ({ by: _by, decidedAt: _at, ...proposal }: StandingProposal) => proposal;
