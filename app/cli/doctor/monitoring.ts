import type { Config } from "../../config.ts";
import type { Policy } from "../../domain/policy.ts";
import { type Check, finding } from "./check.ts";

/** What a repository has watched, and the app lacks to watch it. */
export function checkMonitoring({ prometheus, fluxHookSecret, apiTokens }: Config, { monitor, deploy }: Policy): readonly Check[] {
  const flux = [deploy.staging?.flux, deploy.production?.flux].filter(Boolean);
  const checks = [
    monitor.queries.length > 0 &&
      !prometheus &&
      finding("monitor.queries", "PROMETHEUS_URL is not set: its queries are asked of nobody.", "Set PROMETHEUS_URL for the app."),
    flux.length > 0 &&
      !fluxHookSecret &&
      finding(
        "deploy.flux",
        `FLUX_HOOK_SECRET is not set: nobody hears what Flux says of ${flux.join(" and ")}.`,
        "Set FLUX_HOOK_SECRET for the app, and the same as the token of Flux's provider.",
      ),
    Object.keys(monitor.alerts.match).length > 0 &&
      apiTokens.length === 0 &&
      finding(
        "monitor.alerts",
        "RIG_API_TOKENS is empty: no Alertmanager and no Grafana may tell of its alerts.",
        "Give each of them a token in RIG_API_TOKENS.",
      ),
  ];
  return checks.filter((check) => check !== false);
}
