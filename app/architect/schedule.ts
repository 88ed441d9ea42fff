/** When Architect-E looks: the app's own schedule, which a restart, a second replica or a jumping clock does not double. */
import type { Conductor } from "../conductor.ts";
import { lastSlot } from "../domain/cron.ts";
import { roundStream } from "../domain/ids.ts";
import { repositoryOf } from "../domain/repository.ts";
import { policyInForce } from "../policies.ts";

export const ARCHITECT = "architect-e";

/** A slot that was missed for longer is not made good. */
const LATE_MS = 24 * 3_600_000;
/** Nobody reads more. */
const MOST_OPEN = 10;

/** Asks for the round of the slot that has come, once: its key is the slot. */
export async function architect(conductor: Conductor, repositoryId: number): Promise<void> {
  const { store, github, memory, now, log } = conductor;
  const repository = await store.repository(repositoryId);
  if (!repository?.readable || repository.pausedBecause !== null) return;
  const { owner, name: repo, installationId } = repository;
  // Read, not remembered: nothing else may have looked there since the schedule was written.
  const { policy } = await policyInForce(
    conductor,
    { octokit: await github.installation(installationId), owner, repo, memory },
    repository,
  );
  const { schedule } = policy.architect;
  const slot = schedule && policy.mode === "active" ? lastSlot(schedule, now(), LATE_MS) : undefined;
  if (!slot) return;
  const key = `${slot.toISOString().slice(0, 16)}Z`;
  const rounds = await store.roundsOf(repositoryId, ARCHITECT);
  if (rounds.some(({ stream }) => stream === roundStream(ARCHITECT, repositoryId, key))) return;
  const { proposals } = repositoryOf(repository.stream, await store.readStream(repository.stream));
  const open = proposals.filter(({ standing }) => standing === "open").length;
  const because =
    (await store.openRounds(repositoryId, ARCHITECT)).length > 0
      ? "a round is under way"
      : open > MOST_OPEN
        ? `${open} proposals wait for a person`
        : undefined;
  if (because) {
    log.info({ repository: `${owner}/${repo}`, slot: key, because }, "Architect-E does not begin a round");
    return;
  }
  const payload = { repositoryId, agent: ARCHITECT, kind: "propose", key, by: "schedule" };
  await store.addJobs([{ task: "round", payload, key: `round:${ARCHITECT}:${repositoryId}:${key}` }]);
}
