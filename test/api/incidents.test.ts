/** What goes wrong in production, as programs and as people read it. */
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { conductor as conductorE } from "../../app/domain/envelope.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { IssueNumber, incidentStream, RepositoryId, Sha } from "../../app/domain/ids.ts";
import { rig } from "../cli/rig.ts";
import { place } from "../door/stand.ts";
import { jam, openShop, type Shop } from "./shop-of-tea.ts";

const cold = "c".repeat(16);
const sticky = "5".repeat(16);
const brought = Sha.parse("b".repeat(40));
let shop: Shop;

const detected = (fingerprint: string, repositoryId: number, signal: string, severity: "critical" | "warning"): RigEvent => ({
  type: "INCIDENT_DETECTED",
  data: {
    repositoryId: RepositoryId.parse(repositoryId),
    ...{ fingerprint, severity, service: "tea", signal, source: "probe", summary: `${signal} does \u001b[2Jnot answer`, nth: 1 },
    startedAt: "2026-11-22T09:00:00Z",
    suspects: [{ sha: brought, deployedAt: "2026-11-22T08:59:00Z", issue: 12, prNumber: 13 }],
  },
});

async function tell(fingerprint: string, repositoryId: number, ...events: readonly RigEvent[]) {
  const stream = incidentStream(fingerprint);
  await shop.store.append({
    ...{ stream, expectedVersion: null },
    events: events.map((event) => ({ ...event, actor: conductorE, causationId: "test", correlationId: stream })),
  });
  const open = events.at(-1)?.type !== "INCIDENT_RESOLVED";
  await shop.store.noteIncident(fingerprint, repositoryId as never, open, events.length);
}

beforeAll(async () => {
  shop = await openShop();
  await shop.store.upsertRepository(jam);
  const known = await shop.store.repositoryByName(place.owner, place.name);
  await tell(cold, known?.id ?? 0, detected(cold, known?.id ?? 0, "the kettle", "critical"), {
    type: "INCIDENT_FILED",
    data: { fingerprint: cold, issueNumber: IssueNumber.parse(31), url: "https://github.example/31", bodyHash: "0" },
  });
  await tell(sticky, jam.id, detected(sticky, jam.id, "the lid", "warning"), {
    type: "INCIDENT_RESOLVED",
    data: { fingerprint: sticky, durationMinutes: 12.5 },
  });
});
afterAll(() => shop?.close());

const list = async (query = "") => {
  const response = await fetch(`${shop.url}/api/incidents${query}`);
  return { status: response.status, body: (await response.json()) as readonly Readonly<Record<string, unknown>>[] };
};

test("each thing that went wrong is listed with its issue, its suspects and how long it lasted", async () => {
  const { status, body } = await list();
  expect(status).toBe(200);
  expect(body).toHaveLength(2);
  expect(body).toContainEqual(
    expect.objectContaining({
      ...{ fingerprint: cold, open: true, severity: "critical", issueNumber: 31, goneAt: null, diagnosis: null },
      suspects: [{ sha: brought, deployedAt: "2026-11-22T08:59:00Z", issue: 12, prNumber: 13 }],
    }),
  );
  expect(body).toContainEqual(
    expect.objectContaining({
      repo: "octo/jam",
      open: false,
      durationMinutes: 12.5,
      goneAt: "2026-11-22T09:12:30.000Z",
      issueNumber: null,
    }),
  );
});

test("it is narrowed to a repository and to what is open, and what is neither is told", async () => {
  expect((await list("?open=true")).body.map(({ fingerprint }) => fingerprint)).toEqual([cold]);
  expect((await list("?repo=octo/jam&open=true")).body).toEqual([]);
  expect((await list("?open=maybe")).status).toBe(400);
  expect((await list("?repo=octo/coffee")).status).toBe(404);
});

test("an open incident wants attention on the dashboard and in `rig status`, and one that is over does not", async () => {
  const page = await (await fetch(`${shop.url}/`)).text();
  expect(page).toContain("incident critical");
  expect(page).not.toContain("the lid");
  const { conditions } = (await (await fetch(`${shop.url}/api/status`)).json()) as {
    readonly conditions: readonly { readonly name: string }[];
  };
  expect(conditions.map(({ name }) => name)).toEqual(["incident-critical"]);
});

test("`rig incidents` ends with 1 while something goes wrong, and moves no cursor", async () => {
  const env = { RIG_URL: shop.url };
  const { code, out } = await rig(env, "incidents");
  expect(code).toBe(1);
  expect(out).toMatch(/^Since \(UTC\) +Severity +State +Service +Signal +Issue\n/);
  expect(out).toMatch(/2026-11-22 09:00:00 +critical +open +tea +the kettle +octo\/tea#31/);
  expect(out).toMatch(/warning +over, after 12\.5 min +tea +the lid +octo\/jam/);
  expect(out).not.toContain("\u001b");
  const over = await rig(env, "incidents", "--repo", "octo/jam", "--open");
  expect([over.code, over.out]).toEqual([0, "Nothing is known to have gone wrong.\n"]);
});
