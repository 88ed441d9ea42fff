/** What Architect-E wants to propose becomes issues, and what people make of those is written down in the repository's history. */
import type { Conductor } from "../conductor.ts";
import { StreamId } from "../domain/ids.ts";
import { PROPOSAL_LABEL, type StandingProposal } from "../domain/proposals.ts";
import { type RepositoryState, repositoryOf } from "../domain/repository.ts";
import type { Reader } from "../observe/github.ts";
import { observeEnd, observeLabelled, observeOpenIssues } from "../observe/proposals.ts";
import { lastGood } from "../policies.ts";
import { record } from "../repository.ts";
import { decideProposals, type ProposalScene } from "../rules/repository/proposals.ts";
import { decideStandings, type SeenProposal } from "../rules/repository/standing.ts";
import type { Repository } from "../store/repositories.ts";
import { historyOf } from "../sync.ts";
import { proposalIssue } from "../views/proposal-issue.ts";

/** Looks at a repository's proposals, those that have their issue and those that have none yet. Twice is once. */
export async function syncProposals(conductor: Conductor, repositoryId: number, cause: string): Promise<void> {
  const { store, github, memory } = conductor;
  const repository = await store.repository(repositoryId);
  if (!repository?.readable || repository.pausedBecause !== null) return;
  const { stream, owner, name: repo, installationId } = repository;
  const before = repositoryOf(stream, await store.readStream(stream));
  const rounds = await store.proposingRounds(repositoryId);
  if (rounds.length === 0 && before.proposals.length === 0) return;

  const reader = { octokit: await github.installation(installationId), owner, repo, memory };
  const done = await store.doneAmong(
    repositoryId,
    before.proposals.map(({ issueNumber }) => issueNumber),
  );
  const seen = await seenNow(
    conductor,
    repository,
    reader,
    before.proposals.filter(({ issueNumber }) => !done.includes(issueNumber)),
  );
  // GitHub's issues before our own filings: an issue that is shown was planned, and is known as ours.
  const openIssues = await observeOpenIssues(reader);
  const filings = (await store.effectsOf(stream)).filter(({ kind }) => kind === "FILE_ISSUE");

  const { mode, architect, trigger } = lastGood(repository);
  const scene = (state: RepositoryState): ProposalScene => ({
    ...{ state, filings, done, openIssues },
    rounds: mode === "active" ? rounds : [],
    most: architect.maxProposals,
    issueOf: ({ proposal, ...named }) => proposalIssue(proposal, { ...named, owner, repo, trigger: trigger.label }),
  });
  await record(conductor, repository, cause, (state) => decideStandings(state.proposals, seen));
  const after = await record(conductor, repository, cause, (state) => decideProposals(scene(state)).events);
  const { commands } = decideProposals(scene(after));
  if (commands.length > 0) await store.append({ stream, expectedVersion: null, events: [], commands });
}

/** What is open, or was, as GitHub and the issues' own histories show it now. */
async function seenNow(
  { store }: Conductor,
  { id }: Repository,
  reader: Reader,
  proposals: readonly StandingProposal[],
): Promise<readonly SeenProposal[]> {
  if (proposals.length === 0) return [];
  const open = await observeLabelled(reader, PROPOSAL_LABEL);
  const isOver = ({ standing }: StandingProposal) => standing === "rejected" || standing === "lapsed";
  return Promise.all(
    proposals
      .filter((proposal) => open.has(proposal.issueNumber) || !isOver(proposal))
      .map(async ({ issueNumber }) => {
        const end = open.has(issueNumber) ? { issue: "open" as const } : await observeEnd(reader, issueNumber);
        const row = await store.issueByNumber(id, issueNumber);
        const approval = row && (await historyOf(store, StreamId.parse(row.stream))).issue.approval;
        return { issueNumber, ...end, ...(approval ? { approvedBy: approval.approvedBy } : {}) };
      }),
  );
}
