/** How the demo speaks: aligned lines, in colour where a person looks on. */
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

export interface Voice {
  readonly line: (text?: string) => void;
  readonly heading: (text: string) => void;
  /** Something happened in a story. */
  readonly happened: (story: string, issue: string, sentence: string, mood?: "good" | "bad" | "fate") => void;
  readonly styled: (style: Style, text: string) => string;
}

const STORY_WIDTH = 15;
const ISSUE_WIDTH = 8;

export function openVoice(out: NodeJS.WriteStream, now: () => number): Voice {
  const started = now();
  const styled = (style: Style, text: string) => styleText(style, text, { stream: out });
  const line = (text = "") => void out.write(`${text}\n`);
  const moods = { good: "green", bad: "red", fate: "yellow" } as const;
  return {
    line,
    styled,
    heading: (text) => line(`\n${styled("bold", text)}`),
    happened: (story, issue, sentence, mood) => {
      const seconds = `${((now() - started) / 1000).toFixed(1).padStart(6)}s`;
      const said = mood ? styled(moods[mood], sentence) : sentence;
      line(`${styled("dim", seconds)}  ${styled("cyan", story.padEnd(STORY_WIDTH))} ${issue.padEnd(ISSUE_WIDTH)} ${said}`);
    },
  };
}
