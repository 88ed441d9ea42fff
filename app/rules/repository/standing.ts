/** What people made of the proposals, as their issues show it. A lost webhook changes nothing: it is read, not heard. */
import type { RigEvent } from "../../domain/events.ts";
import type { StandingProposal } from "../../domain/proposals.ts";

/** A proposal's issue as it is now. */
export interface SeenProposal {
  readonly issueNumber: number;
  readonly issue: "open" | "closed" | "gone";
  /** Who closed it, where GitHub says that a person did. */
  readonly closedBy?: string;
  /** Who handed it over, where that stands (R1: the admission has judged it). */
  readonly approvedBy?: string;
}

type Told = RigEvent<"PROPOSAL_APPROVED" | "PROPOSAL_REJECTED" | "PROPOSAL_REOPENED" | "PROPOSAL_LAPSED">;

export const decideStandings = (proposals: readonly StandingProposal[], seen: readonly SeenProposal[]): readonly Told[] =>
  proposals.flatMap((proposal) => {
    const now = seen.find(({ issueNumber }) => issueNumber === proposal.issueNumber);
    return now ? changed(proposal, now) : [];
  });

/** An approval stands over everything: a merge closes the issue too. */
function changed({ issueNumber, standing, by }: StandingProposal, { issue, closedBy, approvedBy }: SeenProposal): readonly Told[] {
  if (approvedBy !== undefined)
    return standing === "approved" && by === approvedBy ? [] : [{ type: "PROPOSAL_APPROVED", data: { issueNumber, by: approvedBy } }];
  if (issue === "open") return standing === "open" ? [] : [{ type: "PROPOSAL_REOPENED", data: { issueNumber } }];
  if (standing === "rejected" || standing === "lapsed") return [];
  if (closedBy !== undefined) return [{ type: "PROPOSAL_REJECTED", data: { issueNumber, by: closedBy } }];
  const because = issue === "gone" ? "The issue was deleted or moved to another repository." : "No person closed the issue.";
  return [{ type: "PROPOSAL_LAPSED", data: { issueNumber, because } }];
}
