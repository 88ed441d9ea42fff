/** A gate about a subject, such as sign-in or payments: known by the words of a path, by its owners, and by a few phrases in the text. */
import type { OwnersRule } from "../codeowners.ts";
import { isAscii } from "../content/ascii.ts";
import { changedHits, type Matcher, type Stretch, stretchesOf } from "../content/changed.ts";
import { onceFor } from "../content/once.ts";
import { partsAround } from "../content/parts.ts";
import type { Phrase } from "../content/phrase.ts";
import { findWords, pickerOf, wordsIn } from "../content/vocabulary.ts";
import type { WordsIn } from "../content/words.ts";
import type { Change, Evidence, Gate, Given } from "../gate.ts";
import { gone, pathsOf, SUBMODULE, SYMLINK, type Term, termIn, words } from "../paths.ts";
import { kindOf } from "./kinds.ts";
import { weakened } from "./tests.ts";

export interface Subject {
  readonly name: string;
  readonly why: string;
  readonly terms: readonly Term[];
  readonly phrases: readonly Phrase[];
  /** Words in the name of a team that owns such files. */
  readonly teams: RegExp;
  /** What may come and move, but not go. */
  readonly guards?: Phrase;
}

/** So many places of one file are named; the others are counted. */
const MOST_PLACES = 8;
const CATCH_ALL = /^[/*.]*$/;
const COMMENT = /^\s*(?:\/\/|#(?!\[)|\*|\/\*|--|<!--|;)/;

type Picker = (words: Iterable<string>) => readonly Phrase[];

export const subjectGate = (subject: Subject): Gate => {
  const phrasesFor = pickerOf(subject.phrases);
  const guardsFor = pickerOf(subject.guards ? [subject.guards] : []);
  return {
    name: subject.name,
    why: subject.why,
    raisedBy: (changes, given) => {
      const owned = ownedBy(subject, given);
      return changes.flatMap(
        (change) =>
          byOwner(change, owned) ?? byPath(change, subject) ?? byTest(change, changes, subject) ?? byContent(change, phrasesFor, guardsFor),
      );
    },
  };
};

/** The rule that gives a path to a team of this subject; a rule for everything says nothing about one file (R11b). */
function ownedBy({ teams }: Subject, { owners }: Given): (path: string) => string | undefined {
  const teamOf = (rule: OwnersRule | undefined): string | undefined =>
    rule && !CATCH_ALL.test(rule.pattern) ? rule.owners.find((owner) => teams.test(words(owner.split("/")[1] ?? ""))) : undefined;
  return owners?.rules.some(teamOf) ? (path) => teamOf(owners.ruleFor(path)) : () => undefined;
}

function byOwner({ path, previousPath }: Change, owned: (path: string) => string | undefined): readonly Evidence[] | undefined {
  const team = owned(path) ?? (previousPath === undefined ? undefined : owned(previousPath));
  return team ? [{ path, because: `CODEOWNERS gives it to ${team}` }] : undefined;
}

function byPath(change: Change, { terms }: Subject): readonly Evidence[] | undefined {
  if (change.media !== undefined) return [];
  const link = isLink(change);
  const names = pathsOf(change).filter((name) => link || kindOf(name) === "other");
  const term = names.map((name) => termIn(name, terms)).find((found) => found !== undefined);
  return term ? [{ path: change.path, ...gone(change), because: `its path is about ${term.says}` }] : undefined;
}

/** Tests may grow as they like; one that checks less, or nothing any more, hides what comes next. */
function byTest(change: Change, all: readonly Change[], { terms }: Subject): readonly Evidence[] | undefined {
  if (isLink(change) || kindOf(change.path) !== "test") return undefined;
  const term = termIn(change.path, terms);
  const because = term && weakened(change, all);
  return because ? [{ path: change.path, ...gone(change), because: `a test about ${term.says} ${because}` }] : [];
}

function byContent(change: Change, phrasesFor: Picker, guardsFor: Picker): readonly Evidence[] {
  const kind = kindOf(change.path);
  if (kind !== "other" && kind !== "docs" && !isLink(change)) return [];
  if (change.unreadable !== undefined) return [{ path: change.path, because: `its content could not be read: ${change.unreadable}` }];
  const words = new Set(stretchesOf(change).flatMap((stretch) => [...readOf(stretch).words.keys()]));
  const places = changedHits(change, phrasesFor(words).map(matcherOf)).map(({ matcher, line, removed }) => ({
    path: change.path,
    line,
    ...(removed ? { removed: true as const } : {}),
    because: `says ${matcher.says}`,
  }));
  return cut(change, [...unique(places), ...(change.removed.length > 0 ? guardsFor(words).flatMap((guard) => lost(change, guard)) : [])]);
}

/** Guards that are gone for good: more were taken out than were put in. One in a comment guards nothing. */
function lost(change: Change, guard: Phrase): readonly Evidence[] {
  const hits = changedHits(change, [matcherOf(guard)]);
  const out = hits.filter(({ removed }) => removed);
  const [first] = out;
  if (!first) return [];
  const lines = new Map(change.added.map(({ line, text }) => [line, text]));
  const put = hits.filter(({ removed, line }) => !removed && !COMMENT.test(lines.get(line) ?? ""));
  return out.length > put.length ? [{ path: change.path, line: first.line, removed: true, because: `no longer has ${guard.says}` }] : [];
}

const matcherOf = (phrase: Phrase): Matcher & Phrase => ({
  ...phrase,
  find: (_, stretch) => {
    const { text, words } = readOf(stretch);
    return partsAround(text, words, phrase).flatMap((part) =>
      Array.from(
        part.text.matchAll(phrase.pattern),
        ({ 0: found, index }) => [part.from + index, part.from + index + found.length] as const,
      ),
    );
  },
});

/** A stretch with ordinary letters, and where its words are. */
const readOf = (stretch: Stretch): { readonly text: string; readonly words: WordsIn } =>
  isAscii(stretch.text) ? { text: stretch.text, words: wordsIn(stretch) } : narrowed(stretch);

const narrowed = onceFor((stretch: Stretch) => {
  const text = narrow(stretch.text);
  return { text, words: text === stretch.text ? wordsIn(stretch) : findWords(text) };
});

const isLink = ({ mode, previousMode }: Change): boolean => [mode, previousMode].some((each) => each === SYMLINK || each === SUBMODULE);

/** Full-width letters as the ordinary ones they stand for, one for one, so that offsets stay true. */
const narrow = (text: string): string => text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

const unique = (places: readonly Evidence[]): readonly Evidence[] => [
  ...new Map(places.map((place) => [`${place.removed ?? false} ${place.line} ${place.because}`, place])).values(),
];

const cut = ({ path }: Change, places: readonly Evidence[]): readonly Evidence[] =>
  places.length <= MOST_PLACES
    ? places
    : [...places.slice(0, MOST_PLACES), { path, because: `and in ${places.length - MOST_PLACES} more places` }];
