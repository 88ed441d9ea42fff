/** What the recorded runs of all samples have in common. */
import type { Line } from "../world/model.ts";
import { afterSeeing, approve, bash, seeChange } from "../world/stories/script.ts";

/** The turn for when the command before it ended well. */
export const passing = (line: Line): Line => afterSeeing(/Exit code 0\./, line);

/** A review that looks at the change, runs the project's tests and approves. */
export const reviewed = (tests: string, because: string): readonly Line[] => [
  seeChange,
  bash("And do the tests pass?", tests),
  passing(approve(because)),
];
