/** What must be true when a story is over. Each answers a sentence for what is not. */
import type { Recorded } from "../../../app/domain/envelope.ts";
import type { EventType } from "../../../app/domain/events.ts";
import type { StreamId } from "../../../app/domain/ids.ts";
import type { Write } from "../github/world.ts";
import { personIn } from "./person.ts";
import type { Stage, Story } from "./story.ts";

/** What happens in no story. */
const never: readonly EventType[] = ["AGENT_STUCK", "ISSUE_UNASSIGNED", "ESCALATED", "CI_FAILED", "DEPLOY_FAILED", "SMOKE_FAILED", "GUARD_BLOCKED", "ISSUE_HELD"];

/** What people read in Discord: the escapes are not shown. */
export const textOf = (embeds: readonly unknown[]): string => JSON.stringify(embeds).replaceAll("\\", "");

/** Everything that is not as the story promises; empty when all is well. */
export async function missingFrom(story: Story, stage: Stage, stream: StreamId, number: number): Promise<readonly string[]> {
  const events = await stage.rig.events(stream);
  const { state, labels } = await personIn(stage.world, "maria").issue(number);
  const shown = labels.filter((label) => label.startsWith("rig:")).join(", ");
  return [
    ...historyOf(story, events),
    ...probesOf(events),
    ...effectsOf(story, stage, stream, number, events),
    ...(state === "closed" ? [] : [`its issue is ${state}`]),
    ...(shown === "rig:done" ? [] : [`its issue carries ${shown || "no state label"}, not rig:done`]),
    ...((await story.missing?.(stage, stream)) ?? []),
  ];
}

/** The events the story tells of, in its order and no more often. */
function historyOf({ history }: Story, events: readonly Recorded[]): readonly string[] {
  const told = new Set<string>([...history, ...never]);
  const happened = events.map((event) => event.type).filter((type) => told.has(type));
  const at = Array.from({ length: Math.max(happened.length, history.length) }, (_, index) => index).find((index) => happened[index] !== history[index]);
  if (at === undefined) return [];
  return [`after ${happened[at - 1] ?? "the beginning"} came ${happened[at] ?? "nothing"}, not ${history[at] ?? "the end"}`];
}

/** Verified means asked and seen (R15). */
const probesOf = (events: readonly Recorded[]): readonly string[] => {
  const verified = events.find((event) => event.type === "VERIFIED");
  return verified && verified.data.probes.length > 0 && verified.data.probes.every(({ ok }) => ok) ? [] : ["production was never asked what it runs"];
};

/** Whatever was lost, repeated or killed: each effect is at GitHub exactly once. */
function effectsOf(story: Story, { world }: Stage, stream: StreamId, number: number, events: readonly Recorded[]): readonly string[] {
  const done = world.github.writes.filter(({ status, path }) => status < 300 && path.startsWith(`/repos/${world.shop.fullName}/`));
  const count = (operation: string, fits: (write: Write) => boolean) => done.filter((write) => write.operation === operation && fits(write)).length;
  const said = (write: Write) => write.body as Readonly<Record<string, unknown>> & { readonly inputs?: Readonly<Record<string, string>> };
  const find = <T extends EventType>(type: T) => events.find((event) => event.type === type) as Recorded<T> | undefined;

  const requests = events.filter((event) => event.type === "RUN_REQUESTED").map(({ data }) => data);
  const dispatched = (agent: string) =>
    requests.filter((request) => request.agent === agent).reduce((sum, { runId }) => sum + count("actions/create-workflow-dispatch", (write) => said(write).inputs?.run === runId), 0);
  const pull = find("PR_CREATED")?.data;
  const mergeSha = find("MERGED")?.data.mergeSha;
  const deployments = (environment: string) =>
    count("actions/create-workflow-dispatch", (write) => said(write).inputs?.sha === mergeSha && said(write).inputs?.environment === environment);
  const comments = (on: number | undefined) => count("issues/create-comment", ({ path }) => path.endsWith(`/issues/${on}/comments`));
  const heads = new Set(events.flatMap((event) => (event.type === "PR_CREATED" || event.type === "PR_UPDATED" ? [event.data.headSha] : [])));
  const cards = world.discord.messages(world.discord.channels["conductor-e"]).filter(({ embeds }) => textOf(embeds).includes(`"${stream} `));

  const counted: readonly (readonly [what: string, found: number, wanted: number])[] = [
    ["status comments on the issue", comments(number), 1],
    ["status comments on the pull request", comments(pull?.prNumber), 1],
    ["runs of Dev-E", dispatched("dev-e"), story.runs["dev-e"]],
    ["runs of Review-E", dispatched("review-e"), story.runs["review-e"]],
    ["reviews by Review-E", count("pulls/create-review", ({ path, actor }) => path.endsWith(`/pulls/${pull?.prNumber}/reviews`) && actor === world.apps.review.botLogin), story.runs["review-e"]],
    ["pull requests", count("pulls/create", (write) => said(write).head === pull?.branch), 1],
    ["heads of the pull request", heads.size, story.runs["dev-e"]],
    ["checks rig/gates", count("checks/create", (write) => said(write).name === "rig/gates" && heads.has(String(said(write).head_sha) as never)), heads.size],
    ["merges", count("pulls/merge", ({ path }) => path.endsWith(`/pulls/${pull?.prNumber}/merge`)), 1],
    ["deployments to staging", deployments("staging"), 1],
    ["deployments to production", deployments("production"), 1],
    ["cards in Discord", cards.length, 1],
  ];
  return counted.flatMap(([what, found, wanted]) => (found === wanted ? [] : [`${what}: ${found}, not ${wanted}`]));
}
