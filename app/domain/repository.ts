/** A repository's own life: what GitHub shows of it now, and what its history adds up to. */
import type { Recorded } from "./envelope.ts";
import type { EventData } from "./events.ts";
import { proposalsAfter, type StandingProposal } from "./proposals.ts";

export type PauseCause = EventData<"REPOSITORY_PAUSED">["cause"];
export type SettingsFinding = EventData<"SETTINGS_DRIFTED">["findings"][number];

/** The rules of the default branch as GitHub's rulesets state them; what is not said is not asked. */
export interface SeenSettings {
  readonly requiresPullRequest: boolean;
  readonly requiresCodeOwnerReview: boolean;
  readonly dismissesStaleReviews: boolean;
  readonly requiresLastPushApproval: boolean;
  /** Required checks by name, with the App they have to come from. */
  readonly requiredChecks: readonly { readonly name: string; readonly appId?: number }[];
  readonly forbidsForcePush: boolean;
  readonly forbidsDeletion: boolean;
  /** Whether the Rig's own App may pass by these rules. */
  readonly rigMayBypass: boolean;
  /** Other Apps that may, as far as GitHub tells. */
  readonly bypassingApps: readonly number[];
}

/** What one look at a repository shows. */
export type SeenRepository =
  | { readonly access: "uninstalled" | "suspended" | "deleted" }
  | {
      readonly access: "granted";
      readonly installationId: number;
      readonly owner: string;
      readonly name: string;
      readonly defaultBranch: string;
      readonly private: boolean;
      readonly archived: boolean;
      /** Permissions that the Rig asks for and the installation has less of. */
      readonly missing: readonly MissingPermission[];
      /** Read at each coordination; absent where it was not asked about or GitHub does not say. */
      readonly settings?: SeenSettings;
    };

export interface MissingPermission {
  readonly name: string;
  readonly asked: string;
  readonly granted: string;
}

export type Lesson = EventData<"LESSON_LEARNED"> & { readonly at: Date };

/** What the history of a repository adds up to. */
export interface RepositoryState {
  readonly version: number;
  /** `owner/name` as it was last written down. */
  readonly fullName: string;
  /** Everything that pauses it now. */
  readonly paused: readonly { readonly cause: PauseCause; readonly reason: string }[];
  readonly findings: readonly SettingsFinding[];
  /** The default branch was once seen protected as the Rig asks: what it lacks since has drifted (R16). */
  readonly locked: boolean;
  /** What runs there are told, oldest first. */
  readonly lessons: readonly Lesson[];
  /** How many there ever were: ids are given once. */
  readonly lessonsEver: number;
  /** Runs whose lessons were taken up. */
  readonly taughtBy: readonly string[];
  /** Texts that a person took away: they are not learned again. */
  readonly unwanted: readonly string[];
  /** Milestones that were said to be complete, with how many issues they had then. */
  readonly milestones: Readonly<Record<string, number>>;
  /** Oldest first. */
  readonly proposals: readonly StandingProposal[];
  /** What was not filed, oldest first. */
  readonly skipped: readonly EventData<"PROPOSAL_SKIPPED">[];
}

/** `repo/owner/name`, and for a second repository of that name its number: the name it had when it was first seen. */
const firstName = (stream: string): string => stream.split("/").slice(1, 3).join("/");

/** Folds a repository's stream. */
export const repositoryOf = (stream: string, history: readonly Recorded[]): RepositoryState =>
  history.reduce(evolve, { ...untold, fullName: firstName(stream) });

const untold: Omit<RepositoryState, "fullName"> = {
  ...{ version: 0, paused: [], findings: [], locked: false, milestones: {} },
  ...{ lessons: [], lessonsEver: 0, taughtBy: [], unwanted: [] },
  ...{ proposals: [], skipped: [] },
};

function evolve(state: RepositoryState, event: Recorded): RepositoryState {
  const here = { ...state, version: event.version, proposals: proposalsAfter(state.proposals, event) };
  switch (event.type) {
    case "REPOSITORY_RENAMED":
      return { ...here, fullName: event.data.to };
    case "REPOSITORY_PAUSED":
      return { ...here, paused: [...here.paused.filter(({ cause }) => cause !== event.data.cause), event.data] };
    case "REPOSITORY_RESUMED":
      return { ...here, paused: [] };
    case "SETTINGS_DRIFTED":
      return { ...here, findings: event.data.findings };
    case "SETTINGS_RESTORED":
      return { ...here, findings: [], locked: true };
    case "MILESTONE_COMPLETE":
      return { ...here, milestones: { ...here.milestones, [event.data.milestone]: event.data.issueCount } };
    case "LESSON_LEARNED":
      return {
        ...here,
        lessons: [...here.lessons, { ...event.data, at: event.occurredAt }],
        lessonsEver: here.lessonsEver + 1,
        taughtBy: [...new Set([...here.taughtBy, event.data.runId])],
      };
    case "LESSON_FORGOTTEN": {
      const gone = here.lessons.find(({ id }) => id === event.data.id);
      const unwanted = gone && event.data.by ? [...here.unwanted, gone.text] : here.unwanted;
      return { ...here, lessons: here.lessons.filter((lesson) => lesson !== gone), unwanted };
    }
    case "PROPOSAL_SKIPPED":
      return { ...here, skipped: [...here.skipped, event.data] };
    default:
      return here;
  }
}

/** Why nothing may be done there; undefined where all is well. */
export const pausedBecause = ({ paused }: RepositoryState): string | undefined =>
  paused.length > 0 ? paused.map(({ reason }) => reason).join(" ") : undefined;
