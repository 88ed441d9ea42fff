/** Runs the committed bundle of the gate check as a runner does: a process with a job's token, an event and a summary file. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporary } from "../../agents/support/repository.ts";
import { type GatedShop, place } from "./gated.ts";

export const permissions = { checks: "write", contents: "read", issues: "read", pull_requests: "read" } as const;

export interface Ran {
  readonly exitCode: number | null;
  readonly log: string;
  readonly summary: string;
}

/** The token of a job in the shop, with what the workflow grants. */
export function jobToken({ github, repository }: GatedShop): string {
  const of = { repositoryId: repository.id, name: "Gates", path: ".github/workflows/gates.yml", event: "pull_request_target" };
  const run = { headBranch: "main", headSha: repository.headSha, actor: "jonas", displayTitle: "Gates" };
  return github.actions.mintJobToken(github.actions.createRun({ ...of, ...run }).id, permissions);
}

export async function runGateCheck(shop: GatedShop, event: string, payload: object): Promise<Ran> {
  const folder = temporary("rig-gates-");
  const [file, summary] = [join(folder, "event.json"), join(folder, "summary.md")];
  writeFileSync(file, JSON.stringify(payload));
  writeFileSync(summary, "");
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../../actions/gate-check/dist/index.js")], {
    cwd: folder,
    env: {
      ...{ PATH: process.env.PATH ?? "", HOME: "/nonexistent", TMPDIR: folder },
      ...{ GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: file, GITHUB_RUN_ID: "1", GITHUB_STEP_SUMMARY: summary },
      ...{ GITHUB_API_URL: shop.github.apiUrl, GITHUB_REPOSITORY: `${place.owner}/${place.repo}` },
      INPUT_TOKEN: jobToken(shop),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => log.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, log: Buffer.concat(log).toString(), summary: readFileSync(summary, "utf8") }));
  });
}
