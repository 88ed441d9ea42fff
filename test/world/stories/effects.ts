/** What the Rig did to the world for one issue, counted at GitHub and Discord themselves. */
import type { Recorded } from "../../../app/domain/envelope.ts";
import type { EventType } from "../../../app/domain/events.ts";
import type { StreamId } from "../../../app/domain/ids.ts";
import type { Write } from "../github/world.ts";
import type { World } from "../world.ts";
import type { Stage, Story } from "./story.ts";

type Body = Readonly<Record<string, unknown>> & { readonly inputs?: Readonly<Record<string, string>> };

const bodyOf = (write: Write): Body => (write.body ?? {}) as Body;

/** Whatever was lost, repeated or killed: each effect is there exactly once. A sentence for each that is not. */
export function effectsOf(story: Story, { world }: Stage, stream: StreamId, issue: number, events: readonly Recorded[]): readonly string[] {
  const count = counter(world);
  const find = <T extends EventType>(type: T) => events.find((event) => event.type === type) as Recorded<T> | undefined;
  const pull = find("PR_CREATED")?.data;
  const mergeSha = find("MERGED")?.data.mergeSha;
  const heads = new Set(
    events.flatMap((event) => (event.type === "PR_CREATED" || event.type === "PR_UPDATED" ? [String(event.data.headSha)] : [])),
  );
  const runsOf = (agent: string) =>
    new Set(events.flatMap((event) => (event.type === "RUN_REQUESTED" && event.data.agent === agent ? [String(event.data.runId)] : [])));

  const dispatched = (agent: string) => count("actions/create-workflow-dispatch", ({ inputs }) => runsOf(agent).has(inputs?.run ?? ""));
  const deployed = (environment: string) =>
    count("actions/create-workflow-dispatch", ({ inputs }) => inputs?.sha === mergeSha && inputs?.environment === environment);
  const on = (path: string) => (_: Body, write: Write) => write.path.endsWith(path);
  const byReviewer = (_: Body, write: Write) =>
    write.path.endsWith(`/pulls/${pull?.prNumber}/reviews`) && write.actor === world.apps.review.botLogin;

  const counted: readonly (readonly [what: string, found: number, wanted: number])[] = [
    ["status comments on the issue", count("issues/create-comment", on(`/issues/${issue}/comments`)), 1],
    ["status comments on the pull request", count("issues/create-comment", on(`/issues/${pull?.prNumber}/comments`)), 1],
    ["runs of Dev-E", dispatched("dev-e"), story.runs["dev-e"]],
    ["runs of Review-E", dispatched("review-e"), story.runs["review-e"]],
    ["pull requests", count("pulls/create", ({ head }) => head === pull?.branch), 1],
    ["heads of the pull request", heads.size, story.runs["dev-e"]],
    ["reviews by Review-E", count("pulls/create-review", byReviewer), story.runs["review-e"]],
    ["checks rig/gates", count("checks/create", ({ name, head_sha }) => name === "rig/gates" && heads.has(String(head_sha))), heads.size],
    ["merges", count("pulls/merge", on(`/pulls/${pull?.prNumber}/merge`)), 1],
    ["deployments to staging", deployed("staging"), 1],
    ["deployments to production", deployed("production"), 1],
    ["cards in Discord", saidIn(world, "conductor-e", `"${stream} `), 1],
  ];
  return counted.flatMap(([what, found, wanted]) => (found === wanted ? [] : [`${what}: ${found}, not ${wanted}`]));
}

/** Counts what GitHub carried out in the shop, whatever it answered. */
function counter({ github, shop }: World) {
  const done = github.writes.filter(({ status, path }) => status < 300 && path.startsWith(`/repos/${shop.fullName}/`));
  return (operation: string, fits: (body: Body, write: Write) => boolean): number =>
    done.filter((write) => write.operation === operation && fits(bodyOf(write), write)).length;
}

/** How many messages of a channel hold this text, as people read it: the escapes are not shown. */
export const saidIn = ({ discord }: World, channel: keyof World["discord"]["channels"], text: string): number =>
  discord.messages(discord.channels[channel]).filter(({ embeds }) => JSON.stringify(embeds).replaceAll("\\", "").includes(text)).length;
