import type { Simulation } from "../rig/simulation.ts";

/** Judges what was played by what the world was, not by what the Rig says of it. A sentence for each thing that is wrong. */
export type Oracle = (played: Simulation) => readonly string[];

export const at = (when: Date): string => when.toISOString().slice(5, 19).replace("T", " ");
