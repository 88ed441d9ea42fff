import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { raw, statusOf } from "./delivery.ts";
import { alert, alerts, bearer, type Hooks, known, openHooks, post, token } from "./hooks.ts";
import { place } from "./stand.ts";

let hooks: Hooks;
let failing = false;
beforeAll(async () => {
  hooks = await openHooks({
    store: (store) => ({
      ...store,
      saveSignals: (...asked) => (failing ? Promise.reject(new Error("no database")) : store.saveSignals(...asked)),
    }),
  });
});
beforeEach(async () => {
  failing = false;
  await hooks.clear();
  await hooks.policy({ monitor: { alerts: { match: { team: "shop" } } } });
});
afterAll(() => hooks.close());

const tell = (body: unknown, headers: Readonly<Record<string, string>> = bearer) => post(`${hooks.url}/hooks/alertmanager`, body, headers);
const signals = () => hooks.store.signalsOf(place.id);

test("an alert is a signal of the repository whose labels it has, with the job of its incident, before it is acknowledged", async () => {
  expect(await tell(alerts(alert()))).toMatchObject({ status: 202, answer: { accepted: 1, unmatched: 0 } });
  const [signal] = await signals();
  expect(signal).toMatchObject({
    source: "alertmanager",
    name: "HighErrorRate",
    service: "checkout",
    severity: "critical",
    firing: true,
    since: new Date("2026-11-22T08:30:00.123Z"),
    summary: "Every second order fails.",
    detail: "5xx above 50 % for 5 minutes. · alertname=HighErrorRate, service=checkout, severity=critical, team=shop",
    url: "https://prometheus.example/graph?g0.expr=errors",
  });
  expect(await hooks.jobs("incident")).toEqual([
    { payload: { fingerprint: signal?.fingerprint, cause: "hook:alertmanager:alertmanager" }, key: `incident:${signal?.fingerprint}` },
  ]);
});

test("Alertmanager repeats itself, also from two replicas at once: only the first is news", async () => {
  await Promise.all(Array.from({ length: 6 }, () => tell(alerts(alert()))));
  expect((await signals())[0]?.changes).toHaveLength(1);
  await hooks.pool.query("delete from graphile_worker._private_jobs");
  await tell(alerts(alert()));
  expect(await hooks.jobs("incident")).toEqual([]);
});

test("resolved ends it at the time it says; of an alert that nobody heard of it leaves nothing", async () => {
  await tell(alerts(alert()));
  expect(await tell(alerts(alert({ status: "resolved", endsAt: "2026-11-22T08:45:00Z" })))).toMatchObject({ answer: { accepted: 1 } });
  expect(await signals()).toMatchObject([{ firing: false, since: new Date("2026-11-22T08:45:00Z") }]);
  await tell(alerts(alert({ status: "resolved", fingerprint: "other" })));
  expect(await signals()).toHaveLength(1);
});

test("what was heard is over when its source says so, also where the file no longer has its labels", async () => {
  await tell(alerts(alert()));
  await hooks.policy({ monitor: { alerts: { match: { team: "other" } } } });
  expect(await tell(alerts(alert({ status: "resolved" })))).toMatchObject({ answer: { accepted: 1, unmatched: 0 } });
  expect(await signals()).toMatchObject([{ firing: false }]);
});

test.each([
  ["every label has to be equal", { team: "shop", zone: "eu" }],
  ["a label that the alert has not is not equal to nothing", { zone: "" }],
  ["without labels no alert belongs to a repository", {}],
  ["what every object has is no label", { constructor: "shop" }],
])("%s", async (_, match) => {
  await hooks.policy({ monitor: { alerts: { match } } });
  expect(await tell(alerts(alert()))).toMatchObject({ status: 202, answer: { accepted: 0, unmatched: 1 } });
  expect(await signals()).toEqual([]);
});

test.each([["observe"], ["staged"], ["disabled"]])("a repository whose mode is %s hears no alert", async (mode) => {
  await hooks.policy({ mode, monitor: { alerts: { match: { team: "shop" } } } });
  expect(await tell(alerts(alert()))).toMatchObject({ answer: { unmatched: 1 } });
});

test("an alert of two repositories is a signal of each", async () => {
  await hooks.policy({ monitor: { alerts: { match: { team: "shop" } } } }, 7002, "coffee");
  expect(await tell(alerts(alert()))).toMatchObject({ answer: { accepted: 1 } });
  expect((await hooks.store.firingSignals()).map(({ repositoryId }) => repositoryId)).toEqual([place.id, 7002]);
  await hooks.policy({}, 7002, "coffee");
});

