/** Which folders and files anybody may delete: what a build makes anew, and what was only ever temporary. */

const TEMPORARY = new Set(
  "tmp temp temporary tmpdir tempdir tmpfile tempfile cache caches scratch mktemp mkdtemp mkstemp namedtemporaryfile".split(" "),
);
const MADE = new Set("build builds dist out outdir output outputs work workdir coverage generated artifacts bundle".split(" "));
const PLACE = new Set("dir dirs directory folder path root file files github workspace ci".split(" "));
const FOLDERS =
  /^(?:build|_build|dist|out|output|target|coverage|node_modules|bin|obj|lib|esm|cjs|es|types|vendor|venv|\.venv|env|__pycache__|storybook-static|_site|artifacts|reports?|generated|gen|pkg|release|\.\w*cache\w*|\.(?:next|nuxt|turbo|output|parcel-cache|svelte-kit|vite|terraform|gradle|eggs|tox|nyc_output|dart_tool|docusaurus|vercel|angular|expo)|[^/]*\.(?:egg-info|pyc|pyo|o|a|so|class|log|tsbuildinfo|map|tgz|whl|gem|deb|rpm|lock|pid|sock)|(?:te?mp|scratch)[\w.-]*|[\w.-]*[-_.]te?mp)$/i;
const OF_SYSTEM =
  /^\/(?:te?mp|var\/tmp|var\/cache|var\/lib\/apt\/lists|var\/log|usr\/share\/(?:doc|man|locale|info)|dev\/shm|root\/\.(?:cache|npm|cargo|gem|composer|m2)|opt\/(?:conda|hostedtoolcache)|usr\/(?:src|local\/(?:src|lib\/node_modules|share\/doc)))(?:\/|$|\*)/i;
const OF_HOME = /^(?:~|\$\{?HOME\}?)\/\.(?:cache|npm|cargo|gradle|m2|nuget|yarn|pnpm|gem|composer)/i;

const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);

const isTemporary = (name: string): boolean => wordsOf(name).some((word) => TEMPORARY.has(word));

/** Only such words in it: `$BUILD_DIR`, `outDir`. */
const isMade = (name: string): boolean => {
  const words = wordsOf(name).filter((word) => word && !PLACE.has(word));
  return words.length > 0 && words.every((word) => MADE.has(word));
};

/** A path or a variable as a shell has it. */
export function isPassing(path: string): boolean {
  if (/:[-=]/.test(path) || /[^./][^/]*\/\.\.(?:\/|$)/.test(path)) return false;
  if (OF_SYSTEM.test(path) || OF_HOME.test(path)) return true;
  const segments = path.split("/").filter((segment) => !/^(?:\.{0,2}|\*{1,2}|\.\*)$/.test(segment));
  const [first, last] = [segments[0] ?? "", segments.at(-1) ?? ""];
  if (segments.length === 0) return false;
  if (FOLDERS.test(last) || segments.some((segment) => isTemporary(segment))) return true;
  if (!path.startsWith("/") && FOLDERS.test(first)) return true;
  return !path.startsWith("/") && [first, last].some((segment) => !segment.startsWith("$(") && isMade(segment));
}

const PASSING_FILES = new Set("pid lock lockfile pidfile sock socket symlink link logfile".split(" "));

/** The arguments of a call, in any language: whether a name or a literal among them says that the place is a passing one. */
export function namesPassing(args: string, files: boolean): boolean {
  if (/\.\.["'`]?\s{0,3}[,/)]/.test(args)) return false;
  const literals = Array.from(args.matchAll(/["'`]([^"'`\n]{1,100})["'`]/g), ([, literal = ""]) => literal);
  if (literals.some((literal) => isPassing(literal))) return true;
  return wordsOf(args).some((word) => TEMPORARY.has(word) || MADE.has(word) || (files && PASSING_FILES.has(word)));
}
