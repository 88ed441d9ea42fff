/** Globs and expressions that a repository writes into `rig.yml`: whether they can be used, and what they find. */
import picomatch from "picomatch";
import { RE2JS } from "re2js";
import type { Places } from "./content/changed.ts";
import { folded, seen } from "./paths.ts";

const LONGEST_GLOB = 256;
const LONGEST_PATTERN = 500;
/** More wildcards than these can keep a matcher busy for minutes over a path made for it. */
const MOST_DEEP = 2;
const MOST_STARS = 2;
const MOST_CHOICES = 20;
/** A longer path, or one with a longer name in it, is taken to match: nobody names a file so, and a matcher would be slow over it. */
const TOO_LONG = /^.{513}|[^/]{256}/s;
/** After so many places the rest of a text is taken to match too: each may cost a walk over the whole text (measured: 0.15 s a megabyte). */
const mostFoundIn = (text: string): number => Math.max(4, Math.min(200, Math.floor(2_000_000 / text.length)));

/** What is wrong with a glob; undefined where it can be used. */
export function globFault(glob: string): string | undefined {
  if (glob.trim() === "") return "is empty: name a path such as src/till/**";
  if (glob.length > LONGEST_GLOB) return `has more than ${LONGEST_GLOB} characters`;
  if (glob.startsWith("!")) return "begins with !: a gate has no exceptions, only more paths";
  if (glob.includes("\\")) return "has a backslash: paths have /, and braces, brackets and stars mean themselves nowhere";
  if (/[@?+*!]\(/.test(glob)) return "has an extended glob such as +(a|b): write {a,b}";
  if (/\[[^\]]*$|\[\]/.test(glob)) return "has a [ without its ]";
  if (glob.replace(/\{[^{}]*\}/g, "").match(/[{}]/)) return "has a { without its }, or one within another";
  const choices = glob.match(/\{[^{}]*\}/g) ?? [];
  if (choices.some((choice) => choice.includes(".."))) return "has a range such as {1..9}: write {1,2,3} or [1-9]";
  if (choices.length > MOST_CHOICES || choices.some((choice) => choice.split(",").length > MOST_CHOICES))
    return `has more than ${MOST_CHOICES} choices in braces`;
  if ((glob.match(/\*\*/g)?.length ?? 0) > MOST_DEEP) return `has more than ${MOST_DEEP} times **`;
  if (glob.split("/").some((part) => part !== "**" && (part.match(/\*/g)?.length ?? 0) > MOST_STARS))
    return `has more than ${MOST_STARS} times * in one name`;
  return undefined;
}

/** Whether a path matches a glob: from the root of the repository, in any case and Unicode form. `src/till/` means all below it. */
export function globMatcher(glob: string): (path: string) => boolean {
  const fault = globFault(glob);
  if (fault) throw new Error(`The glob "${glob}" ${fault}.`);
  const rooted = folded(glob).replace(/^\.?\/+/, "");
  const whole = rooted.endsWith("/") ? `${rooted}**` : rooted;
  // Parentheses, bars and the like are ordinary in names, and would be an expression to picomatch.
  const literal = whole.replace(/[()|+^$@!]/g, "\\$&");
  const matches = picomatch(literal, { dot: true, noextglob: true, nonegate: true });
  return (path) => TOO_LONG.test(path) || matches(folded(path)) || matches(folded(seen(path)));
}

/** What is wrong with an expression; undefined where it can be used. */
export function patternFault(pattern: string): string | undefined {
  if (pattern === "") return "is empty";
  if (pattern.length > LONGEST_PATTERN) return `has more than ${LONGEST_PATTERN} characters`;
  try {
    return compiled(pattern).matches("") ? "matches where there is nothing, and so everywhere" : undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return `is not an RE2 expression: ${said.replace(/^error parsing regexp: /, "").replace("`(?m)", "`")}`;
  }
}

/** Finds an expression in a text in linear time, over the ends of lines where the expression says so. */
export function patternMatcher(pattern: string): { readonly find: (text: string) => Places } {
  const fault = patternFault(pattern);
  if (fault) throw new Error(`The expression /${pattern}/ ${fault}.`);
  const expression = compiled(pattern);
  return {
    find: (text) => {
      const places: [number, number][] = [];
      const most = mostFoundIn(text);
      for (const matcher = expression.matcher(text); places.length < most && matcher.find(); )
        places.push([matcher.start(), matcher.end()]);
      const last = places.at(-1);
      return places.length < most || !last ? places : [...places, [last[1], text.length]];
    },
  };
}

const compiled = (pattern: string): RE2JS => RE2JS.compile(pattern, RE2JS.MULTILINE);
