/** R16: what the protection of the default branch lacks of what the Rig relies on. */
import type { RigEvent } from "../../domain/events.ts";
import type { RepositoryState, SeenRepository, SeenSettings, SettingsFinding } from "../../domain/repository.ts";

const GATES = "rig/gates";
const BYPASS = "bypass";

interface Identities {
  readonly rigAppId: number;
  readonly reviewAppId?: number;
}

interface Demand extends SettingsFinding {
  readonly met: (settings: SeenSettings, ours: Identities) => boolean;
}

const demands: readonly Demand[] = [
  { name: "pull request", detail: "Commits reach the default branch without a pull request.", met: (seen) => seen.requiresPullRequest },
  { name: "code owners", detail: "A review by a code owner is not required.", met: (seen) => seen.requiresCodeOwnerReview },
  { name: "stale reviews", detail: "Approvals outlive new commits.", met: (seen) => seen.dismissesStaleReviews },
  { name: "last push", detail: "Whoever pushed last may approve their own push.", met: (seen) => seen.requiresLastPushApproval },
  {
    name: GATES,
    detail: `The check ${GATES} is not required.`,
    met: ({ requiredChecks }) => requiredChecks.some(({ name }) => name === GATES),
  },
  {
    name: `${GATES} source`,
    detail: `The check ${GATES} is taken from anybody, not only from the Rig's App.`,
    met: ({ requiredChecks }, { rigAppId }) => {
      const required = requiredChecks.filter(({ name }) => name === GATES);
      // Each ruleset holds by itself: one that asks for the Rig's own check is enough, whatever others are content with.
      return required.length === 0 || required.some(({ appId }) => appId === rigAppId);
    },
  },
  { name: "force push", detail: "Force pushes to the default branch are not blocked.", met: (seen) => seen.forbidsForcePush },
  { name: "deletion", detail: "The default branch may be deleted.", met: (seen) => seen.forbidsDeletion },
  {
    name: BYPASS,
    detail: "An App of the Rig may pass by the rules.",
    met: ({ rigMayBypass, bypassingApps }, { rigAppId, reviewAppId }) =>
      !rigMayBypass && !bypassingApps.some((id) => id === rigAppId || id === reviewAppId),
  },
];

const VISIBILITY: SettingsFinding = {
  name: "visibility",
  detail: "The repository is public: agents on its own runners work for everybody who may open an issue that is approved.",
};

/** What a branch's rules lack; empty: it is locked as the Rig asks. */
export const unmetDemands = (settings: SeenSettings, ours: Identities): readonly SettingsFinding[] =>
  demands.filter(({ met }) => !met(settings, ours)).map(({ name, detail }) => ({ name, detail }));

/** Of a public repository. It says nothing about the branch. */
export const visibilityFinding = (isPrivate: boolean): readonly SettingsFinding[] => (isPrivate ? [] : [VISIBILITY]);

const aboutBranch = ({ name }: SettingsFinding): boolean => name !== VISIBILITY.name;

/** Said once per change of findings, and once when the branch is first seen locked. A repository that was public from the first day is a finding, not a pause. */
export function settings(state: RepositoryState, seen: SeenRepository, ours: Identities): readonly RigEvent[] {
  if (seen.access !== "granted" || !seen.settings) return [];
  const lacking = unmetDemands(seen.settings, ours);
  const findings = [...lacking, ...visibilityFinding(seen.private)];
  const drifted: readonly RigEvent[] = findings.length > 0 ? [{ type: "SETTINGS_DRIFTED", data: { findings } }] : [];
  const newlyLocked = lacking.length === 0 && (!state.locked || state.findings.some(aboutBranch));
  if (newlyLocked) return [{ type: "SETTINGS_RESTORED", data: {} }, ...drifted];
  const said = (list: readonly SettingsFinding[]) => list.map(({ name, detail }) => `${name}: ${detail}`).join("\n");
  if (said(findings) === said(state.findings)) return [];
  return drifted.length > 0 ? drifted : [{ type: "SETTINGS_RESTORED", data: {} }];
}

/**
 * R16: why the branch can no longer be relied on, as one sentence; undefined where it is as it was. A branch that never was locked
 * has nothing to drift from; rules that an App of the Rig may pass by are none, whenever that was found.
 */
export function driftOf({ locked, findings }: RepositoryState): string | undefined {
  const drifted = findings.filter((finding) => (locked ? aboutBranch(finding) : finding.name === BYPASS));
  if (drifted.length === 0) return undefined;
  const names = drifted.map(({ detail }) => detail.replace(/\.$/, "")).join("; ");
  return `The default branch is not protected as it has to be (${names}): correct the repository's rulesets, \`rig doctor\` says how.`;
}
