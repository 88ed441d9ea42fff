/** What Flux's notification-controller sends (a provider of type generic-hmac): a report of an object, and a signal where it failed. */
import { z } from "zod";
import type { FluxReport } from "../domain/flux.ts";
import { Sha } from "../domain/ids.ts";
import type { NewSignal } from "../domain/signal.ts";
import { lastGood } from "../policies.ts";
import type { Repository } from "../store/repositories.ts";
import { timeOf } from "./alerts.ts";
import type { Heard } from "./heard-text.ts";
import { signalOf } from "./look.ts";
import { fluxObjects, isWatched } from "./watched.ts";

/** Names of Kubernetes have 253 characters at most. */
const Name = z.string("must be text").min(1, "must not be empty").max(253, "must have 253 characters at most");

export const FluxEvent = z.object(
  {
    involvedObject: z.object({ kind: Name, namespace: Name, name: Name }, "must be an object"),
    severity: z.string("must be text"),
    reason: z.string("must be text"),
    message: z.string("must be text").prefault(""),
    metadata: z.record(z.string(), z.string("must be text"), "must be an object of texts").nullish(),
    timestamp: z.string("must be a time").refine((text) => timeOf(text) !== undefined, "must be a time of RFC 3339"),
  },
  "must be an object",
);
type FluxEvent = z.infer<typeof FluxEvent>;

/** `main@sha1:<40 digits>`, or as Flux wrote it before version 2: `main/<40 digits>`. */
const COMMIT = /(?:^sha1:|@sha1:|\/)([0-9a-f]{40})$/;

/** The events of one object go by the clock that wrote them; one that is ahead of ours must not hide those that come after it. */
export function reportOf({ involvedObject, severity, reason, message, metadata, timestamp }: FluxEvent, heard: Heard, now: Date) {
  const { kind, namespace, name } = involvedObject;
  const revisions = revisionsIn(metadata ?? {});
  const revision = revisions.find((one) => COMMIT.test(one)) ?? revisions[0] ?? "";
  const sha = COMMIT.exec(revision)?.[1];
  const at = timeOf(timestamp) ?? now;
  const failed = severity === "error";
  const ready = !failed && /Succeeded$/.test(reason) && !/^(Rollback|Uninstall)/.test(reason);
  const report: FluxReport = {
    object: `${kind}/${namespace}/${name}`,
    ...(sha ? { sha: Sha.parse(sha) } : {}),
    revision: heard(revision, 200),
    ready,
    message: heard(message, 1_000),
    at: at < now ? at : now,
  };
  return { report, failed, progress: !failed && !ready, reason: heard(reason, 60) };
}

/** Of an OCI artifact the commit it was made of stands in `originRevision`; keys may have the controller's name before them. */
const revisionsIn = (metadata: Readonly<Record<string, string>>): readonly string[] =>
  ["originRevision", "revision"].flatMap((wanted) =>
    Object.entries(metadata)
      .filter(([key]) => key.split("/").at(-1) === wanted)
      .map(([, value]) => value),
  );

/** What the report means to each repository whose deployment names the object: it fails, it is well again, or, while it works, nothing. */
export function fluxSignals(
  { report, failed, progress, reason }: ReturnType<typeof reportOf>,
  repositories: readonly Repository[],
  heard: Heard,
): readonly NewSignal[] {
  if (progress) return [];
  const { object, message, revision, at } = report;
  return repositories.flatMap((repository) => {
    const policy = lastGood(repository);
    const named = fluxObjects(policy).find((one) => one.object === object);
    if (!named || (failed && !isWatched(repository, policy))) return [];
    return [
      signalOf({ repository, heard }, "flux", [object], {
        ...{ name: object, firing: failed, since: at, onlyIfKnown: !failed },
        severity: named.environment === "production" ? "critical" : "warning",
        summary: failed ? `Flux does not bring up ${object}: ${reason}.` : `Flux has brought up ${object}.`,
        detail: `${message} (${revision || "no revision"})`,
      }),
    ];
  });
}

/** Whether a deployment of the repository is what Flux reports of the object. */
export const isNamedBy = (repository: Repository, object: string): boolean =>
  fluxObjects(lastGood(repository)).some((named) => named.object === object);
