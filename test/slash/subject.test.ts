import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { subjectFor } from "../../app/hear.ts";
import { approved, openTestStore, subject, type TestStore, tell } from "../store/support.ts";

let on: TestStore;
beforeAll(async () => {
  on = await openTestStore();
  for (const id of [1, 2])
    await on.store.upsertRepository({ id, owner: "acme", name: "shop", installationId: 7, defaultBranch: "main", private: true });
});
afterAll(() => on?.close());

test("an issue that is first written down while it is looked for keeps its one stream", async () => {
  const { store } = on;
  const between: typeof store.issueByNumber = async (...which) => {
    const before = await store.issueByNumber(...which);
    await tell(store, subject(12), [approved()]);
    return before;
  };
  expect((await subjectFor({ ...store, issueByNumber: between }, 1, 12))?.stream).toBe("acme/shop#12");
});

test("an issue of another repository that has the name now gets a stream of its own", async () => {
  await tell(on.store, subject(13), [approved()]);
  expect((await subjectFor(on.store, 2, 13))?.stream).toBe("acme/shop#13/2");
});
