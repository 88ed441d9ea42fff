/** Alerts, the dashboard and the runbooks speak of what is there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { verbs as cliVerbs } from "../../app/cli/index.ts";
import { EscalationAbout } from "../../app/domain/events/words.ts";
import { verbs as slashVerbs } from "../../app/slash/index.ts";
import { openShop, type Shop } from "../api/shop-of-tea.ts";
import { metricsOf } from "./promql.ts";
import { measured, metricsIn, scrape } from "./scrape.ts";

const root = join(import.meta.dirname, "../..");
const monitoring = join(root, "deploy/apps/base/monitoring");
const runbooks = join(root, "docs/runbooks");
const RUNBOOKS = "https://github.com/engineering-rig/engineering-rig/blob/main/docs/runbooks/";

const Alert = z.strictObject({
  alert: z.string().regex(/^Rig[A-Z][A-Za-z]+$/),
  expr: z.string(),
  for: z.string().regex(/^\d+[mh]$/),
  labels: z.strictObject({ severity: z.enum(["critical", "warning"]) }),
  annotations: z.strictObject({
    summary: z.string().min(10).max(80),
    description: z.string().min(20),
    runbook_url: z.string().startsWith(RUNBOOKS),
  }),
});
const Rules = z.looseObject({
  kind: z.literal("PrometheusRule"),
  spec: z.strictObject({ groups: z.array(z.strictObject({ name: z.string(), rules: z.array(Alert) })) }),
});
const alerts = Rules.parse(parse(readFileSync(join(monitoring, "prometheus-rule.yaml"), "utf8"))).spec.groups.flatMap(({ rules }) => rules);

const Panel = z.looseObject({
  id: z.int(),
  type: z.enum(["row", "stat", "timeseries"]),
  title: z.string().min(1),
  description: z.string().optional(),
  gridPos: z.strictObject({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
  fieldConfig: z.looseObject({ defaults: z.looseObject({ unit: z.string().min(1) }) }).optional(),
  targets: z.array(z.looseObject({ refId: z.string(), expr: z.string() })).optional(),
});
const Dashboard = z.looseObject({ uid: z.string(), title: z.string(), schemaVersion: z.int().min(36), panels: z.array(Panel) });
const dashboard = Dashboard.parse(JSON.parse(readFileSync(join(monitoring, "dashboard.json"), "utf8")));

let shop: Shop;
let told: ReadonlySet<string>;
beforeAll(async () => {
  shop = await openShop();
  measured(shop);
  const metrics = metricsIn(await scrape(shop));
  told = new Set(
    [...metrics].flatMap(([name, { type }]) => (type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : [name])),
  );
});
afterAll(() => shop.close());

/** `RigDatabaseDown` → `rig-database-down`. */
const kebab = (name: string): string => name.replace(/(?<!^)(?=[A-Z])/g, "-").toLowerCase();

test("what is no PromQL is refused, and every metric of what is one is found", () => {
  expect(metricsOf('max by (a) (rate(one_total{b="c"}[5m])) / on () two > 3 or absent(three)')).toEqual(["one_total", "two", "three"]);
  expect(() => metricsOf("max(rig_up_database")).toThrow("Not PromQL");
});

test.each(alerts.map((alert) => [alert.alert, alert] as const))(
  "%s is about what a scrape tells, and leads to its page",
  (name, { expr, annotations }) => {
    const metrics = metricsOf(expr);
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.filter((metric) => !told.has(metric))).toEqual([]);
    expect(annotations.runbook_url).toBe(`${RUNBOOKS}${kebab(name)}.md`);
  },
);

test("every panel of the dashboard draws what a scrape tells, with a unit, and beside the others", () => {
  const drawn = dashboard.panels.filter(({ type }) => type !== "row");
  expect(drawn.length).toBeGreaterThan(15);
  for (const { title, description, fieldConfig, targets = [] } of drawn) {
    const wrong = targets.flatMap(({ expr }) => metricsOf(expr)).filter((metric) => !told.has(metric));
    expect({ title, wrong, described: description !== undefined, unit: fieldConfig !== undefined, drawn: targets.length > 0 }).toEqual({
      ...{ title, wrong: [], described: true, unit: true, drawn: true },
    });
  }
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, nth) => `${x + (nth % w)},${y + Math.floor(nth / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(dashboard.panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
});

const pages = readdirSync(runbooks).filter((file) => file !== "README.md");

test("every alert and every escalation has one page, and no page is about anything else", () => {
  const wanted = [...alerts.map(({ alert }) => `${kebab(alert)}.md`), ...EscalationAbout.options.map((about) => `escalation-${about}.md`)];
  expect(pages.toSorted()).toEqual(wanted.toSorted());
});

test.each(pages)("%s has the form of all, and names only commands, routes, metrics and pages that are there", async (file) => {
  const text = readFileSync(join(runbooks, file), "utf8");
  expect(text.match(/^##? .+$/gm)?.slice(1)).toEqual(["## What you see", "## What it means", "## Check", "## Fix"]);
  const code = [...text.matchAll(/`([^`]+)`/g)].map(([, span]) => span as string);
  const spoken = code.filter((span) => span.startsWith("/rig ")).map((span) => span.slice(5).split(" "));
  expect(spoken.filter(([verb]) => !slashVerbs.some(({ name }) => name === verb))).toEqual([]);
  const decisions = spoken.filter(([verb]) => verb === "resolve").flatMap(([, decision]) => decision ?? []);
  expect(decisions.filter((one) => !["retry", "reassign", "close", "override", "overrule", "uphold"].includes(one))).toEqual([]);
  const typed = code.filter((span) => /^(npx )?rig [a-z]/.test(span)).map((span) => span.replace(/^npx /, "").slice(4));
  expect(typed.filter((line) => !cliVerbs.some(({ name }) => line === name || line.startsWith(`${name} `)))).toEqual([]);
  const metrics = code.filter((span) => /^rig_[a-z_]+$/.test(span));
  expect(metrics.filter((metric) => !told.has(metric))).toEqual([]);
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to as string);
  expect(links.filter((to) => !pages.includes(to))).toEqual([]);
  const routes = [...text.matchAll(/(?<![\w.])(\/(?:api|llm|hooks)\/[\w/-]+|\/readyz|\/healthz)/g)].map(([, path]) => path as string);
  for (const path of routes) {
    const statuses = await Promise.all(["GET", "POST"].map(async (method) => (await fetch(shop.url + path, { method })).status));
    expect({ path, found: statuses.some((status) => status !== 404) }).toEqual({ path, found: true });
  }
});
