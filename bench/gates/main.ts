/** Prints precision and recall of each gate over the labelled corpus: `npm run bench:gates`. Ends with 1 when a goal is not met. */
import { FEWEST, GOAL, readCorpus, scoresOf, shortfalls } from "./score.ts";

const corpus = await readCorpus();
const scores = scoresOf(corpus);

console.log(
  `${corpus.length} labelled changes; goals: precision and recall of ${GOAL} each, no adversarial misses, at least ${FEWEST} changes.\n`,
);
console.table(
  Object.fromEntries(
    scores.map(({ gate, cases, precision, recall, adversarialMisses, others }) => [
      gate,
      {
        cases,
        precision: precision.toFixed(3),
        recall: recall.toFixed(3),
        "adversarial misses": adversarialMisses.length,
        "other gates raised": Object.entries(others)
          .map(([other, times]) => `${other} ${times}`)
          .join(", "),
      },
    ]),
  ),
);
for (const { gate, falseAlarms, misses } of scores) {
  for (const name of falseAlarms) console.log(`false alarm of ${gate}: ${name}`);
  for (const name of misses) console.log(`miss of ${gate}: ${name}`);
}
const wrong = shortfalls(corpus, scores);
for (const what of wrong) console.error(`not met: ${what}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
