/** docs/audit.md: what an audit of a run finds, from its own table. */
import { codes } from "../app/audit/codes.ts";

export const auditPage = (): string =>
  [
    "# What an audit finds",
    "",
    "`npx rig audit <run>` looks through one run of an agent: what the history says of it, what it cost, and its transcript. It ends with 1 where it finds an error or a warning. A code never changes its meaning and is never used again. This page is made from `app/audit` by `npm run docs`.",
    "",
    "| Code | Severity | Means |",
    "| --- | --- | --- |",
    ...codes.map(({ code, severity, means }) => `| \`${code}\` | ${severity} | ${means} |`),
    "",
    "A1xx is about safety, A2xx about tests, A3xx about how it ended, A4xx about cost, A5xx about the record itself. The transcript is kept for ninety days, up to 20 MiB a run; the workflow run's artifact has all of it for as long as GitHub keeps artifacts.",
    "",
  ].join("\n");
