import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chownSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Account } from "./account.ts";
import { renameOrYield, socketDirectory } from "./place.ts";

export const USER = "rig";

const environment = () => ({ PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" });

/** The cluster is made aside and put in place whole, so that a kill in between or a second process leaves nothing half-made. */
export function createCluster(bin: string, data: string, account: Account | undefined): void {
  mkdirSync(dirname(data), { recursive: true });
  const part = mkdtempSync(`${data}.part-`);
  if (account) chownSync(part, account.uid, account.gid);
  const { status, stderr } = spawnSync(
    join(bin, "initdb"),
    [
      `--pgdata=${part}`,
      `--username=${USER}`,
      "--auth-local=trust",
      "--auth-host=reject",
      "--encoding=UTF8",
      "--locale=C",
      "--no-instructions",
    ],
    { ...account, cwd: "/", env: environment(), encoding: "utf8" },
  );
  if (status !== 0) {
    rmSync(part, { recursive: true, force: true });
    throw new Error(`initdb could not make a Postgres cluster in ${part}: ${stderr}`);
  }
  renameOrYield(part, data);
}

/** Detached, its output in a file: neither Ctrl-C in our terminal nor our own end takes it along. */
export function startServer(
  bin: string,
  data: string,
  account: Account | undefined,
  settings: Readonly<Record<string, string>>,
): ChildProcess {
  const log = openSync(join(data, "server.log"), "a");
  const all = { listen_addresses: "", unix_socket_directories: socketDirectory(account), ...settings };
  const child = spawn(join(bin, "postgres"), ["-D", data, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])], {
    ...account,
    cwd: "/",
    env: environment(),
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.on("error", () => {});
  child.unref();
  return child;
}

/** The server that has this cluster, if one has. */
export function runningServer(data: string): { readonly pid: number; readonly sockets: string } | undefined {
  const file = join(data, "postmaster.pid");
  const text = textOf(file);
  if (text === undefined) return undefined;
  const [pid, , , , sockets] = text.split("\n");
  if (isServer(Number(pid))) return { pid: Number(pid), sockets: sockets ?? "" };
  rmSync(file, { force: true }); // Its number may belong to any process by now, and Postgres would take that one for itself.
  return undefined;
}

function isServer(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  const command = `/proc/${pid}/cmdline`;
  return !existsSync(command) || readFileSync(command, "utf8").includes("postgres");
}

/** A server that ends takes its file away at that moment. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    // Not asked whether it is an Error: where tests run, Node's own errors are of another realm.
    if (typeof error === "object" && error !== null && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
