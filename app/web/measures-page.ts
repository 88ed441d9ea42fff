import { html } from "hono/html";
import type { Dora, Five } from "../measures/dora.ts";
import type { Effort } from "../measures/effort.ts";
import type { Rate } from "../measures/statistics.ts";
import type { Window } from "../measures/window.ts";
import { type Html, layout } from "./layout.ts";

export interface MeasuresPage {
  readonly window: Window;
  readonly dora: Dora;
  readonly effort: Effort & { readonly repositories: Readonly<Record<string, Effort>> };
}

/** How software is delivered, and what a verified change takes: a row for everything and one for each repository. */
export function measuresPage({ window, dora, effort }: MeasuresPage): Html {
  const { from, to } = window;
  const repositories = Object.entries(effort.repositories).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return layout(
    "Measures · Engineering Rig",
    html`<h1>Measures</h1>
      <p>Production from ${from} to ${to}, UTC. <a href="/api/dora?from=${from}&amp;to=${to}">As JSON</a>; docs/measures.md says what each counts.</p>
      <table aria-label="Delivery">
        <thead><tr><th>Of</th><th>By</th><th class="number">Deploys a day</th><th class="number">Lead time</th><th class="number">90 % within</th><th class="number">Change fail rate</th><th class="number">Recovery</th><th class="number">Rework rate</th></tr></thead>
        <tbody>
          ${byMaker("everything", dora)}
          ${dora.repositories.map((one) => byMaker(one.repo, one))}
        </tbody>
      </table>
      <h2>What a verified change takes</h2>
      <table aria-label="Effort">
        <thead><tr><th>Of</th><th class="number">Verified</th><th class="number">Dollars</th><th class="number">With all that failed</th><th class="number">People's minutes</th><th class="number">Queue wait</th><th class="number">Gate wait</th></tr></thead>
        <tbody>
          ${effortRow("everything", effort)}
          ${repositories.map(([repo, own]) => effortRow(repo, own))}
        </tbody>
      </table>`,
  );
}

const byMaker = (of: string, { agent, human, ...all }: Five & { readonly agent: Five; readonly human: Five }): Html =>
  html`${row(of, "all", all)}${row("", "agents", agent)}${row("", "people", human)}`;

const row = (of: string, by: string, { deploymentFrequency, leadTime, changeFailRate, recoveryTime, reworkRate }: Five): Html =>
  html`<tr>
    <td>${of}</td>
    <td>${by}</td>
    <td class="number">${deploymentFrequency.perDay ?? "–"} <span class="ref">${deploymentFrequency.deployments}</span></td>
    <td class="number">${lasting(leadTime.median)}</td>
    <td class="number">${lasting(leadTime.p90)}</td>
    <td class="number">${percent(changeFailRate)}</td>
    <td class="number">${lasting(recoveryTime.median)}${recoveryTime.open > 0 ? html` <span class="ref">${recoveryTime.open} open</span>` : ""}</td>
    <td class="number">${percent(reworkRate)}</td>
  </tr>`;

const effortRow = (
  of: string,
  { verifiedChanges, usd, humanMinutes, queueWaitMinutes, gateWaitMinutes, usdOfAllPerVerifiedChange }: Effort,
): Html =>
  html`<tr>
    <td>${of}</td>
    <td class="number">${verifiedChanges}</td>
    <td class="number">${dollars(usd.median)}</td>
    <td class="number">${dollars(usdOfAllPerVerifiedChange)}</td>
    <td class="number">${lasting(humanMinutes.median)}</td>
    <td class="number">${lasting(queueWaitMinutes.median)}</td>
    <td class="number">${lasting(gateWaitMinutes.median)}</td>
  </tr>`;

const percent = ({ rate, count, of }: Rate): Html =>
  rate === null ? html`–` : html`${Math.round(rate * 1000) / 10} % <span class="ref">${count}/${of}</span>`;

const dollars = (usd: number | null): string => (usd === null ? "–" : `$${usd.toFixed(2)}`);

const lasting = (minutes: number | null): string =>
  minutes === null
    ? "–"
    : minutes < 60
      ? `${Math.round(minutes)} min`
      : minutes < 2880
        ? `${Math.round(minutes / 6) / 10} h`
        : `${Math.round(minutes / 144) / 10} d`;
