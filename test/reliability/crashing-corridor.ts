/** One issue's whole way through the real corridor on a real Postgres, where the process dies at a chosen moment and begins again. */
import type pg from "pg";
import { commandJob, jobsFor } from "../../app/hear.ts";
import type { Look } from "../../app/intake/look.ts";
import type { Store } from "../../app/store/store.ts";
import { clientOf } from "../properties/github/client.ts";
import type { GitHub, Hint } from "../properties/github/state.ts";
import { createAgenda } from "../properties/rig/agenda.ts";
import { conductorOf, discordOf } from "../properties/rig/conductor.ts";
import { createReports, type Desk } from "../properties/rig/reports.ts";
import { animate, openWorld, type Setup } from "../properties/rig/world.ts";
import type { Moment } from "./crash.ts";
import { createDriver, type Driver } from "./crash-driver.ts";

export interface Scenario {
  readonly name: string;
  readonly setup: Setup;
  /** What people do, each once everything rests and the issue is in that state. */
  readonly people: readonly { readonly when: string; readonly act: (github: GitHub) => void }[];
}

export interface Lived extends ReturnType<Driver["told"]> {
  readonly github: GitHub;
  readonly stream: string;
  /** Of the messages in Discord. */
  readonly titles: readonly string[];
}

/** More is a storm. */
const MOST_STEPS = 2_000;
const HOUR_MS = 3_600_000;
const NEVER = new Date("2100-01-01T00:00:00Z");

/** Plays a scenario to its end. With a moment, the process dies there once; `nth` tells the repositories of several tries apart. */
export async function live({ setup, people }: Scenario, store: Store, owner: pg.Client, nth: number, moment?: Moment): Promise<Lived> {
  // Ahead of the database's clock, and in whole seconds: what GitHub dates is then never older than the command that asked for it.
  let clock = Math.ceil(Date.now() / HOUR_MS + 1) * HOUR_MS;
  const now = () => new Date(clock);
  const github = openWorld(setup, now, nth);
  const { id, owner: login, name, installationId } = github.place;
  await owner.query("delete from graphile_worker._private_jobs");
  await store.upsertRepository({ id, owner: login, name, installationId, defaultBranch: "main", private: true });

  const discord = discordOf(github);
  const driver = createDriver(
    owner,
    ({ around, wrapped }) =>
      conductorOf({ store: wrapped(store, "store"), octokit: clientOf(github, around), discord: wrapped(discord, "discord"), now }),
    moment,
  );
  const desk: Desk = {
    store,
    async hold(runId, workflowRunId) {
      const claim = { runId, workflowRunId, attempt: 1, url: "u", capabilityHash: runId, expiresAt: NEVER };
      return (await store.claimRun(claim)) === "claimed";
    },
    seen: async (runId) => {
      await owner.query("update rig.runs set last_seen_at = $2 where run_id = $1", [runId, now()]);
    },
  };
  const agenda = createAgenda();
  animate(github, agenda, createReports(driver.conductor, desk, driver.patiently), setup);
  const hints: Hint[] = [];
  github.tell = (hint) => void hints.push(hint);

  async function deliver(): Promise<void> {
    for (let hint = hints.shift(); hint; hint = hints.shift()) {
      const look = { repositoryId: id, at: hint } as Look;
      await store.addJobs(
        "comment" in hint ? [commandJob(id, hint.comment)] : await jobsFor({ ...driver.conductor, store }, [look], "delivery"),
      );
    }
  }

  const stream = `${login}/${name}#1`;
  const left = [...people];
  for (let step = 0; ; step += 1) {
    if (step > MOST_STEPS) throw new Error(`${stream} does not come to rest.`);
    await agenda.run(now());
    await deliver();
    const worked = await driver.step(now(), (key) => {
      github.doing = key;
    });
    if (worked) continue;
    const state = (await store.issueByStream(stream))?.state ?? "new";
    const [next] = left;
    if (next?.when === state) {
      left.shift();
      next.act(github);
      continue;
    }
    const times = [agenda.next(), await driver.nextWake()].flatMap((at) => (at ? [at.getTime()] : []));
    if (state === "done" || times.length === 0) break;
    clock = Math.max(clock, Math.min(...times));
  }
  return { ...driver.told(), github, stream, titles: [...discord.messages.values()].map(({ title }) => title) };
}
