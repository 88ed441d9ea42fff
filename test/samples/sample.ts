/** A task of a sample repository: what a person asks for, what the agents' recorded runs did, and tests that neither has seen. */
import type { Line } from "../world/model.ts";

export interface Project {
  readonly name: string;
  readonly language: string;
  /** Its own test command, which agents and CI run. */
  readonly test: string;
  readonly tasks: readonly Task[];
}

export interface Task {
  readonly title: string;
  readonly body: string;
  readonly implement: readonly Line[];
  readonly review: readonly Line[];
  /** Put beside what was merged, and then the judge: files by path, and a command that ends with 0 where the task is done. */
  readonly hidden: { readonly files: Readonly<Record<string, string>>; readonly command: string };
  /** False: the recorded run got it wrong in a way that the project's own tests do not see. */
  readonly solved: boolean;
}
