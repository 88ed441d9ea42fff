/** The seam between the stand-in GitHub and the stand-in runner: what each tells the other. */

/** Something happened in a repository that a workflow's `on:` may ask for. */
export interface RepositoryEvent {
  readonly repositoryId: number;
  /** `push`, `pull_request`, `issues`, `deployment_status` … */
  readonly name: string;
  /** `opened`, `synchronize` …; absent where the event has none. */
  readonly action?: string;
  /** `refs/heads/main`, `refs/pull/7/merge`. */
  readonly ref: string;
  /** The commit the workflow files are read from and that the run is for. */
  readonly sha: string;
  /** What `github.event` shows: the webhook's payload. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly actor: string;
}

/** A `workflow_dispatch` as the REST API received it. */
export interface DispatchRequest {
  readonly repositoryId: number;
  /** File name as in the URL: `dev-e.yml`. */
  readonly workflow: string;
  readonly ref: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly actor: string;
}

/** The runner, as GitHub knows it. */
export interface Runner {
  /** Starts every workflow whose `on:` asks for this event, and returns at once. */
  happened(event: RepositoryEvent): void;
  /** Checks the workflow's own declaration and starts it. GitHub answers 404 or 422 with the message otherwise. */
  dispatch(request: DispatchRequest): Promise<{ readonly runId: number } | { readonly status: 404 | 422; readonly message: string }>;
  /** Ends a run: its processes get SIGTERM, then SIGKILL; its conclusion is `cancelled`. */
  cancel(runId: number): void;
}

export type Status = "queued" | "in_progress" | "completed";
export type Conclusion = "success" | "failure" | "cancelled" | "skipped" | "timed_out";

export interface NewRun {
  readonly repositoryId: number;
  /** The workflow's `name:`, or its path. */
  readonly name: string;
  /** `.github/workflows/ci.yml`. */
  readonly path: string;
  readonly event: string;
  readonly headBranch: string;
  readonly headSha: string;
  readonly actor: string;
  readonly displayTitle: string;
}

export interface WorkflowRun extends NewRun {
  readonly id: number;
  readonly runNumber: number;
  readonly runAttempt: number;
  readonly htmlUrl: string;
}

export interface Step {
  readonly name: string;
  readonly number: number;
  readonly status: Status;
  readonly conclusion: Conclusion | null;
}

/** What the runner may do at GitHub. Every change sends the webhooks GitHub would send. */
export interface ActionsStore {
  readonly apiUrl: string;
  readonly serverUrl: string;
  createRun(run: NewRun): WorkflowRun;
  updateRun(runId: number, change: { readonly status: Status; readonly conclusion?: Conclusion }): void;
  /** A job is also a check run of the GitHub Actions App on the run's head. Answers the job's id. */
  createJob(runId: number, job: { readonly name: string; readonly labels: readonly string[] }): number;
  updateJob(
    jobId: number,
    change: {
      readonly status: Status;
      readonly conclusion?: Conclusion;
      readonly steps?: readonly Step[];
      readonly log?: string;
      /** Why GitHub itself ended it: an annotation of the job's check run. */
      readonly annotation?: string;
    },
  ): void;
  saveArtifact(runId: number, name: string, zipOrTar: Buffer): void;
  artifact(runId: number, name: string): Buffer | undefined;
  /** The job's GITHUB_TOKEN: this repository, these permissions (`{contents: "read"}`; `id-token` is not an API permission). */
  mintJobToken(runId: number, permissions: Readonly<Record<string, "read" | "write">>): string;
  /** A job with `environment:` makes a deployment; answers its id. */
  createDeployment(runId: number, environment: string, jobId: number): number;
  /** The same for an environment whose reviewers have to let it through: whether they did. Undefined where there are none. The signal ends the wait. */
  holdDeployment(
    runId: number,
    environment: string,
    jobId: number,
    signal: AbortSignal,
  ): { readonly deployment: number; readonly approved: Promise<boolean> } | undefined;
  createDeploymentStatus(deploymentId: number, state: "in_progress" | "success" | "failure", environmentUrl?: string): void;
  /** A token of the OIDC issuer for a job of this run. The issuer fills in what it knows of the run (sub, repository, repository_id, run_id, actor, sha, ref …). */
  mintOidcToken(
    runId: number,
    audience: string,
    claims: { readonly jobWorkflowRef: string; readonly jobId?: number; readonly environment?: string },
  ): Promise<string>;
  /** Path of the bare git repository, for reading workflow files and actions. */
  gitDir(repositoryId: number): string;
  repository(repositoryId: number): {
    readonly id: number;
    readonly owner: string;
    readonly name: string;
    readonly defaultBranch: string;
    readonly private: boolean;
  };
  repositoryByName(owner: string, name: string): { readonly id: number } | undefined;
  /** Actions variables of the repository: `vars.NAME`. */
  variables(repositoryId: number): Readonly<Record<string, string>>;
  secrets(repositoryId: number): Readonly<Record<string, string>>;
}
