import { z } from "zod";
import { guardCommand } from "../guard/guard.ts";
import type { ShellResult } from "../shell.ts";
import { headAndTail } from "../text.ts";
import { tool } from "./tool.ts";

const LONGEST = 600;

export const bash = tool(
  "Runs a bash script in your own shell, which begins in the workspace and lives from call to call: folder, variables, functions and background processes last; options like `set -e` hold for one call. It sees only the workspace, /tmp and the system's programs. Standard input is empty. A script that runs too long, or that ends the shell with `exit` or `exec`, ends everything in it, and the next call gets a new shell; put parentheses around what may exit.",
  z.strictObject({
    script: z.string().min(1).max(20_000),
    timeoutSeconds: z.number().int().positive().max(LONGEST).default(120),
  }),
  async ({ script, timeoutSeconds }, { shell, workspace, signal, onBlocked }) => {
    const refused = guardCommand(script, { workspace, folder: shell.folder() ?? workspace });
    if (refused) {
      onBlocked(refused.rule, script);
      throw new Error(`Not run (${refused.rule}): ${refused.why}`);
    }
    const result = await shell.run({ script, timeoutMs: timeoutSeconds * 1000, signal });
    return { text: `${endingOf(result, timeoutSeconds)}\n${headAndTail(result.output)}` };
  },
);

const GONE = "The shell ended with it: its folder, variables, functions and background processes are gone. The next call gets a new one.";

function endingOf({ exitCode, timedOut, shellEnded }: ShellResult, timeoutSeconds: number): string {
  const ended = timedOut
    ? `Ended after ${timeoutSeconds} seconds: it was still running.`
    : exitCode === null
      ? "Ended by a signal."
      : `Exit code ${exitCode}.`;
  return shellEnded ? `${ended} ${GONE}` : ended;
}
