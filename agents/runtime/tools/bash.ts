import { z } from "zod";
import { headAndTail } from "../text.ts";
import { tool } from "./tool.ts";

const LONGEST = 600;

export const bash = tool(
  "Runs a bash script in the workspace, in a sandbox that sees only the workspace and the system's programs. Each call is a new shell: no directory, variable or background process lives on. /tmp does.",
  z.strictObject({
    script: z.string().min(1).max(20_000),
    timeoutSeconds: z.number().int().positive().max(LONGEST).default(120),
  }),
  async ({ script, timeoutSeconds }, { sandbox, signal }) => {
    const { exitCode, output, timedOut } = await sandbox.run({ script, timeoutMs: timeoutSeconds * 1000, signal });
    const ended = timedOut ? `Ended after ${timeoutSeconds} seconds: it was still running.` : `Exit code ${exitCode}.`;
    return { text: `${ended}\n${headAndTail(output)}` };
  },
);
