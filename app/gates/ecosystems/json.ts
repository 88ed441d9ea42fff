import { mapping } from "./shape.ts";

const byteOrderMark = /^\uFEFF/;

/** Strict JSON. */
export const readJson = (text: string): object => mapping(JSON.parse(text.replace(byteOrderMark, "")));

/** JSON that people write: a key twice is refused, since readers disagree about which one counts. */
export function readManifest(text: string): object {
  const value = readJson(text);
  refuseRepeatedKeys(text);
  return value;
}

/** JSON with comments and commas at the end. */
export function readJsonc(text: string): object {
  const kept: string[] = [];
  let comma = -1;
  for (const { kind, from, to } of tokens(text)) {
    if (kind === "comment") continue;
    const token = text.slice(from, to);
    if (comma >= 0 && (token === "}" || token === "]")) kept[comma] = "";
    if (kind !== "space") comma = token === "," ? kept.length : -1;
    kept.push(token);
  }
  return readJson(kept.join(""));
}

function refuseRepeatedKeys(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let last = "";
  for (const { kind, from, to } of tokens(text)) {
    const token = text.slice(from, to);
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key = String(JSON.parse(last));
      if (open.at(-1)?.has(key)) throw new Error("a key stands there twice");
      open.at(-1)?.add(key);
    }
    if (kind !== "space") last = token;
  }
}

interface Token {
  readonly kind: "text" | "sign" | "space" | "comment" | "word";
  readonly from: number;
  readonly to: number;
}

/** One pass, so that no text takes longer than its length. */
function* tokens(text: string): Generator<Token> {
  for (let from = 0; from < text.length; ) {
    const [kind, to] = tokenAt(text, from);
    yield { kind, from, to };
    from = to;
  }
}

function tokenAt(text: string, from: number): readonly [Token["kind"], number] {
  const first = text[from] ?? "";
  if (first === '"') return ["text", endOfString(text, from)];
  if ("{}[],:".includes(first)) return ["sign", from + 1];
  if (text.startsWith("//", from)) return ["comment", endOr(text, text.indexOf("\n", from))];
  if (text.startsWith("/*", from)) return ["comment", endOr(text, text.indexOf("*/", from + 2), 2)];
  const isSpace = (index: number) => " \t\r\n".includes(text[index] ?? "x");
  const kind = isSpace(from) ? "space" : "word";
  let to = from + 1;
  while (to < text.length && (kind === "space" ? isSpace(to) : !' \t\r\n{}[],:"/'.includes(text[to] ?? ""))) to += 1;
  return [kind, to];
}

function endOfString(text: string, from: number): number {
  for (let index = from + 1; index < text.length; index += 1) {
    if (text[index] === "\\") index += 1;
    else if (text[index] === '"') return index + 1;
  }
  return text.length;
}

const endOr = (text: string, found: number, more = 0): number => (found < 0 ? text.length : found + more);
