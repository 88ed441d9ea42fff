/** R14: a repository's policy is read from its default branch, at a known commit, and from nowhere else. */
import type { Reader } from "../observe/github.ts";
import { readText } from "../observe/owners.ts";
import { type Parsed, parseOldPolicy, parsePolicy } from "./parse.ts";

const PATH = ".github/rig.yml";
const OLD_PATH = ".rig-agent.yaml";

export async function readPolicy(reader: Reader, sha: string): Promise<Parsed> {
  const text = await readText(reader, PATH, sha);
  if (text !== undefined) return parsePolicy(text);
  const old = await readText(reader, OLD_PATH, sha);
  return old === undefined ? parsePolicy("") : parseOldPolicy(old);
}
