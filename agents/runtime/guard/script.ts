/**
 * A shell script as the simple commands it is made of, as far as a guard needs it: quotes, here-documents, substitutions,
 * pipelines, groups. Own code because the parser at hand takes a line end for a space. What only a shell can know, the value of
 * a variable or the files of a pattern, stays as it is written. Never throws: what it cannot read counts as words.
 */

export interface Redirect {
  readonly operator: string;
  /** A file's name; for `<<` the text itself. */
  readonly target: string;
}

export interface SimpleCommand {
  readonly words: readonly string[];
  readonly redirects: readonly Redirect[];
  /** The commands whose output is piped into it. */
  readonly pipedFrom: readonly SimpleCommand[];
  /** The commands inside `$( )`, backticks and `<( )` of its own words. */
  readonly substituted: readonly SimpleCommand[];
  readonly inBackground: boolean;
}

/** Every command of a script, in their order, those in substitutions before the one they are part of. */
export function commandsOf(script: string): readonly SimpleCommand[] {
  return read({ script, at: 0, documents: [], depth: 0 }, "");
}

/** Deeper substitutions are not looked into. */
const DEEPEST = 20;
/** Of a pipeline, so many commands before one. */
const LONGEST = 20;

interface Place {
  readonly script: string;
  at: number;
  /** Here-documents whose text begins at the next line. */
  readonly depth: number;
  documents: { readonly word: string; readonly keep: (text: string) => void }[];
}

type Building = { -readonly [K in keyof SimpleCommand]: SimpleCommand[K] extends readonly (infer Item)[] ? Item[] : SimpleCommand[K] };

const building = (pipedFrom: readonly SimpleCommand[]): Building => ({
  words: [],
  redirects: [],
  pipedFrom: pipedFrom.slice(-LONGEST),
  substituted: [],
  inBackground: false,
});

