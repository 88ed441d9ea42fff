/** One thing that a gate looks for in changed content. */
import type { Family, Source } from "./source.ts";

/** A place where the pattern of an idea matches. */
export interface Found {
  readonly match: RegExpExecArray;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** What stands right before and right behind. */
  readonly before: string;
  readonly after: string;
  readonly source: Source;
}

/** An expression, and what tells in little time where it may match. */
export interface Pattern {
  /** In lower case: every match has one of them. */
  readonly words: readonly string[];
  /** Global, linear, over the ends of lines. */
  readonly pattern: RegExp;
  /** How many characters a match may reach from its words, where that is not as far as most do. */
  readonly reach?: number;
}

export interface Idea extends Pattern {
  /** What it is and why it matters, in a few words. */
  readonly because: string;
  /** Where such words can run; absent: anywhere. A file whose name says nothing has all of them. */
  readonly families?: readonly Family[];
  /** The whole file has to have this too. */
  readonly needs?: RegExp;
  /** Only what it removes, or only what it adds. */
  readonly side?: "removed" | "added";
  /** Also in tests, in texts for people, and as a bare line of a page of documentation: it is a statement, whoever runs it. */
  readonly statement?: true;
  readonly accepts?: (found: Found) => boolean;
  /** Where what begins here ends: a change within it changes it. */
  readonly end?: (found: Found) => number;
}
