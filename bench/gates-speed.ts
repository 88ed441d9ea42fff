/**
 * How long the gates take for the largest pull request that can be verified, 3,000 files with 10 MB of changed lines, and how much memory;
 * and how long 10,000 rules of CODEOWNERS take for its files, against the package `codeowners`. `node bench/gates-speed.ts`
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Codeowners from "codeowners";
import { ownersOf, readOwners } from "../app/gates/codeowners.ts";
import type { Change, Line } from "../app/gates/gate.ts";
import { gatesUnder, raisedGates } from "../app/gates/index.ts";

const FILES = 3_000;
const BYTES = 10_000_000;
const RULES = 10_000;
const GOALS = { gatesMs: 1_000, gatesMb: 300, ownersMs: 300 };
/** The package takes some 40 ms a path and keeps every answer: all paths would take minutes and gigabytes. */
const ASKED_OF_THE_PACKAGE = 60;
const REPEATS = 3;

let state = 20_261_122;
/** From 0, below `limit`: the same numbers at each run. */
function random(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}
const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;

const words =
  "account amount archive basket batch branch cache catalog channel client color column comment cursor customer delivery draft event field filter folder group handler height image index invoice item label layout level list locale margin member message metric module notice number option order owner page panel parcel person picture price product profile query queue rating region report request result review route schedule score search section sender session setting shipment signal source stage status stock store stream subject summary table target task team template theme thread ticket title token topic total user value vendor version view visit volume warehouse week widget window worker zone".split(
    " ",
  );
