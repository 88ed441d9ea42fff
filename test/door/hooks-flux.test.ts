import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { PrNumber } from "../../app/domain/ids.ts";
import { hangUp, raw, statusOf } from "./delivery.ts";
import { fluxEvent, fluxSecret, type Hooks, known, openHooks, post, signed } from "./hooks.ts";
import { baseSha, headSha, place, subjectOf } from "./stand.ts";

const object = "Kustomization/flux-system/shop";
let hooks: Hooks;
beforeAll(async () => {
  hooks = await openHooks();
});
let minute = 0;
beforeEach(async () => {
  await hooks.clear();
  await hooks.policy({ deploy: { production: { flux: object } } });
});
afterAll(() => hooks.close());

/** A minute later each time. */
const event = (change: Record<string, unknown> = {}) => {
  minute += 1;
  return fluxEvent({ timestamp: new Date(Date.UTC(2026, 10, 20, 9, minute)).toISOString().replace(".000", ""), ...change });
};
const tell = (body: unknown, headers: Readonly<Record<string, string>> = signed(body)) => post(`${hooks.url}/hooks/flux`, body, headers);
const signals = () => hooks.store.signalsOf(place.id);
const failure = { severity: "error", reason: "HealthCheckFailed", message: "Deployment/shop/shop is not ready" };

test("what Flux applied is kept with its commit", async () => {
  const told = event();
  expect(await tell(told)).toMatchObject({ status: 202, answer: { result: "stored" } });
  expect(await hooks.store.fluxReport(object)).toEqual({
    object,
    sha: "a".repeat(40),
    revision: `main@sha1:${"a".repeat(40)}`,
    ready: true,
    message: "Reconciliation finished in 2.1s, next run in 10m0s",
    at: new Date(told.timestamp),
  });
});

test.each([
  ["with the controller's name before the key", { "kustomize.toolkit.fluxcd.io/revision": `main@sha1:${"b".repeat(40)}` }, "b".repeat(40)],
  ["as Flux wrote it before its version 2", { revision: `main/${"c".repeat(40)}` }, "c".repeat(40)],
  [
    "of an artifact by the commit it was made of",
    { revision: `latest@sha256:${"1".repeat(64)}`, originRevision: `main@sha1:${"d".repeat(40)}` },
    "d".repeat(40),
  ],
  ["of a chart, which has none", { revision: "6.5.0" }, undefined],
  ["of an artifact alone, which has none", { revision: `latest@sha256:${"e".repeat(64)}` }, undefined],
  ["not told", undefined, undefined],
  ["of nonsense", { revision: `main@sha1:${"g".repeat(40)}` }, undefined],
])("a revision %s", async (_, metadata, sha) => {
  await tell(event({ metadata }));
  expect((await hooks.store.fluxReport(object))?.sha).toBe(sha);
});

test.each([
  ["ReconciliationSucceeded", "info", true],
  ["UpgradeSucceeded", "info", true],
  ["Progressing", "info", false],
  ["RollbackSucceeded", "info", false],
  ["UninstallSucceeded", "info", false],
  ["ReconciliationSucceeded", "error", false],
  ["HealthCheckFailed", "error", false],
])("after %s (%s) it is up: %s", async (reason, severity, ready) => {
  await tell(event({ reason, severity, metadata: { revision: `main@sha1:${String(minute % 10).repeat(40)}` } }));
  expect(await hooks.store.fluxReport(object)).toMatchObject({ ready });
});

test("an event that comes late takes nothing back", async () => {
  const before = event();
  const after = event({ metadata: { revision: `main@sha1:${"b".repeat(40)}` } });
  await tell(after);
  expect(await tell({ ...before, ...failure })).toMatchObject({ status: 202, answer: { result: "known" } });
  expect(await hooks.store.fluxReport(object)).toMatchObject({ sha: "b".repeat(40), ready: true });
  expect(await signals()).toEqual([]);
});

test("a clock that is ahead does not hide what comes after it", async () => {
  const ahead = fluxEvent({
    involvedObject: { kind: "Kustomization", namespace: "flux-system", name: "ahead" },
    timestamp: new Date(Date.now() + 86_400_000).toISOString(),
  });
  await tell(ahead);
  const later = { ...ahead, ...failure, timestamp: new Date().toISOString() };
  expect(await tell(later)).toMatchObject({ answer: { result: "stored" } });
});

test("an error of the object is a signal, that it works on is none, and the next success ends it", async () => {
  await tell(event(failure));
  const [signal] = await signals();
  expect(signal).toMatchObject({
    source: "flux",
    name: object,
    service: place.name,
    severity: "critical",
    firing: true,
    summary: `Flux does not bring up ${object}: HealthCheckFailed.`,
    detail: `Deployment/shop/shop is not ready (main@sha1:${"a".repeat(40)})`,
  });
  expect(await hooks.jobs("incident")).toMatchObject([{ key: `incident:${signal?.fingerprint}` }]);
  await tell(event({ reason: "Progressing" }));
  expect(await signals()).toMatchObject([{ firing: true }]);
  await tell(event());
  expect(await signals()).toMatchObject([{ firing: false }]);
});

test("an error of a staging's object is a warning", async () => {
  await hooks.policy({ deploy: { staging: { flux: object } } });
  await tell(event(failure));
  expect(await signals()).toMatchObject([{ severity: "warning" }]);
});

