/**
 * P8: the process dies at every awaited call of a story, before it takes effect and after; begun again, it comes to the same end.
 * As a program it tries every moment; it takes every how-manieth, and the first, as arguments.
 */
import { isDeepStrictEqual } from "node:util";
import pg from "pg";
import { openDatabase } from "../../app/store/database.ts";
import { createStore, type Store } from "../../app/store/store.ts";
import { commented, labelled } from "../properties/github/people.ts";
import type { GitHub, Write } from "../properties/github/state.ts";
import { goodFates } from "../properties/rig/fates.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { type Lived, live, type Scenario } from "./crashing-corridor.ts";

const handOver = (github: GitHub): void => {
  const [issue, jonas] = [github.issues.get(1), github.people.get("jonas")];
  if (issue && jonas) labelled(github, issue, jonas, "agent-ready");
};
const maria = (text: string) => (github: GitHub) => {
  const by = github.people.get("maria");
  if (by) commented(github, 1, by, text);
};

export const scenarios: readonly Scenario[] = [
  {
    name: "the straight way",
    setup: {
      policy: "deploy:\n  production: {}\n",
      issues: [{ body: "Please.", files: ["src/price.mjs"], fates: goodFates }],
      arrivals: [],
    },
    people: [{ when: "new", act: handOver }],
  },
  {
    name: "two strikes",
    setup: {
      policy: "",
      issues: [{ body: "Please.", files: ["src/price.mjs"], fates: { ...goodFates, work: ["silent", "stuck"] } }],
      arrivals: [],
    },
    people: [
      { when: "new", act: handOver },
      { when: "failed", act: maria("/rig ack") },
      { when: "failed", act: maria("/rig resolve retry") },
    ],
  },
];

/** Where it ends, what history tells, and everything that was done to the world, each as often as it was done. */
export async function outcomeOf({ github, stream, titles }: Lived, store: Store) {
  const events = await store.readStream(stream);
  const runs = new Map(events.flatMap((event) => (event.type === "RUN_REQUESTED" ? [[event.data.runId as string, event.data]] : [])));
  const named = ({ call, data }: Write): string => {
    const run = runs.get(String(data.run));
    return run ? `${call} ${run.kind} ${run.attempt}` : `${call} ${data.number ?? data.branch ?? ""} ${data.content ?? ""}`;
  };
  const done = (...calls: readonly string[]) =>
    github.writes
      .filter(({ call }) => calls.includes(call))
      .map(named)
      .toSorted();
  return {
    state: (await store.issueByStream(stream))?.state,
    events: events.map(({ type }) => type).toSorted(),
    done: done("dispatch", "cancel", "merge", "createComment", "createCheck", "closePull"),
    // Saying these again changes nothing at GitHub.
    reactions: [...new Set(done("react"))],
    labels: github.issues.get(1)?.labels.toSorted(),
    checks: github.checks.map(({ name, conclusion }) => `${name} ${conclusion}`).toSorted(),
    shown: github.comments
      .filter(({ by }) => by.type === "Bot")
      .map(({ body }) => /\*\*(\w[\w ]*)\*\*|decide/.exec(body)?.[0])
      .toSorted(),
    messages: titles.map((title) => title.replace(/^\S+ ?/, "")).toSorted(),
  };
}

export interface Try {
  readonly moment: number;
  readonly name: string;
  readonly outcome: Awaited<ReturnType<typeof outcomeOf>>;
}

export interface Bench {
  /** Plays the scenario; with a number, the process dies at that moment. */
  readonly play: (
    scenario: Scenario,
    moment?: number,
  ) => Promise<Try & { readonly distinct: readonly number[]; readonly moments: number; readonly died: boolean }>;
  readonly close: () => Promise<void>;
}

/** Everything on one database, each try in a repository of its own. */
export async function openBench(): Promise<Bench> {
  const { url, close } = await createTestDatabase();
  const database = await openDatabase({ databaseUrl: url, poolSize: 4 });
  const store = createStore(database.pool);
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  let tries = 0;
  return {
    async play(scenario, moment) {
      tries += 1;
      const lived = await live(scenario, store, owner, tries, moment === undefined ? undefined : { nth: moment });
      const name = moment === undefined ? "never" : (lived.names[moment - 1] ?? "never");
      const { moments, distinct, died } = lived;
      return { moment: moment ?? 0, name, moments, distinct, died, outcome: await outcomeOf(lived, store) };
    },
    async close() {
      await owner.end();
      await database.close();
      await close();
    },
  };
}

if (import.meta.main) {
  const [which = "distinct", every = "1", first = "0"] = process.argv.slice(2);
  const bench = await openBench();
  let wrong = 0;
  for (const scenario of scenarios) {
    const plain = await bench.play(scenario);
    const all = which === "all" ? Array.from({ length: plain.moments }, (_, index) => index + 1) : plain.distinct;
    const begun = performance.now();
    const chosen = all.filter((_, index) => index % Number(every) === Number(first));
    for (const moment of chosen) {
      const { name, outcome, died } = await bench.play(scenario, moment);
      if (died && isDeepStrictEqual(outcome, plain.outcome)) continue;
      wrong += 1;
      process.stdout.write(`${scenario.name}, moment ${moment}, ${name}:\n${difference(plain.outcome, outcome)}\n`);
    }
    const seconds = Math.round((performance.now() - begun) / 1000);
    process.stdout.write(
      `${scenario.name}: ${plain.moments} moments, ${plain.distinct.length} of them distinct; ${chosen.length} tried in ${seconds} s.\n`,
    );
  }
  process.stdout.write(wrong === 0 ? "Each came to the same end.\n" : `${wrong} came to another end.\n`);
  await bench.close();
  process.exitCode = wrong > 0 ? 1 : 0;
}

/** What is there of one and not of the other. */
function difference(plain: Try["outcome"], found: Try["outcome"]): string {
  const lines = (of: Try["outcome"]) => Object.entries(of).flatMap(([what, value]) => [value].flat().map((one) => `${what}: ${one}`));
  const less = (from: readonly string[], what: readonly string[]) => {
    const left = [...from];
    for (const one of what) if (left.includes(one)) left.splice(left.indexOf(one), 1);
    return left;
  };
  const [one, other] = [lines(plain), lines(found)];
  return [...less(one, other).map((line) => `  - ${line}`), ...less(other, one).map((line) => `  + ${line}`)].join("\n");
}
