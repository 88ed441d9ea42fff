/** Where an agent's commands run (R8). The first way that this machine allows is taken; without any, nothing runs. */
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { exec } from "tinyexec";
import { messageOf } from "../errors.ts";
import { backendsOf, type SandboxChoice } from "./choice.ts";
import { type CommandResult, execute } from "./execute.ts";
import type { Network } from "./network.ts";
import { none } from "./none.ts";
import { type Program, type Started, start } from "./start.ts";
import { AGENT_UID, type View, viewOf } from "./view.ts";

export interface Command {
  readonly script: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface Sandbox {
  /** Which way it is, for the job's log. */
  readonly kind: string;
  readonly network: Network;
  /** A fresh process: nothing of an earlier command but files lives on in it. */
  readonly run: (command: Command) => Promise<CommandResult>;
  /** A program that lives on beside the agent, until it is killed or the sandbox closes. */
  readonly start: (script: string) => Started;
  readonly close: () => Promise<void>;
}

/** One way to confine a command: the program to start for a script. Undefined: not on this machine. Throws why it cannot do as the view says. */
export interface Backend {
  readonly kind: string;
  readonly wrap: (script: string, view: View) => Omit<Program, "env"> | undefined;
}

export interface SandboxOptions {
  readonly workspace: string;
  /** Folders shown read-only besides the system's: a tool cache. */
  readonly readable?: readonly string[];
  /** The operator's word; else whatever confines here. */
  readonly choice?: SandboxChoice;
  readonly network?: Network;
  /** Tests bring their own. */
  readonly among?: readonly Backend[];
}

/** As root the workspace changes hands to the user the commands run as. */
export async function openSandbox({
  workspace,
  readable = [],
  choice = "auto",
  network = "host",
  among = backendsOf(choice),
}: SandboxOptions): Promise<Sandbox> {
  const base = await mkdtemp(path.join(tmpdir(), "rig-sandbox-"));
  const remove = () => rm(base, { recursive: true, force: true, maxRetries: 3 });
  try {
    const view = await viewOf({ workspace, readable, base, network });
    await prepare(view);
    if (!among.includes(none)) await handOver(view);
    const refusals: string[] = [];
    for (const backend of among) {
      const sandbox = openIn(backend, view, remove);
      const refusal = backend === none ? await startsIn(sandbox) : await confinesIn(sandbox);
      if (refusal === undefined) return sandbox;
      refusals.push(`${backend.kind}: ${refusal}`);
    }
    throw new Error(
      `No sandbox works here, so no agent may run (${refusals.join("; ")}). Install bubblewrap, allow user namespaces, or run as root; or take what confines commands elsewhere and choose the sandbox "none" by name.`,
    );
  } catch (error) {
    await remove();
    throw error;
  }
}

function openIn(backend: Backend, view: View, remove: () => Promise<void>): Sandbox {
  const living = new Set<Started>();
  const program = (script: string): Program => {
    const wrapped = backend.wrap(script, view);
    if (!wrapped) throw new Error("not on this machine");
    return { ...wrapped, env: view.env };
  };
  return {
    kind: backend.kind,
    network: view.network,
    run: async ({ script, timeoutMs, signal }) => execute({ ...program(script), timeoutMs, signal }),
    start: (script) => {
      const started = start(program(script));
      living.add(started);
      const gone = () => living.delete(started);
      started.exited.then(gone, gone);
      return started;
    },
    close: async () => {
      const ending = [...living];
      for (const { kill } of ending) kill();
      await Promise.allSettled(ending.map(({ exited }) => exited));
      await remove();
    },
  };
}

const startsIn = (sandbox: Sandbox) => tried(sandbox, "");

/** A sandbox that starts but does not confine is worse than none: it must hide this very process from the command. */
const confinesIn = (sandbox: Sandbox) =>
  tried(
    sandbox,
    [
      `! grep -qs . /proc/${process.pid}/environ`,
      "grep -q '^NoNewPrivs:.1' /proc/self/status",
      "grep -q '^CapEff:.0*$' /proc/self/status",
      // All that a namespace of its own has is loopback.
      ...(sandbox.network === "none" ? ["! grep -qvE '^Inter|^ face|^ *lo:' /proc/self/net/dev"] : []),
    ].join(" && "),
  );

async function tried({ run }: Sandbox, confinement: string): Promise<string | undefined> {
  const script = ['test -w . && test -w "$TMPDIR"', confinement, "echo works"].filter((step) => step !== "").join(" && ");
  try {
    const { output, exitCode } = await run({ script, timeoutMs: 10_000 });
    return exitCode === 0 && output.trim() === "works" ? undefined : output.trim().slice(0, 300) || `its trial ended with ${exitCode}`;
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
}

async function handOver(view: View): Promise<void> {
  if (process.getuid?.() !== 0) return;
  for (const folder of [view.tmp, path.join(view.tmp, "home")]) await chown(folder, AGENT_UID, AGENT_UID);
  // -h and no -L: links are changed themselves, never what they point to.
  await exec("chown", ["-Rh", `${AGENT_UID}:${AGENT_UID}`, "--", view.workspace], { throwOnError: true, nodePath: false });
}
