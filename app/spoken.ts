/** A comment becomes a decision. Nothing that a delivery said of it is believed: GitHub is asked, at this moment (R2, P17). */
import type { Conductor } from "./conductor.ts";
import { Sha, type Subject } from "./domain/ids.ts";
import { repositoryOf } from "./domain/repository.ts";
import { subjectFor } from "./hear.ts";
import { observeTextChanges } from "./observe/edits.ts";
import { orNothing, type Reader } from "./observe/github.ts";
import { mayAct } from "./observe/permission.ts";
import { observeWayBack } from "./observe/rollback.ts";
import { priorityOf } from "./rules/admission.ts";
import { evaluationOf } from "./rules/evaluation.ts";
import type { Scene } from "./rules/rule.ts";
import { why } from "./rules/why.ts";
import { hear } from "./slash/hear.ts";
import { verbNamed } from "./slash/index.ts";
import { parse, type Spoken } from "./slash/parse.ts";
import { rollback } from "./slash/rollback.ts";
import type { Verb } from "./slash/verb.ts";
import type { Repository } from "./store/repositories.ts";
import { sync } from "./sync.ts";

/** What of GitHub's answer says whether a comment speaks, and for whom. */
export interface Comment {
  readonly id: number;
  readonly body?: string | undefined;
  readonly user: { readonly id: number; readonly login: string; readonly type: string } | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly performed_via_github_app?: object | null;
  readonly issue_url: string;
  readonly html_url: string;
}

interface Place {
  readonly subject: Subject;
  readonly on: number;
  readonly onPullRequest: boolean;
}

/** Hears what a comment says, once for ever. A comment that is gone, was edited or says no command changes nothing. */
export async function hearComment(conductor: Conductor, repositoryId: number, commentId: number): Promise<void> {
  const { store, github, config, memory } = conductor;
  const repository = await store.repository(repositoryId);
  if (!repository) return;
  const { owner, name: repo, installationId } = repository;
  const reader = { octokit: await github.installation(installationId), owner, repo, memory };
  const comment = (await orNothing(reader.octokit.rest.issues.getComment({ owner, repo, comment_id: commentId })))?.data;
  const spoken = comment && commandIn(comment, await ourIds(conductor));
  if (!spoken || !comment.user || (await wasHeard(conductor, repositoryId, comment))) return;
  const place = await placeOf(conductor, reader, repository, comment);
  if (!place) return;

  const { login: by, id: byId } = comment.user;
  const verb = verbNamed(spoken.verb);
  const allowed = verb ? await maySpeak(reader, verb, by, config.cto) : false;
  const said = { by, byId, commentId, at: new Date(comment.created_at), on: place.on, onPullRequest: place.onPullRequest };
  const { result, reason } = await sync(conductor, place.subject, `comment:${commentId}`, async (scene) =>
    hear(spoken, allowed, {
      ...{ ...said, ...heardIn(await withEdits(reader, verb, scene)) },
      ...(await learned(conductor, repository, verb)),
      ...(allowed ? await backwards(reader, spoken, scene) : {}),
    }),
  );
  if (result === "rejected")
    throw new Error(`The command in comment ${commentId} on ${place.subject.stream} could not be written: ${reason}.`);
}

/** R3: who starts an issue by a command approves the text as it stood then. */
async function withEdits(reader: Reader, verb: Verb | undefined, scene: Scene): Promise<Scene> {
  if (verb?.name !== "start") return scene;
  const edited = await observeTextChanges(reader, scene.subject.number);
  return edited ? { ...scene, seen: { ...scene.seen, issue: { ...scene.seen.issue, edited } } } : scene;
}

/** What the repository has learned, for the command that is about it. */
async function learned({ store }: Conductor, { stream }: Repository, verb: Verb | undefined) {
  return verb?.name === "forget" ? { lessons: repositoryOf(stream, await store.readStream(stream)).lessons } : {};
}

