/** A job's action from its source, as a process of its own with the environment a runner gives: what an attacker finds in there is real. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

export interface Job {
  readonly exitCode: number | null;
  /** Standard output and standard error: what the runner's log holds. */
  readonly log: string;
  readonly outputs: string;
  readonly summary: string;
}

export interface JobOptions {
  /** The runner's own folder for this job. */
  readonly folder: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

const ROOT = path.join(import.meta.dirname, "../../..");

export function runJob(action: "run-agent" | "publish", { folder, inputs, env }: JobOptions): Promise<Job> {
  const file = (name: string) => {
    writeFileSync(path.join(folder, name), "");
    return path.join(folder, name);
  };
  const [outputs, summary] = [file("output"), file("summary")];
  const given = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", path.join(ROOT, `actions/${action}/main.ts`)], {
    env: {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      TMPDIR: folder,
      GITHUB_OUTPUT: outputs,
      GITHUB_STEP_SUMMARY: summary,
      ...env,
      ...given,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => log.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) =>
      resolve({
        exitCode,
        log: Buffer.concat(log).toString(),
        outputs: readFileSync(outputs, "utf8"),
        summary: readFileSync(summary, "utf8"),
      }),
    );
  });
}
