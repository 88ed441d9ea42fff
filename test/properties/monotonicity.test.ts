/** P16: whatever is done to a change, it raises no less; whatever is taken from those who let it through, it opens no sooner. */
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { evaluate } from "../../app/gates/evaluate.ts";
import type { Change } from "../../app/gates/gate.ts";
import { gatesUnder, type Raised, raisedGates } from "../../app/gates/index.ts";
import { added } from "../../bench/gates/change.ts";
import { besides, changes, moved, nameOf, sealed } from "./gate-changes.ts";
import { facts, type Judged, opens, review, withReviews } from "./gate-facts.ts";
import { seed } from "./seed.ts";

const gates = gatesUnder({});
const raised = (files: readonly Change[]): readonly Raised[] => raisedGates({ complete: true, files }, gates, {});

const names = (files: readonly Change[]): readonly string[] => raised(files).map(({ gate }) => gate.name);

/** How a pull request becomes another one that may raise no less; undefined: nothing is promised of this case. */
type Way = (files: readonly Change[], other: readonly Change[], n: number) => readonly Change[] | undefined;

/** One of the files, as it would be instead. */
const changed = (files: readonly Change[], n: number, how: (change: Change) => readonly Change[]): readonly Change[] =>
  files.flatMap((change, index) => (index === n % files.length ? how(change) : [change]));

const attributes: Change = {
  ...{ path: ".gitattributes", mode: "100644", head: "* -diff linguist-generated\n", removed: [] },
  added: [{ line: 1, text: "* -diff linguist-generated" }],
};

/** Two names that differ in nothing but their form are two files, and would become one. */
const collide = (files: readonly Change[]): boolean => new Set(files.map(nameOf)).size < files.length;

/** What another manifest brought before is no new package: that one gate looks at all of them together (R11b). */
const manifests = (other: readonly Change[]): readonly string[] =>
  names(other.flatMap(({ path, base }) => (base === undefined ? [] : [added(path, base)]))).filter((name) => name === "dependencies");

/** A file that is there before and after, with the same mode: it can have another name. */
const renamed = (files: readonly Change[], n: number, to: (path: string) => string): readonly Change[] | undefined => {
  const { base, head, mode, previousMode } = files[n % files.length] ?? {};
  if (base === undefined || head === undefined || mode !== previousMode || collide(files)) return undefined;
  return changed(files, n, (change) => moved(change, to(change.path)));
};

/** Where words are told apart by their capitals alone, they cannot be any more. */
const camels = ({ path }: Change): boolean => /\p{Ll}\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u.test(path);

const ways: Readonly<Record<string, Way>> = {
  "another change beside it": (files, other) => [...files, ...besides(files, other)],
  "another change before it": (files, other) => [...besides(files, other), ...files],
  "a rename into another folder": (files, _, n) => renamed(files, n, (path) => `elsewhere/${path}`),
  "a rename to a name that says nothing": (files, _, n) => renamed(files, n, () => "lib/other.txt"),
  "a rename to capital letters": (files, _, n) => renamed(files, n, (path) => path.toUpperCase()),
  "a path in capital letters": (files, _, n) =>
    collide(files) || files.some(camels) ? undefined : changed(files, n, (change) => [{ ...change, path: change.path.toUpperCase() }]),
  "Unicode's other form of its paths": (files) =>
    collide(files) ? undefined : files.map((change) => ({ ...change, path: change.path.normalize("NFD") })),
  "a file that is named twice": (files, _, n) => [...files, ...files.slice(n % files.length)],
  ".gitattributes": (files) => [attributes, ...files],
  "content that cannot be read": (files, _, n) => changed(files, n, (change) => [sealed(change)]),
};

/** Of what a manifest had before, and of what no package manager reads any more, no package is new. */
function exempt(way: string, other: readonly Change[]): readonly string[] {
  if (way === "a rename to a name that says nothing") return ["dependencies"];
  return way.startsWith("another change") ? manifests(other) : [];
}

