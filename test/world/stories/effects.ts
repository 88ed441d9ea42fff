/** What the Rig did to the world for one issue, counted at GitHub and Discord themselves. */
import type { Recorded } from "../../../app/domain/envelope.ts";
import type { EventType } from "../../../app/domain/events.ts";
import type { StreamId } from "../../../app/domain/ids.ts";
import type { Write } from "../github/world.ts";
import { dataOf, type Part, type Stage } from "./story.ts";

/** What an issue makes of each. */
export interface Makes {
  readonly devRuns: number;
  readonly reviewRuns: number;
  /** What Review-E said on the pull requests: as many as its runs, unless the head moved while it read. */
  readonly reviews?: number;
  readonly pullRequests: number;
  /** Commits that the pull requests had as their head. */
  readonly heads: number;
  /** Comments beside the status comments, each said once. */
  readonly comments: number;
  /** Messages in #admin that stand there at the end. */
  readonly requests: number;
}

const ordinary: Makes = { devRuns: 1, reviewRuns: 1, pullRequests: 1, heads: 1, comments: 0, requests: 0 };

type Body = Readonly<Record<string, unknown>> & { readonly inputs?: Readonly<Record<string, string>> };

const bodyOf = (write: Write): Body => (write.body ?? {}) as Body;

/** Whatever was lost, repeated or killed: each effect is there exactly once. A sentence for each that is not. */
export function effectsOf(
  { makes, history }: Part,
  stage: Stage,
  stream: StreamId,
  issue: number,
  events: readonly Recorded[],
): readonly string[] {
  const { world } = stage;
  const wanted = { ...ordinary, ...makes };
  const count = counter(stage);
  const all = <T extends EventType>(type: T) => dataOf(events, type);
  const pulls = all("PR_CREATED");
  const merges = new Set(all("MERGED").map(({ mergeSha }) => String(mergeSha)));
  const times = (type: EventType) => history.filter((one) => one === type).length;
  const heads = new Set([...all("PR_CREATED"), ...all("PR_UPDATED")].map(({ headSha }) => String(headSha)));
  const runsOf = (agent: string) => new Set(all("RUN_REQUESTED").flatMap((run) => (run.agent === agent ? [String(run.runId)] : [])));

  const dispatched = (agent: string) => count("actions/create-workflow-dispatch", ({ inputs }) => runsOf(agent).has(inputs?.run ?? ""));
  const deployed = (environment: string) =>
    count("actions/create-workflow-dispatch", ({ inputs }) => merges.has(inputs?.sha ?? "") && inputs?.environment === environment);
  const onPull = (write: Write, what: string) => pulls.some(({ prNumber }) => write.path.endsWith(`/pulls/${prNumber}/${what}`));
  const isOurs = (write: Write) => write.actor === world.apps.rig.botLogin;
  const said = (kind: "status" | "comment", ...numbers: readonly number[]) =>
    count(
      "issues/create-comment",
      ({ body }, write) =>
        isOurs(write) && String(body).startsWith(`<!-- rig:${kind} `) && numbers.some((n) => write.path.endsWith(`/issues/${n}/comments`)),
    );
  const commands = all("COMMAND_RECEIVED").map(({ commentId }) => commentId);
  const reacted = count("reactions/create-for-issue-comment", (_, { path }) =>
    commands.some((id) => path.includes(`/issues/comments/${id}/`)),
  );
  const prNumbers = pulls.map(({ prNumber }) => prNumber);

  const counted: readonly (readonly [what: string, found: number, wanted: number])[] = [
    ["status comments on the issue", said("status", issue), 1],
    ["status comments on the pull requests", said("status", ...prNumbers), wanted.pullRequests],
    ["other comments", said("comment", issue, ...prNumbers), wanted.comments],
    ["reactions to commands", reacted, 2 * commands.length],
    ["runs of Dev-E", dispatched("dev-e"), wanted.devRuns],
    ["runs of Review-E", dispatched("review-e"), wanted.reviewRuns],
    ["pull requests", count("pulls/create", ({ head }) => pulls.some(({ branch }) => head === branch)), wanted.pullRequests],
    ["heads of the pull requests", heads.size, wanted.heads],
    [
      "reviews by Review-E",
      count("pulls/create-review", (_, write) => onPull(write, "reviews") && write.actor === world.apps.review.botLogin),
      wanted.reviews ?? wanted.reviewRuns,
    ],
    ["checks rig/gates", count("checks/create", ({ name, head_sha }) => name === "rig/gates" && heads.has(String(head_sha))), heads.size],
    ["merges", count("pulls/merge", (_, write) => onPull(write, "merge")), Math.max(1, times("MERGED"))],
    ["deployments to staging", deployed("staging"), times("DEPLOYED_STAGING")],
    ["deployments to production", deployed("production"), Math.max(1, times("DEPLOYED_PRODUCTION"))],
    ["cards in Discord", messagesIn(stage, "conductor-e", `"${stream} `).length, 1],
    ["requests in #admin", messagesIn(stage, "admin", `"${stream}: `).length, wanted.requests],
  ];
  return counted.flatMap(([what, found, right]) => (found === right ? [] : [`${what}: ${found}, not ${right}`]));
}

/** Counts what GitHub carried out in the repository, whatever it answered. */
function counter({ world: { github }, shop }: Stage) {
  const done = github.writes.filter(({ status, path }) => status < 300 && path.startsWith(`/repos/${shop.fullName}/`));
  return (operation: string, fits: (body: Body, write: Write) => boolean): number =>
    done.filter((write) => write.operation === operation && fits(bodyOf(write), write)).length;
}

/** The messages of a channel that hold this text, as people read it: the escapes are not shown. */
export const messagesIn = ({ world: { discord } }: Stage, channel: keyof Stage["world"]["discord"]["channels"], text: string) =>
  discord.messages(discord.channels[channel]).filter(({ embeds }) => JSON.stringify(embeds).replaceAll("\\", "").includes(text));
