/** What the door stored is handed to Probot, and each delivery becomes looks at subjects. */
import type { EmitterWebhookEvent } from "@octokit/webhooks";
import { z } from "zod";
import { proposalsJob } from "./architect/jobs.ts";
import type { Conductor } from "./conductor.ts";
import { IssueNumber, issueStream, placeIn, RepositoryId, StreamId, type Subject } from "./domain/ids.ts";
import { type HeardEvent, heardEvents, intake, isEcho, unasked } from "./intake/index.ts";
import { Look, type Press, type RepositoryLook } from "./intake/look.ts";
import type { JobRequest } from "./store/jobs.ts";

/** Registers every listener with Probot. A handler writes the looks and settles the delivery in one transaction. */
export async function listen(conductor: Conductor): Promise<void> {
  const { github, store } = conductor;
  await github.probot.load((probot) => {
    for (const name of heardEvents) {
      probot.on(name, async ({ id, payload }) => {
        const sender = "sender" in payload ? payload.sender?.id : undefined;
        if (!unasked.has(name) && isEcho(name, sender, await oursOf(conductor))) return store.settleDelivery(id, "handled");
        const looks = looksOf(name, { id, name, payload } as EmitterWebhookEvent);
        if (!looks) return putAside(conductor, id, `The payload is not one of ${name}.`);
        const changed = await noteRepository(conductor, payload, id);
        await store.settleDelivery(id, "handled", undefined, [...changed, ...(await jobsFor(conductor, looks, id))]);
      });
    }
  });
}

/** Our own bot accounts. GitHub cannot be asked for them once the App is installed nowhere, and tells of that all the same. */
async function oursOf({ github }: Conductor): Promise<readonly number[]> {
  const { rig, review } = await github.identities();
  return review ? [rig, review] : [rig];
}

/** Undefined where the payload is not what GitHub says of the event: it will not be another time either. */
function looksOf(name: HeardEvent, event: EmitterWebhookEvent): readonly Look[] | undefined {
  try {
    return z.array(Look).safeParse((intake[name] as (event: EmitterWebhookEvent) => readonly Look[])(event)).data;
  } catch {
    return undefined; // It reads what is not there.
  }
}

/** Hands one stored delivery on. One that cannot be read is put aside with the reason; the next ones flow (F25). */
export async function deliver(conductor: Conductor, guid: string): Promise<void> {
  const { store, github } = conductor;
  const delivery = await store.loadDelivery(guid);
  if (delivery?.state !== "stored") return;
  const payload = delivery.raw ? jsonOf(delivery.raw) : undefined;
  if (payload === undefined) return putAside(conductor, guid, "The body is not a JSON object.");
  if (!(heardEvents as readonly string[]).includes(delivery.event)) {
    await store.settleDelivery(guid, "ignored");
    return;
  }
  await github.probot.receive({ id: guid, name: delivery.event, payload } as EmitterWebhookEvent);
}

async function putAside({ store, log }: Conductor, guid: string, why: string): Promise<void> {
  log.warn({ delivery: guid, why }, "A delivery was put aside");
  await store.settleDelivery(guid, "dead", why);
}

