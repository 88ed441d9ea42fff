/** What a gate knows of a pull request: plain data, read before any gate is asked. */
import type { Owners } from "./codeowners.ts";

/** A line of a file. Numbers count from 1. */
export interface Line {
  readonly line: number;
  readonly text: string;
}

/**
 * One file as it is between the merge base and the head. A rename is two of them, as git has it without rename detection: the old
 * name goes, the new name comes (R11).
 */
export interface Change {
  readonly path: string;
  /** Where the file of a new name came from, for people to read; its old name is a change of its own. */
  readonly previousPath?: string;
  /** Git's modes at the merge base and at the head, such as `100644`, `120000` (symlink) or `160000` (submodule); absent where there is no such file. */
  readonly previousMode?: string;
  readonly mode?: string;
  /** The whole text at the merge base and at the head; absent where there is no such file, or where it could not be read. */
  readonly base?: string;
  readonly head?: string;
  /** Lines of the head that are new, and lines of the merge base that are gone. */
  readonly added: readonly Line[];
  readonly removed: readonly Line[];
  /** Why its content could not be read as text: binary, too large, a pointer to elsewhere. Then whoever asks for content has to ask a person. */
  readonly unreadable?: string;
  /** It is an image, a font or a sound by its first bytes and by its name: nothing that a gate looks for can be in it. */
  readonly media?: string;
}

export interface Changes {
  /** False when not every changed file could be read: then every gate is raised, and nobody can open it (F28). */
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly because?: string;
  readonly files: readonly Change[];
}

/** One reason why a person must look. */
export interface Evidence {
  readonly path: string;
  /** Of the head, unless it was removed. Absent where the whole file is meant. */
  readonly line?: number;
  /** The line, or the file, is gone in the head. */
  readonly removed?: true;
  /** Never a whole line of somebody's file: what matched and why that matters. */
  readonly because: string;
}

/** What else a gate may look at, read from the default branch. */
export interface Given {
  /** CODEOWNERS; absent where there is none that counts. */
  readonly owners?: Owners;
}

export interface Gate {
  readonly name: string;
  /** Shown to the person who is asked. */
  readonly why: string;
  /** What raised the gate; empty means it stays open. Unreadable content raises it: when in doubt, ask. */
  readonly raisedBy: (changes: readonly Change[], given: Given) => readonly Evidence[];
}

/** What a repository says of a gate in `rig.yml`: of one of the six, or of one of its own. */
export interface GateSettings {
  /** Globs that raise it, besides what it has. */
  readonly paths?: readonly string[] | undefined;
  /** RE2 patterns that raise it where a changed line has them. */
  readonly content?: readonly string[] | undefined;
  /** A new dependency raises it. */
  readonly dependencies?: boolean | undefined;
  /** `@user` and `@org/team` who may open it, in place of the code owners. */
  readonly approvers?: readonly string[] | undefined;
  readonly enabled: boolean;
}
