/** The part of a job's log that tells why it failed. */
import { stripVTControlCharacters } from "node:util";

/** Lines around an error that the runner marked, around the first failure that the program printed, and at the end. */
const AROUND_MARK = { before: 30, after: 5 } as const;
const AROUND_FAILURE = { before: 10, after: 60 } as const;
const AT_END = 200;
const MOST_LINE = 1_000;

const STAMP = /^\ufeff?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z ?/;
const CONTROL = /[^\P{Cc}\t]/gu;
const MARK = /^##\[error\]/;
/** How test programs and compilers begin to tell of a failure. */
const FAILURE =
  /^\s*not ok \d|^\s*(✖|✗|✘|●|×) |\bAssertionError\b|^\s*--- FAIL|^(FAIL|FAILED|ERROR)\b|^Traceback |\bpanicked at\b|^\S+[:(]\d+[,:]\d+\)?: ?error\b|^\s*error(\[\w+\]| TS\d+)?:|^\s*(Uncaught )?[A-Z]\w*(Error|Exception): /;

/** Without colours and times, groups folded, at most `most` characters: around the errors first, then the end. */
export function logExcerpt(log: string, most: number): string {
  const lines = folded(
    stripVTControlCharacters(log)
      .split("\n")
      .map((line) => cutLine(line.replace(STAMP, "").replace(CONTROL, ""))),
  );
  const wanted = new Set<number>();
  // A gap costs a line of its own; there are a few.
  let left = most - 500;
  const want = (from: number, to: number) => {
    for (let at = Math.max(0, from); at <= Math.min(to, lines.length - 1); at += 1) {
      if (wanted.has(at)) continue;
      left -= (lines[at]?.length ?? 0) + 1;
      if (left < 0) return;
      wanted.add(at);
    }
  };
  const first = lines.findIndex((line) => FAILURE.test(line));
  if (first >= 0) want(first - AROUND_FAILURE.before, first + AROUND_FAILURE.after);
  for (const [at, line] of lines.entries()) if (MARK.test(line)) want(at - AROUND_MARK.before, at + AROUND_MARK.after);
  for (let at = lines.length - 1; at >= 0 && at >= lines.length - AT_END; at -= 1) want(at, at);
  return shown(lines, wanted);
}

/** What the runner says of its own set-up stands in groups: only the name of one is kept, unless there is an error in it. */
function folded(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let group: string[] | undefined;
  const close = () => {
    if (group?.some((line) => MARK.test(line) || FAILURE.test(line))) kept.push(...group);
    else if (group?.[0]) kept.push(group.length > 1 ? `${group[0]} (${group.length - 1} lines)` : group[0]);
    group = undefined;
  };
  for (const line of lines) {
    if (line.startsWith("##[group]")) {
      close();
      group = [`▸ ${line.slice("##[group]".length)}`];
    } else if (line.startsWith("##[endgroup]")) close();
    else if (group) group.push(line);
    else kept.push(line);
  }
  close();
  return kept;
}

function shown(lines: readonly string[], wanted: ReadonlySet<number>): string {
  const text: string[] = [];
  let before = -1;
  for (const at of [...wanted].toSorted((a, b) => a - b)) {
    if (at > before + 1) text.push(`… ${at - before - 1} lines left out …`);
    text.push(lines[at] ?? "");
    before = at;
  }
  return text.join("\n").trim();
}

const cutLine = (line: string): string => (line.length <= MOST_LINE ? line : `${line.slice(0, MOST_LINE).toWellFormed()}…`);

/** The beginning and the end of a text that is too long. */
export function headAndTail(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor((most - 40) / 2);
  return `${text.slice(0, half).toWellFormed()}\n… left out …\n${text.slice(-half).toWellFormed()}`;
}
