/** Where an agent's commands run (R8). The first way that this machine allows is taken; without any, nothing runs. */
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { exec } from "tinyexec";
import { messageOf } from "../errors.ts";
import { bubblewrap } from "./bubblewrap.ts";
import { type CommandResult, execute } from "./execute.ts";
import { namespaces } from "./namespaces.ts";
import { otherUser } from "./other-user.ts";
import { AGENT_UID, type View, viewOf } from "./view.ts";

export interface Command {
  readonly script: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface Sandbox {
  /** Which way it is, for the job's log. */
  readonly kind: string;
  readonly run: (command: Command) => Promise<CommandResult>;
  readonly close: () => Promise<void>;
}

/** One way to confine a command: the program to start for a script. Undefined: not on this machine. */
export interface Backend {
  readonly kind: string;
  readonly wrap: (script: string, view: View) => { readonly command: string; readonly args: readonly string[] } | undefined;
  /** Ends what a command may have left running, where ending its process group is not enough. */
  readonly sweep?: () => Promise<void>;
}

const backends: readonly Backend[] = [bubblewrap, namespaces, otherUser];

export interface SandboxOptions {
  readonly workspace: string;
  /** Folders shown read-only besides the system's: a tool cache. */
  readonly readable?: readonly string[];
  /** Tests choose one; else all are tried in order. */
  readonly among?: readonly Backend[];
}

/** As root the workspace changes hands to the user the commands run as. */
export async function openSandbox({ workspace, readable = [], among = backends }: SandboxOptions): Promise<Sandbox> {
  const base = await mkdtemp(path.join(tmpdir(), "rig-sandbox-"));
  const close = () => rm(base, { recursive: true, force: true });
  try {
    const view = await viewOf({ workspace, readable, base });
    await prepare(view);
    const refusals: string[] = [];
    for (const backend of among) {
      const run = ({ script, timeoutMs, signal }: Command) => runIn(backend, view, script, timeoutMs, signal);
      const refusal = await tried(run);
      if (refusal === undefined) return { kind: backend.kind, run, close };
      refusals.push(`${backend.kind}: ${refusal}`);
    }
    throw new Error(
      `No sandbox works here, so no agent may run (${refusals.join("; ")}). Install bubblewrap, allow user namespaces, or run as root.`,
    );
  } catch (error) {
    await close();
    throw error;
  }
}

async function runIn(backend: Backend, view: View, script: string, timeoutMs: number, signal?: AbortSignal): Promise<CommandResult> {
  const wrapped = backend.wrap(script, view);
  if (!wrapped) throw new Error("not on this machine");
  return execute({ ...wrapped, env: view.env, timeoutMs, signal, sweep: backend.sweep });
}

/** A sandbox that starts but does not confine is worse than none: it must hide this very process from the command. */
async function tried(run: Sandbox["run"]): Promise<string | undefined> {
  const script = `test -w . && test -w "$TMPDIR" && ! grep -qs . /proc/${process.pid}/environ && grep -q '^NoNewPrivs:.1' /proc/self/status && grep -q '^CapEff:.0*$' /proc/self/status && echo confined`;
  try {
    const { output, exitCode } = await run({ script, timeoutMs: 10_000 });
    return exitCode === 0 && output.trim() === "confined" ? undefined : output.trim().slice(0, 300) || `its trial ended with ${exitCode}`;
  } catch (error) {
    return messageOf(error);
  }
}

async function prepare(view: View): Promise<void> {
  // Others may pass through, not look: a command run as another user finds its temporary folder by name.
  await chmod(view.base, 0o711);
  await mkdir(view.mountPoint);
  await mkdir(path.join(view.tmp, "home"), { recursive: true });
  await writeFile(
    path.join(view.base, "passwd"),
    `root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\nagent:x:${AGENT_UID}:${AGENT_UID}:agent:${view.env.HOME}:/bin/sh\n`,
  );
  await writeFile(path.join(view.base, "group"), `root:x:0:\nnogroup:x:65534:\nagent:x:${AGENT_UID}:\n`);
  if (process.getuid?.() !== 0) return;
  for (const folder of [view.tmp, path.join(view.tmp, "home")]) await chown(folder, AGENT_UID, AGENT_UID);
  // -h and no -L: links are changed themselves, never what they point to.
  await exec("chown", ["-Rh", `${AGENT_UID}:${AGENT_UID}`, "--", view.workspace], { throwOnError: true, nodePath: false });
}
