import type { Issue } from "../domain/issue.ts";
import type { Policy } from "../domain/policy.ts";
import type { Act, SeenIssue } from "../domain/seen.ts";
import { sameLabel, textHash } from "../domain/text.ts";
import type { Reader } from "./github.ts";
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

/** The issue as it is now, and the acts that count. The timeline is read only where an act may be news. */
export async function observeIssue(reader: Reader, number: number, issue: Issue, policy: Policy): Promise<SeenIssue> {
  const { octokit, owner, repo } = reader;
  const { data } = await octokit.rest.issues.get({ owner, repo, issue_number: number });
  const labels = data.labels.map((label) => (typeof label === "string" ? label : (label.name ?? "")));
  const has = (name: string) => labels.some((label) => sameLabel(label, name));
  const [title, body] = [data.title, data.body ?? ""];
  const seen = {
    open: data.state === "open",
    locked: data.locked,
    title,
    body,
    bodyHash: textHash(title, body),
    labels,
    dependencies: [],
    ...(data.milestone ? { milestone: data.milestone.title } : {}),
  };

  const known =
    issue.approval && has(policy.trigger.label) && !issue.approval.stale && !issue.held && !issue.escalation && !has(HOLD) && seen.open;
  if (known && issue.approval) {
    const { actId, approvedBy, at } = issue.approval;
    return { ...seen, trigger: { id: actId, by: approvedBy, byId: 0, at, verdict: "admitted" } };
  }
  if (!issue.approval && !has(policy.trigger.label)) return seen;

  const acts = await timeline(reader, number);
  const trigger = has(policy.trigger.label)
    ? await judged(reader, last(acts, "labeled", policy.trigger.label), policy.trigger.minPermission)
    : undefined;
  const hold = has(HOLD) ? await judged(reader, last(acts, "labeled", HOLD), "write") : undefined;
  const withdrawal = seen.open ? last(acts, "unlabeled", policy.trigger.label) : acts.findLast(({ event }) => event === "closed");
  return {
    ...seen,
    ...(trigger ? { trigger } : {}),
    ...(hold ? { hold } : {}),
    ...(withdrawal ? { withdrawn: { by: withdrawal.login, at: withdrawal.at } } : {}),
  };
}

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

/** R1: a bot's act never counts, ours included; a person's counts by what the API says they may do. */
async function judged(reader: Reader, act: TimelineAct | undefined, least: Policy["trigger"]["minPermission"]): Promise<Act | undefined> {
  if (!act) return undefined;
  const verdict = act.type === "User" ? await mayAct(reader, act.login, least) : "refused";
  return { id: String(act.id), by: act.login, byId: act.actorId, at: act.at, verdict };
}
