/** The second, small corridor: observe → decide → append, for a repository's own life. Webhooks and coordination walk it. */

import type { Conductor } from "./conductor.ts";
import { requiredPermissions } from "./coordination/permissions.ts";
import { conductor as conductorE } from "./domain/envelope.ts";
import type { RigEvent } from "./domain/events.ts";
import { eventId } from "./domain/ids.ts";
import { pausedBecause, type RepositoryState, repositoryOf, type SeenRepository } from "./domain/repository.ts";
import { lookAt } from "./hear.ts";
import { holdUnseen } from "./hold.ts";
import { observeRepository } from "./observe/repository.ts";
import { lastGood } from "./policies.ts";
import { mentionsOf } from "./reactions/people.ts";
import { resting } from "./rules/hold.ts";
import { decideRepository } from "./rules/repository/index.ts";
import { readable } from "./rules/repository/life.ts";
import { noticeOf } from "./rules/repository/notices.ts";
import { driftOf } from "./rules/repository/settings.ts";
import type { NewEvent } from "./store/append.ts";
import type { Repository } from "./store/repositories.ts";

const MOST_RACES = 20;

/** Looks at a repository and writes down what that means. `seen` is what a look at its whole installation has shown already. */
export async function syncRepository(conductor: Conductor, repositoryId: number, cause: string, seen?: SeenRepository): Promise<void> {
  const { store, github } = conductor;
  const repository = await store.repository(repositoryId);
  if (!repository) throw new Error(`Repository ${repositoryId} is not known: the coordination finds it when the App is installed there.`);
  const shown = seen ?? (await observeRepository(github, repository, await requiredPermissions()));
  // Our accounts cannot be looked up while the App is installed nowhere; only the settings ask for them.
  const ours = shown.access === "granted" && shown.settings ? { ours: await github.identities() } : {};
  const state = await record(conductor, repository, cause, (before) =>
    decideRepository({ state: before, seen: shown, wasPrivate: repository.private, ...ours }),
  );
  await save(conductor, repository, state, shown, cause);
  // R16: every check shows it, and shows when it is over.
  if (await store.saveDrift(repository.id, driftOf(state)))
    await store.addJobs((await store.openIssues(repository.id)).map((one) => lookAt(one, cause)));
}

/** Appends what is concluded from the history as it is at that moment, with the notices; answers what it adds up to then. */
export async function record(
  { store, config, now }: Pick<Conductor, "store" | "config" | "now">,
  repository: Repository,
  cause: string,
  decide: (state: RepositoryState) => readonly (RigEvent & { readonly dedupeKey?: string })[],
): Promise<RepositoryState> {
  const { stream, owner, name } = repository;
  const mentions = mentionsOf(lastGood(repository), config.cto);
  for (let race = 0; race < MOST_RACES; race += 1) {
    const state = repositoryOf(stream, await store.readStream(stream));
    const events = decide(state);
    if (events.length === 0) return state;
    const appended = await store.append({
      stream,
      expectedVersion: state.version,
      events: events.map(
        (event) => ({ ...event, actor: conductorE, occurredAt: now(), causationId: cause, correlationId: stream }) as NewEvent,
      ),
      commands: events.flatMap((event, nth) =>
        noticeOf(event, eventId(stream, state.version + nth + 1), `${owner}/${name}`, {
          drifted: takesAway(state, event),
          cto: config.cto,
          mentions,
        }),
      ),
    });
    if (appended.result === "duplicate") return state;
    if (appended.result === "accepted") return repositoryOf(stream, await store.readStream(stream));
  }
  throw new Error(`${stream} changed ${MOST_RACES} times while it was being looked at.`);
}

/** R16: whether findings are about a protection that was there. */
const takesAway = (state: RepositoryState, event: RigEvent): boolean =>
  event.type === "SETTINGS_DRIFTED" && driftOf({ ...state, findings: event.data.findings }) !== undefined;

/** The row follows the history, and the issues are looked at where they now rest or go on. A crash before this is made good by the next look. */
async function save(
  conductor: Conductor,
  repository: Repository,
  state: RepositoryState,
  seen: SeenRepository,
  cause: string,
): Promise<void> {
  const { store } = conductor;
  const because = pausedBecause(state);
  const now = { ...repository, ...(seen.access === "granted" ? seen : {}), readable: readable(seen), pausedBecause: because ?? null };
  const open = await store.openIssues(repository.id);
  const changed = await store.saveRepository(now, now.readable ? open.map((issue) => lookAt(issue, cause)) : []);
  if (changed) conductor.log.info({ repository: state.fullName, paused: because, readable: now.readable }, "A repository rests or goes on");
  if (now.readable || because === undefined) return;
  for (const issue of open) {
    await holdUnseen(conductor, issue, { type: "ISSUE_HELD", data: resting(because) }, cause);
  }
}
