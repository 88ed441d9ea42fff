import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { PlannedCommand } from "../../app/domain/commands.ts";
import { notify, openTestStore, stale, type TestStore } from "./support.ts";

let world: TestStore;
beforeAll(async () => {
  world = await openTestStore();
});
afterAll(() => world.close());

const notice = (key: string, about: string, replaces?: string): PlannedCommand => {
  const command = notify(key, `shop:${about}`);
  return { ...command, data: { ...command.data, about, ...(replaces ? { replaces } : {}) } } as PlannedCommand;
};
const plan = (stream: string, ...commands: PlannedCommand[]) =>
  world.store.append({ stream, expectedVersion: null, events: [stale()], commands });
const statesOf = async (stream: string) => Object.fromEntries((await world.store.effectsOf(stream)).map(({ key, state }) => [key, state]));
const messageOf = async (key: string) =>
  (await world.database.pool.query<{ id: string | null }>("select rig.message_of($1) as id", [key])).rows[0]?.id;

async function sent(key: string, messageId: string): Promise<void> {
  const claim = await world.store.claimEffect(key, 60_000);
  if (!("effect" in claim)) throw new Error(`${key} was not given out: ${JSON.stringify(claim)}`);
  await world.store.settleEffect(key, claim.epoch, "confirmed", { response: { messageId } });
}

test("a message that waits is dropped for a newer one about the same matter, and other matters are left alone", async () => {
  await plan("notices/1", notice("a1", "gate:schema"), notice("b1", "question"));
  await plan("notices/1", notice("a2", "gate:schema"));
  await plan("notices/1", notice("a3", "gate:schema"));
  expect(await statesOf("notices/1")).toEqual({ a1: "superseded", b1: "planned", a2: "superseded", a3: "planned" });
});

test("a message that is under way is not dropped: the newer one waits for it", async () => {
  await plan("notices/2", notice("c1", "budget:run"));
  const claim = await world.store.claimEffect("c1", 60_000);
  await plan("notices/2", notice("c2", "budget:run"));
  expect(await statesOf("notices/2")).toEqual({ c1: "sent", c2: "planned" });
  expect(await world.store.claimEffect("c2", 1_000)).toEqual({ wait: expect.any(Number) });
  if ("epoch" in claim) await world.store.settleEffect("c1", claim.epoch, "planned", { retryMs: 60_000 });
});

test("the same message planned twice does not drop itself", async () => {
  await plan("notices/3", notice("d1", "gate:auth"));
  await plan("notices/3", notice("d1", "gate:auth"));
  expect(await statesOf("notices/3")).toEqual({ d1: "planned" });
});

test("whoever replaces a dropped message replaces the one that arrived before it", async () => {
  await plan("notices/4", notice("e1", "gate:deletion"));
  await sent("e1", "100@1");
  await plan("notices/4", notice("e2", "gate:deletion", "e1"));
  await plan("notices/4", notice("e3", "gate:deletion", "e2"));
  expect(await Promise.all(["e1", "e2", "e3"].map(messageOf))).toEqual(["100@1", "100@1", "100@1"]);
  await sent("e3", "101@1");
  expect(await messageOf("e3")).toBe("101@1");
  expect(await messageOf("unheard of")).toBeNull();
});
