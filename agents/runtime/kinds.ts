/** What a run of each kind of work is for: a change, a review, or something to say. */
import type { TaskKind } from "./character.ts";
import type { ToolName } from "./tools/index.ts";

/** Kinds that leave nothing but words: nothing that they do in the workspace is published. */
export const roundKinds = ["diagnose", "propose"] as const satisfies readonly TaskKind[];
export type RoundKind = (typeof roundKinds)[number];

export const isRound = (kind: TaskKind): kind is RoundKind => (roundKinds as readonly TaskKind[]).includes(kind);

/** Whether it is to change files: then turns in which none changes are counted. */
export const changesFiles = (kind: TaskKind): boolean => kind !== "review" && !isRound(kind);

/** The tool that a run of that kind ends with when it has done what it is for. */
export const endsWith = (kind: TaskKind): ToolName => (kind === "review" ? "verdict" : isRound(kind) ? kind : "finish");
