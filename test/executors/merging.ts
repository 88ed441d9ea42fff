/** A pull request at the stand-in GitHub, and the executor that is to merge it: real HTTP, real git, the App's own token. */
import { setTimeout as pause } from "node:timers/promises";
import { PrNumber, Sha } from "../../app/domain/ids.ts";
import type { Attempt, Hands } from "../../app/executors/executor.ts";
import { mergeWith } from "../../app/executors/merge.ts";
import type { PutOff } from "../../app/executors/put-off.ts";
import type { GitHubOptions } from "../world/github/github.ts";
import type { BranchRules } from "../world/github/state/repository.ts";
import { anotherApp } from "../world-github/another-app.ts";
import { allPermissions, smallWorld, till } from "../world-github/small-world.ts";
import { hands } from "./hands.ts";

export type MergingWorld = Awaited<ReturnType<typeof mergingWorld>>;

export async function mergingWorld(rules: BranchRules = {}, options: GitHubOptions = {}) {
  const small = await smallWorld(options, { rules });
  const { github, ann, bob } = small;
  const permissions = { ...allPermissions, merge_queues: "read" } as const;
  const conductor = anotherApp(github, {
    slug: "conductor",
    permissions,
    events: ["merge_group", "pull_request"],
    webhookUrl: small.receiver.url,
    webhookSecret: small.secret,
    ...options,
  });
  let octokit = await conductor.client();
  /** What an effect remembers, as the store keeps it. */
  const kept = new Map<number, unknown>();
  const handsFor = (prNumber: number, attempt: Partial<Attempt>): Hands => ({
    ...hands({ ...attempt, remembered: kept.get(prNumber) }),
    octokit,
    subject: { ...hands().subject, ...till },
    remember: async (response) => void kept.set(prNumber, response),
  });

  return {
    ...small,
    conductor,
    permissions,
    /** The App as it calls GitHub. */
    app: () => octokit,
    /** Its token lasts an hour. */
    renew: async () => {
      octokit = await conductor.client();
    },
    kept,
    /** Bob's pull request of a branch that changes one file. */
    async open(branch: string, files: Record<string, string | null> = { [`${branch}.txt`]: "x\n" }, more: object = {}) {
      const head = await small.push(branch, files);
      const { data } = await bob.rest.pulls.create({ ...till, title: `Pull ${branch}`, head: branch, base: "main", ...more });
      return { number: data.number, head, at: { ...till, pull_number: data.number } };
    },
    /** One attempt at the command; the answer that would be kept. */
    async merge(
      pull: { readonly number: number; readonly head: string },
      attempt: Partial<Attempt> = {},
      polls = 20,
      more: Partial<Hands> = {},
    ) {
      const data = { prNumber: PrNumber.parse(pull.number), headSha: Sha.parse(pull.head), method: "squash" as const };
      const { response } = await mergeWith({ polls, pollMs: 25 })(data, { ...handsFor(pull.number, attempt), ...more });
      return response;
    },
    show: async (pull: { readonly number: number }) => (await ann.rest.pulls.get({ ...till, pull_number: pull.number })).data,
    main: async () => (await ann.rest.repos.getBranch({ ...till, branch: "main" })).data.commit.sha,
    tries: (operation: "pulls/merge" | "pulls/merge-async") => github.writes.filter((write) => write.operation === operation),
  };
}

/** How an attempt was put off. */
export async function putOff(attempt: Promise<unknown>): Promise<Pick<PutOff, "message" | "status">> {
  const outcome = await attempt.then(
    (response) => ({ response }),
    (error: unknown) => ({ error }),
  );
  if (!("error" in outcome) || !(outcome.error instanceof Error) || outcome.error.constructor.name !== "PutOff")
    throw new Error(`It was not put off: ${JSON.stringify(outcome)}`);
  const { message, status } = outcome.error as PutOff;
  return { message, status };
}

/** Waits until something is there, and answers it. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found) return found;
    await pause(20);
  }
}