test.each([
  ["an object that no deployment names", { deploy: { production: { flux: "Kustomization/flux-system/other" } } }],
  ["an object of a repository that only observes", { mode: "observe", deploy: { production: { flux: object } } }],
])("an error of %s is no signal", async (_, policy) => {
  await hooks.policy(policy);
  expect(await tell(event(failure))).toMatchObject({ status: 202 });
  expect(await signals()).toEqual([]);
});

test("issues that wait for their deployment are looked at; those of others are not", async () => {
  for (const number of [1, 2]) {
    await hooks.history.record(
      subjectOf(number),
      [
        {
          type: "ISSUE_APPROVED",
          data: { title: "t", body: "b", bodyHash: "h", priority: "normal", dependsOn: [], approvedBy: "anna", actId: "1" },
        },
      ],
      "test",
    );
  }
  const { stream } = subjectOf(1);
  const merged = { prNumber: PrNumber.parse(9), headSha, mergeSha: baseSha, mergedBy: "engineering-rig[bot]" };
  await hooks.history.record(subjectOf(1), [{ type: "MERGED", data: merged }], "test");
  const told = event();
  await tell(told);
  expect(await hooks.jobs("sync")).toMatchObject([
    { key: `sync:${stream}`, payload: { stream, cause: expect.stringMatching(/^hook:flux:/) } },
  ]);
  await hooks.pool.query("delete from graphile_worker._private_jobs");
  await hooks.policy({ deploy: { production: { flux: "Kustomization/flux-system/other" } } });
  await tell(event());
  expect(await hooks.jobs("sync")).toEqual([]);
});

const body = JSON.stringify(fluxEvent());
test.each([
  ["signed with another secret", signed(body, "another-secret-of-thirty-two-bytes")],
  ["signed for another body", signed("{}")],
  ["without a signature", {}],
  ["with half a signature", { "x-signature": signed(body)["x-signature"].slice(0, 40) }],
  ["with the digest of another function", { "x-signature": signed(body)["x-signature"].replace("sha256=", "sha512=") }],
  ["with a bearer", { authorization: `Bearer ${fluxSecret}` }],
])("an event %s is refused and leaves nothing", async (_, headers) => {
  await hooks.pool.query("update rig.flux_reports set message = 'before'");
  expect((await tell(body, headers)).status).toBe(401);
  const { rows } = await hooks.pool.query("select distinct message from rig.flux_reports");
  expect(rows.map(({ message }) => message)).toEqual(["before"]);
});

const head = (...more: readonly string[]) =>
  ["POST /hooks/flux HTTP/1.1", "host: door", "content-type: application/json", "connection: close", ...more, "", ""].join("\r\n");
const signature = `x-signature: ${signed(body)["x-signature"]}`;

test.each([
  ["two right signatures", [signature, signature]],
  ["a right signature before a wrong one", [signature, `x-signature: sha256=${"0".repeat(64)}`]],
  ["a wrong signature before a right one", [`x-signature: sha256=${"0".repeat(64)}`, signature]],
])("%s are no signature", async (_, signatures) => {
  expect(statusOf(await raw(hooks.url, head(...signatures, `content-length: ${body.length}`), body))).toBe(401);
});

test("whoever hangs up in the middle of an event has told nothing", async () => {
  const told = JSON.stringify(event({ involvedObject: { kind: "Kustomization", namespace: "flux-system", name: "cut" } }));
  const heads = head(`x-signature: ${signed(told)["x-signature"]}`, `content-length: ${told.length}`);
  await hangUp(hooks.url, heads + told.slice(0, -1));
  expect(await tell(event())).toMatchObject({ answer: { result: "stored" } });
  expect(await hooks.store.fluxReport("Kustomization/flux-system/cut")).toBeUndefined();
});

test.each([
  ["no object", { ...fluxEvent(), involvedObject: undefined }, "The field involvedObject must be an object."],
  [
    "an object without a name",
    { ...fluxEvent(), involvedObject: { kind: "A", namespace: "b", name: "" } },
    "The field involvedObject.name must not be empty.",
  ],
  ["no time", { ...fluxEvent(), timestamp: "yesterday" }, "The field timestamp must be a time of RFC 3339."],
  ["metadata that is no text", { ...fluxEvent(), metadata: { revision: 5 } }, "The field metadata.revision must be text."],
])("an event with %s is refused with a sentence", async (_, told, detail) => {
  expect(await tell(told)).toMatchObject({ status: 400, answer: { detail } });
});

test("what Flux says is kept without secrets, on one line, short", async () => {
  const message = `Deployment <!-- x --> \u202e${known}\u0000\n${"y".repeat(100_000)}`;
  await tell(event({ ...failure, message, reason: message }));
  const kept = JSON.stringify([await signals(), await hooks.store.fluxReport(object)]);
  expect(kept.length).toBeLessThan(5_000);
  expect(kept).not.toContain(known.slice(0, 12));
  expect(kept).not.toMatch(/<!--|\u202e|\\n|\\u0000/u);
});

test("without a secret Flux is not heard, and the log says why", async () => {
  const closed = await openHooks({ fluxSecret: undefined });
  try {
    for (const headers of [signed(body), signed(body, ""), {}])
      expect((await post(`${closed.url}/hooks/flux`, body, headers)).status).toBe(404);
    expect(closed.warned[0]).toContain("FLUX_HOOK_SECRET is not set");
  } finally {
    await closed.close();
  }
});