/** What going back to the commit that the command names would take with it. */
async function backwards(reader: Reader, { verb, args }: Spoken, { seen }: Scene) {
  const toSha = verb === rollback.name ? Sha.safeParse(args.toLowerCase()).data : undefined;
  const wayBack = toSha && (await observeWayBack(reader, toSha, seen.defaultBranch.name));
  return wayBack ? { wayBack } : {};
}

/** What of a scene a command may know. */
export const heardIn = (scene: Scene) => {
  const { subject, issue, seen, policy, cto, paused, now } = scene;
  const pr = seen.pullRequest;
  return {
    ...{ subject, issue, seen, policy, cto, now, why: why(scene), labelled: priorityOf(seen.issue.labels, policy) },
    ...(pr?.state === "open" ? { evaluation: evaluationOf(scene, pr) } : {}),
    ...(paused ? { paused } : {}),
  };
};

/** The command in a comment that a person wrote and nobody changed. */
export function commandIn(comment: Comment, ours: readonly number[]): Spoken | undefined {
  const { user, body, created_at, updated_at, performed_via_github_app } = comment;
  if (user?.type !== "User" || ours.includes(user.id) || performed_via_github_app) return undefined;
  return created_at === updated_at ? parse(body ?? "") : undefined;
}

export async function ourIds({ github }: Pick<Conductor, "github">): Promise<readonly number[]> {
  const { rig, review } = await github.identities();
  return review ? [rig, review] : [rig];
}

/** The number of the issue, or of the pull request, that a comment stands on. */
const numberOf = ({ issue_url }: Comment): number => Number(/\/(\d+)$/.exec(issue_url)?.[1]);

async function placeOf({ store }: Conductor, reader: Reader, { id }: Repository, comment: Comment): Promise<Place | undefined> {
  const on = numberOf(comment);
  const [known] = await store.issuesByPullRequest(id, on);
  if (known) return { subject: known, on, onPullRequest: true };
  if (/\/pull\/\d+#/.test(comment.html_url)) {
    const subject = (await byBranch(store, reader, id, on)) ?? (await subjectFor(store, id, on));
    if (!subject) return undefined;
    return { subject: subject.number === on ? { ...subject, kind: "pull_request" } : subject, on, onPullRequest: true };
  }
  const subject = await subjectFor(store, id, on);
  return subject && { subject, on, onPullRequest: false };
}

/** A pull request that was opened just now is known by its branch, unless it comes from a fork. */
async function byBranch(store: Conductor["store"], { octokit, owner, repo }: Reader, repositoryId: number, number: number) {
  const pr = (await orNothing(octokit.rest.pulls.get({ owner, repo, pull_number: number })))?.data;
  return pr?.head.repo?.id === repositoryId ? (await store.issuesByBranch(repositoryId, pr.head.ref))[0] : undefined;
}

/** Whether the history of what it stands on has it already: a comment speaks once. */
export async function wasHeard({ store }: Pick<Conductor, "store">, repositoryId: number, comment: Comment): Promise<boolean> {
  const on = numberOf(comment);
  const [byPullRequest, byNumber] = await Promise.all([store.issuesByPullRequest(repositoryId, on), store.issueByNumber(repositoryId, on)]);
  const streams = [...byPullRequest, ...(byNumber ? [byNumber] : [])].map(({ stream }) => stream);
  const histories = await Promise.all(streams.map((stream) => store.readStream(stream)));
  return histories.flat().some(({ type, data }) => type === "COMMAND_RECEIVED" && data.commentId === comment.id);
}

const least = { read: "read", write: "write", gate: "write", maintain: "maintain", cto: "maintain" } as const;

/** Asked of GitHub now. An outage is no answer: the job is repeated. */
export async function maySpeak(reader: Reader, { who }: Verb, login: string, cto: readonly string[]): Promise<boolean> {
  if (who === "cto" && !cto.some((name) => name.toLowerCase() === login.toLowerCase())) return false;
  const verdict = await mayAct(reader, login, least[who]);
  if (verdict === "undecided")
    throw new Error(`GitHub does not say what ${login} may do in ${reader.owner}/${reader.repo}: it is asked again.`);
  return verdict === "admitted";
}
