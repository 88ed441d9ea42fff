import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { watch } from "../../app/monitor/watch.ts";
import { openGround, serve, shop, type TestGround } from "./ground.ts";

const token = "a-token-for-prometheus";
/** What the stand-in answers: as Prometheus does (https://prometheus.io/docs/prometheus/latest/querying/api). */
let answer: { readonly status: number; readonly body: unknown };
const asked: { readonly query: string | null; readonly authorization: string | undefined; readonly path: string }[] = [];
let ground: TestGround;
let prometheus: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  ground = await openGround();
  prometheus = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://prometheus");
    asked.push({ path: `${request.method} ${pathname}`, query: searchParams.get("query"), authorization: request.headers.authorization });
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });
});
beforeEach(() => ground.clear());
afterEach(() => void asked.splice(0));
afterAll(async () => {
  prometheus.close();
  await ground.close();
});

const at = 1_763_800_000.781;
const vector = (...values: readonly string[]) => ({
  status: 200,
  body: {
    status: "success",
    data: {
      resultType: "vector",
      result: values.map((value, nth) => ({ metric: { __name__: "errors", pod: `shop-${nth}` }, value: [at, value] })),
    },
    infos: ["PromQL info: metric might not be a counter"],
  },
});
const scalar = (value: string) => ({ status: 200, body: { status: "success", data: { resultType: "scalar", result: [at, value] } } });
const failure = { status: 422, body: { status: "error", errorType: "execution", error: "query processing would load too many samples" } };

const errors = { name: "error rate", query: 'sum(rate(errors{job="shop"}[5m]))', above: 0.05, for: "5m" };
async function look(query: object = errors, known = true) {
  await ground.policy({ monitor: { queries: [query] } });
  const config = known ? { prometheus: { url: prometheus.url, token } } : {};
  await watch(ground.watcher(config), shop, "job:1", new AbortController().signal);
  return ground.store.signalsOf(shop);
}
const minutesPass = (minutes: number) =>
  ground.pool.query("update rig.signals set failing_since = failing_since - $1 * interval '1 minute'", [minutes]);

test("a query above its limit for as long as its file says fires; until then it is pending; below the limit it is well at once", async () => {
  answer = vector("0.2");
  expect(await look()).toMatchObject([{ source: "query", name: "error rate", firing: false }]);
  expect(asked).toEqual([{ path: "GET /api/v1/query", query: errors.query, authorization: `Bearer ${token}` }]);
  await minutesPass(4);
  expect(await look()).toMatchObject([{ firing: false }]);
  await minutesPass(2);
  expect(await look()).toMatchObject([
    { firing: true, summary: "error rate is above 0.05.", detail: "It is 0.2 (__name__=errors, pod=shop-0)." },
  ]);
  answer = vector("0.3");
  await ground.pool.query("delete from graphile_worker._private_jobs");
  expect(await look()).toMatchObject([{ firing: true, detail: "It is 0.3 (__name__=errors, pod=shop-0)." }]);
  // A value that moves is no news.
  expect(await ground.jobs("incident")).toEqual([]);
  answer = vector("0.01");
  expect(await look()).toMatchObject([{ firing: false }]);
});

test("a break in between begins the while anew", async () => {
  for (const [value, minutes] of [
    ["0.2", 4],
    ["0.01", 4],
    ["0.2", 4],
  ] as const) {
    answer = scalar(value);
    await look();
    await minutesPass(minutes);
  }
  answer = scalar("0.2");
  expect(await look()).toMatchObject([{ firing: false }]);
});

const soon = { ...errors, for: "1ms" };
const lasting = async (query: object = soon) => {
  await look(query);
  await minutesPass(1);
  return look(query);
};

test.each([
  [
    "the highest counts against a limit above",
    { above: 0.05 },
    ["0.01", "0.9", "0.3"],
    true,
    "It is 0.9, the worst of 3 series (__name__=errors, pod=shop-1).",
  ],
  [
    "the lowest against a limit below",
    { above: undefined, below: 2 },
    ["5", "1", "3"],
    true,
    "It is 1, the worst of 3 series (__name__=errors, pod=shop-1).",
  ],
  ["what is at the limit is not beyond it", { above: 0.05 }, ["0.05"], false, "It is 0.05 (__name__=errors, pod=shop-0)."],
  ["infinity is above everything", { above: 5 }, ["+Inf"], true, "It is Infinity (__name__=errors, pod=shop-0)."],
  ["what is no number is neither", { above: 0.05 }, ["NaN"], false, "Its value is not a number."],
  ["and no data neither", { above: 0.05 }, [], false, "There is no data."],
])("of several series %s", async (_, limit, values, firing, detail) => {
  answer = vector(...values);
  expect(await lasting({ ...soon, ...limit })).toMatchObject([{ firing, detail }]);
});

test.each([
  ["an error", failure, "execution: query processing would load too many samples"],
  [
    "a page of something else",
    { status: 502, body: "<html>Bad gateway</html>" },
    "It answers 502, and not as Prometheus does: see PROMETHEUS_URL and PROMETHEUS_TOKEN.",
  ],
  [
    "a series over time",
    { status: 200, body: { status: "success", data: { resultType: "matrix", result: [] } } },
    "The query answers a matrix: write one that answers a number, as with rate() or last_over_time().",
  ],
])(
  "a query that is answered with %s three times in a row is a mild signal of its own, and says nothing about production",
  async (_, said, detail) => {
    answer = vector("0.2");
    await lasting();
    answer = said;
    await look(soon);
    await look(soon);
    expect((await ground.store.firingSignals()).map(({ name }) => name)).toEqual(["error rate"]);
    await look(soon);
    expect(await ground.store.firingSignals()).toMatchObject([
      { name: "error rate", severity: "critical" },
      { name: "error rate (not answered)", severity: "info", summary: "Prometheus does not answer the query error rate.", detail },
    ]);
    answer = vector("0.01");
    await look(soon);
    expect(await ground.store.firingSignals()).toEqual([]);
  },
);

test("an endless answer is not read to its end", async () => {
  answer = { status: 200, body: `{"status":"success","data":${" ".repeat(2_000_000)}` };
  for (let nth = 0; nth < 3; nth += 1) await look(soon);
  expect(await ground.store.firingSignals()).toMatchObject([{ detail: expect.stringContaining("more than 1 MiB") }]);
});

test("wherever Prometheus sends on to, nobody else is asked", async () => {
  let elsewhere = 0;
  const other = await serve((_, response) => {
    elsewhere += 1;
    response.end("{}");
  });
  const turning = await serve((_, response) => response.writeHead(307, { location: other.url }).end());
  await ground.policy({ monitor: { queries: [errors] } });
  await watch(ground.watcher({ prometheus: { url: turning.url, token } }), shop, "job:1", new AbortController().signal);
  expect(elsewhere).toBe(0);
  for (const { close } of [other, turning]) close();
});

test("a query without a Prometheus to ask says what to set", async () => {
  for (let nth = 0; nth < 3; nth += 1) await look(errors, false);
  expect(await ground.store.firingSignals()).toMatchObject([
    { severity: "info", detail: "PROMETHEUS_URL is not set: set it for the app." },
  ]);
});
