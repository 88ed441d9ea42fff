/** G6: what a pass over fifty repositories costs of what GitHub lets an installation ask for in an hour. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Conductor } from "../../app/conductor.ts";
import { coordinate } from "../../app/coordinate.ts";
import { asUser } from "../world/github/as-user.ts";
import { type InProcess, openInProcess } from "./in-process.ts";

const REPOSITORIES = 50;
/** A tenth of 5,000 requests an hour, over twelve passes. */
const MOST_A_PASS = 41;
const MOST_AN_HOUR = 500;

let rig: InProcess;
let conductor: Conductor;

beforeAll(async () => {
  rig = await openInProcess({ webhookUrl: "http://127.0.0.1:9/" });
  const names = Array.from({ length: REPOSITORIES }, (_, nth) => `shop-${nth}`);
  const create = (name: string) =>
    rig.github.createRepository({
      ...{ owner: "acme", name, files: { "README.md": `${name}\n` }, private: true, labels: ["agent-ready"] },
      collaborators: { maria: "admin" },
      rules: { requirePullRequest: true, requiredChecks: ["rig/gates"] },
    });
  for (let nth = 0; nth < names.length; nth += 10) await Promise.all(names.slice(nth, nth + 10).map(create));
  rig.github.deliveries.drop(() => true, Number.POSITIVE_INFINITY);
  rig.github.install(rig.app.id, "acme", names);
  conductor = rig.begin();
}, 180_000);
afterAll(async () => rig?.close());

test("twelve passes over fifty repositories cost less than a tenth of the hour, and a pass where nothing changed next to nothing", async () => {
  const cost = async (): Promise<number> => {
    rig.github.calls.reset();
    await coordinate(conductor);
    return rig.github.calls.counted();
  };
  const first = await cost();
  const steady = await cost();
  expect(await rig.store.repositories()).toHaveLength(REPOSITORIES);
  expect(first).toBeGreaterThan(REPOSITORIES);
  expect(steady).toBeLessThanOrEqual(MOST_A_PASS);
  // A token lives for an hour, and GitHub's ETags with it: once an hour the whole price is paid.
  expect(first + 11 * steady).toBeLessThanOrEqual(MOST_AN_HOUR);
  // The program's own count, which it logs, is GitHub's.
  expect(rig.log().findLast(({ counted }) => counted !== undefined)).toMatchObject({ counted: steady, repositories: REPOSITORIES });
  process.stdout.write(`coordination of ${REPOSITORIES} repositories: ${first} calls at first, then ${steady}\n`);
}, 180_000);

test("what changed is seen in spite of all that is remembered", async () => {
  const jobs = async (): Promise<readonly string[]> =>
    (await rig.pool.query<{ key: string }>("select key from graphile_worker.jobs where key like 'sync:%'")).rows.map(({ key }) => key);
  expect(await jobs()).toEqual([]);
  await asUser(rig.github, rig.maria.token).rest.issues.create({
    owner: "acme",
    repo: "shop-7",
    title: "Unheard",
    labels: ["agent-ready"],
  });
  await coordinate(conductor);
  expect(await jobs()).toEqual(["sync:acme/shop-7#1"]);
}, 180_000);
