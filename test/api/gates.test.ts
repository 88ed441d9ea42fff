import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { RigEvent } from "../../app/domain/events.ts";
import { PrNumber } from "../../app/domain/ids.ts";
import { baseSha, headSha, subjectOf } from "../door/stand.ts";
import { type Ask, column, openApi } from "./contract.ts";
import { approve, assign, openShop, raiseGate, type Shop } from "./shop-of-tea.ts";

const prNumber = PrNumber.parse(77);
const evidenceHash = "e".repeat(64);
const evidence = [
  { path: "src/login.ts", line: 12, because: "it signs people in" },
  { path: "src/old-login.ts", removed: true as const, because: "it signed people in" },
];

let shop: Shop;
let ask: Ask;

const tell = (...events: readonly RigEvent[]) => shop.history.record(subjectOf(1), events, "test");
const raised = (gate: string): RigEvent => ({
  type: "HUMAN_GATE_TRIGGERED",
  data: { prNumber, headSha, gate, evidence, evidenceCount: 7, evidenceHash, approvers: ["maria"] },
});

beforeAll(async () => {
  shop = await openShop();
  ask = await openApi(() => shop.url);
  await approve(shop, subjectOf(1));
  await raiseGate(shop, 1, await assign(shop, 1, true));
});
afterAll(() => shop.close());

test("a gate that was raised before evidence had lines and hashes is shown without them", async () => {
  expect((await ask("/api/gates/octo/tea/77")).body).toEqual([
    expect.objectContaining({
      gate: "auth",
      state: "waiting",
      evidence: [{ path: "src/login.ts", because: "it signs people in" }],
      ...{ evidenceCount: 1, evidenceHash: null, waitedMinutes: null, via: null, alsoRequested: false },
    }),
  ]);
});

test("a gate shows the lines of its evidence, and how it was decided", async () => {
  await tell(raised("auth"), raised("schema"), {
    type: "HUMAN_GATE_APPROVED",
    data: {
      prNumber,
      headSha,
      gate: "auth",
      by: "maria",
      reviewId: 9,
      evidenceHash,
      waitedMinutes: 42,
      via: "command",
      alsoRequested: true,
    },
  });
  const { body } = await ask("/api/gates/octo/tea/77");
  expect(body).toMatchObject(
    [
      {
        ...{ gate: "schema", state: "waiting", current: true, evidence, evidenceCount: 7, evidenceHash },
        ...{ decidedBy: null, waitedMinutes: null, via: null },
      },
      { gate: "auth", state: "approved", evidence, decidedBy: "maria", waitedMinutes: 42, via: "command", alsoRequested: true },
    ].toSorted((one, other) => column(body, "gate").indexOf(one.gate) - column(body, "gate").indexOf(other.gate)),
  );
});

test("the history tells an auditor who opened what, when and on which evidence", async () => {
  const reason = "The table has to stay.";
  await tell(
    { type: "HUMAN_GATE_REMINDER", data: { prNumber, gate: "schema", waitedMinutes: 30, nth: 1 } },
    { type: "HUMAN_GATE_REJECTED", data: { prNumber, headSha, gate: "schema", by: "otto", reason, waitedMinutes: 31 } },
    { type: "HUMAN_GATE_VOIDED", data: { prNumber, headSha, gate: "auth", reason: "The head moved." } },
  );
  const { body } = await ask("/api/gates/octo/tea/77/history");
  expect(body).toMatchObject([
    { gate: "auth", what: "raised", evidenceHash: null, headSha, by: null },
    { gate: "auth", what: "raised", evidence, evidenceHash, evidenceCount: 7, approvers: ["maria"], waitedMinutes: null },
    { gate: "schema", what: "raised" },
    {
      ...{ gate: "auth", what: "approved", by: "maria", headSha, evidence, evidenceHash, waitedMinutes: 42 },
      ...{ via: "command", reviewId: 9, alsoRequested: true, issue: "octo/tea#1" },
    },
    { gate: "schema", what: "reminded", waitedMinutes: 30, by: null },
    { gate: "schema", what: "rejected", by: "otto", reason, waitedMinutes: 31, evidence },
    { gate: "auth", what: "voided", reason: "The head moved.", by: null, headSha },
  ]);
  const versions = column(body, "version") as readonly number[];
  expect(versions).toEqual(versions.toSorted((one, other) => one - other));
});

test("a gate that has to be opened once more is not shown as decided", async () => {
  await tell(raised("auth"));
  expect((await ask("/api/gates/octo/tea/77")).body).toEqual(
    expect.arrayContaining([expect.objectContaining({ gate: "auth", state: "waiting", decidedBy: null, via: null, waitedMinutes: null })]),
  );
});

test("gates of another pull request that the issue had are not in its history", async () => {
  const other = PrNumber.parse(78);
  await tell(
    { type: "PR_CREATED", data: { prNumber: other, prUrl: "u", branch: "rig/1-tea-2", headSha: baseSha } },
    { type: "HUMAN_GATE_TRIGGERED", data: { prNumber: other, headSha: baseSha, gate: "rules", evidence: [], approvers: [] } },
  );
  const { body } = await ask("/api/gates/octo/tea/78/history");
  expect(column(body, "gate")).toEqual(["rules"]);
});

test("a pull request that the Rig does not have has no history, and that is said", async () => {
  expect(await ask("/api/gates/octo/tea/99/history")).toMatchObject({ status: 404, type: "application/problem+json" });
  expect(await ask("/api/gates/octo/nowhere/1/history")).toMatchObject({ status: 404 });
});
