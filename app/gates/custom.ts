/** What `rig.yml` says of gates: more reasons for one of the six, or a gate of the repository's own. It never narrows one. */
import { changedHits, type Matcher } from "./content/changed.ts";
import { newDependencies } from "./dependencies.ts";
import type { Change, Evidence, Gate, GateSettings } from "./gate.ts";
import type { ActiveGate } from "./index.ts";
import { gone, pathsOf } from "./paths.ts";
import { globMatcher, patternMatcher } from "./patterns.ts";

/** Of the rig's own rules the approvers stay the code owners, whatever a file says. */
const FIXED = "rules";

/** A gate as the settings have it: with what they add, and who may open it. Without a gate of that name it is one of the repository's own. */
export function withSettings(name: string, gate: Gate | undefined, settings: GateSettings | undefined): ActiveGate {
  const approvers = name === FIXED ? undefined : settings?.approvers;
  const raisedBy = settings ? addedBy(settings) : () => [];
  return {
    name,
    why: gate?.why ?? whyOf(settings),
    raisedBy: (changes, given) => unique([...(gate?.raisedBy(changes, given) ?? []), ...raisedBy(changes)]),
    ...(approvers && approvers.length > 0 ? { approvers } : {}),
  };
}

type Reason = (changes: readonly Change[]) => readonly Evidence[];

/** Compiled when first asked, and once. Settings that cannot be used ask a person: they were to guard something. */
function addedBy(settings: GateSettings): Reason {
  let reasons: readonly Reason[] | undefined;
  return (changes) => {
    try {
      reasons ??= reasonsOf(settings);
    } catch (error) {
      return [{ path: "*", because: `what rig.yml says of it cannot be used: ${error instanceof Error ? error.message : String(error)}` }];
    }
    return reasons.flatMap((reason) => reason(changes));
  };
}

function reasonsOf({ paths = [], content = [], dependencies }: GateSettings): readonly Reason[] {
  const globs = paths.map((glob) => ({ glob, matches: globMatcher(glob) }));
  const patterns = content.map((pattern) => ({ pattern, ...patternMatcher(pattern) }));
  return [
    (changes) => changes.flatMap((change) => byGlob(change, globs)),
    (changes) => (patterns.length > 0 ? changes.flatMap((change) => byPattern(change, patterns)) : []),
    (changes) => (dependencies ? newDependencies(changes) : []),
  ];
}

function byGlob(
  change: Change,
  globs: readonly { readonly glob: string; readonly matches: (path: string) => boolean }[],
): readonly Evidence[] {
  const found = globs.find(({ matches }) => pathsOf(change).some(matches));
  return found ? [{ path: change.path, ...gone(change), because: `rig.yml names it: ${found.glob}` }] : [];
}

function byPattern(change: Change, patterns: readonly (Matcher & { readonly pattern: string })[]): readonly Evidence[] {
  if (change.media !== undefined) return [];
  if (change.unreadable !== undefined)
    return [{ path: change.path, ...gone(change), because: `its content could not be read: ${change.unreadable}` }];
  return changedHits(change, patterns).map(({ matcher, line, removed }) => ({
    path: change.path,
    line,
    ...(removed ? { removed: true as const } : {}),
    because: `rig.yml looks for /${matcher.pattern}/`,
  }));
}

/** Said of a gate that exists only in `rig.yml`. */
function whyOf(settings: GateSettings | undefined): string {
  const parts = [
    ...(settings?.paths?.length ? [`changes to ${settings.paths.join(", ")}`] : []),
    ...(settings?.content?.length ? [`text like ${settings.content.map((pattern) => `/${pattern}/`).join(", ")}`] : []),
    ...(settings?.dependencies ? ["new dependencies"] : []),
  ];
  return `This repository wants a person to look at ${parts.join(", and at ")}.`;
}

const unique = (evidence: readonly Evidence[]): readonly Evidence[] => [
  ...new Map(evidence.map((one) => [JSON.stringify([one.path, one.line ?? null, one.removed ?? false, one.because]), one])).values(),
];
