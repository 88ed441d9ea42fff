/** R16: what the protection of the default branch lacks of what the Rig relies on. */
import type { RigEvent } from "../../domain/events.ts";
import type { RepositoryState, SeenRepository, SeenSettings, SettingsFinding } from "../../domain/repository.ts";

const GATES = "rig/gates";

interface Identities {
  readonly rigAppId: number;
  readonly reviewAppId?: number;
}

interface Demand {
  readonly name: string;
  readonly detail: string;
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
    met: ({ requiredChecks }, { rigAppId }) => requiredChecks.filter(({ name }) => name === GATES).every(({ appId }) => appId === rigAppId),
  },
  { name: "force push", detail: "Force pushes to the default branch are not blocked.", met: (seen) => seen.forbidsForcePush },
  { name: "deletion", detail: "The default branch may be deleted.", met: (seen) => seen.forbidsDeletion },
  {
    name: "bypass",
    detail: "An App of the Rig may pass by the rules.",
    met: ({ rigMayBypass, bypassingApps }, { rigAppId, reviewAppId }) =>
      !rigMayBypass && !bypassingApps.some((id) => id === rigAppId || id === reviewAppId),
  },
];

const VISIBILITY: SettingsFinding = {
  name: "visibility",
  detail: "The repository is public: agents on its own runners work for everybody who may open an issue that is approved.",
};

/** Said once per change of findings. A repository that was public from the first day is a finding, not a pause. */
export function settings(state: RepositoryState, seen: SeenRepository, ours: Identities): readonly RigEvent[] {
  if (seen.access !== "granted" || !seen.settings) return [];
  const rules = seen.settings;
  const findings = [
    ...demands.filter(({ met }) => !met(rules, ours)).map(({ name, detail }) => ({ name, detail })),
    ...(seen.private ? [] : [VISIBILITY]),
  ];
  const said = (list: readonly SettingsFinding[]) => list.map(({ name, detail }) => `${name}: ${detail}`).join("\n");
  if (said(findings) === said(state.findings)) return [];
  return [findings.length > 0 ? { type: "SETTINGS_DRIFTED", data: { findings } } : { type: "SETTINGS_RESTORED", data: {} }];
}
