import type { Command } from "../domain/commands.ts";
import { cut, inMarkdown } from "../domain/escape.ts";
import type { Reaction } from "./reaction.ts";

const marks = { accepted: "rocket", refused: "-1", unknown: "confused" } as const;
const MOST_QUOTED = 200;

/** A spoken command is seen and judged with two reactions; where there is something to say, it is said below a quotation of it. */
export const answer: Reaction<"COMMAND_RECEIVED"> = (received): readonly Command[] => {
  const { verb, args, by, verdict, commentId, on, reply, pressed } = received;
  // A button has no place for reactions: the check itself shows what came of it.
  const react: readonly Command[] = pressed ? [] : [{ kind: "REACT", data: { commentId, contents: ["eyes", marks[verdict]] } }];
  const refused = pressed && verdict !== "accepted" && reply === undefined ? `${inMarkdown(by)} may not do that here.` : undefined;
  const words = reply ?? refused;
  if (words === undefined) return react;
  const quoted = inMarkdown(cut(`${by}: /rig ${verb} ${args}`.trim(), MOST_QUOTED));
  return [...react, { kind: "COMMENT", data: { number: on, body: `> ${quoted}\n\n${words}` } }];
};
