/** Words that tell what an issue is about, and words that stand in every issue. */

const list = (words: string): readonly string[] => words.trim().split(/\s+/);

const empty: ReadonlySet<string> = new Set([
  // Of grammar.
  ...list(`a an and any anything are as at be been but by can cannot could did do does doing done each even every everything for from get gets
    had has have he her here him his how i if in into is it its just like me more most much my no not now of on once one only or other our
    out over own she should so some such than that the their them then there these they this those to too under up us very was we were what
    when where which while who why will with would you your also back really again always never still already today yesterday tomorrow soon
    lately recently etc thanks thank hello hi hey dear cheers regards ok okay yes got going go goes`),
  ...list(
    `isn't doesn't don't didn't can't won't aren't wasn't isnt doesnt dont didnt cant wont arent it's its that's there's i'm i've we've`,
  ),
  // Of every wish and every complaint.
  ...list(`bug bugs issue issues problem problems error errors fail fails failing failed failure broken breaks break wrong bad crash weird
    strange ugly fix fixed fixes help please pls plz urgent urgently asap important critical priority work works working worked task todo
    thing things stuff something somehow somewhere everywhere someone anyone everyone nothing whatever feature request improve improvement
    improvements better best nice good great enhance enhancement update updates change changes make makes made add adds new need needs
    needed want wants wanted shall must try tried see look looks check handle support implement implementation create refactor refactoring
    clean cleanup app application site website system code project software program repo repository way lot bit kind user users
    properly correctly right possible maybe perhaps idea ideas question title description test testing`),
]);

const WORD = /[\p{L}\p{N}][\p{L}\p{N}'’_-]*/gu;
/** Scripts that put no space between words: two characters tell about as much as one word. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/gu;

/** The different words that tell something. */
export function meaningful(text: string): readonly string[] {
  const unspaced = text.match(UNSPACED) ?? [];
  const pairs = Array.from({ length: Math.floor(unspaced.length / 2) }, (_, index) => `${unspaced[2 * index]}${unspaced[2 * index + 1]}`);
  const spaced = (text.replace(UNSPACED, " ").toLowerCase().replaceAll("’", "'").match(WORD) ?? []).filter(
    (word) => /\p{L}.*\p{L}/u.test(word) && !empty.has(word),
  );
  return [...new Set([...spaced, ...pairs])];
}

/** What names one thing exactly. */
const anchors: readonly RegExp[] = [
  /`[^`\s][^`]*`/,
  /```[\s\S]*\w[\s\S]*```/,
  /["“«„][^"”»“]*\p{L}\p{L}[^"”»“]*["”»“]/u,
  /(^|\s)--[a-z]/i,
  /\b[\w-]+\.(c|cc|cpp|cs|css|go|h|html?|java|js|json|jsx|kt|lock|m?js|md|mjs|php|py|rb|rs|scss|sh|sql|svelte|swift|toml|ts|tsx|txt|vue|xml|ya?ml)\b/i,
  /\b(README|CHANGELOG|LICENSE|CONTRIBUTING|Dockerfile|Makefile|Jenkinsfile)\b/,
  /(^|\s)\.{0,2}\/?[\w-]+\/[\w./-]+/,
  /(^|\s)\/[\w-]{2,}/,
  /\b[a-z]+[A-Z]\w*|\b\w+_\w+|\b\w+\(\)/,
  /\b[A-Z]\w*(Error|Exception)\b/,
  /(?<!#)\b\d{2,}\b|\d[.,]\d|\d\s?%|[$€£]\s?\d/,
];

export const hasAnchor = (text: string): boolean => anchors.some((anchor) => anchor.test(text));
