import type { Environment, Probe } from "../domain/events.ts";
import type { FluxReport } from "../domain/flux.ts";
import type { Sha } from "../domain/ids.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import { specsOf, tellsItsCommit } from "../domain/release-checks.ts";
import type { SeenDeployment, SeenRelease } from "../domain/seen.ts";
import type { Reader } from "./github.ts";
import { type Heard, oneLine } from "./one-line.ts";
import { sendProbe } from "./probe.ts";
import { contains } from "./release/contains.ts";
import { observeDeployments } from "./release/deployments.ts";
import { observeWorkflowRun } from "./release/workflow-run.ts";

/** What the Rig itself knows of an environment: which runs it started there for the merge, and what Flux has reported. */
export interface KnownRelease {
  readonly deployRun?: number;
  readonly checkRun?: number;
  readonly flux?: FluxReport;
  readonly heard?: Heard;
}

const MOST_MESSAGE = 300;

/** How far an environment has come with the merge, and what its checks answer. */
export async function observeRelease(
  reader: Reader,
  environment: Environment,
  policy: Policy,
  issue: Pick<Issue, "merged" | "release">,
  known: KnownRelease = {},
): Promise<SeenRelease | undefined> {
  const configured = policy.deploy[environment];
  if (!configured || !issue.merged) return undefined;
  const { mergeSha, at: mergedAt } = issue.merged;
  const probing = issue.release[environment].deployedAt !== undefined;
  const specs = specsOf(policy, environment);
  const asked = !probing || configured.flux || !tellsItsCommit(specs);
  const deployment = !asked
    ? undefined
    : configured.flux
      ? await byFlux(reader, configured.flux, mergeSha, known)
      : await byGitHub(reader, configured.environment, mergeSha, mergedAt, known);
  const isLive = (sha: string) => contains(reader, mergeSha, sha);
  const [probes, checkRun] = probing
    ? await Promise.all([
        Promise.all(specs.map((spec) => sendProbe(spec, isLive, known.heard))),
        known.checkRun ? observeWorkflowRun(reader, known.checkRun) : undefined,
      ])
    : [[], undefined];
  return {
    ...(deployment ? { deployment } : {}),
    probes: probing && asked ? [...probes, wordOf(configured.flux ?? configured.environment, deployment)] : probes,
    ...(checkRun
      ? { checkRun: { state: checkRun.state === "waiting" ? "pending" : checkRun.state, url: checkRun.url, createdAt: checkRun.createdAt } }
      : {}),
  };
}

/** What GitHub or Flux says of the deployment, as one of the checks. */
function wordOf(name: string, deployment: SeenDeployment | undefined): Probe {
  const ok = deployment?.state === "success";
  const commit = deployment?.sha.slice(0, 7);
  return {
    url: deployment?.url || name,
    name: `deployment to ${name}`,
    ok,
    detail: ok
      ? `shows ${commit} as live`
      : (deployment?.because ?? `shows ${commit ? `${commit} as ${deployment?.state}` : "nothing that has the merge in it"}`),
  };
}

async function byGitHub(
  reader: Reader,
  environment: string,
  mergeSha: Sha,
  mergedAt: Date,
  known: KnownRelease,
): Promise<SeenDeployment | undefined> {
  const found = await observeDeployments(reader, environment, mergeSha, mergedAt, known.heard);
  return found ?? byRun(reader, mergeSha, known);
}

/** A run that has made no deployment: it waits for a person, or it ended before it came that far. */
async function byRun(reader: Reader, sha: Sha, { deployRun, heard }: KnownRelease): Promise<SeenDeployment | undefined> {
  const run = deployRun === undefined ? undefined : await observeWorkflowRun(reader, deployRun, heard);
  if (!run) return undefined;
  const { state, url, createdAt, changedAt, reviewers, because } = run;
  const told = because ?? (state === "success" ? "its workflow run concluded well and made no such deployment" : undefined);
  return {
    ...{ sha, url, createdAt, changedAt, state: state === "success" ? "pending" : state },
    ...(reviewers ? { reviewers } : {}),
    ...(told ? { because: told } : {}),
  };
}

async function byFlux(reader: Reader, object: string, mergeSha: Sha, known: KnownRelease): Promise<SeenDeployment | undefined> {
  const { flux: report, heard = oneLine } = known;
  if (!report?.sha || !(await contains(reader, mergeSha, report.sha))) {
    const run = await byRun(reader, mergeSha, known);
    // A run that concluded well has only told Flux.
    return run?.state === "pending" ? { ...run, because: `Flux has not reported it as ${object} yet` } : run;
  }
  const seen = { sha: report.sha, url: object, createdAt: report.at, changedAt: report.at };
  const message = heard(report.message, MOST_MESSAGE);
  return report.ready
    ? { ...seen, state: "success" }
    : { ...seen, state: "pending", because: `Flux applies it and is not ready${message ? `: ${message}` : ""}` };
}
