import type { Command } from "../domain/commands.ts";
import { cut, inMarkdown } from "../domain/escape.ts";
import type { Reaction } from "./reaction.ts";

const marks = { accepted: "rocket", refused: "-1", unknown: "confused" } as const;
const MOST_QUOTED = 200;

/** A spoken command is seen and judged with two reactions; where there is something to say, it is said below a quotation of it. */
export const answer: Reaction<"COMMAND_RECEIVED"> = ({ verb, args, by, verdict, commentId, on, reply }): readonly Command[] => {
  const react: Command = { kind: "REACT", data: { commentId, contents: ["eyes", marks[verdict]] } };
  if (reply === undefined) return [react];
  const quoted = inMarkdown(cut(`${by}: /rig ${verb} ${args}`.trim(), MOST_QUOTED));
  return [react, { kind: "COMMENT", data: { number: on, body: `> ${quoted}\n\n${reply}` } }];
};
