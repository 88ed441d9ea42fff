/**
 * Looks at a script before it runs and stops what an agent has no business doing, with a word on what to do instead. It is
 * advice without a way round, not the boundary: a script can hide anything from whoever only reads it. The sandbox is the
 * boundary, and holds whether or not this notices.
 */
import type { Place } from "./files.ts";
import { absolute } from "./files.ts";
import { forcePush, gitConfig, push } from "./git-rules.ts";
import { credentials, deletion, machine, privileges, processSecrets, services, setuid } from "./machine-rules.ts";
import { programsOf } from "./programs.ts";
import type { Rule } from "./rule.ts";
import { ownRules, pipedShell, publish } from "./supply-rules.ts";

export interface Refusal {
  readonly rule: string;
  readonly why: string;
}

/** The first rule that a program breaks is told. */
export const guardRules: readonly Rule[] = [
  privileges,
  forcePush,
  push,
  gitConfig,
  pipedShell,
  deletion,
  machine,
  services,
  setuid,
  processSecrets,
  credentials,
  ownRules,
  publish,
];

export function guardCommand(script: string, begins: Place): Refusal | undefined {
  let place = begins;
  for (const program of programsOf(script)) {
    const broken = guardRules.find(({ hits }) => hits(program, place));
    if (broken) return { rule: broken.name, why: broken.why };
    if (program.name === "cd" || program.name === "pushd") place = { ...place, folder: wentTo(program.args, place) };
    if (program.name === "popd") place = { ...place, folder: undefined };
  }
  return undefined;
}

const wentTo = (args: readonly string[], place: Place): string | undefined => {
  const to = args.find((arg) => !/^-./.test(arg)) ?? "~";
  return to === "-" ? undefined : absolute(to, place);
};
