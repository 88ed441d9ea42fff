import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isJson } from "./json.ts";

/** Where what was worked out once is kept: beside the packages it was made of. Not the temporary directory, because some of it is code. */
export const keptFolder = join(import.meta.dirname, "../../../../node_modules/.cache/github-description");

export function readKept(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    // No `instanceof`: under Jest, Node's own errors are of another realm.
    if (isJson(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Other processes see the whole file or none. */
export function keep(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.${crypto.randomUUID()}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}

/** Forgets what was kept under other keys: it was made of what is no longer there. */
export function keepOnly(key: string): void {
  mkdirSync(keptFolder, { recursive: true });
  for (const name of readdirSync(keptFolder)) if (!name.startsWith(key)) rmSync(join(keptFolder, name), { recursive: true, force: true });
}
