/** docs/measures.md: what each measure counts, and every metric, from the code that tells it. */
import { createMetrics } from "../app/door/metrics.ts";
import { DEFAULT_DAYS } from "../app/measures/window.ts";
import { otherMetrics, storeMetrics } from "../app/metric-table.ts";

interface Row {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

const fromStore: readonly Row[] = Object.entries({ ...otherMetrics, ...storeMetrics }).map(([name, { help, ...more }]) => ({
  ...{ name, help },
  labels: "label" in more && more.label ? [more.label] : [],
}));

/** What the door counts while it works. */
const fromDoor: readonly Row[] = createMetrics()
  .registry.getMetricsAsArray()
  .flatMap((metric) => {
    const { name, help, labelNames } = metric as unknown as { name: string; help: string; labelNames: readonly string[] };
    return name.startsWith("rig_") ? [{ name, help, labels: labelNames }] : [];
  });

const typeOf = (name: string): string =>
  name.endsWith("_total") ? "counter" : name === "rig_http_request_duration_seconds" ? "histogram" : "gauge";

const rows = [...fromStore, ...fromDoor]
  .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  .map(
    ({ name, help, labels }) => `| \`${name}\` | ${typeOf(name)} | ${labels.map((label) => `\`${label}\``).join(", ") || "—"} | ${help} |`,
  );

export const measuresPage = (): string => `# Measures

What \`rig dora\`, the page \`/measures\`, \`/api/dora\`, \`/api/cost\` and \`/metrics\` tell, and what exactly they count. Everything is worked out from the events; a test counts it again in another way. The table below is made from the code by \`npm run docs\`.

## DORA's five

The definitions are those of [DORA's guide to its five metrics](https://dora.dev/guides/dora-metrics/) as it stands since 2024 ([how they came about](https://dora.dev/guides/dora-metrics/history/)): change lead time, deployment frequency and failed deployment recovery time are throughput; change fail rate and deployment rework rate are instability. DORA leaves to each team what a failure is; this is what it is here.

| Measure | What is counted |
| --- | --- |
| Deployment frequency | Production deployments a day. One deployment counts once, however many merges it brought and however often it is told of; the same merge deployed again is another one. It counts on the day on which it was first seen to have succeeded. Where Flux deploys, a deployment is the commit that it applied. |
| Change lead time | From the first commit of a merged pull request to its first production deployment; median and the time within which nine of ten came. The commit's time is its committer's clock. Where it is not known, or lies after the pull request was opened, the pull request's own time counts: for a person's pull request that is when the Rig first saw it. |
| Change fail rate | The share of deployments after which somebody had to intervene: a check of production failed by the code's fault (\`SMOKE_FAILED\`, cause \`code\`), a person asked for a rollback (\`ROLLBACK_REQUESTED\`), or an incident was detected whose first suspect it is (\`INCIDENT_DETECTED\`). A deployment that was cancelled, that never reached production, or whose check failed because of something outside of the code (\`external_dependency\`) is no failure. |
| Failed deployment recovery time | From a deployment's first failure until nothing of it is broken any more: the fix of the same issue was seen healthy in production (\`VERIFIED\`), production was taken back (\`ROLLED_BACK\`), or the incident's signal was gone (\`INCIDENT_RESOLVED\`). Those that have not recovered are told as \`open\`, and have no time yet. |
| Deployment rework rate | The share of deployments that were not planned: they brought a fix of what had failed in production in the same issue, or an issue that was filed for an incident. |

A failure counts for its deployment whenever it shows, also after the window. A rollback is the end of a failure and no deployment of its own.

**Agent or human.** A change is an agent's where an issue was delivered, and a person's where the Rig only watched their pull request: it follows what they merge to production for two weeks, and does nothing with it. A deployment that brought both counts for both, so the two may add up to more than all; a failure counts for whoever's change is at fault.

**Nothing is null, not 0.** Where nothing was deployed in a window, all five are \`null\`; beside each rate stands what it is made of. The window is whole days in UTC, ${DEFAULT_DAYS} unless told.

They describe one service at a time. Numbers over all repositories are a sum and no comparison, and none of them is a goal.

## What a verified change takes

\`/api/cost\` tells it for a window and by repository, each as median and 90 %.

| Measure | What is counted |
| --- | --- |
| \`usd\` | Dollars of all runs of an issue that was done with production seen live and healthy. \`usdOfAllPerVerifiedChange\` divides everything that was spent in the window, also on what came to nothing, by their number. |
| \`humanMinutes\` | Minutes that such an issue waited for people: at human gates until they were approved, and in GitHub for the reviewers of an environment, as \`ISSUE_DONE\` has them. It is the time people let it wait, not the time they worked. |
| \`queueWaitMinutes\` | From the last approval of an issue to the first time that an agent got it after that. |
| \`gateWaitMinutes\` | From the triggering of a gate for a head to its approval, also on people's pull requests. Gates that were rejected or voided are not in it. |

## Metrics

\`GET /metrics\` on \`METRICS_PORT\`. Labels have few and known values: never an issue, a pull request, a run, a commit, a person or a repository. What is read from the database is read once in five seconds whoever asks, with one statement, what is told of thirty days once in five minutes; every replica tells the same of it, so take \`max\` over them and not \`sum\`. While the database does not answer, \`rig_up_database\` is 0 and the rest of it is missing. Beside these there are the default metrics of Node.js.

| Metric | Type | Labels | Means |
| --- | --- | --- | --- |
${rows.join("\n")}

Alerts on them stand in \`deploy/apps/base/monitoring/prometheus-rule.yaml\`, each with a [runbook](runbooks/README.md); a Grafana dashboard stands beside it.
`;
