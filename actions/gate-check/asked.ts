/** Which pull request an event is about, and whether it has to be judged anew. Everything else is read from the API. */
import { z } from "zod";
import { Sha } from "../../app/domain/ids.ts";
import { parse } from "../../app/slash/parse.ts";

export interface Asked {
  readonly number: number;
  /** The merge queue's commit, where it is that one which has to carry the check. */
  readonly group?: Sha;
}

export type Answer = Asked | { readonly nothing: string };

const Numbered = z.object({ number: z.int().positive() });
const OnPullRequest = z.object({ pull_request: Numbered });
const OnComment = z.object({
  action: z.string(),
  issue: Numbered.extend({ pull_request: z.object({}).optional() }),
  comment: z.object({ body: z.string().nullish(), user: z.object({ type: z.string() }).nullish() }),
});
const OnMergeGroup = z.object({ action: z.string(), merge_group: z.object({ head_sha: Sha, head_ref: z.string() }) });

/** The verbs that the gates listen to; the others are the server's. */
const heard: ReadonlySet<string> = new Set(["approve", "reject", "recheck"]);

const QUEUED = /^(?:refs\/heads\/)?gh-readonly-queue\/.+\/pr-(\d+)-[0-9a-f]+$/;

const readers: Readonly<Record<string, (payload: unknown) => Answer>> = {
  pull_request_target: (payload) => ({ number: OnPullRequest.parse(payload).pull_request.number }),
  issue_comment: (payload) => {
    const { action, issue, comment } = OnComment.parse(payload);
    if (action !== "created" || !issue.pull_request) return { nothing: "Only new comments under pull requests are heard." };
    const verb = comment.user?.type === "User" ? parse(comment.body ?? "")?.verb : undefined;
    return verb && heard.has(verb)
      ? { number: issue.number }
      : { nothing: `The comment asks the gates for nothing: ${[...heard].join(", ")} would.` };
  },
  merge_group: (payload) => {
    const { action, merge_group: group } = OnMergeGroup.parse(payload);
    if (action !== "checks_requested") return { nothing: "The merge queue asks for no check." };
    const number = Number(QUEUED.exec(group.head_ref)?.[1]);
    if (!number) throw new Error(`The merge queue's branch ${group.head_ref} names no pull request: its gates cannot be judged.`);
    return { number, group: group.head_sha };
  },
};

/** Throws where the workflow listens to an event on which a stranger's own workflow file would run. */
export function asked(event: string, payload: unknown): Answer {
  const read = readers[event];
  if (!read) throw new Error(`Gates are not judged on ${event}: let the workflow start on ${Object.keys(readers).join(", ")}.`);
  return read(payload);
}