const OPERATOR = /(?:\d*|&)(?:<<<|<<-?|<>|>>|>\||[<>]&|[<>](?!\())|&>>?/y;
const SEPARATOR = /\|\||&&|;;&?|;&|\|&|[;|&\n()]/y;
const SPACE = /(?:[ \t\r]|\\\n)+/y;

/** Reads up to the closing character, or to the end. */
function read(place: Place, closing: string): readonly SimpleCommand[] {
  const found: SimpleCommand[] = [];
  let command = building([]);
  /** What a closing parenthesis of a group pipes on. */
  const groups: number[] = [];
  const done = (next: readonly SimpleCommand[] = []) => {
    if (command.words.length + command.redirects.length + command.substituted.length > 0) found.push(...command.substituted, command);
    command = building(next);
  };

  while (place.at < place.script.length) {
    if (take(place, SPACE)) continue;
    const character = place.script[place.at] ?? "";
    if (character === closing && groups.length === 0) break;
    if (character === "#") {
      skipTo(place, "\n");
      continue;
    }
    const operator = take(place, OPERATOR);
    if (operator) {
      redirect(place, command, operator);
      continue;
    }
    const separator = take(place, SEPARATOR);
    if (separator === undefined) {
      command.words.push(word(place, command));
      continue;
    }
    if (separator === "&") command.inBackground = true;
    if (separator === "(") groups.push(found.length);
    if (separator === ")") {
      done();
      const begun = groups.pop() ?? found.length;
      if (/^\s*\|(?!\|)/.test(place.script.slice(place.at, place.at + 80))) {
        skipTo(place, "|");
        place.at++;
        command = building(found.slice(begun));
      }
      continue;
    }
    done(separator === "|" || separator === "|&" ? [...command.pipedFrom, command] : []);
    if (separator === "\n") readDocuments(place);
  }
  done();
  return found;
}

function redirect(place: Place, command: Building, operator: string): void {
  take(place, SPACE);
  const target = word(place, command);
  if (!operator.includes("<<") || operator.includes("<<<")) {
    command.redirects.push({ operator: operator.replace(/^\d+/, ""), target });
    return;
  }
  const { redirects } = command;
  place.documents.push({ word: target, keep: (text) => redirects.push({ operator: "<<", target: text }) });
}

function readDocuments(place: Place): void {
  for (const { word: end, keep } of place.documents.splice(0)) {
    const lines: string[] = [];
    while (place.at < place.script.length) {
      const from = place.at;
      skipTo(place, "\n");
      const line = place.script.slice(from, place.at++);
      if (line.replace(/^\t+/, "") === end) break;
      lines.push(line);
    }
    keep(lines.join("\n"));
  }
}

const ENDS_WORD = /[\s;|&()<>]/;

/** One word without its quotes. */
function word(place: Place, command: Building): string {
  let text = "";
  const from = place.at;
  while (place.at < place.script.length) {
    const character = place.script[place.at] ?? "";
    if (character === "<" || character === ">") {
      if (place.at > from || place.script[place.at + 1] !== "(") break;
      place.at += 2;
      text += substitution(place, command);
    } else if (ENDS_WORD.test(character)) {
      // A character that belongs nowhere must not hold up the reading.
      if (place.at === from) place.at++;
      break;
    } else if (character === "'") {
      place.at++;
      text += upTo(place, "'");
    } else if (character === '"') {
      place.at++;
      text += quotedText(place, command);
    } else text += piece(place, command);
  }
  return text;
}

function quotedText(place: Place, command: Building): string {
  let text = "";
  while (place.at < place.script.length && place.script[place.at] !== '"') text += piece(place, command, true);
  place.at++;
  return text;
}

/** What means the same inside double quotes and outside: a substitution, a variable, an escaped character, a plain one. */
function piece(place: Place, command: Building, inQuotes = false): string {
  const { script, at } = place;
  const character = script[at] ?? "";
  const two = script.slice(at, at + 2);
  if (character === "`") {
    place.at++;
    const inner = /(?:[^`\\]|\\[\s\S])*/y;
    const text = (take(place, inner) ?? "").replace(/\\([`$\\])/g, "$1");
    place.at++;
    substitute({ script: text, at: 0, documents: [], depth: place.depth + 1 }, command, "");
    return PRINTED;
  }
  if (script.startsWith("$((", at)) {
    place.at += 3;
    return `$((${upTo(place, "))")}))`;
  }
  if (two === "$(") {
    place.at += 2;
    return substitution(place, command);
  }
  if (two === "${") {
    place.at += 2;
    return `\${${upTo(place, "}")}}`;
  }
  if (two === "$'" && !inQuotes) {
    place.at += 2;
    return upTo(place, "'");
  }
  if (character === "\\") {
    place.at += 2;
    const escaped = two[1] ?? "";
    if (escaped === "\n") return "";
    return inQuotes && !'$`"\\'.includes(escaped) ? two : escaped;
  }
  place.at++;
  return character;
}

/** Stands in a word for what a command would have printed. */
const PRINTED = "$(…)";

function substitution(place: Place, command: Building): string {
  const inner = { script: place.script, at: place.at, documents: [], depth: place.depth + 1 };
  substitute(inner, command, ")");
  place.at = inner.at + 1;
  return PRINTED;
}

function substitute(inner: Place, command: Building, closing: string): void {
  if (inner.depth > DEEPEST) inner.at = inner.script.length;
  else command.substituted.push(...read(inner, closing));
}

function take(place: Place, pattern: RegExp): string | undefined {
  pattern.lastIndex = place.at;
  const found = pattern.exec(place.script)?.[0];
  if (found !== undefined) place.at += found.length;
  return found;
}

function skipTo(place: Place, text: string): void {
  const end = place.script.indexOf(text, place.at);
  place.at = end < 0 ? place.script.length : end;
}

/** The text before the end mark; the mark itself is passed over. */
function upTo(place: Place, end: string): string {
  const from = place.at;
  skipTo(place, end);
  const text = place.script.slice(from, place.at);
  place.at += end.length;
  return text;
}
