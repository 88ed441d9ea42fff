import { exec } from "tinyexec";
import { confined } from "./confined.ts";
import { quoted } from "./quoted.ts";
import type { Backend } from "./sandbox.ts";
import { AGENT_UID } from "./view.ts";

const asAgent = [`--reuid=${AGENT_UID}`, `--regid=${AGENT_UID}`, "--clear-groups"];

/** Another user and nothing else, where a container allows no namespaces: files are held apart by their permissions alone. */
export const otherUser: Backend = {
  kind: "another user (setpriv)",
  wrap: (script, view) => {
    if (process.getuid?.() !== 0) return undefined;
    const [command = "setpriv", ...args] = confined(asAgent);
    const here = `export TMPDIR=${quoted(view.tmp)} HOME=${quoted(`${view.tmp}/home`)}; cd ${quoted(view.workspace)} || exit 126`;
    return { command, args: [...args, `${here}\n${script}`] };
  },
  // A command that made its own session is in no group of ours: everything of that user ends.
  sweep: async () => {
    await exec("setpriv", [...asAgent, "sh", "-c", "kill -KILL -1"], { nodePath: false });
  },
};
