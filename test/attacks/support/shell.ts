/** Attacks through a shell, each tried twice: by the tool, before which a guard stands, and by the repository's tests, before which none does. */
import type { Order } from "./orders.ts";

/** Shows that the script came to its end. */
export const RAN = "the-attack-ran-to-its-end";

export const bash = (script: string, timeoutSeconds = 60): Order => ({ tool: "bash", input: { script, timeoutSeconds } });
export const create = (path: string, text: string): Order => ({ tool: "edit", input: { path, old: "", new: text } });
export const read = (path: string): Order => ({ tool: "read", input: { path } });

/** The shop's tests run `attack.sh` when the runtime measures them. */
export const bothWays = (script: string): readonly Order[] => [bash(script), create("attack.sh", `${script}\necho ${RAN}\n`)];

/** The script by itself, and from a file: no guard reads what a file holds. */
export const pastTheGuard = (script: string): readonly Order[] => [
  bash(script),
  create("step.sh", `${script}\n`),
  bash("bash step.sh; rm step.sh"),
];
