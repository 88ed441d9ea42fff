/** P8: wherever the process dies, it comes to the same end. All moments: `npm run crash`. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openStandIn } from "./crash-at-stand-in.ts";
import { type Bench, openBench, scenarios, type Try } from "./crash-points.ts";

/** So many moments of each story, spread over all of it; where they begin is drawn anew each time. */
const TRIES = 16;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))("%s", (name, scenario) => {
  test("ends alike wherever the process dies", async () => {
    const plain = await bench.play(scenario);
    expect(plain.outcome.state).toBe("done");
    const every = Math.floor(plain.distinct.length / TRIES);
    const first = Math.trunc(Math.random() * every);
    process.stdout.write(`P8, ${name}: every ${every}th of ${plain.distinct.length} distinct moments, from ${first} on.\n`);
    const chosen = plain.distinct.filter((_, index) => index % every === first);
    let deaths = 0;
    for (const moment of chosen) {
      const tried: Try & { readonly died: boolean } = await bench.play(scenario, moment);
      expect({ ...tried.outcome, moment }).toEqual({ ...plain.outcome, moment });
      deaths += tried.died ? 1 : 0;
    }
    // On a busy machine a life may have some moments fewer than the one that was counted: the last of them do not come.
    expect(deaths).toBeGreaterThanOrEqual(TRIES - 2);
  }, 180_000);
});

/** Over HTTP a try takes its time. */
const FEWER = 6;

test("against the stand-in GitHub, too, everything is done once wherever the process dies", async () => {
  const standIn = await openStandIn();
  try {
    // The first issue also reads what is known for those after it: its moments are more than theirs.
    await standIn.play("The first");
    const plain = await standIn.play("Nobody dies");
    expect(plain).toMatchObject({ outcome: { workflowRuns: 1, comments: 1 }, messages: 1, died: false });
    const every = Math.floor(plain.distinct.length / FEWER);
    const first = Math.trunc(Math.random() * every);
    process.stdout.write(`P8, the stand-in: every ${every}th of ${plain.distinct.length} distinct moments, from ${first} on.\n`);
    let deaths = 0;
    for (const moment of plain.distinct.filter((_, index) => index % every === first)) {
      const { outcome, messages, died } = await standIn.play(`Dies at ${moment}`, moment);
      expect({ outcome, messages, moment }).toEqual({ outcome: plain.outcome, messages: 1, moment });
      deaths += died ? 1 : 0;
    }
    expect(deaths).toBeGreaterThanOrEqual(FEWER - 2);
    expect(standIn.violations()).toEqual([]);
  } finally {
    await standIn.close();
  }
}, 180_000);
