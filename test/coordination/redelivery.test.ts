import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Attempt, lost, redeliver } from "../../app/coordination/deliveries.ts";
import { asUser } from "../world/github/as-user.ts";
import { type InProcess, openInProcess } from "./in-process.ts";

const now = new Date("2026-11-22T12:00:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const attempt = (guid: string, more: Partial<Attempt> = {}): Attempt => ({
  id: 1,
  guid,
  at: ago(1),
  ok: false,
  redelivery: false,
  ...more,
});

describe("which deliveries are lost", () => {
  const guids = (attempts: readonly Attempt[], { known = [] as readonly string[], begins = false } = {}) =>
    lost(attempts, { known: new Set(known), begins, now }).map(({ guid, id }) => `${guid}#${id}`);

  test.each<[string, readonly Attempt[], { readonly known?: readonly string[]; readonly begins?: boolean }, readonly string[]]>([
    ["one that failed", [attempt("a")], {}, ["a#1"]],
    ["one that failed and that the Rig has", [attempt("a")], { known: ["a"] }, []],
    ["one that GitHub delivered and the Rig does not have", [attempt("a", { ok: true })], {}, ["a#1"]],
    ["that, where the Rig has only begun", [attempt("a", { ok: true })], { begins: true }, []],
    ["one that was sent again already", [attempt("a"), attempt("a", { id: 2, redelivery: true })], {}, []],
    ["one that failed twice, by its first attempt", [attempt("a", { id: 7 }), attempt("a", { id: 3, at: ago(2) })], {}, ["a#3"]],
    ["one younger than three days", [attempt("a", { at: ago(71.9) })], {}, ["a#1"]],
    ["one as old as three days", [attempt("a", { at: ago(72) })], {}, []],
    ["two of three", [attempt("a"), attempt("b"), attempt("c")], { known: ["b"] }, ["a#1", "c#1"]],
  ])("%s", (_, attempts, told, expected) => {
    expect(guids(attempts, told)).toEqual(expected);
  });
});

describe("asking GitHub", () => {
  /** The app's address: down, or up and taking everything without keeping it. */
  let door: Server;
  let up: boolean;
  let rig: InProcess;
  let place: { readonly owner: string; readonly repo: string };
  let count = 0;

  beforeAll(async () => {
    door = createServer((request, response) => {
      request.resume();
      response.writeHead(up ? 202 : 503).end();
    });
    await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
    rig = await openInProcess({ webhookUrl: `http://127.0.0.1:${(door.address() as AddressInfo).port}/api/github/webhooks` });
  });
  afterAll(async () => {
    door.closeAllConnections();
    await new Promise((resolve) => door.close(resolve));
    await rig.close();
  });
  beforeEach(async () => {
    up = true;
    count += 1;
    place = { owner: "acme", repo: `shop-${count}` };
    await rig.github.createRepository({
      ...{ owner: place.owner, name: place.repo, files: { "README.md": "Shop.\n" } },
      collaborators: { maria: "admin" },
      private: true,
    });
    rig.github.install(rig.app.id, place.owner, [place.repo]);
    await rig.github.deliveries.settled();
    // What went before is nothing to this test, and the Rig has not just begun.
    for (const { guid } of rig.github.deliveries.all()) await keep(guid);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await rig.store.confirmDeliveriesUntil(anHourAgo);
    await rig.pool.query("update rig.delivery_cursor set confirmed_until = $1", [anHourAgo]);
  });

  /** An issue that Maria opens; answers the GUID of the delivery that tells of it. */
  async function opened(title: string): Promise<string> {
    await asUser(rig.github, rig.maria.token).rest.issues.create({ ...place, title });
    await rig.github.deliveries.settled();
    const told = rig.github.deliveries.all().findLast(({ event, action }) => event === "issues" && action === "opened");
    if (!told) throw new Error("GitHub told nobody of the issue.");
    return told.guid;
  }

  const attemptsOf = (guid: string) => rig.github.deliveries.all().filter((delivery) => delivery.guid === guid);
  const asked = (guid: string) => attemptsOf(guid).filter(({ redelivery }) => redelivery).length;
  const keep = (guid: string) =>
    rig.pool.query("insert into rig.deliveries (guid, event, headers, raw) values ($1, 'issues', '{}', '') on conflict do nothing", [guid]);

  test("a delivery that failed is sent again, once", async () => {
    up = false;
    const guid = await opened("Said while nobody listened");
    const conductor = rig.begin();
    expect(await redeliver(conductor)).toBe(1);
    await rig.github.deliveries.settled();
    // It failed again: what it was about is found by looking.
    expect(await redeliver(conductor)).toBe(0);
    expect(await redeliver(rig.begin())).toBe(0);
    await rig.github.deliveries.settled();
    expect(asked(guid)).toBe(1);
  });

  test("one that GitHub believes delivered and that the Rig does not have is sent again", async () => {
    const guid = await opened("Said to somebody who forgot it");
    expect(await redeliver(rig.begin())).toBe(1);
    await rig.github.deliveries.settled();
    expect(asked(guid)).toBe(1);
  });

  test("one that the Rig has is not sent again, whatever GitHub believes", async () => {
    up = false;
    const guid = await opened("Stored, and the answer was lost");
    await keep(guid);
    expect(await redeliver(rig.begin())).toBe(0);
    expect(asked(guid)).toBe(0);
  });

  test("a Rig that is paused asks for nothing", async () => {
    up = false;
    const guid = await opened("Said to a paused Rig");
    const conductor = rig.begin();
    expect(await redeliver({ ...conductor, config: { ...conductor.config, paused: true } })).toBe(0);
    expect(asked(guid)).toBe(0);
  });

  test("a crash after the question does not ask twice, and one before it does not forget it", async () => {
    up = false;
    const heard = await opened("The question was heard");
    const unheard = await opened("The question was not");
    // GitHub does the first and the answer is lost; the second never reaches it.
    const path = /\/app\/hook\/deliveries\/\d+\/attempts$/;
    rig.github.faults.next({ method: "POST", path, kind: "502-after-write" });
    rig.github.faults.next({ method: "POST", path, kind: "reset" });
    await redeliver(rig.begin());
    await rig.github.deliveries.settled();
    expect([asked(heard), asked(unheard)].toSorted()).toEqual([0, 1]);

    // Another begins at once: whoever asked may still be about to.
    const before = await rig.store.deliveriesConfirmedUntil();
    await redeliver(rig.begin());
    await rig.github.deliveries.settled();
    expect(asked(heard) + asked(unheard)).toBe(1);
    expect(await rig.store.deliveriesConfirmedUntil()).toEqual(before);

    await rig.pool.query("update rig.redeliveries set asked_at = asked_at - interval '2 minutes'");
    await redeliver(rig.begin());
    await rig.github.deliveries.settled();
    await rig.pool.query("update rig.redeliveries set asked_at = asked_at - interval '2 minutes'");
    await redeliver(rig.begin());
    await rig.github.deliveries.settled();
    expect([asked(heard), asked(unheard)]).toEqual([1, 1]);
    expect(await rig.store.deliveriesConfirmedUntil()).not.toEqual(before);
  });
});
