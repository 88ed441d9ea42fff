/** Another user and nothing else, where a container allows no namespaces: files are held apart by their permissions alone. */
import { randomInt } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { exec } from "tinyexec";
import { confined } from "./confined.ts";
import { quoted } from "./quoted.ts";
import type { Backend } from "./sandbox.ts";
import { AGENT_UID } from "./view.ts";

export const otherUser: Backend = {
  kind: "another user (setpriv)",
  wrap: (script, view) => {
    if (process.getuid?.() !== 0) return undefined;
    if (view.network === "none") throw new Error("it cannot keep a command from the network");
    const mark = randomInt(1_000_000_000, 2_000_000_000);
    const [command = "setpriv", ...args] = confined([`--reuid=${AGENT_UID}`, `--regid=${AGENT_UID}`, `--groups=${mark}`]);
    const here = `export TMPDIR=${quoted(view.tmp)} HOME=${quoted(`${view.tmp}/home`)}; cd ${quoted(view.workspace)} || exit 126`;
    return { command, args: [...args, `${here}\n${script}`], sweep: () => sweep(mark) };
  },
};

const ROUNDS = 20;

/**
 * A command that made its own session is in no group of ours, and other programs of that user live on. So each start is marked
 * with a supplementary group of its own, which owns nothing and which no process without privileges can put off.
 */
async function sweep(mark: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const found = await marked(mark);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
  // It forks faster than it is found: everything of that user ends.
  const asAgent = [`--reuid=${AGENT_UID}`, `--regid=${AGENT_UID}`, "--clear-groups"];
  await exec("setpriv", [...asAgent, "sh", "-c", "kill -KILL -1"], { nodePath: false });
}

/** The living processes that hold this group. */
async function marked(mark: number): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const held = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      return new RegExp(`^Groups:.*\\b${mark}\\b`, "m").test(status) && !/^State:\s[ZX]/m.test(status);
    }),
  );
  return pids.filter((_, n) => held[n]).map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