/** Lines of each language; `$` is a word, `#` a number. */
const languages: Readonly<Record<string, string>> = {
  ts: `import { $, type $ } from "./$/$.ts";|export async function $($: $, $: number): Promise<$> {|  const $ = await $.$({ where: { $: # }, take: # });|  if (!$) throw new Error(\`There is no $ of \${$}.\`);|  return $.map(({ $ }) => ({ ...$, $: $ + # }));|}|// A $ may come before its $, so the $ is kept.||  $.set("$", $.filter((one) => one.$ !== "$"));`,
  py: `from $.$ import $, $|class $(Base):|    def $(self, $: int = #) -> list[str]:|        """Return every $ of this $."""|        $ = [one.$ for one in self.$ if one.$ > #]|        if $ is None:|            raise ValueError(f"no $ in {$}")||        return sorted($, key=lambda one: one.$)`,
  go: `package $|func (s *$) $(ctx context.Context, $ int) (*$, error) {|	$, err := s.$.$(ctx, $)|	if err != nil {|		return nil, fmt.Errorf("read $: %w", err)|	}|	for _, $ := range $.Items {|		$.Total += $.Count * #|}|// $ keeps what $ has seen.|`,
  java: `import com.acme.$.$;|public final class $ {|    private final Map<String, $> $ = new HashMap<>();|    public Optional<$> $(long $) {|        return $.stream().filter(one -> one.$() == #).findFirst();|        log.info("$ has {} of {}", $, $);|    }||    // The $ of a $ is never empty.`,
  rb: `class $ < ApplicationRecord|  belongs_to :$|  scope :$, -> { where($: #).order(:$) }|  def $|    $.map { |one| one.$ + # }|  end||  validates :$, presence: true`,
  yml: `$:|  $: #|  - name: $|    value: "$-#"|  # $ and $|    $: [$, $]`,
  md: `## The $ of a $|A $ has one $ and up to # of $. See the $ for how it becomes a $.||- $ and $, which the $ shows|| $ | $ | # ||`,
  scss: `.$-$ {|  margin: #px #px;|  color: var(--$-$);|  &:hover { width: #%; }|}|`,
  json: `  "$": "$ $",|  "$": { "$": #, "$": "$" },|  "$": [#, #],`,
  tf: `resource "aws_$" "$" {|  name = "$-#"|  tags = { $ = "$" }|}||variable "$" { default = # }`,
};
const endings = Object.keys(languages);
const templates = Object.fromEntries(endings.map((ending) => [ending, languages[ending]?.split("|") ?? []]));
const text = (ending: string, lines: number): readonly string[] =>
  Array.from({ length: lines }, () =>
    pick(templates[ending] ?? []).replace(/[$#]/g, (part) => (part === "#" ? `${random(500)}` : pick(words))),
  );

const numbered = (lines: readonly string[]): readonly Line[] => lines.map((line, index) => ({ line: index + 1, text: line }));
const without = (lines: readonly Line[], share: number): readonly Line[] => lines.filter(() => random(100) >= share);
const joined = (lines: readonly Line[]): string => lines.map((line) => line.text).join("\n");

/** Half of the files are new, some go, and the others have lines changed in many places. */
function changeOf(path: string, lines: readonly string[], kind = random(10)): Change {
  const all = numbered(lines);
  if (kind < 5) return { path, mode: "100644", head: joined(all), added: all, removed: [] };
  if (kind < 6) return { path, previousMode: "100644", base: joined(all), added: [], removed: all };
  const [base, head] = [without(all, 30), without(all, 30)];
  const [before, after] = [new Set(base), new Set(head)];
  const one = (side: readonly Line[], other: ReadonlySet<Line>) =>
    side.flatMap((line, index) => (other.has(line) ? [] : [{ line: index + 1, text: line.text }]));
  return {
    path,
    previousMode: "100644",
    mode: "100644",
    base: joined(base),
    head: joined(head),
    added: one(head, before),
    removed: one(base, after),
  };
}

const sha = () => Array.from({ length: 8 }, () => random(2 ** 32).toString(36)).join("");
const packages = (count: number) =>
  Array.from({ length: count }, () => ({
    name: `${pick(words)}-${pick(words)}${random(900)}`,
    version: `${random(9)}.${random(40)}.${random(20)}`,
  }));
function lockfiles(): readonly Change[] {
  const npm = packages(1_500).map(({ name, version }) => [
    `node_modules/${name}`,
    { version, resolved: `https://npm.example/${name}/-/${name}-${version}.tgz`, integrity: `sha512-${sha()}`, license: "MIT" },
  ]);
  const lock = (left: number) =>
    JSON.stringify(
      { name: "shop", lockfileVersion: 3, packages: Object.fromEntries(npm.filter((_, index) => index % 10 !== left)) },
      null,
      2,
    );
  const goSum = packages(2_000).map(({ name, version }) => `github.com/acme/${name} v${version} h1:${sha()}=`);
  const cargo = packages(1_500).flatMap(({ name, version }) => [
    "[[package]]",
    `name = "${name}"`,
    `version = "${version}"`,
    'source = "registry+https://packages.example/index"',
    `checksum = "${sha()}"`,
    "",
  ]);
  const [base, head] = [lock(3), lock(7)].map((whole) => whole.split("\n")) as [string[], string[]];
  const [before, after] = [new Set(base), new Set(head)];
  return [
    {
      path: "package-lock.json",
      previousMode: "100644",
      mode: "100644",
      base: base.join("\n"),
      head: head.join("\n"),
      added: numbered(head).filter((line) => !before.has(line.text)),
      removed: numbered(base).filter((line) => !after.has(line.text)),
    },
    changeOf("go.sum", goSum, 0),
    changeOf("engine/Cargo.lock", cargo, 0),
    changeOf("public/vendor/charts.min.js", [text("ts", 4_000).join("")], 0),
  ];
}

const sizeOf = ({ added, removed }: Change) => [...added, ...removed].reduce((sum, line) => sum + line.text.length + 1, 0);

function pullRequest(): readonly Change[] {
  const changes = [...lockfiles()];
  let left = BYTES - changes.reduce((sum, change) => sum + sizeOf(change), 0);
  while (changes.length < FILES) {
    const ending = pick(endings);
    const path = `${pick(["services", "packages", "apps", "lib"])}/${pick(words)}/${pick(["src", "test", "docs", "internal"])}/${pick(words)}-${changes.length}.${ending}`;
    const change = changeOf(path, text(ending, Math.ceil(left / (FILES - changes.length) / 25)));
    left -= sizeOf(change);
    changes.push(change);
  }
  return changes;
}

/** What large repositories have: mostly folders, then endings, names and patterns over any depth. */
const rule = (index: number): string => {
  const who = pick([`@acme/${pick(words)}`, `@acme/${pick(words)} @${pick(words)}`, `${pick(words)}@example.com`, ""]);
  const pattern = pick([
    `/services/${pick(words)}/${pick(words)}${index}/`,
    `/packages/${pick(words)}/src/`,
    `/apps/${pick(words)}/**/${pick(words)}-*.ts`,
    `**/${pick(words)}${index}/`,
    `*.${pick(words)}${index}`,
    `lib/${pick(words)}/docs/*`,
    `${pick(words)}-${index}.*`,
  ]);
  return `${pattern} ${who}`;
};

/** Milliseconds of this thread's processor time: what else runs on the machine does not count. */
function took(act: () => unknown): number {
  const begun = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1_000;
}
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function report(what: string, value: number, goal: number, unit: string, more = ""): void {
  const reached = value < goal;
  if (!reached) process.exitCode = 1;
  console.log(`${what.padEnd(44)} ${value.toFixed(0).padStart(6)} ${unit} (goal < ${goal}) ${reached ? "reached" : "MISSED"}${more}`);
}

const files = pullRequest();
const paths = files.map(({ path }) => path);
const codeowners = ["* @acme/all", ...Array.from({ length: RULES - 1 }, (_, index) => rule(index))].join("\n");
console.log(
  `${files.length} files, ${(files.reduce((sum, change) => sum + sizeOf(change), 0) / 1e6).toFixed(1)} MB of changed lines, ${RULES} rules`,
);

const owners = readOwners(codeowners);
const given = owners ? { owners } : {};
const gates = gatesUnder({});
const before = process.memoryUsage().rss;
let raised: readonly string[] = [];
/** Gates keep what they work out of a change as long as that is there: each time is with changes that none has seen. */
const unseen = () => files.map((change) => ({ ...change }));
const evaluate = () => {
  raised = raisedGates({ complete: true, files: unseen() }, gates, given).map(({ gate, evidence }) => `${gate.name} ${evidence.length}`);
};
const first = took(evaluate);
// The peak of the whole process: building the files has not been higher, or the gates are blamed for it.
const grown = (process.resourceUsage().maxRSS * 1024 - before) / 1e6;
const again = Array.from({ length: REPEATS }, () => took(evaluate));
report(`${gates.length} gates, at first`, first, GOALS.gatesMs, "ms", `; later ${median(again).toFixed(0)} ms`);
report("memory beyond the files themselves", grown, GOALS.gatesMb, "MB");
console.log(`  evidence: ${raised.join(", ") || "none"}`);
for (const gate of gates) {
  const each = Array.from({ length: REPEATS }, () => took(() => gate.raisedBy(unseen(), given)));
  console.log(`  ${`${gate.name}, alone`.padEnd(42)} ${median(each).toFixed(0).padStart(6)} ms`);
}

const ask = () => {
  const read = readOwners(codeowners);
  for (const path of paths) ownersOf(read, path);
};
const asked = Array.from({ length: REPEATS }, () => took(ask));
const theirs = askThePackage();
report(
  `CODEOWNERS, ${RULES} rules for ${paths.length} files`,
  median(asked),
  GOALS.ownersMs,
  "ms",
  `; slowest ${Math.max(...asked).toFixed(0)} ms`,
);
console.log(
  `  the package codeowners, scaled up from ${ASKED_OF_THE_PACKAGE} files ${theirs.toFixed(0).padStart(6)} ms: ${(theirs / median(asked)).toFixed(0)} times as long`,
);

function askThePackage(): number {
  const place = mkdtempSync(join(tmpdir(), "rig-bench-"));
  try {
    writeFileSync(join(place, "CODEOWNERS"), codeowners);
    let file: InstanceType<typeof Codeowners> | undefined;
    const reading = took(() => {
      file = new Codeowners(place);
    });
    const some = paths.filter((_, index) => index % Math.floor(paths.length / ASKED_OF_THE_PACKAGE) === 0).slice(0, ASKED_OF_THE_PACKAGE);
    const asking = took(() => {
      for (const path of some) file?.getOwner(path);
    });
    return reading + (asking / some.length) * paths.length;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
