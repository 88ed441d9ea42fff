/** One file of a pull request as a gate sees it: plain data, read before any gate is asked. */
export interface Change {
  readonly path: string;
  /** Where a renamed file came from: a move out of a guarded folder is a change to it. */
  readonly previousPath?: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** False when GitHub could not show the content: binary, too large, cut off. */
  readonly readable: boolean;
}

/** One reason why a person must look. */
export interface Evidence {
  readonly path: string;
  readonly because: string;
}

export interface Gate {
  readonly name: string;
  /** Shown to the person who is asked. */
  readonly why: string;
  /** What raised the gate; empty means it stays open. Unreadable content raises it: when in doubt, ask. */
  readonly raisedBy: (changes: readonly Change[]) => readonly Evidence[];
}
