/** What the door stored is handed to Probot, and each delivery becomes looks at subjects. */
import type { EmitterWebhookEvent } from "@octokit/webhooks";
import { z } from "zod";
import type { Conductor } from "./conductor.ts";
import { IssueNumber, issueStream, RepositoryId, type Subject } from "./domain/ids.ts";
import { type HeardEvent, heardEvents, intake, isEcho } from "./intake/index.ts";
import { Look } from "./intake/look.ts";
import type { JobRequest } from "./store/jobs.ts";

/** Registers every listener with Probot. A handler writes the looks and settles the delivery in one transaction. */
export async function listen(conductor: Conductor): Promise<void> {
  const { github, store } = conductor;
  await github.probot.load((probot) => {
    for (const name of heardEvents) {
      probot.on(name, async ({ id, payload }) => {
        const { rig, review } = await github.identities();
        const sender = "sender" in payload ? payload.sender?.id : undefined;
        if (isEcho(name, sender, review ? [rig, review] : [rig])) return store.settleDelivery(id, "handled");
        const looks = looksOf(name, { id, name, payload } as EmitterWebhookEvent);
        if (!looks) return putAside(conductor, id, `The payload is not one of ${name}.`);
        await noteRepository(conductor, payload);
        await store.settleDelivery(id, "handled", undefined, await jobsFor(conductor, looks, id));
      });
    }
  });
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

/** The payload's repository is believed only as far as its name and installation go; both are asked again before anything is done. */
async function noteRepository({ store }: Conductor, payload: object): Promise<void> {
  const { success, data } = Noted.safeParse(payload);
  if (!success) return;
  const { id, name, default_branch, private: isPrivate, owner } = data.repository;
  await store.upsertRepository({
    id,
    owner: owner.login,
    name,
    installationId: data.installation.id,
    defaultBranch: default_branch,
    private: isPrivate,
  });
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
  const found = await Promise.all(looks.map((look) => subjectsOf(conductor, look)));
  const subjects = new Map(found.flat().map((subject) => [subject.stream, subject]));
  return [...subjects.values()].map((subject) => lookAt(subject, cause));
}

/** A look that is waiting already is not asked for twice. Not delayed either: a delayed job waits for the worker's next poll. */
export const lookAt = (subject: Subject, cause: string): JobRequest => ({
  task: "sync",
  payload: { stream: subject.stream, cause, repositoryId: subject.repositoryId, number: subject.number },
  key: `sync:${subject.stream}`,
  keepRunAt: true,
});

async function subjectsOf({ store }: Conductor, { repositoryId, at }: Look): Promise<readonly Subject[]> {
  if ("issue" in at) return [await subjectFor(store, repositoryId, at.issue)].filter((subject) => subject !== undefined);
  if ("pullRequest" in at) return store.issuesByPullRequest(repositoryId, at.pullRequest);
  if ("branch" in at) return store.issuesByBranch(repositoryId, at.branch);
  if ("headSha" in at) return store.issuesByHeadSha(repositoryId, at.headSha);
  if ("workflowRunId" in at) {
    const run = await store.runByWorkflowRun(repositoryId, at.workflowRunId);
    const issue = run && (await store.issueByRun(run.runId));
    return issue ? [issue] : [];
  }
  if ("releases" in at) return store.issuesInState(repositoryId, ["deploying", "failed"]);
  return store.openIssues(repositoryId);
}

/** The stream of an issue: the one it has, or the one its present name gives it. */
export async function subjectFor(store: Conductor["store"], repositoryId: number, number: number): Promise<Subject | undefined> {
  const known = await store.issueByNumber(repositoryId, number);
  if (known) return known;
  const repository = await store.repository(repositoryId);
  if (!repository) return undefined;
  const { owner, name: repo, installationId } = repository;
  return {
    stream: issueStream(owner, repo, number),
    installationId,
    repositoryId: RepositoryId.parse(repositoryId),
    owner,
    repo,
    number: IssueNumber.parse(number),
  };
}
