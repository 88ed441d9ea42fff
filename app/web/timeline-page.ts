import { html } from "hono/html";
import type { Recorded } from "../domain/envelope.ts";
import { eventData } from "../domain/events.ts";
import type { IssueRow } from "../store/issues.ts";
import { words } from "./issues-page.ts";
import { type Html, layout, moment } from "./layout.ts";

export interface TimelinePage {
  readonly issue: IssueRow;
  readonly events: readonly Recorded[];
  readonly githubUrl: string;
}

/** One issue: where it stands, and all that happened, newest first. */
export const timelinePage = ({ issue, events, githubUrl }: TimelinePage): Html => {
  const { owner, repo, number, title, state, why, branch, prNumber, attempts, strikes, usd } = issue;
  const place = `${githubUrl}/${owner}/${repo}`;
  return layout(
    `${owner}/${repo}#${number} · Engineering Rig`,
    html`<h1>${title || "Untitled"} <a class="ref" href="${place}/issues/${number}" rel="noreferrer">${owner}/${repo}#${number}</a></h1>
      <p><span class="state ${state}">${words(state)}</span> ${why}</p>
      <dl>
        ${branch ? html`<div><dt>Branch</dt><dd><code>${branch}</code></dd></div>` : ""}
        ${prNumber ? html`<div><dt>Pull request</dt><dd><a href="${place}/pull/${prNumber}" rel="noreferrer">#${prNumber}</a></dd></div>` : ""}
        <div><dt>Attempts</dt><dd>${attempts}</dd></div>
        <div><dt>Strikes</dt><dd>${strikes}</dd></div>
        <div><dt>Cost</dt><dd>$${usd.toFixed(2)}</dd></div>
      </dl>
      <ol class="timeline" reversed>${events.toReversed().map(entry)}</ol>`,
  );
};

const entry = ({ version, type, data, actor, occurredAt }: Recorded): Html =>
  html`<li id="v${version}">
    <div class="line">${moment(occurredAt)} <b>${type}</b> <span class="who ${actor.kind}">${actor.login}</span></div>
    <p>${eventData[type].description ?? ""}</p>
    <details data-key="v${version}"><summary>Data</summary><pre>${JSON.stringify(data, null, 2)}</pre></details>
  </li>`;
