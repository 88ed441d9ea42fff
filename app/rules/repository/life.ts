/** F15, F31, F32: what becomes of a repository when its name, its visibility or the App's access changes. */
import type { RigEvent } from "../../domain/events.ts";
import type { MissingPermission, PauseCause, RepositoryState, SeenRepository } from "../../domain/repository.ts";

type Life = RigEvent<"REPOSITORY_RENAMED" | "REPOSITORY_PAUSED" | "REPOSITORY_RESUMED">;
type Pause = RepositoryState["paused"][number];

const reasons = {
  public: "It was made public, and agents on its own runners do not work for everybody: make it private again.",
  archived: "It is archived: unarchive it.",
  deleted: "GitHub no longer has it where the App may look: it was deleted, or moved to an account without the App.",
  uninstalled: "The App may no longer see it: it was deleted, or the App was uninstalled or the repository taken out of its selection.",
  suspended: "The App's installation is suspended: unsuspend it in the account's settings.",
} as const satisfies Record<Exclude<PauseCause, "permissions">, string>;

/** Ways in which GitHub shows nothing at all. What else was wrong before is then still wrong, as far as anybody knows. */
const unseen: readonly PauseCause[] = ["deleted", "uninstalled", "suspended"];

/** A repository is known by its number: another name or owner is written down, and nothing else changes. */
export const renamed = ({ fullName }: RepositoryState, seen: SeenRepository): readonly Life[] => {
  if (seen.access !== "granted") return [];
  const to = `${seen.owner}/${seen.name}`;
  return to === fullName ? [] : [{ type: "REPOSITORY_RENAMED", data: { from: fullName, to } }];
};

/** Each cause pauses by itself. When one of several is gone, work does not go on: the others are said again. */
export function pausedOrResumed({ paused }: RepositoryState, seen: SeenRepository, wasPrivate: boolean): readonly Life[] {
  const now = causesNow(paused, seen, wasPrivate);
  const same = (one: Pause, other: Pause) => one.cause === other.cause && one.reason === other.reason;
  const gone = paused.filter((pause) => !now.some(({ cause }) => cause === pause.cause));
  if (gone.length === 0) return now.filter((pause) => !paused.some((known) => same(known, pause))).map(asEvent);
  const reason = `This is over: ${gone.map((pause) => pause.reason).join(" ")}`;
  return [{ type: "REPOSITORY_RESUMED", data: { by: "github", reason } }, ...now.map(asEvent)];
}

const asEvent = (data: Pause): Life => ({ type: "REPOSITORY_PAUSED", data });

function causesNow(paused: readonly Pause[], seen: SeenRepository, wasPrivate: boolean): readonly Pause[] {
  if (seen.access !== "granted")
    return [...paused.filter(({ cause }) => !unseen.includes(cause)), { cause: seen.access, reason: reasons[seen.access] }];
  const madePublic = !seen.private && (wasPrivate || paused.some(({ cause }) => cause === "public"));
  const missing = permissionsReason(seen.missing);
  return [
    ...(seen.archived ? [{ cause: "archived" as const, reason: reasons.archived }] : []),
    ...(missing ? [{ cause: "permissions" as const, reason: missing }] : []),
    ...(madePublic ? [{ cause: "public" as const, reason: reasons.public }] : []),
  ];
}

function permissionsReason(missing: readonly MissingPermission[]): string | undefined {
  if (missing.length === 0) return undefined;
  const list = missing.map(({ name, asked, granted }) => `${name}: ${asked} (it has ${granted})`).join(", ");
  return `The App's installation lacks permissions: ${list}. Accept them in the account's settings.`;
}

/** F13: whether an issue there can be looked at. Less than reading of anything the Rig asks for, and a look fails. */
export const readable = (seen: SeenRepository): boolean =>
  seen.access === "granted" && seen.missing.every(({ granted }) => granted !== "none");