test("without a fingerprint of its own an alert is known by its labels, in any order", async () => {
  const labels = { alertname: "A", team: "shop", severity: "info" };
  await tell(alerts(alert({ fingerprint: undefined, labels })));
  await tell(alerts(alert({ fingerprint: undefined, labels: Object.fromEntries(Object.entries(labels).toReversed()) })));
  await tell(alerts(alert({ fingerprint: undefined, labels: { ...labels, alertname: "B" } })));
  expect((await signals()).map(({ name }) => name)).toEqual(["A", "B"]);
});

test.each([
  ["page", "critical"],
  ["Critical", "critical"],
  ["error", "critical"],
  ["warning", "warning"],
  ["info", "info"],
  ["none", "info"],
  ["sev-17", "warning"],
  [undefined, "warning"],
])("the severity %s is %s", async (severity, heard) => {
  const { severity: _, ...labels } = alert().labels;
  await tell(alerts(alert({ labels: severity === undefined ? labels : { ...labels, severity } })));
  expect(await signals()).toMatchObject([{ severity: heard }]);
});

test("Grafana's alerts come in the same frame, with its panel to look at", async () => {
  const grafana = {
    ...alerts(
      alert({
        valueString: "[ var='B' labels={} value=14151.3 ]",
        values: { B: 44.2 },
        dashboardURL: "https://grafana.example/d/1",
        panelURL: "https://grafana.example/d/1?viewPanel=2",
        silenceURL: "https://grafana.example/silence",
        imageURL: "",
      }),
    ),
    ...{ version: "1", orgId: 1, title: "[FIRING:1]", state: "alerting", message: "**Firing**" },
  };
  expect(await tell(grafana)).toMatchObject({ status: 202, answer: { accepted: 1 } });
  expect(await signals()).toMatchObject([{ source: "grafana", url: "https://grafana.example/d/1?viewPanel=2" }]);
});

test.each([
  ["no object", [], "The body must be an object."],
  ["another version", { ...alerts(), version: "3" }, 'The field version must be "4", as Alertmanager writes it, or "1", as Grafana does.'],
  ["no alerts", { ...alerts(), alerts: {} }, "The field alerts must be a list."],
  ["an unknown status", alerts(alert({ status: "pending" })), "The field alerts.0.status must be firing or resolved."],
  ["labels that are no texts", alerts(alert(), alert({ labels: { a: 1 } })), "The field alerts.1.labels.a must be text."],
  ["no labels", alerts(alert({ labels: null })), "The field alerts.0.labels must be an object of texts."],
  ["a time that is no text", alerts(alert({ startsAt: 5 })), "The field alerts.0.startsAt must be a time."],
  [
    "too many alerts",
    alerts(...Array(5_001).fill({ status: "firing", labels: {} })),
    "The field alerts must be 5000 at most: set max_alerts of the webhook.",
  ],
  ["no JSON", "{nonsense", "The body is not JSON."],
  ["nothing", "", "The body is not JSON."],
])("a body with %s is refused with a sentence that names it, and leaves nothing", async (_, body, detail) => {
  expect(await tell(body)).toMatchObject({ status: 400, answer: { detail } });
  expect(await signals()).toEqual([]);
});

test.each([
  ["without a bearer", {}, 401],
  ["with another bearer", { authorization: "Bearer something-else" }, 401],
  ["with the hash of a bearer", { authorization: `Basic ${token}` }, 401],
  ["with the bearer as a cookie", { cookie: `rig_session=${token}` }, 401],
  ["as a form", { ...bearer, "content-type": "application/x-www-form-urlencoded" }, 415],
  ["compressed", { ...bearer, "content-encoding": "gzip" }, 415],
])("an alert told %s is refused, also from this machine itself", async (_, headers, status) => {
  expect((await tell(alerts(alert()), headers)).status).toBe(status);
  expect(await signals()).toEqual([]);
});

test("whoever has no bearer is answered before the body is read", async () => {
  const head = ["POST /hooks/alertmanager HTTP/1.1", "host: door", "content-type: application/json", "content-length: 1000000", "", ""];
  expect(statusOf(await raw(hooks.url, head.join("\r\n")))).toBe(401);
});

test("another method is answered with the one that works", async () => {
  const response = await fetch(`${hooks.url}/hooks/alertmanager`, { headers: bearer });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
});

