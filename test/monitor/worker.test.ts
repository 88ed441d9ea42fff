import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startWorker } from "../../app/store/worker.ts";
import { crontab, tasks } from "../../app/tasks.ts";
import { type InProcess, openInProcess } from "../coordination/in-process.ts";
import { serve, shop } from "./ground.ts";

let world: InProcess;
beforeAll(async () => {
  world = await openInProcess({ webhookUrl: "http://127.0.0.1:9/" });
});
afterAll(() => world.close());

test("the worker keeps looking in the rhythm of the file, and is not kept from stopping by a look that hangs", async () => {
  let asked = 0;
  const { promise: thrice, resolve: askedThrice } = Promise.withResolvers<void>();
  const { url, close } = await serve((_, response) => {
    asked += 1;
    if (asked < 3) return void response.end();
    // The third is not answered.
    askedThrice();
  });
  await world.store.upsertRepository({ id: shop, owner: "acme", name: "shop", installationId: 9, defaultBranch: "main", private: true });
  const monitor = { every: "1s", probes: [{ url, failures: 1, within: "30s" }] };
  await world.store.savePolicy(shop, "a".repeat(40), { policy: { monitor } });
  const worker = await startWorker({
    database: world.database,
    store: world.store,
    tasks: { monitor: tasks(world.begin()).monitor ?? (() => {}) },
    concurrency: 2,
    pollMs: 100,
  });
  // As the clock does.
  await world.store.addJobs([{ task: "monitor", payload: {} }]);
  await thrice;
  const begun = Date.now();
  await worker.stop();
  expect(Date.now() - begun).toBeLessThan(20_000);
  expect(await world.store.signalsOf(shop)).toMatchObject([{ firing: false }]);
  close();
}, 180_000);

test("every minute the clock asks for looks that nobody planned", () => {
  expect(crontab.split("\n")).toContain("* * * * * monitor");
});
