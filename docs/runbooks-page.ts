/** docs/runbooks/README.md: every runbook with what leads to it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "runbooks");

export const runbooksPage = (): string => {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".md") && file !== "README.md")
    .toSorted();
  const line = (file: string) => `- [${/^# (.+)$/m.exec(readFileSync(join(folder, file), "utf8"))?.[1]}](${file})`;
  const isEscalation = (file: string) => file.startsWith("escalation-");
  return [
    "# Runbooks",
    "",
    "What to do when the Rig asks for somebody. Each page has the same form: what you see, what it means, check, fix. `rig` stands for `npx rig` in a checkout, with `RIG_URL` and `RIG_TOKEN` as docs/cli.md says; `/rig` is written as a comment on the issue or the pull request. This page is made by `npm run docs`.",
    "",
    "## Alerts",
    "",
    "By the name of the alert in `deploy/apps/base/monitoring/prometheus-rule.yaml`.",
    "",
    ...files.filter((file) => !isEscalation(file)).map(line),
    "",
    "## Escalations",
    "",
    "By what the escalation is about.",
    "",
    ...files.filter(isEscalation).map(line),
    "",
  ].join("\n");
};
