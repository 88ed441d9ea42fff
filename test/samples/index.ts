/** Every sample project. */
import { abacus } from "./abacus.ts";
import { journal } from "./journal.ts";
import { ring } from "./ring.ts";
import type { Project } from "./sample.ts";
import { tally } from "./tally.ts";

export const projects: readonly Project[] = [abacus, journal, tally, ring];
