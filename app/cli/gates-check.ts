import { resolve } from "node:path";
import type { Evaluation } from "../gates/evaluate.ts";
import type { Evidence } from "../gates/gate.ts";
import { type Clone, openClone } from "./clone.ts";
import { namedText, POLICY_PATH, policyOf } from "./policy-text.ts";
import { count, plain } from "./text.ts";
import { type Asked, Usage, type Verb } from "./verb.ts";

/** GitHub's order: the first that is there is the one that counts (F30). */
const OWNERS_PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];
/** `--json` has all of it. */
const MOST_SHOWN = 20;

const textOption = (options: Asked["options"], name: string): string | undefined => {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
};

export const gatesCheck: Verb = {
  name: "gates check",
  says: "Which human gates a change raises, why, and who may open them: in a local clone, under the rules of the base, as the app would judge it.",
  words: [],
  options: [
    ["--base <ref>", "what the change is for, such as `origin/main`; its `.github/rig.yml` and CODEOWNERS are in force"],
    ["--head <ref>", "the change; `HEAD` unless told"],
    ["--repo <dir>", "the clone; the working directory unless told"],
    ["--policy <file>", "a rig.yml to judge by, in place of the base's"],
  ],
  finding: "a gate is raised",
  needs: "nothing",
  run: async ({ options, say }) => {
    const baseRef = textOption(options, "base");
    if (!baseRef) throw new Usage("--base is missing: name what the change is for, such as --base origin/main.");
    const headRef = textOption(options, "head") ?? "HEAD";
    // The gates and what they parse with take longer to load than most verbs to answer.
    const [{ evaluate }, { changesBetween }] = await Promise.all([import("../gates/evaluate.ts"), import("../observe/git-objects.ts")]);
    const clone = await openClone(resolve(textOption(options, "repo") ?? "."));
    const [base, head] = await Promise.all([clone.commit(baseRef, "--base"), clone.commit(headRef, "--head")]);
    const mergeBase = await clone.mergeBase(base, head);
    const [rules, owners, changes] = await Promise.all([
      rulesOf(clone, base, baseRef, textOption(options, "policy")),
      ownersAt(clone, base),
      changesBetween(clone.gitDir, mergeBase, head),
    ]);
    // Who made the change is an account on GitHub, which a clone does not know; nobody has said anything about it yet.
    const facts = { headSha: head, changes, owners, teams: {}, reviews: [], madeBy: [], siblings: [] };
    const found = evaluate(facts, { settings: rules.policy.gates, ours: [], openedAt: {}, faults: [] });
    const paths = new Set(changes.files.map(({ path }) => path)).size;
    const between = `${count(paths, "changed file")} between ${plain(baseRef)} (${mergeBase.slice(0, 7)}) and ${plain(headRef)} (${head.slice(0, 7)})`;
    say({
      json: { ...{ base, head, mergeBase, files: paths, complete: changes.complete, policy: rules.from }, ...shown(found) },
      lines: linesOf(found, between, rules.from),
    });
    return found.raised.length > 0;
  },
};

/** What is in force: the file that was named, else the base's own, else the defaults (R14). */
async function rulesOf(clone: Clone, base: string, ref: string, file: string | undefined) {
  if (file) return { from: file, policy: await policyOf(await namedText(file), file) };
  const text = (await clone.fileAt(base, POLICY_PATH))?.text;
  const from = text === undefined ? "the defaults" : `${POLICY_PATH} of ${ref}`;
  return { from, policy: await policyOf(text ?? "", `${ref}:${POLICY_PATH}`) };
}

async function ownersAt(clone: Clone, base: string) {
  for (const path of OWNERS_PLACES) {
    const file = await clone.fileAt(base, path);
    if (file) return { path, errors: [], ...(file.text === undefined ? { unreadable: `${path} is not a file` } : { text: file.text }) };
  }
  return { errors: [] };
}

const shown = ({ asked, raised, obstacles }: Evaluation) => ({
  asked,
  obstacles,
  raised: raised.map(({ gate, evidence, hash, approvers }) => ({
    ...{ gate: gate.name, why: gate.why, evidence, evidenceHash: hash, approvers },
  })),
});

function linesOf({ asked, raised, obstacles }: Evaluation, between: string, from: string): readonly string[] {
  if (raised.length === 0)
    return [`${between}, judged by ${plain(from)}: none of ${count(asked.length, "gate")} is raised, and nothing is asked of anybody.`];
  const names = new Set(raised.map(({ gate }) => gate.name));
  return [
    `${between}, judged by ${plain(from)}: ${raised.length} of ${count(asked.length, "gate")} ${raised.length === 1 ? "is" : "are"} raised.`,
    ...raised.flatMap(({ gate, evidence, approvers }) => [
      "",
      plain(`${gate.name}: ${gate.why}`),
      ...evidence.slice(0, MOST_SHOWN).map(line),
      ...(evidence.length > MOST_SHOWN ? [`  … and ${evidence.length - MOST_SHOWN} more, which --json lists`] : []),
      `  May approve: ${plain(approvers.join(", ")) || "nobody"}`,
    ]),
    "",
    `Not raised: ${asked.flatMap(({ name }) => (names.has(name) ? [] : [name])).join(", ") || "none"}.`,
    ...(obstacles.length > 0 ? ["", ...obstacles.map((obstacle) => `! ${plain(obstacle)}`)] : []),
    "Whoever made a change, or a part of it, does not count among those who may approve it.",
  ];
}

/** `path:line`, as editors jump to it. */
const line = ({ path, line: at, removed, because }: Evidence): string =>
  `  ${plain(at === undefined ? path : `${path}:${at}`)}${removed ? " (removed)" : ""}  ${plain(because)}`;
