import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The files a step writes to: `GITHUB_OUTPUT` and its kin. */
export interface CommandFiles {
  readonly environment: Readonly<Record<string, string>>;
  readonly read: () => Promise<Written>;
}

export interface Written {
  readonly outputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly path: readonly string[];
  readonly summary: string;
}

const NAMES = ["OUTPUT", "ENV", "STATE", "PATH", "STEP_SUMMARY"] as const;

/** Fresh, empty files for one step. */
export async function commandFiles(temp: string): Promise<CommandFiles> {
  const folder = join(temp, "_runner_file_commands");
  await mkdir(folder, { recursive: true });
  const files = Object.fromEntries(NAMES.map((name) => [`GITHUB_${name}`, join(folder, `${name.toLowerCase()}_${randomUUID()}`)]));
  await Promise.all(Object.values(files).map((file) => writeFile(file, "")));
  const textOf = (name: (typeof NAMES)[number]) => readFile(files[`GITHUB_${name}`] ?? "", "utf8");
  return {
    environment: files,
    read: async () => ({
      outputs: pairs(await textOf("OUTPUT")),
      env: pairs(await textOf("ENV")),
      state: pairs(await textOf("STATE")),
      path: (await textOf("PATH")).split(/\r?\n/).filter(Boolean),
      summary: await textOf("STEP_SUMMARY"),
    }),
  };
}

/** Reads `name=value` lines and `name<<DELIMITER` blocks. */
export function pairs(content: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const lines = content.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line === "") continue;
    const [, name, operator, rest = ""] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    if (!name || !operator) throw new Error(`Invalid format '${line}': write name=value, or name<<DELIMITER and the lines after it.`);
    if (operator === "=") {
      found[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, at + 1);
    if (end < 0) throw new Error(`Invalid value for '${name}': matching delimiter '${rest}' not found.`);
    found[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return found;
}
