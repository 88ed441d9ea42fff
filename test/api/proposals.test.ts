/** What Architect-E proposed, as programs and as people read it. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { conductor as conductorE } from "../../app/domain/envelope.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { IssueNumber, runIdFor } from "../../app/domain/ids.ts";
import { rig } from "../cli/rig.ts";
import { place } from "../door/stand.ts";
import { jam, openShop, type Shop } from "./shop-of-tea.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
  await shop.store.upsertRepository(jam);
  await tell("repo/octo/tea", created(31, "Brew it hotter"), created(32, "Paint \u001b[2Jthe pot"), {
    type: "PROPOSAL_REJECTED",
    data: { issueNumber: IssueNumber.parse(32), by: "anna" },
  });
  await tell("repo/octo/jam", created(4, "Label the jars"), {
    type: "PROPOSAL_APPROVED",
    data: { issueNumber: IssueNumber.parse(4), by: "anna" },
  });
});
afterAll(() => shop?.close());

const runId = runIdFor("round", 1);
const created = (number: number, title: string): RigEvent => ({
  type: "PROPOSAL_CREATED",
  data: {
    ...{
      issueNumber: IssueNumber.parse(number),
      url: `https://github.example/${number}`,
      runId,
      fingerprint: String(number).padStart(16, "0"),
    },
    ...{ kind: "fix", title, what: "w", rationale: "r", evidence: ["e"], complexity: "small" },
  },
});

async function tell(stream: string, ...events: readonly RigEvent[]) {
  await shop.store.append({
    ...{ stream, expectedVersion: null },
    events: events.map((event, index) => ({
      ...{ ...event, actor: conductorE, causationId: "test", correlationId: stream },
      occurredAt: new Date(Date.UTC(2026, 10, 22, 9, index)),
    })),
  });
}

const list = async (query = "") => {
  const response = await fetch(`${shop.url}/api/proposals${query}`);
  return {
    status: response.status,
    body: (await response.json()) as readonly Readonly<Record<string, unknown>>[] & { readonly detail?: string },
  };
};

test("every proposal is listed with its issue, what people made of it and when", async () => {
  const { status, body } = await list();
  expect(status).toBe(200);
  expect(body).toEqual([
    {
      ...{ repo: "octo/jam", issueNumber: 4, url: "https://github.example/4", kind: "fix", title: "Label the jars", complexity: "small" },
      ...{ state: "approved", by: "anna", proposedAt: "2026-11-22T09:00:00.000Z", decidedAt: "2026-11-22T09:01:00.000Z", runId },
    },
    expect.objectContaining({ repo: "octo/tea", issueNumber: 31, state: "open", by: null, decidedAt: null }),
    expect.objectContaining({ repo: "octo/tea", issueNumber: 32, state: "rejected", by: "anna" }),
  ]);
});

test("it is narrowed to a repository and a state, and what is neither is told", async () => {
  expect((await list("?repo=octo/tea&state=open")).body.map(({ issueNumber }) => issueNumber)).toEqual([31]);
  expect((await list("?state=lapsed")).body).toEqual([]);
  expect(await list("?state=fine")).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining("open, approved, rejected, lapsed") },
  });
  expect((await list("?repo=octo/coffee")).status).toBe(404);
});

test("`rig proposals` shows them as a table in which nothing moves the cursor, or as JSON", async () => {
  const env = { RIG_URL: shop.url };
  const { code, out } = await rig(env, "proposals", "--repo", `${place.owner}/${place.name}`);
  expect(code).toBe(0);
  expect(out).toMatch(
    /^Issue +State +Kind +Complexity +Title +Proposed \(UTC\)\nocto\/tea#31 +open +fix +small +Brew it hotter +2026-11-22 09:00:00\n/,
  );
  expect(out).toContain("rejected by anna");
  expect(out).not.toContain("\u001b");
  expect(JSON.parse((await rig(env, "proposals", "--json", "--state", "approved")).out)).toMatchObject([{ issueNumber: 4 }]);
  expect((await rig(env, "proposals", "--state", "lapsed")).out).toBe("Nothing has been proposed.\n");
});
