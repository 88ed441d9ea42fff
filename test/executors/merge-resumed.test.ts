/** A process dies while GitHub merges in the background: the next one, over a real database, follows that merge and starts no other. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pino from "pino";
import type { Conductor } from "../../app/conductor.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { IssueNumber, issueStream, PrNumber, Sha, type Subject } from "../../app/domain/ids.ts";
import type { GitHub } from "../../app/github.ts";
import { createMemory } from "../../app/observe/memory.ts";
import { perform } from "../../app/perform.ts";
import { approved, openTestStore, planned, subject, type TestStore, tell } from "../store/support.ts";
import { till } from "../world-github/small-world.ts";
import { type MergingWorld, mergingWorld, until } from "./merging.ts";

let world: MergingWorld;
let database: TestStore;
let conductor: Conductor;

beforeAll(async () => {
  [world, database] = await Promise.all([mergingWorld({ mergeQueue: { method: "squash" }, requiredChecks: ["ci"] }), openTestStore()]);
  const github: Partial<GitHub> = {
    installation: async () => world.app(),
    identities: async () => ({ rig: 900, rigAppId: world.conductor.id }),
  };
  conductor = {
    store: database.store,
    github: github as GitHub,
    memory: createMemory(),
    discord: undefined,
    config: { paused: false, cto: [], githubWrites: { minute: 60, hour: 400 } },
    publicUrl: () => "http://127.0.0.1",
    redact: (text) => text,
    log: pino({ level: "silent" }),
    now: () => new Date(),
  };
});
afterAll(async () => {
  await Promise.all([world.close(), database.close()]);
});

const subjectOf = (number: number): Subject => ({
  ...subject(number),
  stream: issueStream("ann", "till", number),
  number: IssueNumber.parse(number),
  owner: "ann",
  repo: "till",
});

/** An issue whose approval would not bear a merge any more; the command to merge was planned before. */
async function decided(branch: string) {
  const pull = await world.open(branch);
  const check = { name: "ci", head_sha: pull.head, status: "completed", conclusion: "success" } as const;
  await world.app().rest.checks.create({ ...till, ...check });
  const [prNumber, headSha] = [PrNumber.parse(pull.number), Sha.parse(pull.head)];
  const { data: issue } = await world.ann.rest.issues.create({ ...till, title: branch });
  const of = subjectOf(issue.number);
  const key = `merge:${branch}`;
  const created: RigEvent = { type: "PR_CREATED", data: { prNumber, headSha, branch, prUrl: "https://github.example/pull" } };
  await tell(database.store, of, [approved(), created], [planned(key, { kind: "MERGE", data: { prNumber, headSha, method: "squash" } })]);
  return { pull, key, state: async () => (await database.store.effectsOf(of.stream)).find((effect) => effect.key === key) };
}

const tries = () => world.tries("pulls/merge-async").length;

test("the next process asks how that merge ended, without judging anew what cannot be taken back", async () => {
  const { pull, key, state } = await decided("resumed");
  const letGo = world.github.holdMerges();
  const claim = await until(async () => {
    const found = await database.store.claimEffect(key, 1);
    return "effect" in found && found;
  });
  const { data } = await world.app().request("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge-async", { ...pull.at, sha: pull.head });
  const { uuid } = data.details as { readonly uuid: string };
  expect(await database.store.rememberEffect(key, claim.epoch, { outcome: "pending", uuid })).toBe(true);
  await letGo();

  const before = tries();
  await until(async () => {
    await perform(conductor, key);
    return (await state())?.state === "confirmed";
  });
  expect((await state())?.response).toEqual({ outcome: "queued" });
  expect(tries()).toBe(before);
});

test("what nobody asked GitHub for yet is judged first, and then not asked for", async () => {
  const { key, state } = await decided("judged");
  const before = tries();
  await perform(conductor, key);
  expect(await state()).not.toMatchObject({ response: { outcome: "queued" } });
  expect(tries()).toBe(before);
});
