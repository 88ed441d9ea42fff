/** The message of a run's commit. A stranger's words may stand behind the title, so no line of it can be taken for a trailer (R21). */
import { neutralLine } from "./neutral.ts";
import type { Task } from "./task.ts";

const MOST_TITLE = 72;
const MOST_BODY = 600;
const WIDTH = 72;

export interface Worded {
  readonly title: string;
  /** What was done, and why. */
  readonly said?: string | undefined;
}

export function commitMessage({ runId, agentId, repository, issue }: Task, { title, said = "" }: Worded): string {
  const subject = unkeyed(neutralLine(title, MOST_TITLE)) || "Work";
  const body = wrapped(unkeyed(neutralLine(said, MOST_BODY)));
  const trailers = [
    `Rig-Run: ${runId}`,
    `Rig-Agent: ${neutralLine(agentId)}`,
    // Not a closing word: the pull request closes the issue, and only when it is merged.
    `Rig-Issue: ${repository.owner}/${repository.name}#${issue.number}`,
  ];
  return `${[subject, ...(body === "" ? [] : [body]), trailers.join("\n")].join("\n\n")}\n`;
}

/** `Co-authored-by: Ada` in a sentence loses its colon: trailers are read off the beginnings of lines. */
const unkeyed = (line: string): string => line.replace(/([A-Za-z0-9]+(?:-[A-Za-z0-9]+)+)\s*:/g, "$1");

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}
