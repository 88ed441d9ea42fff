/** What an agent is told at the beginning of a round: out of what the Conductor knows, by kind of round. */
import { proposalBrief } from "../architect/brief.ts";
import type { Conductor } from "../conductor.ts";
import type { Policy } from "../domain/policy.ts";
import type { RoundKind } from "../domain/producers.ts";
import type { Repository } from "../store/repositories.ts";
import { diagnosisBrief } from "./diagnosis-brief.ts";

export interface Brief {
  readonly title: string;
  readonly brief: string;
}

/** Undefined: there is nothing to look at. */
export type WriteBrief = (
  conductor: Conductor,
  repository: Repository,
  policy: Policy,
  incident: string | undefined,
) => Promise<Brief | undefined>;

export const briefs: { readonly [kind in RoundKind]: WriteBrief } = {
  diagnose: diagnosisBrief,
  propose: proposalBrief,
};
