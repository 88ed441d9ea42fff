/** Reads a pull request as GitHub has it now and judges its gates by what the default branch says (R11, R12, R14). */
import { Sha } from "../../app/domain/ids.ts";
import { defaultPolicy } from "../../app/domain/policy.ts";
import { type Evaluation, evaluate } from "../../app/gates/evaluate.ts";
import { observeGateFacts, type PullRequestData } from "../../app/observe/gate-facts.ts";
import type { Reader } from "../../app/observe/github.ts";
import { observeDefaultBranch } from "../../app/observe/observe.ts";
import { approversIn } from "../../app/observe/pull-request.ts";
import { readPolicy } from "../../app/policy/read.ts";
import { spokenUnder } from "./spoken.ts";

export async function judge(reader: Reader, pr: PullRequestData): Promise<Evaluation> {
  const { octokit, owner, repo } = reader;
  const repository = await octokit.rest.repos.get({ owner, repo });
  const defaultBranch = await observeDefaultBranch(reader, repository.data.default_branch);
  const read = await readPolicy(reader, defaultBranch.sha);
  const policy = "policy" in read ? read.policy : defaultPolicy;
  const spoken = spokenUnder(reader, pr.number, Sha.parse(pr.head.sha));
  const facts = await observeGateFacts(reader, pr, { defaultBranch, spoken, approvers: approversIn(policy) });
  return evaluate(facts, {
    settings: policy.gates,
    ours: [],
    openedAt: {},
    // No last good one is kept here: what the file meant to ask for is not known.
    faults: "errors" in read ? read.errors.map(({ line, message }) => `.github/rig.yml is not valid (line ${line}): ${message}`) : [],
  });
}
