/** What people do at GitHub. Everybody may open, edit their own and comment; who may label or review is GitHub's to allow. */
import { mayWrite } from "./pulls.ts";
import { type Account, addEvent, type Check, type GitHub, headOf, type Issue, nextId, type Pull, type Review, stamp } from "./state.ts";

export function labelled(github: GitHub, issue: Issue, by: Account, label: string): void {
  if (issue.labels.includes(label)) return;
  issue.labels = [...issue.labels, label];
  addEvent(github, issue, "labeled", by, label);
  github.tell({ issue: issue.number });
}

export function unlabelled(github: GitHub, issue: Issue, by: Account, label: string): void {
  if (!issue.labels.includes(label)) return;
  issue.labels = issue.labels.filter((one) => one !== label);
  addEvent(github, issue, "unlabeled", by, label);
  github.tell({ issue: issue.number });
}

export function rewritten(github: GitHub, issue: Issue, by: Account, change: { readonly title?: string; readonly body?: string }): void {
  if (change.title !== undefined) {
    issue.title = change.title;
    addEvent(github, issue, "renamed", by);
  }
  if (change.body !== undefined) {
    issue.body = change.body;
    issue.edited = { by: by.login, at: stamp(github) };
  }
  github.tell({ issue: issue.number });
}

export function locked(github: GitHub, issue: Issue, now: boolean): void {
  issue.locked = now;
  github.tell({ issue: issue.number });
}

export function moved(github: GitHub, issue: Issue, gone: "deleted" | "transferred"): void {
  issue.gone = gone;
  github.tell({ issue: issue.number });
}

export function commented(github: GitHub, on: number, by: Account, body: string): void {
  const id = nextId(github);
  github.comments.push({ id, on, by, body, at: stamp(github) });
  github.tell({ comment: id });
  github.tell(github.pulls.has(on) ? { pullRequest: on } : { issue: on });
}

/** `head`: of which commit they speak; GitHub takes an older one too. */
export function addReview(github: GitHub, pull: Pull, by: Account, state: Review["state"], body: string, head = headOf(pull)): void {
  pull.reviews.push({ id: nextId(github), by, state, head, at: stamp(github), body });
  github.tell({ pullRequest: pull.number });
}

/** The last review of somebody says nothing any more. */
export function dismissed(github: GitHub, pull: Pull, of: Account, by: Account): void {
  const last = pull.reviews.findLast((review) => review.by.id === of.id && review.state !== "COMMENTED");
  if (last && last.state !== "DISMISSED")
    Object.assign(last, { state: "DISMISSED", dismissed: { id: nextId(github), from: last.state, by, at: stamp(github) } });
  github.tell({ pullRequest: pull.number });
}

/** It is to be merged somewhere else. */
export function retargeted(github: GitHub, pull: Pull, base: string): void {
  pull.base = base;
  github.tell({ pullRequest: pull.number });
}

export function pullClosed(github: GitHub, pull: Pull, by: Account): void {
  pull.state = "closed";
  pull.closedBy = by.login;
  github.tell({ pullRequest: pull.number });
}

/** Somebody presses the button under a check that says to approve. */
export function pressed(github: GitHub, check: Check, by: Account): void {
  const id = nextId(github);
  github.presses.push({ id, check: check.id, head: check.head, by, at: github.now() });
  github.tell({ press: { checkRunId: check.id, action: "approve", by: by.id }, guid: `press-${id}` });
}

/** Labels and closing are for those who may triage; this world lets writers and bots. */
export const mayLabel = (github: GitHub, by: Account): boolean => by.type === "Bot" || mayWrite(github, by.login);
