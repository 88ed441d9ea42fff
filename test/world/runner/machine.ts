import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { arch } from "node:os";
import { delimiter, join } from "node:path";
import type { Step as ShownStep } from "../actions.ts";
import type { StatusSoFar } from "./expressions.ts";
import { githubEnvironment } from "./github-context.ts";
import type { Run, Services, ShownJob } from "./run.ts";

/** Something to do after a job's steps. */
export interface Post {
  readonly name: string;
  readonly condition: string;
  readonly perform: (cancelled: AbortSignal) => Promise<unknown>;
}

/** One job's fresh machine, and what its steps changed on it. */
export interface Machine {
  readonly services: Services;
  readonly run: Run;
  readonly job: ShownJob;
  readonly trackingId: string;
  readonly folder: string;
  readonly workspace: string;
  readonly temp: string;
  readonly token: string;
  readonly github: Readonly<Record<string, unknown>>;
  readonly runner: Readonly<Record<string, string>>;
  /** `needs`, `matrix`, `secrets` …: the contexts that stay as they are. */
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly idToken: { readonly url: string; readonly token: string } | undefined;
  readonly steps: ShownStep[];
  readonly posts: Post[];
  status: "success" | "failure" | "cancelled";
  /** What steps wrote to `GITHUB_ENV` and `GITHUB_PATH`. */
  env: Readonly<Record<string, string>>;
  path: readonly string[];
}

export const statusOf = ({ status }: Pick<Machine, "status">): StatusSoFar => ({
  success: status === "success",
  failure: status === "failure",
  cancelled: status === "cancelled",
});

export const whenCancelled: StatusSoFar = { success: false, failure: false, cancelled: true };

type Given = Pick<Machine, "services" | "run" | "job" | "token" | "contexts" | "idToken">;

/** Sets up a machine with an empty workspace. */
export async function setUpMachine(given: Given, github: Readonly<Record<string, unknown>>): Promise<Machine> {
  const folder = await mkdtemp(join(given.services.root, "job-"));
  const name = given.run.repository.name;
  const workspace = join(folder, "_work", name, name);
  const temp = join(folder, "_work", "_temp");
  for (const path of [workspace, temp, join(folder, "home"), join(folder, "_work", "_tool")]) await mkdir(path, { recursive: true });
  const eventPath = join(temp, "event.json");
  await writeFile(eventPath, JSON.stringify(given.run.cause.payload));
  return {
    ...given,
    trackingId: `github_${randomUUID()}`,
    folder,
    workspace,
    temp,
    github: { ...github, token: given.token, workspace, event_path: eventPath },
    runner: {
      name: "stand-in",
      os: process.platform === "darwin" ? "macOS" : "Linux",
      arch: arch() === "arm64" ? "ARM64" : "X64",
      temp,
      tool_cache: join(folder, "_work", "_tool"),
      workspace: join(folder, "_work", name),
      environment: "self-hosted",
    },
    steps: [],
    posts: [],
    status: "success",
    env: {},
    path: [],
  };
}

/** The whole environment of a step's process; nothing of ours is inherited. */
export function processEnvironment(
  machine: Machine,
  env: Readonly<Record<string, string>>,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const runner = Object.entries(machine.runner).map(([name, value]) => [`RUNNER_${name.toUpperCase()}`, value]);
  return {
    HOME: join(machine.folder, "home"),
    LANG: "C.UTF-8",
    ...env,
    PATH: [...machine.path, env.PATH ?? machine.services.path].join(delimiter),
    CI: env.CI ?? "true",
    GITHUB_ACTIONS: "true",
    ...githubEnvironment(machine.github),
    ...Object.fromEntries(runner),
    RUNNER_TRACKING_ID: machine.trackingId,
    ...(machine.idToken
      ? { ACTIONS_ID_TOKEN_REQUEST_URL: machine.idToken.url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: machine.idToken.token }
      : {}),
    ...own,
  };
}
