/** The first merge that fails is to blame: which earlier merges of the repository a release may be failing for. */
import type { Environment } from "./domain/events.ts";
import type { Sha, StreamId, Subject } from "./domain/ids.ts";
import type { Issue } from "./domain/issue.ts";
import type { Policy } from "./domain/policy.ts";
import { nextEnvironment } from "./domain/release-checks.ts";
import { stateOf } from "./domain/state.ts";
import type { Reader } from "./observe/github.ts";
import { contains } from "./observe/release/contains.ts";
import type { Scene } from "./rules/rule.ts";

type Earlier = NonNullable<Scene["brokenBefore"]>[number];

/** What has to be read of the other issues. */
export interface Others {
  readonly candidates: (repositoryId: number) => Promise<readonly Subject[]>;
  readonly issueOf: (stream: StreamId) => Promise<Issue>;
}

/** Of the environment where a merge is not healthy yet, the first merge of another issue that it contains and that is not either. */
export async function brokenBefore(
  { candidates, issueOf }: Others,
  reader: Reader,
  { stream, repositoryId }: Subject,
  issue: Issue,
  policy: Policy,
): Promise<readonly Earlier[]> {
  const environment = nextEnvironment(issue, policy);
  if (!issue.merged || !environment || stateOf(issue) !== "deploying" || !issue.release[environment].deployedAt) return [];
  const { mergeSha } = issue.merged;
  const others = (await candidates(repositoryId)).filter((other) => other.stream !== stream);
  const merges = await Promise.all(
    others.map(async ({ stream: by }) => unhealthyIn(await issueOf(by), environment).map((one) => ({ ...one, by }))),
  );
  for (const { sha, by } of merges.flat().toSorted((a, b) => a.at.getTime() - b.at.getTime()))
    if (await contains(reader, sha, mergeSha)) return [{ environment, by, sha }];
  return [];
}

/** What a person took production back from and this merge contains, of another issue; asked before anything is brought to production. */
export async function frozenBy(
  { candidates, issueOf }: Others,
  reader: Reader,
  { stream, repositoryId }: Subject,
  issue: Issue,
  policy: Policy,
): Promise<Scene["frozen"]> {
  if (!issue.merged || stateOf(issue) !== "deploying" || nextEnvironment(issue, policy) !== "production") return undefined;
  if (issue.release.production.requestedAt) return undefined;
  for (const { stream: by } of (await candidates(repositoryId)).filter((other) => other.stream !== stream)) {
    const { takenBack } = await issueOf(by);
    if (takenBack && (await contains(reader, takenBack.fromSha, issue.merged.mergeSha)))
      return { by, sha: takenBack.fromSha, takenBackBy: takenBack.by };
  }
  return undefined;
}

/** Merges of an issue that failed there and are not mended, or that are there and not healthy yet. Who waits for another is not to blame. */
export function unhealthyIn(
  { broken, merges = [], merged, release, approval, escalation }: Issue,
  environment: Environment,
): readonly { readonly sha: Sha; readonly at: Date }[] {
  if (!approval) return [];
  const failed = broken?.environment === environment && broken.takenBackBy === undefined ? merges : [];
  const { deployedAt, healthyAt, blocked } = release[environment];
  const unproved = merged && deployedAt && !healthyAt && !blocked && (!escalation || escalation.about === "smoke") ? [merged] : [];
  return [...failed, ...unproved].map(({ mergeSha, at }) => ({ sha: mergeSha, at }));
}
