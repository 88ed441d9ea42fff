/** What the API says of random histories is what another way of counting finds in the raw events. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Subject } from "../../app/domain/ids.ts";
import type { Five } from "../../app/measures/dora.ts";
import type { Effort } from "../../app/measures/effort.ts";
import { openShop, type Shop } from "../api/shop-of-tea.ts";
import { append, begin, chanceOf, end, incident, life, repositories, subjectAt, type Written, window } from "./histories.ts";
import { delivery, efforts } from "./oracle.ts";

const LIVES = 50;
const makers = ["agent", "human", null] as const;
let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const ask = async (path: string): Promise<unknown> => (await fetch(shop.url + path)).json();

const query = `from=${window.from}&to=${window.to}`;
const [from, to] = [new Date(begin), new Date(end)];

type Split = Five & { readonly agent: Five; readonly human: Five };

const near = (one: number | null, other: number | null): boolean =>
  one === null || other === null ? one === other : Math.abs(one - other) < 0.0051;

async function expectFive(told: Five | undefined, repository: number | null, maker: string | null): Promise<void> {
  const counted = await delivery(shop.pool, from, to, repository, maker);
  const { deployments } = counted;
  expect({ repository, maker, told }).toMatchObject({
    told: {
      deploymentFrequency: { deployments, days: 14 },
      leadTime: { count: counted.leads },
      changeFailRate: { count: counted.failed, of: deployments, rate: deployments === 0 ? null : counted.failed / deployments },
      recoveryTime: { count: counted.failed - counted.open, open: counted.open },
      reworkRate: { count: counted.rework, of: deployments, rate: deployments === 0 ? null : counted.rework / deployments },
    },
  });
  if (!told) return;
  const pairs = [
    [told.deploymentFrequency.perDay, deployments === 0 ? null : deployments / 14],
    [told.leadTime.median, counted.lead_median],
    [told.leadTime.p90, counted.lead_p90],
    [told.recoveryTime.median, counted.recovery_median],
    [told.recoveryTime.p90, counted.recovery_p90],
  ] as const;
  expect(pairs.filter(([one, other]) => !near(one, other))).toEqual([]);
}

async function expectEffort(told: Effort, repository: number | null): Promise<void> {
  const counted = await efforts(shop.pool, from, to, repository);
  expect(told).toMatchObject({
    verifiedChanges: counted.verified,
    queueWaitMinutes: { count: counted.queue },
    gateWaitMinutes: { count: counted.gate },
  });
  const pairs = [
    [told.usd.median, counted.usd_median],
    [told.humanMinutes.p90, counted.human_p90],
    [told.queueWaitMinutes.median, counted.queue_median],
    [told.gateWaitMinutes.p90, counted.gate_p90],
  ] as const;
  expect(pairs.filter(([one, other]) => !near(one, other))).toEqual([]);
}

test("before anything was deployed everything is null, and not 0", async () => {
  const told = await ask(`/api/dora?${query}`);
  const nothing = {
    deploymentFrequency: { perDay: null, deployments: 0, days: 14 },
    leadTime: { median: null, p90: null, count: 0 },
    changeFailRate: { rate: null, count: 0, of: 0 },
    recoveryTime: { median: null, p90: null, count: 0, open: 0 },
    reworkRate: { rate: null, count: 0, of: 0 },
  };
  expect(told).toEqual({ ...window, ...nothing, agent: nothing, human: nothing, repositories: [] });
  expect(await ask(`/api/cost?${query}`)).toMatchObject({
    usd: 0,
    changes: { verifiedChanges: 0, usd: { median: null, count: 0 }, usdOfAllPerVerifiedChange: null },
  });
});

test.each([1, 2, 3])("an independent count over the raw events finds the same numbers (seed %i)", async (seed) => {
  // Each seed adds to the histories of those before it.
  const chance = chanceOf(seed * 7919);
  const written: Written = { merges: [], nth: seed * LIVES };
  const shared = new Map<number, { readonly id: number; readonly at: number }>();
  for (const repository of repositories) await shop.store.upsertRepository(repository);
  for (let n = 0; n < LIVES; n++) {
    const repository = repositories[chance.upTo(repositories.length)] ?? repositories[0];
    const subject = subjectAt(repository as (typeof repositories)[number], seed * 1000 + n);
    await append(shop.store, subject, life(chance, written, subject, chance.often(0.3), shared));
  }
  const subjects: Subject[] = written.merges.map(({ subject }) => subject);
  for (let n = 0; n < 12; n++)
    await incident(chance, shop.store, written, chance.often(0.5) ? subjects[chance.upTo(subjects.length)] : undefined);

  const dora = (await ask(`/api/dora?${query}`)) as Split & { readonly repositories: readonly (Split & { readonly repo: string })[] };
  // Histories in which nothing of a kind happens would prove nothing.
  expect(dora.deploymentFrequency.deployments).toBeGreaterThan(10);
  expect(dora.changeFailRate.count).toBeGreaterThan(2);
  expect(dora.reworkRate.count).toBeGreaterThan(0);
  expect(dora.recoveryTime.count).toBeGreaterThan(1);
  for (const maker of makers) {
    await expectFive(maker ? dora[maker] : dora, null, maker);
    for (const { id, owner, name } of repositories) {
      const own = dora.repositories.find(({ repo }) => repo === `${owner}/${name}`);
      if (own) await expectFive(maker ? own[maker] : own, id, maker);
      else expect((await delivery(shop.pool, from, to, id, maker)).deployments).toBe(0);
    }
  }
  const cost = (await ask(`/api/cost?${query}`)) as { readonly changes: Effort };
  await expectEffort(cost.changes, null);
});
