/** What people do at GitHub. Everybody may open, edit their own and comment; who may label or review is GitHub's to allow. */
import { mayWrite } from "./pulls.ts";
import { type Account, addEvent, type GitHub, headOf, type Issue, nextId, type Pull, type Review, shaOf, stamp } from "./state.ts";

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

export function reopened(github: GitHub, issue: Issue, by: Account): void {
  issue.open = true;
  delete issue.closedBy;
  addEvent(github, issue, "reopened", by);
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

export function addReview(github: GitHub, pull: Pull, by: Account, state: Review["state"], body: string): void {
  pull.reviews.push({ id: nextId(github), by, state, head: headOf(pull), at: stamp(github), body });
  github.tell({ pullRequest: pull.number });
}

/** The person's last review says nothing any more. */
export function dismissed(github: GitHub, pull: Pull, of: Account): void {
  const last = pull.reviews.findLast(({ by }) => by.id === of.id);
  if (last) last.state = "DISMISSED";
  github.tell({ pullRequest: pull.number });
}

/** A person pushes to the pull request's branch; answers the new head. */
export function pushed(github: GitHub, pull: Pull, by: Account): string {
  const sha = shaOf(`${pull.branch}@${pull.commits.length}@${by.login}@${nextId(github)}`);
  pull.commits.push({ sha, tree: shaOf(`tree of ${sha}`), by });
  pull.mergeable = true;
  github.tell({ branch: pull.branch });
  github.tell({ pullRequest: pull.number });
  return sha;
}

export function pullClosed(github: GitHub, pull: Pull, by: Account): void {
  pull.state = "closed";
  pull.closedBy = by.login;
  github.tell({ pullRequest: pull.number });
}

/** Labels and closing are for those who may triage; this world lets writers and bots. */
export const mayLabel = (github: GitHub, by: Account): boolean => by.type === "Bot" || mayWrite(github, by.login);
