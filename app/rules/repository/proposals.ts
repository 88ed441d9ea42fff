/** What becomes of what Architect-E wants to propose: each of it is filed as an issue once, or skipped once and said why. */
import type { CommandData, EffectOutcome, PlannedCommand } from "../../domain/commands.ts";
import type { EventData, Proposal, RigEvent } from "../../domain/events.ts";
import { IssueNumber } from "../../domain/ids.ts";
import type { StandingProposal } from "../../domain/proposals.ts";
import type { RepositoryState } from "../../domain/repository.ts";
import { fingerprintOf, isAlike } from "./alike.ts";

/** A round that has ended with something to propose. */
export interface ProposingRound {
  /** Of the RUN_FINISHED that told it. */
  readonly eventId: string;
  readonly runId: EventData<"RUN_FINISHED">["runId"];
  readonly proposals: readonly Proposal[];
}

export interface Wanted extends Pick<ProposingRound, "runId"> {
  readonly fingerprint: string;
  readonly proposal: Proposal;
}

/** What the decisions stand on. */
export interface ProposalScene {
  readonly state: Pick<RepositoryState, "proposals" | "skipped">;
  /** Oldest first. */
  readonly rounds: readonly ProposingRound[];
  /** What became of the issues that were to be filed. */
  readonly filings: readonly EffectOutcome[];
  /** How many a round may propose. */
  readonly most: number;
  /** Proposals that are done: the same may be wanted again. */
  readonly done: readonly number[];
  /** Of the repository, as GitHub shows them. */
  readonly openIssues: readonly { readonly number: number; readonly title: string }[];
  readonly issueOf: (wanted: Wanted) => CommandData<"FILE_ISSUE">;
}

type Told = RigEvent<"PROPOSAL_CREATED" | "PROPOSAL_SKIPPED"> & { readonly dedupeKey: string };

export interface Decided {
  readonly events: readonly Told[];
  readonly commands: readonly PlannedCommand[];
}

/** Said again, it comes to the same: a filing's key follows from the event that told of the round. */
export function decideProposals({ state, rounds, filings, most, done, openIssues, issueOf }: ProposalScene): Decided {
  const events: Told[] = [];
  const commands: PlannedCommand[] = [];
  const known = [...state.proposals.flatMap((one) => asKnown(one, done)), ...openIssues.map(openly)];
  for (const { eventId, ...round } of rounds) {
    let taken = 0;
    for (const wanted of wantedIn(round)) {
      if (isIn(state.skipped, wanted)) continue;
      const key = `${eventId}:FILE_ISSUE:${wanted.fingerprint}`;
      const filing = filings.find((one) => one.key === key);
      const isCreated = isIn(state.proposals, wanted);
      const because = isCreated ? undefined : filing ? refusal(filing) : objection(wanted, known, taken, most);
      if (because !== undefined) {
        events.push(skipped(wanted, because));
        continue;
      }
      taken += 1;
      if (isCreated) continue;
      known.push({ title: wanted.proposal.title, as: "another one that was proposed just before" });
      if (filing) events.push(...created(wanted, filing));
      else commands.push({ key, kind: "FILE_ISSUE", data: issueOf(wanted) });
    }
  }
  return { events, commands };
}

/** Something that need not be proposed, and how a reader is told of it. */
interface Known {
  readonly title: string;
  readonly as: string;
}

function asKnown({ title, issueNumber, standing, by }: StandingProposal, done: readonly number[]): readonly Known[] {
  if (standing === "lapsed" || done.includes(issueNumber)) return [];
  const what = { open: "which waits for a person", approved: "which a person approved", rejected: `which ${by} rejected` }[standing];
  return [{ title, as: `the proposal #${issueNumber}, ${what}` }];
}

const openly = ({ number, title }: ProposalScene["openIssues"][number]): Known => ({ title, as: `#${number}, which is open` });

/** Of two that say the same the first. */
function wantedIn({ runId, proposals }: Omit<ProposingRound, "eventId">): readonly Wanted[] {
  const all = proposals.map((proposal) => ({ runId, fingerprint: fingerprintOf(proposal.title), proposal }));
  return all.filter(({ fingerprint }, index) => all.findIndex((one) => one.fingerprint === fingerprint) === index);
}

const isIn = (list: readonly Pick<Wanted, "runId" | "fingerprint">[], { runId, fingerprint }: Wanted): boolean =>
  list.some((one) => one.runId === runId && one.fingerprint === fingerprint);

const refusal = ({ state, error }: EffectOutcome): string | undefined =>
  state === "dead" ? `GitHub did not take the issue: ${(error ?? "it did not say why").slice(0, 300)}` : undefined;

function objection({ proposal }: Wanted, known: readonly Known[], taken: number, most: number): string | undefined {
  const same = known.find(({ title }) => isAlike(title, proposal.title));
  if (same) return `It is like ${same.as}.`;
  return taken >= most ? `It is one too many: architect.maxProposals is ${most}.` : undefined;
}

const dedupeKey = ({ runId, fingerprint }: Wanted): string => `proposal:${runId}:${fingerprint}`;

const skipped = (wanted: Wanted, because: string): Told => ({
  type: "PROPOSAL_SKIPPED",
  data: { runId: wanted.runId, fingerprint: wanted.fingerprint, title: wanted.proposal.title, because },
  dedupeKey: dedupeKey(wanted),
});

/** Once GitHub has given it a number. */
function created(wanted: Wanted, { state, response }: EffectOutcome): readonly Told[] {
  const { number, url } = (state === "confirmed" ? (response ?? {}) : {}) as { readonly number?: number; readonly url?: string };
  if (number === undefined) return [];
  const { proposal, ...named } = wanted;
  const data = { issueNumber: IssueNumber.parse(number), ...(url ? { url } : {}), ...named, ...proposal };
  return [{ type: "PROPOSAL_CREATED", data, dedupeKey: dedupeKey(wanted) }];
}
