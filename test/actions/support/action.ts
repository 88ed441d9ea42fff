/** Runs an action as a runner does: the committed bundle, as a process, with inputs and outputs by environment and file. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporary } from "../../agents/support/repository.ts";

export interface Ran {
  readonly exitCode: number | null;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ran>;
}

export interface ActionOptions {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

export function startAction(name: "run-agent" | "publish", { inputs, env }: ActionOptions): Running {
  const folder = temporary("rig-runner-");
  const file = (which: string) => {
    writeFileSync(path.join(folder, which), "");
    return path.join(folder, which);
  };
  const [output, summary] = [file("output"), file("summary")];
  const given = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]));
  const child = spawn(process.execPath, [path.join(import.meta.dirname, `../../../actions/${name}/dist/index.js`)], {
    env: {
      PATH: process.env.PATH ?? "",
      HOME: "/nonexistent",
      TMPDIR: folder,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      ...env,
      ...given,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: Buffer[] = [];
  child.stdout.on("data", (chunk) => log.push(chunk));
  child.stderr.on("data", (chunk) => log.push(chunk));
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      const outputs = Object.fromEntries(
        Array.from(readFileSync(output, "utf8").matchAll(/^(.+?)<<(ghadelimiter_\S+)\n([\s\S]*?)\n\2$/gm), ([, key, , value]) => [
          key,
          value,
        ]),
      );
      resolve({ exitCode, log: Buffer.concat(log).toString(), outputs, summary: readFileSync(summary, "utf8") });
    });
  });
  return { process: child, ended };
}

export const runAction = (name: "run-agent" | "publish", options: ActionOptions): Promise<Ran> => startAction(name, options).ended;

/** What gives a job its workload identity. */
export const identity = (issuer: string) => ({
  ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer}/oidc?v=1`,
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: "runner",
});
