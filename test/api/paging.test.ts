import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { subjectOf } from "../door/stand.ts";
import { type Ask, column, openApi } from "./contract.ts";
import { approve, inJam, jam, openShop, type Shop } from "./shop-of-tea.ts";

let shop: Shop;
let ask: Ask;

beforeAll(async () => {
  shop = await openShop();
  ask = await openApi(() => shop.url);
  await shop.store.upsertRepository(jam);
  for (let number = 10; number < 20; number += 1) await approve(shop, subjectOf(number), number % 3 === 0 ? "high" : "normal");
  await approve(shop, inJam(10));
});
afterAll(() => shop.close());

/** Every page of a list, and what is done between one and the next. */
async function everyPage(
  path: string,
  name: string,
  between: (page: number) => Promise<unknown> = async () => {},
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (let next: string | undefined = path, page = 0; next; page += 1) {
    const answered = await ask(next);
    found.push(...column(answered.body, name));
    next = answered.next;
    await between(page);
  }
  return found;
}

const teas = (...numbers: readonly number[]) => numbers.map((number) => `octo/tea#${number}`);

test("pages of issues neither repeat nor skip when others are handed over in between", async () => {
  const before = await everyPage("/api/issues?limit=500", "id");
  const found = await everyPage("/api/issues?limit=3", "id", async (page) => {
    // One before the cursor, one after it.
    await approve(shop, subjectOf(1 + page), "critical");
    await approve(shop, subjectOf(30 + page));
  });
  expect(new Set(found).size).toBe(found.length);
  expect(found).toEqual(expect.arrayContaining([...before]));
  expect(found.slice(0, 3)).toEqual(teas(10, 11, 12));
  expect(found).toEqual(expect.arrayContaining(teas(30, 31)));
});

test("pages of the queue neither repeat nor skip when something more urgent comes in between", async () => {
  const before = await everyPage("/api/queue?limit=500", "id");
  const found = await everyPage("/api/queue?limit=2", "id", async (page) => {
    if (page < 9) await approve(shop, subjectOf(50 + page), "critical");
  });
  expect(new Set(found).size).toBe(found.length);
  expect(found.filter((id) => before.includes(id))).toEqual(before);
  expect(found).not.toContain("octo/tea#58");
});

test("pages of events go on after the last one", async () => {
  const stream = encodeURIComponent("octo/tea#60");
  const subject = subjectOf(60);
  await approve(shop, subject);
  const hold = { type: "ISSUE_HELD" as const, data: { by: "anna", reason: "Wait." } };
  const release = { type: "ISSUE_RELEASED" as const, data: { by: "anna", reason: "Go on." } };
  for (let nth = 0; nth < 4; nth += 1) await shop.history.record(subject, [nth % 2 ? release : hold], "test");
  expect(
    await everyPage(`/api/events/stream?id=${stream}&limit=2`, "version", (page) =>
      shop.history.record(subject, [page % 2 ? release : hold], "test"),
    ),
  ).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});

test("who reads all events misses none and gets none twice", async () => {
  const positions = (await everyPage("/api/events?limit=7", "position")) as readonly number[];
  expect(positions).toEqual(Array.from({ length: positions.length }, (_, index) => index + 1));
  expect((await ask(`/api/events?after=${positions.length}`)).body).toEqual([]);
});

test("a last page names no next one", async () => {
  expect((await ask("/api/issues?state=done&limit=1")).next).toBeUndefined();
  const { body, next } = await ask("/api/queue?limit=500");
  expect(next).toBeUndefined();
  expect((await ask(`/api/queue?limit=${column(body, "id").length}`)).next).toBeUndefined();
});
