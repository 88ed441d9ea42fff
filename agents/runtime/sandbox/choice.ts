/** What an operator may choose by name. */
import { bubblewrap } from "./bubblewrap.ts";
import { namespaces } from "./namespaces.ts";
import { type Network, networks } from "./network.ts";
import { none } from "./none.ts";
import { otherUser } from "./other-user.ts";
import type { Backend } from "./sandbox.ts";

export const sandboxChoices = ["auto", "bubblewrap", "namespaces", "other-user", "none"] as const;

export type SandboxChoice = (typeof sandboxChoices)[number];

/** In the order they are tried. Running without any is a person's word, never what is left over. */
const byChoice: Readonly<Record<SandboxChoice, readonly Backend[]>> = {
  auto: [bubblewrap, namespaces, otherUser],
  bubblewrap: [bubblewrap],
  namespaces: [namespaces],
  "other-user": [otherUser],
  none: [none],
};

export const backendsOf = (choice: SandboxChoice): readonly Backend[] => byChoice[choice];

/** The operator's words as typed; empty ones leave it as it is by itself. Throws for a word it does not know. */
export function confinementOf(sandbox: string, network: string): { readonly choice: SandboxChoice; readonly network: Network } {
  return { choice: oneOf("sandbox", sandboxChoices, sandbox || "auto"), network: oneOf("network", networks, network || "host") };
}

function oneOf<Word extends string>(what: string, known: readonly Word[], typed: string): Word {
  const word = known.find((name) => name === typed);
  if (word === undefined) throw new Error(`The ${what} "${typed}" is not known; choose one of ${known.join(", ")}.`);
  return word;
}
