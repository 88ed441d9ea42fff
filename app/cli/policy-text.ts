/** A rig.yml that a person names, with what is wrong with it in the words of a compiler. */
import { readFile } from "node:fs/promises";
import { codeOf } from "../../agents/runtime/errors.ts";
import type { Policy } from "../domain/policy.ts";
import type { Parsed, PolicyError } from "../policy/parse.ts";
import { Usage } from "./verb.ts";

export const POLICY_PATH = ".github/rig.yml";

/** A file's text; undefined where there is no such file. */
export async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new Usage(`${file} cannot be read (${codeOf(error) ?? "unknown"}): name a file that this user can read.`);
  }
}

/** The text of a file that was named, and so has to be there. */
export async function namedText(file: string): Promise<string> {
  const text = await textOf(file);
  if (text === undefined) throw new Usage(`${file} is not there: name a file such as ${POLICY_PATH}.`);
  return text;
}

/** `file:line:column message`, as editors jump to it. */
export const located = (file: string, { line, column, message }: PolicyError): string => `${file}:${line}:${column} ${message}`;

/** What a text says; the parser is loaded only where there is something to parse. */
export const parsed = async (text: string): Promise<Parsed> => (await import("../policy/parse.ts")).parsePolicy(text);

/** The policy that a text says; `file` is what it is called where it says none. */
export async function policyOf(text: string, file: string): Promise<Policy> {
  const said = await parsed(text);
  if ("policy" in said) return said.policy;
  throw new Usage(said.errors.map((error) => located(file, error)).join("\n"));
}
