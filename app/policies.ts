import type { Conductor } from "./conductor.ts";
import { conductor as conductorE } from "./domain/envelope.ts";
import type { Sha } from "./domain/ids.ts";
import { defaultPolicy, Policy } from "./domain/policy.ts";
import type { Seen } from "./domain/seen.ts";
import type { Reader } from "./observe/github.ts";
import { observeDefaultBranch } from "./observe/observe.ts";
import type { Parsed } from "./policy/parse.ts";
import { readPolicy } from "./policy/read.ts";
import type { AppendRequest } from "./store/append.ts";
import type { Repository } from "./store/repositories.ts";

export interface InForce {
  readonly policy: Policy;
  readonly defaultBranch: Seen["defaultBranch"];
}

/** The policy in force: read anew when the default branch has moved, and the last good one when the new one is not valid (R14). */
export async function policyInForce({ store, log }: Conductor, reader: Reader, repository: Repository): Promise<InForce> {
  const defaultBranch = await observeDefaultBranch(reader, repository.defaultBranch);
  if (repository.policyReadSha === defaultBranch.sha) return { policy: lastGood(repository), defaultBranch };
  const read = await readPolicy(reader, defaultBranch.sha);
  await store.savePolicy(repository.id, defaultBranch.sha, "policy" in read ? { policy: read.source } : read);
  await store.append(configEvent(repository, defaultBranch.sha, read));
  if ("policy" in read) return { policy: read.policy, defaultBranch };
  log.warn(
    { repository: `${repository.owner}/${repository.name}`, errors: read.errors },
    "rig.yml is not valid: the last good one stays in force",
  );
  return { policy: lastGood(repository), defaultBranch };
}

/** The repository's own history: which commit brought which configuration, said once whoever looks first. */
const configEvent = ({ id, stream }: Repository, sha: Sha, read: Parsed): AppendRequest => {
  const event =
    "policy" in read
      ? ({ type: "CONFIG_CHANGED", data: { sha } } as const)
      : ({ type: "CONFIG_INVALID", data: { sha, errors: read.errors.map(({ line, message }) => ({ line, message })) } } as const);
  return {
    stream,
    expectedVersion: null,
    events: [{ ...event, actor: conductorE, causationId: sha, correlationId: stream, dedupeKey: `config:${id}:${sha}` }],
  };
};

/** What the store remembers of a repository's policy; the defaults before it was ever read. */
export const lastGood = ({ policy }: Repository): Policy => Policy.safeParse(policy ?? {}).data ?? defaultPolicy;
