import { expect, test } from "@jest/globals";
import { playReplicas } from "./replicas.ts";

// Longer than a worker's lease: the other has taken over by then. `npm run replicas` plays it with 300 issues and a minute.
const STILL_MS = 20_000;

test("two replicas do together what one does alone, each thing once, though one of them stands still meanwhile", async () => {
  const { wrong } = await playReplicas({ issues: 24, stillMs: STILL_MS });
  expect(wrong).toEqual([]);
}, 120_000);