test("a body above 1 MiB is refused, announced or in chunks", async () => {
  const large = JSON.stringify(alerts(alert({ annotations: { summary: "x".repeat(1_100_000) } })));
  expect((await tell(large)).status).toBe(413);
  const head = ["POST /hooks/alertmanager HTTP/1.1", "host: door", `authorization: Bearer ${token}`, "content-type: application/json"];
  const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
  const heard = await raw(
    hooks.url,
    [...head, "connection: close", "transfer-encoding: chunked", "", ""].join("\r\n"),
    chunk.repeat(20),
    "0\r\n\r\n",
  );
  expect(statusOf(heard)).toBe(413);
});

test("thousands of alerts are all kept, and told again are no news", async () => {
  const many = alerts(...Array.from({ length: 2_400 }, (_, nth) => alert({ fingerprint: String(nth), annotations: {}, generatorURL: "" })));
  expect(await tell(many)).toMatchObject({ status: 202, answer: { accepted: 2_400 } });
  expect(await signals()).toHaveLength(2_400);
  expect(await hooks.jobs("incident")).toHaveLength(2_400);
  await hooks.pool.query("delete from graphile_worker._private_jobs");
  await tell(many);
  expect(await hooks.jobs("incident")).toEqual([]);
}, 180_000);

test("what cannot be stored is not acknowledged, and comes again", async () => {
  failing = true;
  expect(await tell(alerts(alert()))).toMatchObject({ status: 503, retryAfter: "5" });
  failing = false;
  expect(await tell(alerts(alert()))).toMatchObject({ status: 202, answer: { accepted: 1 } });
});

test("what an alert says is kept without secrets, and with nothing that hides, reorders or comments out; and short", async () => {
  const token_ = `ghp_${"a1".repeat(20)}`;
  const vile = `\u0000\ud800 @everyone \u202ereversed\u202c <!-- rig:comment x --> ${known} </details> Closes #1 ${token_.slice(0, 8)}\u200b${token_.slice(8)}\n# big`;
  const labels = { alertname: vile, service: vile, team: "shop", severity: vile, blob: "y".repeat(900_000) };
  const told = alert({
    labels,
    annotations: { summary: vile, description: vile + "z".repeat(50_000) },
    generatorURL: `https://x.example/?q=${known}`,
  });
  expect(await tell(alerts(told))).toMatchObject({ status: 202, answer: { accepted: 1 } });
  const [signal] = await signals();
  const kept = JSON.stringify(signal);
  expect(kept.length).toBeLessThan(5_000);
  expect(kept).toContain("@everyone");
  for (const piece of [known.slice(0, 12), token_.slice(0, 12), "<!--", "-->"]) expect(kept).not.toContain(piece);
  expect(kept).not.toMatch(/[\u202a-\u202e\u200b]|\\n|\\u0000|\\ud800/u);
});

test.each(["javascript:alert(1)", "file:///etc/passwd", "//x", "", `https://x/${"a".repeat(2_000)}`, "https://[", "x"])(
  "%.30s is no address to follow",
  async (generatorURL) => {
    await tell(alerts(alert({ generatorURL })));
    expect((await signals())[0]).not.toHaveProperty("url");
  },
);

test("an address is kept without the password in it", async () => {
  await tell(alerts(alert({ generatorURL: "https://user:pass@prometheus.example/graph" })));
  expect(await signals()).toMatchObject([{ url: "https://prometheus.example/graph" }]);
});

/** Every way to delete, retype or blow up one part of a value. */
function* mutants(value: unknown): Generator<unknown> {
  yield* [null, 7, "", "\u0000\ud800", [], {}, true, Number.MAX_VALUE, "x".repeat(20_000), [[[[]]]], { __proto__: null, constructor: 1 }];
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
    yield Array.isArray(value) ? Object.values(rest) : rest;
    for (const mutant of mutants(part)) yield Array.isArray(value) ? [mutant] : { ...value, [key]: mutant };
  }
}

test("however an alert is mangled, the answer is 202 or 400, and the door still works", async () => {
  const bodies = [...mutants({ version: "4", alerts: [alert()] })].map((body) => JSON.stringify(body));
  expect(bodies.length).toBeGreaterThan(200);
  const deep = `{"version":"4","alerts":[{"status":"firing","labels":{"team":"shop"},"x":${"[".repeat(50_000)}${"]".repeat(50_000)}}]}`;
  const statuses = new Set<number>();
  const beyond = '{"version":"4","alerts":[{"status":"firing","labels":{"team":1e400000}}]}';
  for (const body of [...bodies, deep, beyond, '{"version":"4","alerts":[{"status":"firing","labels":{"__proto__":"x","team":"shop"}}]}'])
    statuses.add((await tell(body)).status);
  expect([...statuses].toSorted()).toEqual([202, 400]);
  expect(await tell(alerts(alert()))).toMatchObject({ status: 202, answer: { accepted: 1 } });
}, 180_000);
