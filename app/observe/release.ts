import type { Environment, Probe } from "../domain/events.ts";
import { Sha } from "../domain/ids.ts";
import type { Policy, ProbeSpec } from "../domain/policy.ts";
import type { SeenRelease } from "../domain/seen.ts";
import { orNothing, type Reader } from "./github.ts";

const PROBE_MS = 5_000;
const MOST_BYTES = 256 * 1024;

const good = new Set(["success"]);
const bad = new Set(["failure", "error"]);

/** How far an environment has come with the merge: its newest deployment that contains it, and what its checks answer. */
export async function observeRelease(
  reader: Reader,
  environment: Environment,
  policy: Policy,
  mergeSha: Sha,
  probing: boolean,
): Promise<SeenRelease | undefined> {
  const { staging, production } = policy.deploy;
  const configured = environment === "staging" ? staging : production;
  if (!configured) return undefined;
  const deployment = await newestContaining(reader, configured.environment, mergeSha);
  const specs = environment === "staging" ? (staging?.smoke ?? []) : (production?.verify ?? []);
  const probes = probing ? await Promise.all(specs.map((spec) => probe(spec, (sha) => contains(reader, mergeSha, sha)))) : [];
  return { ...(deployment ? { deployment } : {}), probes };
}

async function newestContaining(reader: Reader, environment: string, mergeSha: Sha): Promise<SeenRelease["deployment"]> {
  const { octokit, owner, repo } = reader;
  const { data: deployments } = await octokit.rest.repos.listDeployments({ owner, repo, environment, per_page: 10 });
  for (const deployment of deployments) {
    if (!(await contains(reader, mergeSha, deployment.sha))) continue;
    const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({ owner, repo, deployment_id: deployment.id, per_page: 1 });
    const state = statuses[0]?.state ?? "pending";
    return {
      id: deployment.id,
      sha: Sha.parse(deployment.sha),
      state: good.has(state) ? "success" : bad.has(state) ? "failure" : "pending",
      url: statuses[0]?.environment_url ?? "",
      createdAt: new Date(deployment.created_at),
    };
  }
  return undefined;
}

/** F41: whether production has been deployed back to a commit since that was asked for. */
export async function observeRollback({ octokit, owner, repo }: Reader, policy: Policy, sha: Sha, since: Date): Promise<boolean> {
  const environment = policy.deploy.production?.environment;
  if (!environment) return false;
  const { data: deployments } = await octokit.rest.repos.listDeployments({ owner, repo, environment, sha, per_page: 5 });
  // GitHub's times have no fractions of a second.
  const young = deployments.filter(({ created_at }) => Date.parse(created_at) >= Math.floor(since.getTime() / 1000) * 1000);
  for (const { id } of young) {
    const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({ owner, repo, deployment_id: id, per_page: 1 });
    if (good.has(statuses[0]?.state ?? "")) return true;
  }
  return false;
}

/** Whether a commit is the merge or comes after it: several merges may go out in one deployment. */
async function contains({ octokit, owner, repo }: Reader, mergeSha: string, sha: string): Promise<boolean> {
  if (sha === mergeSha) return true;
  if (!/^[0-9a-f]{40}$/.test(sha)) return false;
  const answer = await orNothing(
    octokit.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead: `${mergeSha}...${sha}`, per_page: 1 }),
  );
  return answer?.data.status === "ahead" || answer?.data.status === "identical";
}

/** One request; whatever goes wrong is an answer, not an exception. */
async function probe(spec: ProbeSpec, isLive: (sha: string) => Promise<boolean>): Promise<Probe> {
  try {
    const response = await fetch(spec.url, {
      redirect: "manual",
      signal: AbortSignal.timeout(PROBE_MS),
      headers: { "user-agent": "engineering-rig" },
    });
    const text = (await response.text()).slice(0, MOST_BYTES);
    if (response.status !== spec.status) return { url: spec.url, ok: false, detail: `answers ${response.status}, not ${spec.status}` };
    if (spec.contains !== undefined && !text.includes(spec.contains))
      return { url: spec.url, ok: false, detail: `does not contain "${spec.contains}"` };
    for (const [key, wanted] of Object.entries(spec.json ?? {})) {
      const value = shownAt(text, key);
      const ok = wanted === "{sha}" ? value !== undefined && (await isLive(value)) : value === wanted;
      if (!ok)
        return {
          url: spec.url,
          ok: false,
          detail: `shows ${key} ${value ?? "not at all"}, not ${wanted === "{sha}" ? "the merge" : wanted}`,
        };
    }
    return { url: spec.url, ok: true, detail: `answers ${response.status}${spec.json ? " as expected" : ""}` };
  } catch (error) {
    return { url: spec.url, ok: false, detail: `does not answer (${error instanceof Error ? error.name : "unknown"})` };
  }
}

function shownAt(text: string, key: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    return String((value as Readonly<Record<string, unknown>>)[key]);
  } catch {
    return undefined;
  }
}
