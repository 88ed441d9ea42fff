/** Carries out one planned command: claim → probe → act → remember, and have the subject looked at again. */
import type { Conductor } from "./conductor.ts";
import type { CommandKind } from "./domain/commands.ts";
import { type Place, StreamId } from "./domain/ids.ts";
import { MergeOutcome } from "./domain/merge-outcome.ts";
import { textHash } from "./domain/text.ts";
import type { Discord } from "./executors/discord.ts";
import { carryOut } from "./executors/executor.ts";
import { executors } from "./executors/index.ts";
import { PutOff } from "./executors/put-off.ts";
import { requireLease, within } from "./lease.ts";
import { orNothing, statusOf } from "./observe/github.ts";
import { settle } from "./rules/index.ts";
import { verdict } from "./rules/verdict.ts";
import type { Effect } from "./store/effects.ts";
import type { JobRequest } from "./store/jobs.ts";
import type { RunRow } from "./store/runs.ts";
import { historyOf, sceneOf } from "./sync.ts";

/** Has to outlast the call and its waiting for GitHub's limits. */
const LEASE_MS = 90_000;
const WHILE_PAUSED_MS = 60_000;
const MOST_ATTEMPTS = 12;
const LONGEST_PAUSE_MS = 300_000;
const MERGEABLE_AGAIN_MS = 2_000;
const PUT_OFF_FOR_MS = 24 * 3_600_000;

/** F13, F14: GitHub will answer the same tomorrow. */
const final: ReadonlySet<number> = new Set([400, 404, 410, 422, 451]);

/** R5: how many writes of content each takes out of the installation's budget, of a run also what its publish job will write. */
const writes: Partial<Readonly<Record<CommandKind, number>>> = {
  DISPATCH_RUN: 3,
  MERGE: 1,
  DEPLOY: 1,
  SMOKE: 1,
  FILE_ISSUE: 1,
  REOPEN_ISSUE: 1,
  OPEN_REVERT: 3,
  SHOW: 1,
  REACT: 1,
  COMMENT: 1,
  OVERRULE_REVIEW: 2,
  ADD_LABEL: 1,
  CLOSE_ISSUE: 1,
  CLOSE_PULL_REQUEST: 1,
};
/** What a picture leaves of the budget for commands that move something. */
const SPARE = 20;

/** After these the subject looks different, or something waits for the proof that it was done. */
const unseen: ReadonlySet<CommandKind> = new Set(["SHOW", "REACT", "COMMENT", "ADD_LABEL"]);

export async function perform(conductor: Conductor, key: string): Promise<void> {
  const { store, log } = conductor;
  if (conductor.config.paused)
    return store.addJobs([
      { task: "effect", payload: { key }, key: `effect:${key}`, runAt: new Date(conductor.now().getTime() + WHILE_PAUSED_MS) },
    ]);
  const claimedAt = Date.now();
  const claim = await store.claimEffect(key, LEASE_MS);
  if (!("effect" in claim)) return;
  const { effect, epoch, unknown } = claim;
  const place = await store.placeOf(effect.stream);
  if (!place) throw new Error(`The effect ${key} belongs to ${effect.stream}, which is not known.`);
  const again = lookedAtAgain(place, effect);
  try {
    const wait = await budgeted(conductor, effect, place);
    if (wait > 0) return void (await store.putOffEffect(key, epoch, unknown, wait));
    const done = await within(claimedAt + LEASE_MS, () => act(conductor, effect, place, { epoch, unknown }));
    const surface = done.surface ? { stream: effect.stream, ...done.surface } : undefined;
    const proof = effect.kind === "COMMENT" && effect.data.about !== undefined;
    const looked = unseen.has(effect.kind) && !proof ? [] : again;
    await store.settleEffect(key, epoch, "confirmed", { response: done.response, surface, run: done.run, jobs: looked });
  } catch (error) {
    const message = conductor.redact(error instanceof Error ? error.message : String(error));
    const status = statusOf(error);
    // What Discord is too busy for was no attempt, for a day.
    const putOff = error instanceof PutOff && Date.now() - effect.plannedAt.getTime() < PUT_OFF_FOR_MS;
    const refusedForGood = status !== undefined && (final.has(status) || (status === 403 && !mayRecover(error)));
    const dead = !putOff && (effect.attempts >= MOST_ATTEMPTS || refusedForGood);
    log[putOff ? "debug" : "warn"](
      { effect: key, kind: effect.kind, status, attempts: effect.attempts, dead, reason: message },
      "A command was not carried out",
    );
    if (putOff) return void (await store.putOffEffect(key, epoch, unknown || error.status === 504, error.retryMs, message));
    // An answer below 500 says that nothing happened; after anything else nobody knows.
    const refused = status !== undefined && status < 500;
    const retryMs = Math.min(2 ** effect.attempts * 500, LONGEST_PAUSE_MS);
    await store.settleEffect(key, epoch, dead ? "dead" : refused ? "planned" : "sent", {
      error: message,
      retryMs,
      jobs: dead ? again : [],
    });
  }
}

/** Whoever waits for what became of a command looks again. */
function lookedAtAgain({ stream, number, repositoryId }: Place, effect: Effect): readonly JobRequest[] {
  const cause = `effect:${effect.key}`;
  if (number !== undefined) return [{ task: "sync", payload: { stream, cause }, key: `sync:${stream}`, keepRunAt: true }];
  const [kind, fingerprint] = stream.split("/");
  if (kind === "incident") return [{ task: "incident", payload: { fingerprint, cause }, key: `incident:${fingerprint}`, keepRunAt: true }];
  if (effect.kind !== "FILE_ISSUE") return [];
  return [{ task: "proposals", payload: { repositoryId }, key: `proposals:${repositoryId}`, keepRunAt: true }];
}

