import { expect, test } from "@jest/globals";
import { checkMonitoring } from "../../app/cli/doctor/monitoring.ts";
import { Policy } from "../../app/domain/policy.ts";

const nothing = { prometheus: undefined, fluxHookSecret: undefined, apiTokens: [] };
const all = { prometheus: { url: "http://p", token: undefined }, fluxHookSecret: "s", apiTokens: [{ name: "a", sha256: "b" }] };
const found = (config: object, policy: object) => checkMonitoring(config as never, Policy.parse(policy)).map(({ name }) => name);

test.each([
  ["monitor.queries", { monitor: { queries: [{ name: "q", query: "up", below: 1 }] } }],
  ["deploy.flux", { deploy: { production: { flux: "Kustomization/flux-system/shop" } } }],
  ["deploy.flux", { deploy: { staging: { flux: "Kustomization/flux-system/shop" } } }],
  ["monitor.alerts", { monitor: { alerts: { match: { team: "shop" } } } }],
])("%s in a rig.yml needs something of the app, and the doctor says so where it is not set", (name, policy) => {
  expect(found(nothing, policy)).toEqual([name]);
  expect(found(all, policy)).toEqual([]);
});

test("whoever has nothing watched needs nothing", () => {
  expect(found(nothing, { monitor: { probes: [{ url: "https://shop.example" }] } })).toEqual([]);
});
