import { AgentId } from "../domain/ids.ts";
import type { Policy } from "../domain/policy.ts";

/** The agent instances that a repository's issues may be given to. */
export const instancesOf = ({ agents }: Policy): readonly AgentId[] =>
  Array.from({ length: agents["dev-e"].maxConcurrent }, (_, index) => AgentId.parse(`dev-e-${index + 1}`));
