import { expect, test } from "@jest/globals";
import { refused } from "../../app/domain/accepts.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { agentId, approved, assigned, finished, folded, type History, requested, runId, said, started, toOpen } from "../rules/stage.ts";

const replaced: History = [...toOpen, [30, requested("fix-ci", 2)]];
const stuck = said("AGENT_STUCK", { agentId, runId: runId(1), attempt: 1, cause: "agent", reason: "r", fingerprint: "r" });

test.each<[string, History, RigEvent, string]>([
  ["F21: the late report of a run that was replaced", [...toOpen.slice(0, 4), [5, requested("implement", 2)]], finished(1), "superseded"],
  ["F21: its late complaint", [...toOpen.slice(0, 4), [5, requested("implement", 2)]], stuck, "superseded"],
  ["a second report", replaced, finished(1), "already finished"],
  ["the report of a run nobody asked for", toOpen, finished(9), "never asked for"],
  ["a second start", toOpen.slice(0, 4), started(1), "already started"],
  [
    "an assignment of an issue that is not queued",
    [
      [0, approved],
      [1, assigned],
    ],
    assigned,
    "not queued",
  ],
  ["an assignment of an issue nobody approved", [], assigned, "not queued"],
])("%s is refused by name", (_, history, event, reason) => {
  expect(refused(folded(history), event)).toContain(reason);
});

test("the first report of the present run is taken", () => {
  expect(refused(folded(toOpen.slice(0, 4)), finished(1))).toBeUndefined();
});
