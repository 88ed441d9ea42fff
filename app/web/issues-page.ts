import { html } from "hono/html";
import { states } from "../domain/state.ts";
import type { AssignmentRow, IssueRow } from "../store/issues.ts";
import type { ConditionNow } from "./conditions.ts";
import { type Html, layout, moment } from "./layout.ts";

/** Where a queued issue stands in its repository's queue. */
export interface QueuePlace {
  readonly position: number;
  readonly ageMinutes: number;
  readonly reason: string;
}

export interface IssuesPage {
  readonly issues: readonly IssueRow[];
  readonly assignments: readonly AssignmentRow[];
  /** Of queued issues, by stream. */
  readonly places: ReadonlyMap<string, QueuePlace>;
  readonly conditions: readonly ConditionNow[];
  /** Only issues in this state are shown. */
  readonly state?: string | undefined;
  readonly githubUrl: string;
}

/** Every issue with its one sentence: why it stands where it stands. */
export function issuesPage({ issues, assignments, places, conditions, state, githubUrl }: IssuesPage): Html {
  const agents = new Map(assignments.map(({ stream, agentId }) => [stream, agentId]));
  const shown = issues.filter((issue) => !state || issue.state === state);
  const counts = states
    .map((name) => ({ name, count: issues.filter((issue) => issue.state === name).length }))
    .filter(({ count }) => count > 0);
  return layout(
    "Issues · Engineering Rig",
    html`${conditions.length === 0 ? "" : attention(conditions)}
      <nav aria-label="States">
        <a href="/" ${state ? "" : html`aria-current="page"`}>all <b>${issues.length}</b></a>
        ${counts.map(
          ({ name, count }) =>
            html`<a href="/?state=${name}" ${state === name ? html`aria-current="page"` : ""}>${words(name)} <b>${count}</b></a>`,
        )}
      </nav>
      ${shown.length === 0 ? nothing() : table(shown, agents, places, githubUrl)}`,
  );
}

const nothing = (): Html =>
  html`<p class="empty">There is no issue here. Put the label <code>agent-ready</code> on one, and it appears within seconds.</p>`;

const attention = (conditions: readonly ConditionNow[]): Html =>
  html`<ul class="conditions" aria-label="Needs attention">
    ${conditions.map(
      ({ name, since, detail, wayOut, subject }) =>
        html`<li><b>${name.replaceAll("-", " ")}</b> ${subject ? html`<span class="ref">${subject}</span> ` : ""}${since ? moment(since) : ""}<br>${detail}<br>${wayOut}</li>`,
    )}
  </ul>`;

const table = (
  issues: readonly IssueRow[],
  agents: ReadonlyMap<string, string>,
  places: ReadonlyMap<string, QueuePlace>,
  githubUrl: string,
): Html =>
  html`<table>
    <thead><tr><th>Issue</th><th>State</th><th>Why</th><th>Agent</th><th>Pull request</th><th class="number">Cost</th><th>Changed</th></tr></thead>
    <tbody>${issues.map((issue) => row(issue, agents.get(issue.stream), places.get(issue.stream), githubUrl))}</tbody>
  </table>`;

const row = (
  { owner, repo, number, title, state, priority, why, prNumber, usd, updatedAt }: IssueRow,
  agent: string | undefined,
  place: QueuePlace | undefined,
  githubUrl: string,
): Html =>
  html`<tr>
    <td><a href="/issues/${owner}/${repo}/${number}">${title || "Untitled"}</a> <span class="ref">${owner}/${repo}#${number}</span>
      ${priority === "normal" ? "" : html`<span class="priority ${priority}">${priority}</span>`}</td>
    <td><span class="state ${state}">${words(state)}</span>${place ? html` <span class="ref">#${place.position} · ${age(place.ageMinutes)}</span>` : ""}</td>
    <td class="why">${place?.reason ?? why}</td>
    <td>${agent ?? ""}</td>
    <td>${prNumber ? html`<a href="${githubUrl}/${owner}/${repo}/pull/${prNumber}" rel="noreferrer">#${prNumber}</a>` : ""}</td>
    <td class="number">$${usd.toFixed(2)}</td>
    <td>${moment(updatedAt)}</td>
  </tr>`;

const age = (minutes: number): string =>
  minutes < 60 ? `${minutes} min` : minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;

export const words = (name: string): string => name.replaceAll("_", " ");
