import { z } from "zod";
import { quoted } from "../sandbox/quoted.ts";
import { headAndTail } from "../text.ts";
import { tool } from "./tool.ts";

const MOST = 300;

const Search = z.strictObject({
  pattern: z.string().min(1).max(1_000).describe("A regular expression; \\d, \\w, \\b and the like are known."),
  path: z.string().min(1).max(500).default(".").describe("A folder or file to search in."),
  glob: z.string().min(1).max(200).optional().describe("Only files of this name, as *.ts, or below `path` by this path, as src/**/*.ts."),
  ignoreCase: z.boolean().default(false),
});

type Search = z.infer<typeof Search>;

/** Runs in the sandbox: the workspace's own git configuration is the agent's to write. */
export const search = tool(
  "Searches the files of the workspace (not the ignored ones) for a regular expression. Answers path:line:text.",
  Search,
  async (input, { sandbox, signal }) => {
    const script = `if command -v rg > /dev/null; then ${ripgrep(input)}; else ${gitGrep(input)}; fi`;
    return { text: found(await sandbox.run({ script, timeoutMs: 60_000, signal })) };
  },
  { parallel: true },
);

function ripgrep({ pattern, path, glob, ignoreCase }: Search): string {
  const options = [
    "--no-heading --with-filename --line-number --color never --no-messages --sort path --hidden --no-ignore-dot",
    `--glob '!.git' ${glob === undefined ? "" : `--glob ${quoted(glob)}`} ${ignoreCase ? "--ignore-case" : ""}`,
  ].join(" ");
  return first(`rg ${options} -e ${quoted(pattern)} -- ${quoted(path)} 2>&1 | sed 's#^\\./##'`);
}

/** The same where there is no ripgrep. */
export function gitGrep({ pattern, path, glob, ignoreCase }: Search): string {
  const below = path.replace(/\/+$/, "") === "." ? "" : `${path.replace(/\/+$/, "")}/`;
  const files = glob === undefined ? path : `:(glob)${below}${glob.includes("/") ? "" : "**/"}${glob}`;
  const flags = `-nIP${ignoreCase ? "i" : ""}`;
  return first(`git --no-pager grep ${flags} --untracked --no-color -e ${quoted(pattern)} -- ${quoted(files)} 2>&1`);
}

const first = (search: string) => `${search} | cut -c 1-400 | head -n ${MOST + 1}; exit \${PIPESTATUS[0]}`;

/** Both programs answer 0 for something, 1 for nothing, more for a mistake. */
export function found({ exitCode, output, timedOut }: { exitCode: number | null; output: string; timedOut: boolean }): string {
  if (timedOut) throw new Error("The search took more than a minute; search in a folder, or with a glob.");
  if (exitCode !== null && exitCode >= 2 && /^(?:rg: |regex parse error|fatal: |error: )/.test(output))
    throw new Error(`The search could not be made: ${output.trim().slice(0, 1_000)}`);
  if (output === "") return "Nothing found.";
  const lines = output.replace(/\n$/, "").split("\n");
  return headAndTail(lines.length > MOST ? `${lines.slice(0, MOST).join("\n")}\n[… more than ${MOST} lines match …]\n` : output);
}
