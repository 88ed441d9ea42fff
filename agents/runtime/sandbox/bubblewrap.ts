import { confined } from "./confined.ts";
import type { Backend } from "./sandbox.ts";
import { AGENT_UID } from "./view.ts";

/** bubblewrap, where it is installed. */
export const bubblewrap: Backend = {
  kind: "bubblewrap",
  wrap: (script, view) => {
    const root = process.getuid?.() === 0;
    const args = [
      ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--die-with-parent", "--new-session"],
      ...view.readable.flatMap((folder) => ["--ro-bind", folder, folder]),
      ...view.links.flatMap(({ path, target }) => ["--symlink", target, path]),
      ...view.files.flatMap(({ from, to }) => ["--ro-bind", from, to]),
      ...[
        "--proc",
        "/proc",
        "--dev",
        "/dev",
        "--bind",
        view.tmp,
        "/tmp",
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
