import { dependenciesIn } from "../domain/dependencies.ts";
import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import type { Act, SeenIssue } from "../domain/seen.ts";
import { stateOf } from "../domain/state.ts";
import { sameLabel, textHash } from "../domain/text.ts";
import { observeDependencies } from "./dependencies.ts";
import { observeEdits } from "./edits.ts";
import { gone, type Reader } from "./github.ts";
import { mayAct } from "./permission.ts";

const HOLD = "rig:hold";

interface TimelineAct {
  readonly event: string;
  readonly id: number;
  readonly login: string;
  readonly actorId: number;
  readonly type: string;
  readonly at: Date;
  readonly label?: string;
}

/** The issue as it is now, and the acts that count. Timeline, edits and dependencies are read only where they may be news. */
export async function observeIssue(reader: Reader, number: number, issue: Issue, policy: Policy): Promise<SeenIssue> {
  const found = await read(reader, number);
  if ("gone" in found) return { ...nowhere, gone: found.gone };
  const { data } = found;
  const labels = data.labels.map((label) => (typeof label === "string" ? label : (label.name ?? "")));
  const has = (name: string) => labels.some((label) => sameLabel(label, name));
  const [title, body] = [data.title, data.body ?? ""];
  // What stands in the queue, or is about to.
  const first = issue.approval?.stale || !issue.approval ? has(policy.trigger.label) : stateOf(issue) === "queued";
  const { owner, repo } = reader;
  const named = issue.approval && !issue.approval.stale ? issue.approval.dependsOn : dependenciesIn(body, { owner, repo, number });
  const seen: SeenIssue = {
    open: data.state === "open",
    locked: data.locked,
    title,
    body,
    bodyHash: textHash(title, body),
    labels,
    ...(first ? await observeDependencies(reader, number, named) : { dependencies: [] }),
    ...(data.milestone ? { milestone: data.milestone.title } : {}),
  };
  const { approval } = issue;
  const edited = approval !== undefined && approval.bodyHash !== seen.bodyHash;
  const settled = approval && has(policy.trigger.label) && !approval.stale && !edited && !issue.held && !issue.escalation && !has(HOLD);
  if (settled && seen.open && !repriced(issue, labels, policy)) {
    const { actId, approvedBy, at } = approval;
    return { ...seen, trigger: { id: actId, by: approvedBy, byId: 0, at, verdict: "admitted" } };
  }
  if (!approval && !has(policy.trigger.label)) return seen;
  return { ...seen, ...(await acts(reader, number, seen, issue, policy)) };
}

async function acts(
  reader: Reader,
  number: number,
  { open, labels }: SeenIssue,
  issue: Issue,
  policy: Policy,
): Promise<Partial<SeenIssue>> {
  const { label, minPermission } = policy.trigger;
  const has = (name: string) => labels.some((one) => sameLabel(one, name));
  const all = await timeline(reader, number);
  const trigger = has(label) ? await judged(reader, last(all, "labeled", label), minPermission) : undefined;
  const hold = has(HOLD) ? await judged(reader, last(all, "labeled", HOLD), "write") : undefined;
  const withdrawal = open ? last(all, "unlabeled", label) : all.findLast(({ event }) => event === "closed");
  const priorities = [...policy.priority.critical, ...policy.priority.high];
  const prioritized = all.findLast((act) => act.label !== undefined && priorities.some((name) => sameLabel(name, act.label ?? "")));
  const news = (trigger && trigger.id !== issue.lastActId) || (issue.approval && !issue.approval.stale);
  const edited = news
    ? await observeEdits(
        reader,
        number,
        all.filter(({ event }) => event === "renamed").map(({ login, at }) => ({ by: login, at })),
      )
    : undefined;
  return {
    ...(trigger ? { trigger } : {}),
    ...(hold ? { hold } : {}),
    ...(withdrawal ? { withdrawn: { by: withdrawal.login, at: withdrawal.at } } : {}),
    ...(prioritized ? { prioritizedBy: prioritized.login } : {}),
    ...(edited ? { edited } : {}),
  };
}

/** Whether the priority labels say something else than when they were last followed: then it is asked who changed them. */
function repriced({ labelPriority }: Issue, labels: readonly string[], { priority }: Policy): boolean {
  const has = (names: readonly string[]) => names.some((name) => labels.some((label) => sameLabel(label, name)));
  return (has(priority.critical) ? "critical" : has(priority.high) ? "high" : "normal") !== labelPriority;
}

const nowhere: SeenIssue = { open: false, locked: false, title: "", body: "", bodyHash: "", labels: [], dependencies: [] };

/** The issue, or why it is not here any more. An issue moved elsewhere answers under another number or another repository. */
async function read({ octokit, owner, repo }: Reader, issue_number: number) {
  try {
    const { data } = await octokit.rest.issues.get({ owner, repo, issue_number });
    if (data.number === issue_number && sameRepository(data.repository_url, owner, repo)) return { data };
    const { data: here } = await octokit.rest.repos.get({ owner, repo });
    return data.number === issue_number && sameRepository(data.repository_url, here.owner.login, here.name)
      ? { data }
      : { gone: "transferred" as const };
  } catch (error) {
    if (!gone(error)) throw error;
    // A repository that cannot be read at all says nothing about its issues.
    await octokit.rest.repos.get({ owner, repo });
    return { gone: "deleted" as const };
  }
}

const sameRepository = (url: string, owner: string, repo: string): boolean =>
  url.toLowerCase().endsWith(`/repos/${owner}/${repo}`.toLowerCase());

async function timeline({ octokit, owner, repo }: Reader, issue_number: number): Promise<readonly TimelineAct[]> {
  const events = await octokit.paginate(octokit.rest.issues.listEvents, { owner, repo, issue_number, per_page: 100 });
  return events.map((event) => ({
    event: event.event,
    id: event.id,
    login: event.actor?.login ?? "ghost",
    actorId: event.actor?.id ?? 0,
    type: event.actor?.type ?? "User",
    at: new Date(event.created_at),
    ...("label" in event && event.label ? { label: event.label.name ?? "" } : {}),
  }));
}

const last = (acts: readonly TimelineAct[], event: string, label: string): TimelineAct | undefined =>
  acts.findLast((act) => act.event === event && act.label !== undefined && sameLabel(act.label, label));

/** The latest act of putting this label on an issue or a pull request, judged now. */
export const observeLabelling = async (reader: Reader, number: number, label: string): Promise<Act | undefined> =>
  judged(reader, last(await timeline(reader, number), "labeled", label), "write");

/** R1: a bot's act never counts, ours included; a person's counts by what the API says they may do. */
async function judged(reader: Reader, act: TimelineAct | undefined, least: Policy["trigger"]["minPermission"]): Promise<Act | undefined> {
  if (!act) return undefined;
  const verdict = act.type === "User" ? await mayAct(reader, act.login, least) : "refused";
  return { id: String(act.id), by: act.login, byId: act.actorId, at: act.at, verdict };
}
