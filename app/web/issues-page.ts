import { html } from "hono/html";
import { states } from "../domain/issue.ts";
import type { AssignmentRow, IssueRow } from "../store/issues.ts";
import { type Html, layout, moment } from "./layout.ts";

export interface IssuesPage {
  readonly issues: readonly IssueRow[];
  readonly assignments: readonly AssignmentRow[];
  /** Only issues in this state are shown. */
  readonly state?: string | undefined;
  readonly githubUrl: string;
}

/** Every issue with its one sentence: why it stands where it stands. */
export function issuesPage({ issues, assignments, state, githubUrl }: IssuesPage): Html {
  const agents = new Map(assignments.map(({ stream, agentId }) => [stream, agentId]));
  const shown = issues.filter((issue) => !state || issue.state === state);
  const counts = states
    .map((name) => ({ name, count: issues.filter((issue) => issue.state === name).length }))
    .filter(({ count }) => count > 0);
  return layout(
    "Issues · Engineering Rig",
    html`<nav aria-label="States">
        <a href="/" ${state ? "" : html`aria-current="page"`}>all <b>${issues.length}</b></a>
        ${counts.map(
          ({ name, count }) =>
            html`<a href="/?state=${name}" ${state === name ? html`aria-current="page"` : ""}>${words(name)} <b>${count}</b></a>`,
        )}
      </nav>
      ${shown.length === 0 ? nothing() : table(shown, agents, githubUrl)}`,
  );
}

const nothing = (): Html =>
  html`<p class="empty">There is no issue here. Put the label <code>agent-ready</code> on one, and it appears within seconds.</p>`;

const table = (issues: readonly IssueRow[], agents: ReadonlyMap<string, string>, githubUrl: string): Html =>
  html`<table>
    <thead><tr><th>Issue</th><th>State</th><th>Why</th><th>Agent</th><th>Pull request</th><th class="number">Cost</th><th>Changed</th></tr></thead>
    <tbody>${issues.map((issue) => row(issue, agents.get(issue.stream), githubUrl))}</tbody>
  </table>`;

const row = (
  { owner, repo, number, title, state, priority, why, prNumber, usd, updatedAt }: IssueRow,
  agent: string | undefined,
  githubUrl: string,
): Html =>
  html`<tr>
    <td><a href="/issues/${owner}/${repo}/${number}">${title || "Untitled"}</a> <span class="ref">${owner}/${repo}#${number}</span>
      ${priority === "normal" ? "" : html`<span class="priority ${priority}">${priority}</span>`}</td>
    <td><span class="state ${state}">${words(state)}</span></td>
    <td class="why">${why}</td>
    <td>${agent ?? ""}</td>
    <td>${prNumber ? html`<a href="${githubUrl}/${owner}/${repo}/pull/${prNumber}" rel="noreferrer">#${prNumber}</a>` : ""}</td>
    <td class="number">$${usd.toFixed(2)}</td>
    <td>${moment(updatedAt)}</td>
  </tr>`;

export const words = (name: string): string => name.replaceAll("_", " ");
