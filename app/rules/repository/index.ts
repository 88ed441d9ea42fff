/** What a look at a repository means, from top to bottom. */
import type { RigEvent } from "../../domain/events.ts";
import type { RepositoryState, SeenRepository } from "../../domain/repository.ts";
import { pausedOrResumed, renamed } from "./life.ts";
import { settings } from "./settings.ts";

export interface RepositoryScene {
  readonly state: RepositoryState;
  readonly seen: SeenRepository;
  /** Whether it was private when the Rig last decided about it. */
  readonly wasPrivate: boolean;
  /** Our own Apps; absent where nothing asks about them. */
  readonly ours?: { readonly rigAppId: number; readonly reviewAppId?: number };
}

export const decideRepository = ({ state, seen, wasPrivate, ours }: RepositoryScene): readonly RigEvent[] => [
  ...renamed(state, seen),
  ...pausedOrResumed(state, seen, wasPrivate),
  ...(ours ? settings(state, seen, ours) : []),
];
