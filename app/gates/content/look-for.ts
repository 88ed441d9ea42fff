/** Looks for ideas in what changes add and remove, in little time. */
import type { Change, Evidence, Line } from "../gate.ts";
import { changedHits, type Matcher, type Places, type Stretch, stretchesOf } from "./changed.ts";
import type { Found, Idea } from "./idea.ts";
import { onceFor } from "./once.ts";
import { type Part, partsAround } from "./parts.ts";
import { isComment, outsideFences, type Source, sourceOf } from "./source.ts";
import { type View, viewsOf } from "./views.ts";
import { findWords, pickerOf, wordsIn } from "./vocabulary.ts";
import type { WordsIn } from "./words.ts";

const NEAR = 160;
/** A file says no more than this many times why; the rest are counted. */
const MOST_EVIDENCE = 30;
/** More in one stretch is not written by people: then all of it counts. */
const MOST_PLACES = 1000;
const LONGEST_QUOTE = 60;

type Picker = (words: Iterable<string>) => readonly Idea[];

/** What changes say of some ideas. */
export function lookFor(ideas: readonly Idea[]): (change: Change) => readonly Evidence[] {
  const pickers = new Map<string, Picker>();
  const pickerFor = (source: Source): Picker => {
    const key = `${source.family}${source.docs || source.words || source.test}`;
    const picker = pickers.get(key) ?? pickerOf(ideas.filter((idea) => mayRun(idea, source)));
    pickers.set(key, picker);
    return picker;
  };

  return (given) => {
    if (given.added.length + given.removed.length === 0) return [];
    const source = sourceOf(given);
    const change = source.docs ? withoutExamples(given) : given;
    const matchers = pickerFor(source)(wordsOf(change))
      .filter(({ needs }) => !needs || has(change, needs))
      .map((idea): Matcher & { readonly idea: Idea } => ({
        idea,
        find: (_, stretch) => readsOf(stretch).flatMap((read) => placesOf(idea, read, source)),
      }));
    if (matchers.length === 0) return [];
    const found = changedHits(change, matchers).filter(({ matcher, removed }) => matcher.idea.side !== (removed ? "added" : "removed"));
    return summed(
      change.path,
      found.map(({ matcher, line, removed, text }) => ({
        path: change.path,
        line,
        ...(removed ? { removed } : {}),
        because: reason(matcher.idea, text),
      })),
    );
  };
}

const mayRun = ({ statement, families }: Idea, { docs, words, test, family }: Source): boolean =>
  docs || words || test ? statement === true : !families || !family || families.includes(family);

/** A view of a stretch, and where its words are. */
interface Read extends View {
  readonly words: WordsIn;
}

const readsOf = onceFor((stretch: Stretch): readonly Read[] =>
  viewsOf(stretch.text).map((view) => ({ ...view, words: view.text === stretch.text ? wordsIn(stretch) : findWords(view.text) })),
);

const wordsOf = onceFor(
  (change: Change): ReadonlySet<string> =>
    new Set(stretchesOf(change).flatMap((stretch) => readsOf(stretch).flatMap(({ words }) => [...words.keys()]))),
);

/** What a whole file has, before or after. */
const has = ({ base, head, added, removed }: Change, pattern: RegExp): boolean =>
  [head ?? joined(added), base ?? joined(removed)].some((text) => pattern.test(text));

const joined = (lines: readonly Line[]): string => lines.map(({ text }) => text).join("\n");

const placesOf = (idea: Idea, { words, ...view }: Read, source: Source): Places =>
  partsAround(view.text, words, idea).flatMap((part) => placesIn(part, idea, view, source));

function placesIn(part: Part, idea: Idea, { text, at }: View, source: Source): Places {
  // `matchAll` makes a copy of the pattern each time, and mostly finds nothing.
  if (part.text.search(idea.pattern) < 0) return [];
  const places: (readonly [number, number])[] = [];
  let seen = 0;
  for (const match of part.text.matchAll(idea.pattern)) {
    if (++seen > MOST_PLACES) return [[0, at(text.length)]];
    const from = part.from + match.index;
    const to = from + match[0].length;
    const found = { match, text, from, to, before: text.slice(Math.max(0, from - NEAR), from), after: text.slice(to, to + NEAR), source };
    if (source.docs && !isBareStatement(found)) continue;
    if (isComment(text, from, source.family)) continue;
    if (idea.accepts && !idea.accepts(found)) continue;
    places.push([at(from), at(Math.max(to, idea.end?.(found) ?? to))]);
  }
  return places;
}

/** At the start of a line and with its end: what `psql -f` would run, whatever the file is called. */
const isBareStatement = ({ before, text, from }: Found): boolean =>
  /(?:^|\n)$/.test(before) && /^[^;`]{0,2000};/.test(text.slice(from, from + 2001));

const withoutExamples = onceFor((change: Change): Change => {
  const head = change.head === undefined ? undefined : outsideFences(change.head.split("\n"));
  const base = change.base === undefined ? undefined : outsideFences(change.base.split("\n"));
  const kept = (lines: readonly Line[], whole: readonly string[] | undefined) =>
    whole ? lines.filter(({ line, text }) => text === "" || whole[line - 1] !== "") : lines;
  return {
    ...change,
    ...(head ? { head: head.join("\n") } : {}),
    ...(base ? { base: base.join("\n") } : {}),
    added: kept(change.added, head),
    removed: kept(change.removed, base),
  };
});

/** Only what the pattern itself takes is quoted: keywords and names, never values. */
function reason(idea: Idea, text: string): string {
  const pattern = alone(idea);
  // A pattern that looks at what stands before it finds nothing where nothing does.
  const quote = pattern.exec(text)?.[0] ?? pattern.exec(`x${text}`)?.[0];
  return quote ? `${idea.because} ("${quote.replace(/\s+/g, " ").trim().slice(0, LONGEST_QUOTE)}")` : idea.because;
}

const alone = onceFor(({ pattern }: Idea) => new RegExp(pattern.source, pattern.flags.replace("g", "")));

/** One reason of a sort for a line. */
function summed(path: string, evidence: readonly Evidence[]): readonly Evidence[] {
  const keyOf = ({ line, removed, because }: Evidence) => `${line} ${removed ?? false} ${because.replace(/ \(".*/s, "")}`;
  const distinct = [...new Map(evidence.toReversed().map((one) => [keyOf(one), one])).values()].toReversed();
  const rest = distinct.length - MOST_EVIDENCE;
  return rest > 0 ? [...distinct.slice(0, MOST_EVIDENCE), { path, because: `and ${rest} more like these in this file` }] : distinct;
}
