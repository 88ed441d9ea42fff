import type { Conductor } from "./conductor.ts";
import { defaultPolicy, Policy } from "./domain/policy.ts";
import type { Seen } from "./domain/seen.ts";
import type { Reader } from "./observe/github.ts";
import { observeDefaultBranch } from "./observe/observe.ts";
import { readPolicy } from "./policy/read.ts";
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
  if ("policy" in read) return { policy: read.policy, defaultBranch };
  log.warn(
    { repository: `${repository.owner}/${repository.name}`, errors: read.errors },
    "rig.yml is not valid: the last good one stays in force",
  );
  return { policy: lastGood(repository), defaultBranch };
}

/** What the store remembers of a repository's policy; the defaults before it was ever read. */
export const lastGood = ({ policy }: Repository): Policy => Policy.safeParse(policy ?? {}).data ?? defaultPolicy;
