/** The store on a real Postgres: whatever is appended, by however many, and however often people write. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { evolve } from "../../app/domain/evolve.ts";
import { newIssue } from "../../app/domain/issue.ts";
import { project } from "../../app/domain/projection.ts";
import type { AppendRequest } from "../../app/store/append.ts";
import { createPool } from "../../app/store/connect.ts";
import { refold } from "../../app/store/rebuild.ts";
import { createStore } from "../../app/store/store.ts";
import { asOwner, openTestStore, type TestStore } from "../store/support.ts";
import { play } from "./play.ts";
import { seed } from "./seed.ts";
import { story } from "./story.ts";

const REPLICAS = 3;

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());

/** What the Rig appended in so many stories, each about another repository. */
async function histories(count: number): Promise<readonly (readonly AppendRequest[])[]> {
  const stories = fc.sample(story, { seed, numRuns: count });
  return Promise.all(
    stories.map(async (one, nth) => {
      const sim = await play(one, undefined, nth);
      return sim.memory.requests;
    }),
  );
}

test("P9: versions and positions have no gaps for a reader, and what is rebuilt is what is there", async () => {
  const pools = Array.from({ length: REPLICAS }, () => createPool({ url: world.url, poolSize: 2, onError: () => {} }));
  const stores = pools.map((pool) => createStore(pool));
  const told = await histories(25);
  let writing = true;
  const reading = (async () => {
    const versions = new Map<string, number>();
    let last = 0;
    for (let finished = false; !finished; ) {
      finished = !writing;
      const news = await world.store.readAll(last, 500);
      for (const { position, stream, version } of news) {
        expect([position, version]).toEqual([last + 1, (versions.get(stream) ?? 0) + 1]);
        versions.set(stream, version);
        last = position;
      }
      if (news.length > 0) finished = false;
    }
    return versions;
  })();
  await Promise.all(
    told.map(async (requests, nth) => {
      for (const [index, request] of requests.entries()) {
        const result = await stores[(nth + index) % REPLICAS]?.append(request);
        expect(result?.result).toBe("accepted");
      }
    }),
  );
  writing = false;
  const versions = await reading;
  await Promise.all(pools.map((pool) => pool.end()));

  expect([...versions.values()].reduce((sum, version) => sum + version, 0)).toBe(
    told.flat().reduce((sum, { events }) => sum + events.length, 0),
  );
  const { differences, streams } = await refold(
    world.database.pool,
    (events, shown) => {
      const issue = events.reduce((before, event) => evolve(before, event, event.occurredAt), newIssue);
      return shown && project(shown, issue, shown.why);
    },
    "compare",
  );
  expect(differences).toEqual([]);
  expect(streams).toBeGreaterThan(0);
  await world.store.seal(100);
  expect((await world.store.verifySeals()).filter(({ intact }) => !intact)).toEqual([]);
}, 180_000);

const INSTALLATION = 77;

/** Every grant is noted at the time that passed for it: what is written is moved into the past instead of waiting. */
const notes = `
  create table if not exists rig.granted (at timestamptz not null);
  create table if not exists rig.shifted (by interval not null);
  grant insert, select on rig.granted, rig.shifted to rig_app;
  delete from rig.granted; delete from rig.shifted; insert into rig.shifted values ('0');
  delete from rig.content_writes;
  create or replace function rig.note_granted() returns trigger language plpgsql as $$
  begin insert into rig.granted select new.at + by from rig.shifted; return new; end $$;
  create or replace trigger note_granted after insert on rig.content_writes for each row execute function rig.note_granted()`;

const later = (seconds: number) => `
  begin;
  select pg_advisory_xact_lock(hashtextextended('content_writes', ${INSTALLATION}));
  update rig.content_writes set at = at - interval '${seconds} seconds';
  update rig.shifted set by = by + interval '${seconds} seconds';
  commit`;

const most = `
  select max(minute)::int as minute, max(hour)::int as hour from (
    select (select count(*) from rig.granted b where b.at > a.at - interval '1 minute' and b.at <= a.at) as minute,
      (select count(*) from rig.granted b where b.at > a.at - interval '1 hour' and b.at <= a.at) as hour
    from rig.granted a) windows`;

test("P11: no minute and no hour ever holds more writes than it may, whoever asks", async () => {
  const pools = Array.from({ length: REPLICAS }, () => createPool({ url: world.url, poolSize: 4, onError: () => {} }));
  const stores = pools.map((pool) => createStore(pool));
  const demand = fc.record({
    counts: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 12 }),
    seconds: fc.constantFrom(1, 5, 20, 45, 61, 600),
    spare: fc.constantFrom(0, 20),
  });
  const limits = fc.record({ minute: fc.integer({ min: 6, max: 12 }), hour: fc.integer({ min: 12, max: 40 }) });
  let filled = 0;
  await fc.assert(
    fc.asyncProperty(limits, fc.array(demand, { minLength: 1, maxLength: 8 }), async (limit, demands) => {
      await asOwner(world, notes);
      for (const { counts, seconds, spare } of demands) {
        await Promise.all(counts.map((count, index) => stores[index % REPLICAS]?.takeWrites(INSTALLATION, count, limit, spare)));
        await asOwner(world, later(seconds));
      }
      const { rows } = await world.database.pool.query<{ minute: number | null; hour: number | null }>(most);
      const { minute, hour } = rows[0] ?? {};
      expect(minute ?? 0).toBeLessThanOrEqual(limit.minute);
      expect(hour ?? 0).toBeLessThanOrEqual(limit.hour);
      filled += minute === limit.minute || hour === limit.hour ? 1 : 0;
    }),
    { seed, numRuns: 40 },
  );
  await Promise.all(pools.map((pool) => pool.end()));
  expect(filled).toBeGreaterThan(0);
}, 180_000);
