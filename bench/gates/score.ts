/** How well the gates tell dangerous changes from others, over the labelled corpus. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { builtIn, gatesUnder, raisedGates } from "../../app/gates/index.ts";
import type { Labelled } from "./labelled.ts";

/** Precision and recall that each gate has to reach; of the adversarial changes it may miss none. */
export const GOAL = 0.95;
/** So many changes the corpus has at least. */
export const FEWEST = 200;

export interface Score {
  readonly gate: string;
  readonly cases: number;
  readonly precision: number;
  readonly recall: number;
  readonly falseAlarms: readonly string[];
  readonly misses: readonly string[];
  readonly adversarialMisses: readonly string[];
  /** Other gates that its cases raised: only for information. */
  readonly others: Readonly<Record<string, number>>;
}

const folder = join(import.meta.dirname, "corpus");

/** Every labelled change of every file in `corpus`. */
export async function readCorpus(): Promise<readonly Labelled[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  const modules = await Promise.all(files.map((file): Promise<Record<string, readonly Labelled[]>> => import(join(folder, file))));
  return modules.flatMap((module) => Object.entries(module).flatMap(([name, cases]) => (name.endsWith("Corpus") ? cases : [])));
}

/** One line a gate, with its default settings. */
export function scoresOf(corpus: readonly Labelled[]): readonly Score[] {
  const gates = gatesUnder({});
  const judged = corpus.map((labelled) => ({
    ...labelled,
    raised: raisedGates({ complete: true, files: labelled.changes }, gates, {}).map(({ gate }) => gate.name),
  }));
  return builtIn.map(({ name }) => {
    const own = judged.filter(({ gate }) => gate === name);
    const hits = own.filter(({ raises, raised }) => raises && raised.includes(name));
    const misses = own.filter(({ raises, raised }) => raises && !raised.includes(name));
    const falseAlarms = own.filter(({ raises, raised }) => !raises && raised.includes(name));
    const others = Map.groupBy(
      own.flatMap(({ raised }) => raised.filter((other) => other !== name)),
      (other) => other,
    );
    return {
      gate: name,
      cases: own.length,
      precision: share(hits.length, falseAlarms.length),
      recall: share(hits.length, misses.length),
      falseAlarms: falseAlarms.map((one) => one.name),
      misses: misses.map((one) => one.name),
      adversarialMisses: misses.filter(({ adversarial }) => adversarial).map((one) => one.name),
      others: Object.fromEntries([...others].map(([other, all]) => [other, all.length])),
    };
  });
}

/** What keeps the goals from being met; empty where they are. */
export function shortfalls(corpus: readonly Labelled[], scores: readonly Score[]): readonly string[] {
  const twice = [...Map.groupBy(corpus, ({ gate, name }) => `${gate}: ${name}`)].filter(([, all]) => all.length > 1).map(([name]) => name);
  const known = new Set(builtIn.map(({ name }) => name));
  return [
    ...(corpus.length < FEWEST ? [`the corpus has ${corpus.length} changes, and needs ${FEWEST}`] : []),
    ...twice.map((name) => `the corpus has two changes called "${name}"`),
    ...corpus.filter(({ gate }) => !known.has(gate)).map(({ name, gate }) => `"${name}" is for ${gate}, which is no gate`),
    ...scores.filter(({ cases }) => cases === 0).map(({ gate }) => `${gate} has no cases`),
    ...scores
      .filter(({ precision }) => precision < GOAL)
      .map(({ gate, precision }) => `${gate} has a precision of ${precision.toFixed(3)}`),
    ...scores.filter(({ recall }) => recall < GOAL).map(({ gate, recall }) => `${gate} has a recall of ${recall.toFixed(3)}`),
    ...scores.flatMap(({ gate, adversarialMisses }) => adversarialMisses.map((name) => `${gate} is got past by: ${name}`)),
  ];
}

const share = (right: number, wrong: number): number => (right + wrong === 0 ? 0 : right / (right + wrong));
