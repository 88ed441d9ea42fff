/** Everything that the app, its jobs and its agents left in the stand-in world and in the store, as text to search. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { x } from "tinyexec";
import type { OpenStage } from "../../world/stories/stage.ts";
import type { Canary, Sinks } from "./canaries.ts";

/** The names of the runs' artifacts, as the workflows give them. */
const ARTIFACT = "rig-output-1";

/** `workflowRuns` are GitHub's own numbers of the agents' runs. */
export async function sinksOf({ world, rig, shop }: OpenStage, workflowRuns: readonly number[]): Promise<Sinks> {
  const events = await rig.store.readAll(0, 10_000);
  const git = async (...args: readonly string[]) => (await x("git", ["-C", shop.gitDir, ...args])).stdout;
  const artifacts = workflowRuns.flatMap((id) => world.github.actions.artifact(id, ARTIFACT) ?? []);
  return {
    "the writes to GitHub": JSON.stringify(world.github.writes.map(({ path, body }) => [path, body])),
    "the webhooks": JSON.stringify(world.github.deliveries.all().map(({ payload }) => payload)),
    "the commits": await git("log", "--all", "--format=%an %ae %B", "--patch", "--text"),
    Discord: JSON.stringify(world.discord.log.map(({ body }) => body)),
    "the event store": JSON.stringify(events),
    "the app's log": readFileSync(rig.logFile, "utf8"),
    "the jobs' logs": workflowRuns.map((id) => world.runner.logs(id)).join("\n"),
    "the artifacts": artifacts.map((bytes) => gunzipSync(bytes).toString()).join("\n"),
    "the model's requests": JSON.stringify(world.model.requests().map(({ body }) => body)),
  };
}

/** What the app and the people hold. */
export const worldSecrets = ({ world: { apps, model, discord, people } }: Pick<OpenStage, "world">): readonly Canary[] => [
  { name: "the App's private key", value: bare(apps.rig.privateKey) },
  { name: "the reviewer's private key", value: bare(apps.review.privateKey) },
  { name: "the webhook's secret", value: apps.rig.webhookSecret },
  { name: "the model's key", value: model.key },
  { name: "the bot's token", value: discord.botToken },
  ...Object.values(people).map(({ login, token }) => ({ name: `${login}'s token`, value: token })),
];

/** One line of a key is enough to know it by; its frame is everybody's. */
const bare = (pem: string): string => pem.split("\n").slice(3, 5).join("");
