/**
 * Two replicas on one database, many issues, and one of them stands still for a while in the middle of it.
 * `node test/reliability/replicas.ts [issues] [seconds]` plays it large: 300 issues and a minute unless told.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openDatabase } from "../../app/store/database.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { type Conductor, startConductor } from "../world/conductor.ts";
import { freePort, startWorld, type World } from "../world/world.ts";
import { openBusyRepository } from "./busy-repository.ts";
import { cardsIn, doneOnce, outcomeOf } from "./outcome.ts";
import { openSender } from "./sender.ts";

export interface Replicas {
  readonly issues: number;
  /** How long the second stands still, in milliseconds. */
  readonly stillMs: number;
}

/** What came of it; all of `wrong` is a sentence for something that was not done exactly once. */
export async function playReplicas({ issues, stillMs }: Replicas) {
  const opened = new AsyncDisposableStack();
  try {
    const folder = await mkdtemp(join(tmpdir(), "rig-replicas-"));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const database = await createTestDatabase();
    opened.defer(() => database.close());
    const world = await startWorld();
    opened.defer(() => world.close());
    const repository = await openBusyRepository(world);
    const replica = async (PORT: string): Promise<Conductor> => {
      const app = await startConductor(world, { databaseUrl: database.url, logFile: join(folder, `app-${PORT}.log`), env: { PORT } });
      opened.defer(() => app.close());
      return app;
    };
    const [first, second] = [await replica(new URL(world.rigUrl).port), await replica(String(await freePort()))];
    const sender = openSender();
    opened.defer(() => sender.close());

    const numbers: number[] = [];
    const sent: Promise<void>[] = [];
    const standsStill = Math.floor(issues / 2);
    let still = Promise.resolve();
    for (let nth = 0; nth < issues; nth += 1) {
      const { number, deliveries } = await repository.handOver(`Matter ${nth}`);
      numbers.push(number);
      // A balancer sends each delivery to either; what GitHub repeats goes to the other, which may be standing still.
      for (const { url } of [first, second]) {
        const line = sender.connect();
        sent.push(...deliveries.map((delivery) => line.deliver({ ...delivery, url: `${url}/api/github/webhooks` })));
      }
      if (nth !== standsStill) continue;
      second.standStill();
      still = pause(stillMs).then(() => second.goOn());
    }
    await still;
    await Promise.all(sent);
    await first.quiet();
    return { wrong: await wrongIn(world, second, repository, numbers, database.url), writes: world.github.writes.length };
  } finally {
    await opened.disposeAsync();
  }
}

async function wrongIn(
  world: World,
  rig: Conductor,
  repository: Awaited<ReturnType<typeof openBusyRepository>>,
  numbers: readonly number[],
  databaseUrl: string,
): Promise<readonly string[]> {
  const outcomes = await outcomeOf(rig, repository, numbers);
  const wanted = JSON.stringify(doneOnce);
  const labelled = new Map<string, number>();
  for (const { operation, path, status } of world.github.writes)
    if (operation === "issues/add-labels" && status < 300) labelled.set(path, (labelled.get(path) ?? 0) + 1);
  const database = await openDatabase({ databaseUrl, poolSize: 1 });
  const { rows } = await database.pool.query<{ key: string; state: string }>(
    "select key, state from rig.effects where state not in ('confirmed', 'superseded')",
  );
  await database.close();
  const runs = (await repository.runTitles()).length;
  return [
    ...outcomes.flatMap((outcome, index) => (JSON.stringify(outcome) === wanted ? [] : [`#${numbers[index]}: ${JSON.stringify(outcome)}`])),
    ...(runs === numbers.length ? [] : [`${runs} workflow runs for ${numbers.length} issues`]),
    ...(cardsIn(world).length === numbers.length ? [] : [`${cardsIn(world).length} cards for ${numbers.length} issues`]),
    // Jonas's label and the Rig's states, each once.
    ...[...labelled].filter(([, times]) => times > 4).map(([path, times]) => `${path} was labelled ${times} times`),
    ...rows.map(({ key, state }) => `the effect ${key} is ${state}`),
    ...world.violations(),
  ];
}

if (import.meta.main) {
  const [issues = 300, seconds = 60] = process.argv.slice(2).map(Number);
  const begun = performance.now();
  const { wrong, writes } = await playReplicas({ issues, stillMs: seconds * 1000 });
  const took = ((performance.now() - begun) / 1000).toFixed(0);
  process.stdout.write(
    `${issues} issues, two replicas, one still for ${seconds} s: ${writes} writes in ${took} s, ${wrong.length} wrong\n`,
  );
  for (const sentence of wrong.slice(0, 20)) process.stdout.write(`  ${sentence}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
