/** Something in a text that shows what it is about, whatever the file is called. */
import type { Pattern } from "./idea.ts";

export interface Phrase extends Pattern {
  readonly says: string;
}

/** White space and comments between the parts of a call. */
export const GAP_OF_CODE = String.raw`(?:\s|\/\/[^\n]{0,200}\n|\/\*[^*]{0,200}\*\/){0,80}`;
