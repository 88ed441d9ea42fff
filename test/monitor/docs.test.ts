import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { Alert, Provider } from "@kubernetes-models/flux-cd/notification.toolkit.fluxcd.io/v1beta3";
import { parseAllDocuments } from "yaml";
import { Policy } from "../../app/domain/policy.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/monitoring.md"), "utf8");
const snippets = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""]) =>
  parseAllDocuments(yaml).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  }),
);

test("what the page says to write into rig.yml is valid there", () => {
  expect(Policy.parse(snippets[0]?.[0]).monitor.queries).toHaveLength(1);
});

test("Alertmanager and Grafana are pointed at the hook, with a bearer", () => {
  const [alertmanager] = snippets[1] ?? [];
  const [webhook] = alertmanager.receivers[0].webhook_configs;
  expect(new URL(webhook.url).pathname).toBe("/hooks/alertmanager");
  expect(webhook.http_config.authorization.type).toBe("Bearer");
  const { settings } = (snippets[2] ?? [])[0].contactPoints[0].receivers[0];
  expect([new URL(settings.url).pathname, settings.authorization_scheme]).toEqual(["/hooks/alertmanager", "Bearer"]);
});

test("what the page says to give to Flux is what Flux takes", () => {
  const [provider, secret, alert] = snippets[3] ?? [];
  new Provider(provider).validate();
  new Alert(alert).validate();
  expect([provider.spec.type, new URL(provider.spec.address).pathname]).toEqual(["generic-hmac", "/hooks/flux"]);
  expect([secret.metadata.name, Object.keys(secret.stringData)]).toEqual([provider.spec.secretRef.name, ["token"]]);
  expect(alert.spec.providerRef.name).toBe(provider.metadata.name);
});