const jsonOf = (raw: Buffer): object | undefined => {
  try {
    const value: unknown = JSON.parse(raw.toString("utf8"));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/**
 * A repository that is new is noted as the payload names it. What a payload says otherwise of a known one is not believed (it may be
 * old): then the repository itself is looked at.
 */
async function noteRepository({ store }: Conductor, payload: object, cause: string): Promise<readonly JobRequest[]> {
  const { success, data } = Noted.safeParse(payload);
  if (!success) return [];
  const { id, name, default_branch: defaultBranch, private: isPrivate, owner } = data.repository;
  const told = { id, owner: owner.login, name, installationId: data.installation.id, defaultBranch, private: isPrivate };
  const known = await store.repository(id);
  if (!known) {
    await store.upsertRepository(told);
    return [];
  }
  const same = (Object.keys(told) as (keyof typeof told)[]).every((key) => told[key] === known[key]);
  return same ? [] : [repositoryJob(id, cause)];
}

const Noted = z.object({
  repository: z.object({
    id: z.int().positive(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
    default_branch: z.string().prefault("main"),
    private: z.boolean(),
  }),
  installation: z.object({ id: z.int().positive() }),
});

export async function jobsFor(conductor: Conductor, looks: readonly Look[], cause: string): Promise<readonly JobRequest[]> {
  const jobs = (await Promise.all(looks.map((look) => jobsOf(conductor, look, cause)))).flat();
  return [...new Map(jobs.map((job) => [job.key, job])).values()];
}

async function jobsOf(conductor: Conductor, look: Look, cause: string): Promise<readonly JobRequest[]> {
  if ("installationId" in look) return [installationJob(look.installationId, cause)];
  if ("itself" in look.at) return [repositoryJob(look.repositoryId, cause)];
  if ("proposals" in look.at) return [proposalsJob(look.repositoryId)];
  if ("comment" in look.at) return [commandJob(look.repositoryId, look.at.comment)];
  if ("press" in look.at) return [pressJob(look.repositoryId, look.at.press, cause)];
  return (await subjectsOf(conductor, look)).map((subject) => lookAt(subject, cause));
}

export const repositoryJob = (repositoryId: number, cause: string): JobRequest => ({
  task: "repository",
  payload: { repositoryId, cause },
  key: `repository:${repositoryId}`,
  keepRunAt: true,
});

const installationJob = (installationId: number, cause: string): JobRequest => ({
  task: "installation",
  payload: { installationId, cause },
  key: `installation:${installationId}`,
  keepRunAt: true,
});

/** A look that is waiting already is not asked for twice. Not delayed either: a delayed job waits for the worker's next poll. */
export const lookAt = (subject: Subject, cause: string): JobRequest => ({
  task: "sync",
  payload: { stream: subject.stream, cause, ...placeIn(subject) },
  key: `sync:${subject.stream}`,
  keepRunAt: true,
});

/** What a comment says is heard once: of two jobs the second finds that it was. */
export const commandJob = (repositoryId: number, commentId: number): JobRequest => ({
  task: "command",
  payload: { repositoryId, commentId },
  key: `command:${commentId}`,
});

const pressJob = (repositoryId: number, press: Press, guid: string): JobRequest => ({
  task: "press",
  payload: { repositoryId, ...press, guid },
  key: `press:${guid}`,
});

async function subjectsOf({ store }: Conductor, { repositoryId, at }: RepositoryLook): Promise<readonly Subject[]> {
  if ("issue" in at) return issueAndWaiting(store, repositoryId, at.issue);
  if ("pullRequest" in at) return ofPullRequest(store, repositoryId, at.pullRequest);
  if ("branch" in at) return store.issuesByBranch(repositoryId, at.branch);
  if ("headSha" in at) return store.issuesByHeadSha(repositoryId, at.headSha);
  if ("workflowRunId" in at) {
    const run = await store.runByWorkflowRun(repositoryId, at.workflowRunId);
    const issue = run && (await store.issueByRun(run.runId));
    return issue ? [issue] : [];
  }
  if ("comment" in at || "press" in at || "proposals" in at) return [];
  if ("releases" in at)
    return (
      await Promise.all([
        store.issuesInState(repositoryId, ["deploying", "failed"]),
        store.issuesGoingBack(repositoryId),
        store.followed(repositoryId),
      ])
    ).flat();
  return store.openIssues(repositoryId);
}

/** The issue that a pull request belongs to, or the pull request itself where it is a person's: whose it is shows when it is looked at. */
async function ofPullRequest(store: Conductor["store"], repositoryId: number, number: number): Promise<readonly Subject[]> {
  const known = await store.issuesByPullRequest(repositoryId, number);
  if (known.length > 0) return known;
  const own = await subjectFor(store, repositoryId, number);
  return own ? [{ ...own, kind: "pull_request" }] : [];
}

/** An issue, and those that wait for it: it may just have been closed. */
async function issueAndWaiting(store: Conductor["store"], repositoryId: number, number: number): Promise<readonly Subject[]> {
  const subject = await subjectFor(store, repositoryId, number);
  return subject ? [subject, ...(await store.issuesWaitingOn(`${subject.owner}/${subject.repo}#${number}`))] : [];
}

/** The stream of an issue: the one it has, or the one its present name gives it. */
export async function subjectFor(store: Conductor["store"], repositoryId: number, number: number): Promise<Subject | undefined> {
  const known = await store.issueByNumber(repositoryId, number);
  if (known) return known;
  const repository = await store.repository(repositoryId);
  if (!repository) return undefined;
  const { owner, name: repo, installationId } = repository;
  const named = issueStream(owner, repo, number);
  // Another repository had this name before, and its issue keeps the stream (F31). Of this repository it is this issue, written down meanwhile.
  const taken = await store.issueByStream(named);
  if (taken?.repositoryId === repositoryId) return taken;
  return {
    stream: taken ? StreamId.parse(`${named}/${repositoryId}`) : named,
    installationId,
    repositoryId: RepositoryId.parse(repositoryId),
    owner,
    repo,
    number: IssueNumber.parse(number),
  };
}
