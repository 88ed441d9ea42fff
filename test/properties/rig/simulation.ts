/** The Rig and its world in one process, without a clock, a network or a database of their own: every step is the test's. */
import { issueJobs } from "../../../app/coordination/issues.ts";
import { commandJob, jobsFor, lookAt, subjectFor } from "../../../app/hear.ts";
import type { Look } from "../../../app/intake/look.ts";
import { sync } from "../../../app/sync.ts";
import { tasks } from "../../../app/tasks.ts";
import { clientOf } from "../github/client.ts";
import { type Account, type Hint, reviewBot, rigBot } from "../github/state.ts";
import { createAgenda } from "./agenda.ts";
import { conductorOf, discordOf } from "./conductor.ts";
import type { Job } from "./jobs.ts";
import { append, createJournal } from "./journal.ts";
import { createReports } from "./reports.ts";
import { createMemoryStore } from "./store.ts";
import { animate, openWorld, type Setup, start } from "./world.ts";

const MOST_STEPS = 3000;
const HOUR_MS = 3_600_000;

export type Simulation = Awaited<ReturnType<typeof createSimulation>>;

/** `nth` tells repositories of several simulations apart. */
export async function createSimulation(setup: Setup, nth = 0) {
  const { arrivals } = setup;
  let clock = start.getTime();
  const github = openWorld(setup, () => new Date(clock), nth);
  const journal = createJournal();
  const memory = createMemoryStore(github, (request, before) => append(journal, github, request, before));
  const { jobs, store } = memory;
  const conductor = conductorOf({ store, octokit: clientOf(github), discord: discordOf(github), now: () => new Date(clock) });
  const work = tasks(conductor);
  const agenda = createAgenda();
  const reports = createReports(conductor, memory.desk);
  const machines = animate(github, agenda, reports, setup);
  const hints: Hint[] = [];
  let heard = 0;
  /** False: webhooks are not lost or doubled any more. */
  let losing = true;
  /** Jobs that failed though GitHub answered all they asked. */
  const failures: string[] = [];
  github.tell = (hint) => void hints.push(hint);
  github.moment = () => journal.count;

  /** GitHub's webhooks arrive, as often as each is to. */
  async function deliver(): Promise<void> {
    for (let hint = hints.shift(); hint; hint = hints.shift()) {
      const times = losing ? (arrivals[heard] ?? 1) : 1;
      heard += 1;
      for (let n = 0; n < times; n += 1) await hear(hint);
    }
  }

  async function hear(hint: Hint): Promise<void> {
    if ("comment" in hint) return jobs.add([commandJob(github.place.id, hint.comment)]);
    const cause = "press" in hint ? hint.guid : "delivery";
    jobs.add(await jobsFor(conductor, [{ repositoryId: github.place.id, at: hint } as Look], cause));
  }

  async function run({ key, task, payload }: Job): Promise<void> {
    jobs.take(key);
    const faulted = github.faulted;
    github.doing = task === "effect" ? (payload as { readonly key: string }).key : undefined;
    try {
      await work[task]?.(payload, { job: { id: key } } as never);
    } catch (error) {
      if (github.faulted === faulted) failures.push(`${key}: ${error instanceof Error ? error.message : error}`);
      else jobs.add([{ task, payload, key, delayMs: 5_000 }]);
    } finally {
      github.doing = undefined;
    }
    await deliver();
  }

  /** Does so many of the jobs that are due, each time the one that `pick` falls on. */
  async function doJobs(most = MOST_STEPS, pick = 0): Promise<void> {
    for (let step = 0; step < most; step += 1) {
      await agenda.run(github.now());
      await deliver();
      const due = jobs.due(github.now());
      const job = due[pick % Math.max(1, due.length)];
      if (!job) return;
      if (step === MOST_STEPS - 1) throw new Error(`The Rig does not come to rest: ${due.map(({ key }) => key).join(", ")}.`);
      await run(job);
    }
  }

  /** Time passes. While the Rig is `up` it does each thing at its time; else it finds it afterwards. */
  async function pass(ms: number, up = true): Promise<void> {
    const end = clock + ms;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (up) await doJobs();
      const times = [agenda.next(), up ? jobs.next() : undefined].flatMap((at) => (at ? [at.getTime()] : []));
      const next = Math.min(...times);
      if (next > end) break;
      clock = Math.max(clock, next);
      await agenda.run(github.now());
      await deliver();
    }
    clock = Math.max(clock, end);
    if (up) await doJobs();
  }

  return {
    ...{ github, journal, memory, conductor, jobs, agenda, machines, failures, deliver, doJobs, pass },
    now: () => new Date(clock),
    /** The clock is set: forwards or backwards, and nobody does anything meanwhile. */
    set: (ms: number) => {
      clock += ms;
    },
    person: (login: string): Account =>
      [rigBot, reviewBot].find((bot) => bot.login === login) ?? github.people.get(login) ?? { login, id: 99, type: "User" },
    /** A look at an issue that nothing asked for. */
    async look(number: number): Promise<void> {
      const subject = await subjectFor(store, github.place.id, number);
      if (subject) jobs.add([lookAt(subject, "look")]);
    },
    /** A look at an issue, now. */
    async lookNow(number: number): Promise<void> {
      const subject = await subjectFor(store, github.place.id, number);
      if (subject) await sync(conductor, subject, "look");
    },
    /** The five-minute pass: every open issue, every labelled one, every comment that was not heard, and what nobody works on. */
    async coordinate(): Promise<void> {
      const [repository, octokit] = await Promise.all([store.repository(github.place.id), conductor.github.installation(1)]);
      if (!repository) return;
      jobs.add(await issueJobs(conductor, repository, octokit));
      jobs.add(github.comments.filter(({ by }) => by.type === "User").map(({ id }) => commandJob(github.place.id, id)));
      await doJobs();
    },
    /** The repository rests, or goes on. */
    async rest(because: string | null): Promise<void> {
      memory.pause(because);
      await hear({ everything: true });
    },
    /** All goes well from now on: what was lost is found, and for some hours everything may move that moves by itself. */
    async settle(hours = 6): Promise<void> {
      github.faults.clear();
      losing = false;
      await deliver();
      const end = clock + hours * HOUR_MS;
      for (let before = -1; clock < end; ) {
        if (journal.count !== before) {
          before = journal.count;
          await this.coordinate();
        }
        const next = Math.min(...[agenda.next(), jobs.next()].flatMap((at) => (at ? [at.getTime()] : [])));
        if (next > end) return this.coordinate();
        await pass(Math.max(0, next - clock));
      }
    },
  };
}
