import { ProbotOctokit } from "probot";
import { IssueNumber, issueStream, RepositoryId } from "../../app/domain/ids.ts";
import type { Attempt, Hands } from "../../app/executors/executor.ts";

/** Hands that reach a GitHub whose answers nock gives, one call at a time and nothing else. */
export const hands = (attempt: Partial<Attempt> = {}): Hands => ({
  octokit: new ProbotOctokit({ auth: { token: "t" }, throttle: { enabled: false }, retry: { enabled: false } }),
  subject: {
    stream: issueStream("acme", "shop", 12),
    installationId: 1,
    repositoryId: RepositoryId.parse(4242),
    owner: "acme",
    repo: "shop",
    number: IssueNumber.parse(12),
  },
  identities: { rig: 900, rigAppId: 7 },
  remember: async () => {},
  redact: (text) => text.replaceAll("hunter2hunter2", "***"),
  attempt: { key: "k", plannedAt: new Date("2026-11-22T09:00:00.500Z"), unknown: false, ...attempt },
});
