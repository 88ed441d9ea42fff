/** The demo: the real app, the real agents and real git in a world of its own. No credentials, no network but this machine's own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Recorded } from "../../app/domain/envelope.ts";
import { stories } from "../world/stories/index.ts";
import { playAll } from "../world/stories/play.ts";
import { type OpenStage, openStage } from "../world/stories/stage.ts";
import type { Story } from "../world/stories/story.ts";
import { follow } from "./follow.ts";
import { showTimelines, spentOn } from "./timeline.ts";
import { openVoice } from "./voice.ts";
import { wordsFor } from "./words.ts";

const { values: wishes } = parseArgs({ options: { stay: { type: "boolean" }, only: { type: "string", multiple: true } } });
const voice = openVoice(process.stdout, () => performance.now());
const folder = await mkdtemp(join(tmpdir(), "rig-demo-"));
const logFile = join(folder, "app.log");
const cast = chosen(
  stories.map((story) => story()),
  wishes.only,
);
const titles = new Map<string, Story>();
const storyOf = (stream: string): Story | undefined => titles.get(stream);
/** `#7` in the shop, `kiosk#7` elsewhere. */
const numberOf = (stream: string): string => stream.replace(/^[^/]*\/(shop(?=#))?/, "");
let leaving = false;

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void leave(Number(process.exitCode ?? 130)));
process.on("uncaughtException", (error) => {
  // What breaks off while all is being ended is no news.
  if (leaving) return;
  voice.line(voice.styled("red", `The demo broke off: ${error.stack ?? error.message}`));
  void leave(1);
});

voice.heading("The Engineering Rig, in a world of its own");
voice.line("GitHub, its runner, Discord, the model and the hosting are stand-ins on this machine; all else is real.");
const opening = openStage(cast, {
  logFile,
  tell: ({ name }, stream, sentence) => voice.happened(name, numberOf(stream), sentence, "fate"),
});
const stage = await opening;
const { github, shop, people } = stage.world;
voice.line(`\n  Dashboard  ${stage.rig.url}\n  GitHub     ${github.apiUrl}/repos/${shop.fullName}\n`);

const stopFollowing = follow(stage.rig, tell);
const endings = await Promise.all(playAll(cast, stage));
await stopFollowing();

await showTimelines(voice, stage, endings);
process.exitCode = await conclude(stage);
if (!wishes.stay) await leave(Number(process.exitCode));
voice.line("\nEverything stays up until Ctrl-C. The shop as Maria has it:");
voice.line(`  git clone ${shop.cloneUrl.replace("://", `://maria:${people.maria.token}@`)}`);

/** The stories that `--only NAME` asks for, or all. */
function chosen(all: readonly Story[], names: readonly string[] = all.map(({ name }) => name)): readonly Story[] {
  const unknown = names.find((name) => !all.some((story) => story.name === name));
  if (unknown !== undefined) {
    voice.line(`There is no story "${unknown}"; there are ${all.map(({ name }) => name).join(", ")}.`);
    process.exit(2);
  }
  return all.filter(({ name }) => names.includes(name));
}

/** Ends everything that was started, once. What is still being started is waited for. */
async function leave(code: number): Promise<void> {
  if (leaving) return;
  leaving = true;
  const opened = await opening.catch(() => undefined);
  await opened?.close().catch((error: unknown) => voice.line(`Not everything could be ended: ${error}`));
  if (code !== 1) await rm(folder, { recursive: true, force: true });
  process.exit(code);
}

function tell(event: Recorded): void {
  const story =
    event.type === "ISSUE_APPROVED" ? cast.find(({ parts }) => parts.some(({ issue }) => issue.title === event.data.title)) : undefined;
  if (story) titles.set(event.stream, story);
  const sentence = wordsFor(event);
  const mood = event.type === "VERIFIED" ? "good" : event.type === "ESCALATED" || event.type === "AGENT_STUCK" ? "bad" : undefined;
  if (sentence) voice.happened(storyOf(event.stream)?.name ?? "", numberOf(event.stream), sentence, mood);
}

async function conclude({ rig, world }: OpenStage): Promise<number> {
  const missing = endings.flatMap((ended) => ended.missing.map((sentence) => `${ended.story.name}: ${sentence}`));
  const faults = [...missing, ...world.violations()];
  const { usd, runs } = spentOn(await Promise.all(endings.flatMap(({ streams }) => streams.map((stream) => rig.events(stream)))));
  voice.heading(`Spent: $${usd.toFixed(2)} at list price, in ${runs} runs of the agents`);
  for (const fault of faults) voice.line(voice.styled("red", `  ${fault}`));
  const well = endings.filter((ended) => ended.missing.length === 0).length;
  voice.line(voice.styled(["bold", faults.length === 0 ? "green" : "red"], `${well} of ${endings.length} stories ended as they should`));
  if (faults.length > 0) voice.line(`The app's log is ${logFile}`);
  return faults.length === 0 ? 0 : 1;
}
