import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RigEvent } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { PrNumber } from "../../app/domain/ids.ts";
import { newIssue } from "../../app/domain/issue.ts";
import { project } from "../../app/domain/projection.ts";
import { suspectsOf } from "../../app/domain/suspects.ts";
import { approved, openTestStore, said, sha, subject, type TestStore } from "../store/support.ts";

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
}, 180_000);
afterAll(() => opened.close());

const now = Date.now();
const ago = (minutes: number) => new Date(now - minutes * 60_000);

/** An issue that was merged so many minutes ago, and what became of it since. */
async function merged(number: number, letter: string, minutes: number, after: readonly (readonly [minutes: number, event: RigEvent])[]) {
  const of = subject(number);
  const prNumber = PrNumber.parse(number + 100);
  const head = { prNumber, headSha: sha("0") };
  const history: readonly (readonly [number, RigEvent])[] = [
    [minutes + 2, approved()],
    [minutes + 1, { type: "PR_CREATED", data: { ...head, prUrl: "u", branch: "b" } }],
    [minutes, { type: "MERGED", data: { ...head, mergeSha: sha(letter), mergedBy: "rig[bot]" } }],
    ...after,
  ];
  const events = history.map(([at, event]) => said(event, { occurredAt: ago(at) }));
  const issue = events.reduce((before, event) => evolve(before, event, event.occurredAt ?? new Date()), newIssue);
  await opened.store.append({ stream: of.stream, expectedVersion: 0, events, projection: project(of, issue, "It is there.") });
}

const live = (letter: string) => ({ environment: "production" as const, sha: sha(letter) });
const deployed = (letter: string): RigEvent => ({ type: "DEPLOYED_PRODUCTION", data: { ...live(letter), deploymentId: 1, url: "" } });

test("suspected is what production was given, with its issue and pull request, and what it was taken back to; never what failed", async () => {
  await merged(1, "a", 300, [
    [290, deployed("a")],
    [280, { type: "VERIFIED", data: { ...live("a"), probes: [] } }],
  ]);
  await merged(2, "b", 100, [
    [90, deployed("b")],
    [60, { type: "ROLLBACK_REQUESTED", data: { by: "maria", fromSha: sha("b"), toSha: sha("a") } }],
    [50, { type: "ROLLED_BACK", data: { by: "maria", fromSha: sha("b"), toSha: sha("a") } }],
  ]);
  await merged(3, "c", 80, [[70, { type: "DEPLOY_FAILED", data: { ...live("c"), reason: "It did not come." } }]]);
  await merged(4, "d", 40, [[30, { type: "DEPLOYED_STAGING", data: { environment: "staging", sha: sha("d"), deploymentId: 2, url: "" } }]]);
  await merged(5, "e", 5_000, [[4_990, deployed("e")]]);
  await merged(6, "f", 10, [[5, deployed("f")]]);

  const found = await opened.store.deployedBetween(1, ago(24 * 60), ago(0));
  const short = (start: Date) => suspectsOf(found, start).map(({ sha: of, issue, prNumber }) => [of.slice(0, 1), issue, prNumber]);
  expect(short(ago(20))).toEqual([
    ["a", 1, 101],
    ["b", 2, 102],
    ["a", 1, 101],
  ]);
  expect(short(ago(55))).toEqual([
    ["b", 2, 102],
    ["a", 1, 101],
  ]);
  expect(short(ago(1))[0]).toEqual(["f", 6, 106]);
  expect(await opened.store.deployedBetween(2, ago(24 * 60), ago(0))).toEqual([]);
});
