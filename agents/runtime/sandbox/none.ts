import { limits } from "./confined.ts";
import { quoted } from "./quoted.ts";
import type { Backend } from "./sandbox.ts";

/** No confinement at all: the runtime's own user, who sees and changes all it may. Only ever by name, never by itself. */
export const none: Backend = {
  kind: "none: COMMANDS RUN UNCONFINED, as the operator chose",
  wrap: (script, view) => {
    if (view.network === "none") throw new Error("without a sandbox nothing keeps a command from the network");
    const here = `export TMPDIR=${quoted(view.tmp)} HOME=${quoted(`${view.tmp}/home`)}; cd ${quoted(view.workspace)} || exit 126`;
    return { command: "prlimit", args: [...limits, "bash", "-c", `${here}\n${script}`] };
  },
};
