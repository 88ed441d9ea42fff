import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { askForRun, type Stand, startStand } from "./stand.ts";

let stand: Stand;

beforeAll(async () => {
  stand = await startStand({ policy: { agents: { "ops-e": {} } }, desk: { character: async () => undefined } });
});
afterAll(() => stand.close());

test("a run of an agent that the repository names and the app lacks is told what is missing", async () => {
  const runId = await askForRun(stand, 1, { agent: "ops-e" });
  const token = await stand.issuer.sign({
    claims: stand.claims({ workflow_ref: "octo/tea/.github/workflows/ops-e.yml@refs/heads/main" }),
  });
  const answer = await fetch(`${stand.url}/api/runs/${runId}/claim`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{}",
  });
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("The Rig has no agent ops-e: RIG_AGENTS") });
});