test("whatever is done to a change, no gate is lowered", () => {
  const [cases, about] = [new Map<string, number>(), new Map<string, number>()];
  const count = (of: Map<string, number>, way: string) => of.set(way, (of.get(way) ?? 0) + 1);
  fc.assert(
    fc.property(changes, changes, fc.nat({ max: 1000 }), (files, other, n) => {
      const before = names(files);
      for (const [way, how] of Object.entries(ways)) {
        const instead = how(files, other, n);
        if (!instead) continue;
        count(cases, way);
        if (before.length > 0) count(about, way);
        const after = new Set(names(instead));
        const lost = before.filter((name) => !after.has(name));
        const allowed = lost.length > 0 ? exempt(way, other) : [];
        expect({ way, lost: lost.filter((name) => !allowed.includes(name)) }).toEqual({ way, lost: [] });
      }
    }),
    { seed, numRuns: 8_000 },
  );
  expect([...cases.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThan(60_000);
  for (const way of Object.keys(ways)) expect([way, (about.get(way) ?? 0) > 500]).toEqual([way, true]);
}, 120_000);

test("the order of its files changes nothing, and its pages together raise what each of them raises", () => {
  fc.assert(
    fc.property(changes, fc.nat({ max: 1000 }), (files, n) => {
      const whole = raised(files);
      const at = n % files.length;
      const turned = [...files.slice(at), ...files.slice(0, at)].toReversed();
      expect(raised(turned).map(({ gate, hash }) => [gate.name, hash])).toEqual(whole.map(({ gate, hash }) => [gate.name, hash]));
      // A rename is one entry of a page.
      if (files.some(({ previousPath }) => previousPath !== undefined)) return;
      const pages = [files.slice(0, at), files.slice(at)];
      const all = new Set([...whole.map(({ gate }) => gate.name), ...manifests(files)]);
      expect(pages.flatMap((page) => names(page)).filter((name) => !all.has(name))).toEqual([]);
    }),
    { seed, numRuns: 4_000 },
  );
}, 180_000);

const state = ({ seen, standing }: Judged) => evaluate(seen, standing).state;

/** What is not open stays so. */
function opensNoSooner(what: (judged: Judged, login: string) => Judged): void {
  let shut = 0;
  fc.assert(
    fc.property(facts, fc.constantFrom("jonas", "maria", "paula", "tom"), (judged, login) => {
      if (state(judged) === "success") return;
      shut += 1;
      expect(state(what(judged, login))).not.toBe("success");
    }),
    { seed, numRuns: 3_000 },
  );
  expect(shut).toBeGreaterThan(500);
}

test.each<[string, Parameters<typeof opensNoSooner>[0]]>([
  [
    "what somebody approved is taken away",
    (judged, login) => withReviews(judged, (reviews) => reviews.filter(({ by, state: said }) => by !== login || said !== "APPROVED")),
  ],
  [
    "somebody objects",
    (judged, login) => withReviews(judged, (reviews) => [...reviews, review({ by: login, state: "CHANGES_REQUESTED", minute: 90 })]),
  ],
  ["one who approved made the change", ({ seen, standing }, login) => ({ standing, seen: { ...seen, madeBy: [...seen.madeBy, login] } })],
  ["a machine approves", (judged) => withReviews(judged, (reviews) => [...reviews, review({ by: "renovate[bot]", minute: 90 })])],
  ["the Rig approves", (judged) => withReviews(judged, (reviews) => [...reviews, review({ by: "rig[bot]", minute: 90 })])],
  [
    "one of the Rig's accounts is a person's",
    (judged) => withReviews(judged, (reviews) => [...reviews, { ...review({ by: "rig[bot]", minute: 90 }), byType: "User" }]),
  ],
  [
    "one who approved loses the permission to write",
    (judged, login) =>
      withReviews(judged, (reviews) =>
        reviews.map((one) => (one.by === login && one.state === "APPROVED" ? { ...one, canWrite: false } : one)),
      ),
  ],
  [
    "more is changed",
    ({ seen, standing }, login) => ({
      standing,
      seen: {
        ...seen,
        changes: {
          ...seen.changes,
          files: [...seen.changes.files, ...besides(seen.changes.files, [{ ...attributes, path: `db/${login}.sql` }])],
        },
      },
    }),
  ],
])("what waits does not open when %s", (_, what) => opensNoSooner(what), 30_000);

test("P4: nothing is open that R12, said again in other words, does not open", () => {
  let [open, shut] = [0, 0];
  fc.assert(
    fc.property(facts, (judged) => {
      const { raised: results, state: found } = evaluate(judged.seen, judged.standing);
      if (found !== "success") shut += 1;
      else {
        expect(opens(judged, results)).toBe(true);
        open += results.length > 0 ? 1 : 0;
      }
    }),
    { seed, numRuns: 12_000 },
  );
  expect(open).toBeGreaterThan(100);
  expect(shut).toBeGreaterThan(100);
}, 180_000);
