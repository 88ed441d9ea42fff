import { missing } from "./errors.ts";
import {
  type Account,
  addEvent,
  type Comment,
  type GitHub,
  type Issue,
  nextId,
  note,
  type Pull,
  reviewBot,
  rigBot,
  stamp,
  type TimelineEvent,
} from "./state.ts";

interface OnIssue {
  readonly issue_number: number;
}
interface OnComment {
  readonly comment_id: number;
}

export function issuesApi(github: GitHub) {
  const base = `https://api.github.example/repos/${github.place.owner}/${github.place.name}`;
  const of = (number: number): Issue => {
    const found = github.issues.get(number);
    return !found || found.gone === "deleted" ? missing(`issue ${number}`) : found;
  };
  /** Pull requests carry labels as issues do. */
  const labelledOne = (number: number): Issue | Pull => github.pulls.get(number) ?? of(number);
  const shown = (issue: Issue) => ({
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.open ? "open" : "closed",
    locked: issue.locked,
    labels: issue.labels.map((name) => ({ name })),
    milestone: null,
    closed_by: issue.closedBy ? { login: issue.closedBy } : null,
    repository_url: issue.gone ? "https://api.github.example/repos/acme/elsewhere" : base,
  });
  const comment = ({ id, on, by, body, at }: Comment) => ({
    id,
    body,
    user: { id: by.id, login: by.login, type: by.type },
    created_at: at.toISOString(),
    updated_at: at.toISOString(),
    issue_url: `${base}/issues/${on}`,
    html_url: `https://github.example/${github.pulls.has(on) ? "pull" : "issues"}/${on}#issuecomment-${id}`,
  });
  /** With an issue its comments are gone. */
  const said = (id: number): Comment => {
    const found = github.comments.find((one) => one.id === id);
    return !found || github.issues.get(found.on)?.gone ? missing(`comment ${id}`) : found;
  };
  const change = (number: number, labels: readonly string[], call: string): void => {
    const issue = labelledOne(number);
    note(github, call, { number, labels });
    if ("events" in issue)
      for (const label of labels) addEvent(github, issue, call === "addLabels" ? "labeled" : "unlabeled", rigBot, label);
    issue.labels = call === "addLabels" ? [...new Set([...issue.labels, ...labels])] : issue.labels.filter((one) => !labels.includes(one));
  };
  const eventsOf = (number: number): readonly (TimelineEvent & { readonly dismissed_review?: object })[] => {
    const pull = github.pulls.get(number);
    if (!pull) return of(number).events;
    return pull.reviews.flatMap(({ id: review_id, dismissed }) => {
      if (!dismissed) return [];
      const { id, by, at, from } = dismissed;
      return [{ id, by, at, event: "review_dismissed", dismissed_review: { review_id, state: from.toLowerCase() } }];
    });
  };
  return {
    get: async ({ issue_number }: OnIssue) => {
      const pull = github.pulls.get(issue_number);
      return { data: pull ? asIssue(pull) : shown(of(issue_number)) };
    },
    listForRepo: async ({ labels }: { readonly labels: string }) => ({
      data: [...github.issues.values()].filter((one) => !one.gone && one.open && one.labels.includes(labels)).map(shown),
    }),
    listEvents: async ({ issue_number }: OnIssue) => ({ data: eventsOf(issue_number).map(asEvent) }),
    listEventsForTimeline: async ({ issue_number }: OnIssue) => ({ data: eventsOf(issue_number).map(asEvent) }),
    listDependenciesBlockedBy: async (_: OnIssue) => ({ data: [] }),
    listComments: async ({ issue_number }: OnIssue) => ({ data: github.comments.filter(({ on }) => on === issue_number).map(comment) }),
    getComment: async ({ comment_id }: OnComment) => ({ data: comment(said(comment_id)) }),
    createComment: async ({ issue_number, body }: OnIssue & { readonly body: string }) => {
      if (!github.pulls.has(issue_number)) of(issue_number);
      const made: Comment = { id: nextId(github), on: issue_number, by: rigBot, body, at: stamp(github) };
      github.comments.push(made);
      note(github, "createComment", { number: issue_number, body });
      return { data: comment(made) };
    },
    updateComment: async ({ comment_id, body }: OnComment & { readonly body: string }) => {
      const known = said(comment_id);
      known.body = body;
      note(github, "updateComment", { number: known.on, body });
      return { data: comment(known) };
    },
    listLabelsOnIssue: async ({ issue_number }: OnIssue) => ({ data: labelledOne(issue_number).labels.map((name) => ({ name })) }),
    addLabels: async ({ issue_number, labels }: OnIssue & { readonly labels: readonly string[] }) => {
      change(issue_number, labels, "addLabels");
      return { data: [] };
    },
    removeLabel: async ({ issue_number, name }: OnIssue & { readonly name: string }) => {
      if (!labelledOne(issue_number).labels.includes(name)) missing(`label ${name}`);
      change(issue_number, [name], "removeLabel");
      return { data: [] };
    },
    update: async ({ issue_number, state }: OnIssue & { readonly state: string }) => {
      const issue = of(issue_number);
      note(github, "updateIssue", { number: issue_number, state });
      if (issue.open && state === "closed") closed(github, issue, rigBot);
      if (!issue.open && state === "open") reopened(github, issue, rigBot);
      return { data: { ...shown(issue), updated_at: stamp(github).toISOString() } };
    },
  };
}

export const reactionsApi = (github: GitHub) => ({
  createForIssueComment: async ({ comment_id, content }: OnComment & { readonly content: string }) => {
    if (!github.comments.some(({ id }) => id === comment_id)) missing(`comment ${comment_id}`);
    note(github, "react", { comment: comment_id, content });
    return { data: { id: comment_id } };
  },
});

export function closed(github: GitHub, issue: Issue, by: Account): void {
  issue.open = false;
  issue.closedBy = by.login;
  addEvent(github, issue, "closed", by);
  github.tell({ issue: issue.number });
}

export function reopened(github: GitHub, issue: Issue, by: Account): void {
  issue.open = true;
  delete issue.closedBy;
  addEvent(github, issue, "reopened", by);
  github.tell({ issue: issue.number });
}

const asEvent = ({ id, event, by, at, label, ...more }: TimelineEvent) => ({
  id,
  event,
  actor: { login: by.login, id: by.id, type: by.type },
  created_at: at.toISOString(),
  ...more,
  ...(label === undefined ? {} : { label: { name: label } }),
});

const asIssue = ({ number, closedBy }: Pull) => ({ number, closed_by: closedBy ? { login: closedBy } : null });

/** GraphQL's answer about who changed the text last. */
export function edits(github: GitHub, number: number) {
  const edited = github.issues.get(number)?.edited;
  const issue = { lastEditedAt: edited?.at.toISOString() ?? null, editor: edited ? { login: edited.by } : null };
  return { repository: { issue } };
}

export const isOurs = ({ id }: Account): boolean => id === rigBot.id || id === reviewBot.id;
