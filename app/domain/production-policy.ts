/** The keys of `.github/rig.yml` about what happens after the merge: deploying, watching production, proposing work. */
import { z } from "zod";
import { cronFault } from "./cron.ts";
import { Duration, MaybeDuration } from "./duration.ts";
import { jsonPathFault } from "./json-path.ts";

const Workflow = z.string().regex(/^[\w.-]+\.ya?ml$/, "the name of a workflow file, such as deploy.yml");
const Severity = z.enum(["critical", "warning", "info"]);

const probe = {
  name: z.string().min(1).max(60).optional().describe("What messages call it; its address unless told."),
  url: z.url({ protocol: /^https?$/ }),
  status: z.number().int().prefault(200),
  contains: z.string().optional().describe("What its answer has to contain."),
  headers: z.record(z.string(), z.string()).optional().describe("Headers that its answer has to have, with their values."),
  json: z
    .record(z.string(), z.string())
    .superRefine((wanted, context) => {
      for (const place of Object.keys(wanted)) {
        const fault = jsonPathFault(place);
        if (fault) context.addIssue({ code: "custom", path: [place], message: `"${place.slice(0, 80)}" ${fault}` });
      }
    })
    .optional()
    .describe("What a JSON answer has to show: a top-level key, or a path of RFC 9535 that begins with `$`, and its value."),
  within: MaybeDuration.refine((ms) => ms === undefined || ms <= 30_000, "30s at most").describe("How soon it has to answer; 30s at most."),
  dependency: z
    .string()
    .min(1)
    .max(60)
    .optional()
    .describe("The name of something outside of the code that it shows: where it fails, no change is at fault."),
};

/** One HTTP request and what its answer has to show. `{sha}` stands for the merge commit or a later one that contains it. */
const Probe = z.strictObject(probe);
export type ProbeSpec = z.infer<typeof Probe>;

const environment = {
  workflow: Workflow.optional().describe(
    "The workflow that the Conductor starts with `environment` and `sha`; absent: it waits for the repository's own deployment.",
  ),
  flux: z
    .string()
    .regex(/^[A-Z]\w+\/[a-z0-9-]+\/[a-z0-9.-]+$/, "an object that Flux applies, as Kustomization/flux-system/shop")
    .optional()
    .describe("The object of Flux whose applied revision is the deployment, as `Kustomization/flux-system/shop`."),
  healthyFor: MaybeDuration.describe("How long its checks have to hold without a break; absent: once is enough."),
};

export const Deploy = z.strictObject({
  staging: z
    .strictObject({
      ...environment,
      environment: z.string().prefault("staging"),
      smoke: z.array(Probe).prefault([]),
      smokeWorkflow: Workflow.optional().describe("A workflow that has to conclude well, started with `environment` and `sha`."),
    })
    .optional(),
  production: z
    .strictObject({
      ...environment,
      environment: z.string().prefault("production"),
      verify: z.array(Probe).prefault([]),
      verifyWorkflow: Workflow.optional().describe("A workflow that has to conclude well, started with `environment` and `sha`."),
    })
    .optional(),
  rollback: z
    .strictObject({
      workflow: Workflow.describe("The workflow that takes production back, started with `environment` and `sha`."),
    })
    .optional()
    .describe("How production is taken back when a person of RIG_CTO asks; absent: by a pull request that reverts."),
});

const watched = {
  service: z.string().min(1).max(60).optional().describe("The service that it is about; the repository's name unless told."),
  severity: Severity.prefault("critical"),
};

/** A probe that is sent over and over: `{sha}` has no meaning there. */
const MonitorProbe = z.strictObject({ ...probe, ...watched, failures: z.number().int().positive().prefault(3) });

export const Monitor = z.strictObject({
  every: Duration("1m").describe("How often everything is looked at."),
  probes: z.array(MonitorProbe).prefault([]).describe("`failures` in a row are an incident."),
  certificates: z
    .array(
      z.strictObject({
        host: z.string().min(1),
        port: z.number().int().positive().prefault(443),
        days: z.number().positive().prefault(14).describe("Fewer days left than these are an incident."),
        service: watched.service,
        severity: Severity.prefault("warning"),
      }),
    )
    .prefault([])
    .describe("Hosts whose certificate is looked at; too few days left are an incident."),
  queries: z
    .array(
      z
        .strictObject({
          name: z.string().min(1).max(60),
          query: z.string().min(1).describe("A query of Prometheus that answers one number."),
          above: z.number().optional(),
          below: z.number().optional(),
          for: Duration("5m").describe("How long it has to be so."),
          ...watched,
        })
        .refine(({ above, below }) => (above === undefined) !== (below === undefined), "give one of above and below"),
    )
    .prefault([])
    .describe("Asked of the Prometheus that the app knows (PROMETHEUS_URL)."),
  alerts: z
    .strictObject({
      match: z
        .record(z.string(), z.string())
        .prefault({})
        .describe("Labels by which an alert of Alertmanager or Grafana belongs to this repository; none: no alert does."),
    })
    .prefault({}),
  quietFor: Duration("2m").describe("How long a signal has to be gone before its incident is over."),
  flapping: z
    .strictObject({
      changes: z
        .number()
        .int()
        .positive()
        .prefault(6)
        .describe("So many changes in that time: the signal flaps, and no more is said of it."),
      within: Duration("30m").describe("The time in which changes are counted, and for which a flapping signal has to be quiet."),
    })
    .prefault({})
    .describe("So many changes in that time: the signal flaps, and nothing more is said until it has been quiet that long."),
  suspects: Duration("24h").describe("How far back deployments are suspected."),
  file: z.array(Severity).prefault(["critical", "warning"]).describe("Of which severities an issue is filed."),
  mostIssues: z
    .number()
    .int()
    .positive()
    .prefault(20)
    .describe(
      "How many open incidents may have an issue: whatever floods the Rig with alerts floods nobody with issues and calls. The rest have their card.",
    ),
  interrupts: z
    .array(Severity)
    .prefault(["critical"])
    .describe("Of which severities the issue is filed as critical, so that it interrupts."),
  autoReady: z.boolean().prefault(false).describe("Whether an incident's issue is handed to the agents without a person."),
  diagnose: z.boolean().prefault(true).describe("Whether Monitor-E looks for the cause and says so on the issue."),
});
export type MonitorProbe = z.infer<typeof MonitorProbe>;

export const Architect = z.strictObject({
  schedule: z
    .string()
    .superRefine((line, context) => {
      const fault = cronFault(line);
      if (fault) context.addIssue({ code: "custom", message: `"${line.slice(0, 80)}" ${fault}` });
    })
    .optional()
    .describe("When Architect-E looks for work to propose, as a cron line in UTC; absent: only when its workflow is started."),
  maxProposals: z.number().int().nonnegative().prefault(3).describe("How many it may propose at once."),
  feedback: z.array(z.string()).prefault(["feedback"]).describe("Labels of issues in which users say what they want."),
});
