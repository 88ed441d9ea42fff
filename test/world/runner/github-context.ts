import { field } from "./payloads.ts";
import type { Run, Services } from "./run.ts";

/** The `github` context of a run; a machine adds its own paths and token. */
export function githubContext({ store }: Pick<Services, "store">, run: Run): Readonly<Record<string, unknown>> {
  const { record, repository, cause } = run;
  const fullName = `${repository.owner}/${repository.name}`;
  return {
    actor: cause.actor,
    triggering_actor: cause.actor,
    api_url: store.apiUrl,
    server_url: store.serverUrl,
    graphql_url: `${store.apiUrl}/graphql`,
    event: cause.payload,
    event_name: cause.name,
    ref: cause.ref,
    ref_name: cause.ref.replace(/^refs\/(heads|tags|pull)\//, ""),
    ref_type: cause.ref.startsWith("refs/tags/") ? "tag" : "branch",
    ref_protected: false,
    head_ref: field(cause.payload, "pull_request", "head", "ref"),
    base_ref: field(cause.payload, "pull_request", "base", "ref"),
    repository: fullName,
    repository_id: String(repository.id),
    repository_owner: repository.owner,
    repositoryUrl: `${store.serverUrl}/${fullName}.git`,
    retention_days: "90",
    run_id: String(record.id),
    run_number: String(record.runNumber),
    run_attempt: String(record.runAttempt),
    sha: cause.sha,
    workflow: record.name,
    workflow_ref: `${fullName}/${record.path}@${cause.ref}`,
    workflow_sha: cause.sha,
    job_workflow_sha: cause.sha,
  };
}

const SHOWN_TO_STEPS = [
  [
    "action",
    "action_path",
    "action_ref",
    "action_repository",
    "actor",
    "api_url",
    "base_ref",
    "event_name",
    "event_path",
    "graphql_url",
    "head_ref",
  ],
  [
    "job",
    "ref",
    "ref_name",
    "ref_protected",
    "ref_type",
    "repository",
    "repository_id",
    "repository_owner",
    "retention_days",
    "run_attempt",
  ],
  ["run_id", "run_number", "server_url", "sha", "triggering_actor", "workflow", "workflow_ref", "workflow_sha", "workspace"],
].flat();

/** The `GITHUB_…` variables of a step. */
export function githubEnvironment(github: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const known = SHOWN_TO_STEPS.filter((name) => github[name] !== undefined);
  return Object.fromEntries(known.map((name) => [`GITHUB_${name.toUpperCase()}`, String(github[name])]));
}
