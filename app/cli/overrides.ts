/** The files of a checkout that fit agents to its repository, with what is wrong with each. */
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nearest } from "../../agents/runtime/faults.ts";
import { loadCharacters } from "../characters.ts";
import { defaultPolicy, type Policy } from "../domain/policy.ts";
import { agentFitted, parseOverride } from "../policy/override.ts";
import type { PolicyError } from "../policy/parse.ts";
import { namedText, textOf } from "./policy-text.ts";

export interface Judged {
  readonly file: string;
  readonly errors: readonly PolicyError[];
}

const AGENTS = join(import.meta.dirname, "../../agents");
const FOLDER = ".github/rig";

/** What is known of the agent comes from the built-in ones; of another only the form is judged. */
export async function judgedOverride(file: string, agent: string): Promise<Judged> {
  const parsed = parseOverride(await namedText(file), (await loadCharacters(AGENTS)).get(agent));
  return { file, errors: "errors" in parsed ? parsed.errors : [] };
}

export const agentNamed = (file: string): string => basename(file, ".json");

/** Every such file of this folder, by the policy that it has. */
export async function overridesHere(policy: Policy = defaultPolicy): Promise<readonly Judged[]> {
  const listed = await readdir(FOLDER).catch(() => []);
  const named = Object.values(policy.agents).flatMap(({ character }) => character ?? []);
  const files = new Set([...listed.filter((name) => name.endsWith(".json")).map((name) => `${FOLDER}/${name}`), ...named]);
  const judged = [...files].toSorted().map(async (file): Promise<readonly Judged[]> => {
    if ((await textOf(file)) === undefined) return [];
    const agent = agentFitted(policy, file);
    return [agent === undefined ? nobodys(file, Object.keys(policy.agents)) : await judgedOverride(file, agent)];
  });
  return (await Promise.all(judged)).flat();
}

function nobodys(file: string, agents: readonly string[]): Judged {
  const meant = nearest(agentNamed(file), agents);
  const hint = meant ? ` Did you mean ${dirname(file)}/${meant}.json?` : "";
  return { file, errors: [{ line: 1, column: 1, message: `it fits no agent: the agents here are ${agents.join(", ")}.${hint}` }] };
}