/** Milliseconds until the effect may write; 0: now, and its writes are taken. */
async function budgeted({ store, config }: Conductor, { kind, data }: Effect, { installationId }: Place): Promise<number> {
  const count = writes[kind] ?? 0;
  const toDiscord = kind === "SHOW" && "message" in data.rendering;
  if (count === 0 || toDiscord || installationId === undefined) return 0;
  return store.takeWrites(installationId, count, config.githubWrites, kind === "SHOW" ? SPARE : 0);
}

async function act(
  conductor: Conductor,
  effect: Effect,
  place: Place,
  { epoch, unknown }: { readonly epoch: number; readonly unknown: boolean },
) {
  const { store, github, discord, redact } = conductor;
  const shown =
    effect.kind === "SHOW"
      ? (await store.surfacesOf(effect.stream)).find(({ surface }) => surface === effect.data.rendering.surface)
      : undefined;
  const run = "runId" in effect.data ? await store.run(effect.data.runId) : undefined;
  const predecessor = effect.kind === "NOTIFY" && effect.data.replaces ? await store.messageOf(effect.data.replaces) : undefined;
  // What was decided a while ago has to hold now (R15, F21).
  const overtaken =
    effect.kind === "DISPATCH_RUN" ? await noLongerWanted(conductor, place, run) : await noLongerMergeable(conductor, effect);
  if (overtaken) return { response: effect.kind === "MERGE" ? { refused: overtaken } : { skipped: overtaken } };
  return carryOut(executors, effect, {
    octokit: await (place.installationId === undefined ? github.app() : github.installation(place.installationId)),
    subject: place,
    identities: await github.identities(),
    redact,
    reviewer: async () => reviewerAt(conductor, place),
    ...(discord ? { discord: whileLeased(discord) } : {}),
    remember: async (response) => {
      if (!(await store.rememberEffect(effect.key, epoch, response))) throw new Error(`Another took ${effect.key} over.`);
    },
    attempt: {
      key: effect.key,
      plannedAt: effect.plannedAt,
      unknown,
      remembered: effect.remembered,
      ...(shown?.externalId ? { externalId: shown.externalId } : {}),
      ...(predecessor ? { predecessor } : {}),
      ...(run?.workflowRunId ? { workflowRunId: run.workflowRunId } : {}),
    },
  });
}

async function reviewerAt({ github }: Conductor, { installationId, repositoryId }: Place) {
  return installationId === undefined || repositoryId === undefined ? undefined : github.reviewer({ installationId, repositoryId });
}

const whileLeased = (discord: Discord): Discord => ({
  ...discord,
  show: (...args) => {
    requireLease(Date.now());
    return discord.show(...args);
  },
  remove: (...args) => {
    requireLease(Date.now());
    return discord.remove(...args);
  },
});

/** R3: what is started is started on the text as it is in that moment. A fenced run is nobody's any more (F21). */
async function noLongerWanted(
  { store, github }: Conductor,
  { stream, owner, repo, number, installationId }: Place,
  run: RunRow | undefined,
) {
  if (run?.fenced) return "The run is superseded.";
  if (!number || installationId === undefined) return undefined;
  const { issue } = await historyOf(store, StreamId.parse(stream));
  const octokit = await github.installation(installationId);
  if (issue.watched) {
    const found = await orNothing(octokit.rest.pulls.get({ owner, repo, pull_number: number }));
    const same = found?.data.state === "open" && found.data.head.sha === run?.baseSha;
    return same ? undefined : "The pull request is not the one any more that was to be read.";
  }
  const answer = await orNothing(octokit.rest.issues.get({ owner, repo, issue_number: number }));
  const hash = answer && textHash(answer.data.title, answer.data.body ?? "");
  return hash === issue.approval?.bodyHash ? undefined : "The text is not the approved one any more.";
}

/** R15: everything that the merge stands on is read again in the moment before it. What is merged by now is the executor's to find. */
async function noLongerMergeable(conductor: Conductor, effect: Effect): Promise<string | undefined> {
  // What GitHub is merging already cannot be taken back: it is followed to its end.
  const underWay = MergeOutcome.safeParse(effect.remembered).data?.outcome === "pending";
  if (effect.kind !== "MERGE" || underWay) return undefined;
  const subject = await conductor.store.issueByStream(effect.stream);
  if (!subject) return undefined;
  const scene = await sceneOf(conductor, subject);
  const pr = scene.seen.pullRequest;
  if (pr?.state !== "open") return undefined;
  if (pr.mergeable === null) throw new PutOff("GitHub is still checking for conflicts.", MERGEABLE_AGAIN_MS);
  // What people did and nobody has looked at yet stops it too: a hold, a lock, a label taken off, a closed issue.
  const { held, approval } = settle(scene).scene.issue;
  if (pr.headSha !== effect.data.headSha || held || !approval || scene.paused)
    return "The issue or its head changed since the merge was decided.";
  return verdict(scene, pr).find(({ name, ok }) => !ok && name !== "accepted")?.because;
}

/** A 403 that is a limit passes; one that is a missing permission does not. */
const mayRecover = (error: unknown): boolean => error instanceof Error && /rate limit|abuse|try again/i.test(error.message);
