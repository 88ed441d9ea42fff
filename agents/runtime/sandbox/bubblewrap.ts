import path from "node:path";
import { confined } from "./confined.ts";
import type { Backend } from "./sandbox.ts";
import { AGENT_UID } from "./view.ts";

/** bubblewrap, where it is installed. */
export const bubblewrap: Backend = {
  kind: "bubblewrap",
  wrap: (script, view) => {
    const root = process.getuid?.() === 0;
    const args = [
      // No --new-session: it is started in a session without a terminal, and whoever ends its process group before it has
      // arranged to die with its parent must hit all of it.
      ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent"],
      ...(view.network === "none" ? ["--unshare-net"] : []),
      // Before all else: what is shown may lie below the machine's own /tmp.
      ...["--bind", view.tmp, "/tmp"],
      ...view.readable.flatMap((folder) => [...above(folder), "--ro-bind", folder, folder]),
      ...view.links.flatMap(({ path, target }) => ["--symlink", target, path]),
      ...view.files.flatMap(({ from, to }) => ["--ro-bind", from, to]),
      ...[
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        ...above(view.workspace),
        "--bind",
        view.workspace,
        view.workspace,
        "--chdir",
        view.workspace,
      ],
      // As root it keeps just what setpriv needs to become the other user.
      ...(root ? ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP"] : []),
      ...["--", ...confined(root ? [`--reuid=${AGENT_UID}`, `--regid=${AGENT_UID}`, "--clear-groups"] : []), script],
    ];
    return { command: "bwrap", args };
  },
};

/** The folders above one, made passable: left to itself bubblewrap makes those that are missing for their owner alone. */
function above(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === "/" ? [] : [...above(parent), "--perms", "0755", "--dir", parent];
}
