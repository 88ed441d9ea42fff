import { z } from "zod";
import { quoted } from "../sandbox/quoted.ts";
import { headAndTail } from "../text.ts";
import { tool } from "./tool.ts";

/** Runs in the sandbox: the workspace's own git configuration is the agent's to write. */
export const search = tool(
  "Searches the files of the workspace (not the ignored ones) for an extended regular expression. Answers path:line:text.",
  z.strictObject({
    pattern: z.string().min(1).max(1_000),
    path: z.string().max(500).default(".").describe("A folder or file to search in."),
    ignoreCase: z.boolean().default(false),
  }),
  async ({ pattern, path, ignoreCase }, { sandbox, signal }) => {
    const flags = ignoreCase ? "-nIEi" : "-nIE";
    const script = `git --no-pager grep ${flags} --untracked --no-color -e ${quoted(pattern)} -- ${quoted(path)} | cut -c 1-400 | head -n 300`;
    const { output } = await sandbox.run({ script, timeoutMs: 60_000, signal });
    return { text: output === "" ? "Nothing found." : headAndTail(output) };
  },
);
