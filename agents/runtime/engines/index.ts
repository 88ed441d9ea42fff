/** Every engine there is. A character names the one it works with. */
import type { ResolvedCharacter } from "../character.ts";
import { anthropic } from "./anthropic.ts";
import type { Engine } from "./engine.ts";

const engines: { readonly [Name in ResolvedCharacter["llm"]["engine"]]: Engine } = {
  anthropic,
  // Only who works with it loads it.
  "claude-code": async (job) => (await import("./claude-code.ts")).claudeCode(job),
};

/** The engine that a character names. */
export const engineOf = ({ llm }: Pick<ResolvedCharacter, "llm">): Engine => engines[llm.engine];
