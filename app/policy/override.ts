/** A repository's word on an agent, `.github/rig/<agent>.json`: whether it is valid, and where it is not. */
import type { ResolvedCharacter } from "../../agents/runtime/character.ts";
import { messageOf } from "../../agents/runtime/errors.ts";
import { type Fault, faultsIn } from "../../agents/runtime/faults.ts";
import { excesses, fitted, Override } from "../../agents/runtime/override.ts";
import type { Policy } from "../domain/policy.ts";
import type { PolicyError } from "./parse.ts";
import { placesIn } from "./places.ts";

/** Bytes of an override. */
export const MOST_OVERRIDE = 64 * 1024;

const FOLDER = ".github/rig/";

export const overridePath = ({ agents }: Pick<Policy, "agents">, agent: string): string =>
  agents[agent]?.character ?? `${FOLDER}${agent}.json`;

/** Whose override a file is; undefined where it is nobody's. */
export const agentFitted = (policy: Pick<Policy, "agents">, path: string): string | undefined =>
  Object.keys(policy.agents).find((agent) => overridePath(policy, agent) === path);

export type ParsedOverride = { readonly character: ResolvedCharacter | undefined } | { readonly errors: readonly PolicyError[] };

/** Without the character only the form is judged, not whether the agent has what the file speaks of. */
export function parseOverride(text: string, character?: ResolvedCharacter): ParsedOverride {
  if (Buffer.byteLength(text) > MOST_OVERRIDE)
    return { errors: [{ line: 1, column: 1, message: `the file is larger than ${MOST_OVERRIDE / 1024} KiB` }] };
  const { document, of, at } = placesIn(text);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    // JSON's own message does not always say where.
    const offset = /position (\d+)/.exec(messageOf(error))?.[1] ?? document.errors[0]?.pos[0] ?? 0;
    return { errors: [{ ...at(Number(offset)), message: `the file is not JSON: ${messageOf(error)}` }] };
  }
  const read = Override.safeParse(given);
  const faults: readonly Fault[] = read.success ? (character ? excesses(read.data, character) : []) : faultsIn(read.error, given, Override);
  if (!read.success || faults.length > 0) return { errors: faults.map(({ path, message }) => ({ ...of(path), message })) };
  return { character: character && fitted(character, read.data) };
}
