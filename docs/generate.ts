/** Writes the pages that follow from the code: `npm run docs`. A test compares them with what stands there. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Pool } from "pg";
import { z } from "zod";
import { configKeys } from "../app/cli/config-keys.ts";
import { eventData, eventTypes } from "../app/domain/events.ts";
import { commandTable } from "../app/slash/help.ts";
import { verbs } from "../app/slash/index.ts";
import { createStore } from "../app/store/store.ts";
import { createApi } from "../app/web/api/api.ts";
import { agentsPage } from "./agents-page.ts";
import { auditPage } from "./audit-page.ts";
import { cliPage } from "./cli-page.ts";
import { gatesPage } from "./gates-page.ts";
import { measuresPage } from "./measures-page.ts";
import { runbooksPage } from "./runbooks-page.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** The fields of an event as its schema has them, `?` where one may be absent. */
function fieldsOf(schema: z.core.JSONSchema.JSONSchema): string {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {})
    .map(([name, value]) => `\`${name}${required.has(name) ? "" : "?"}\`${typeof value === "object" && value.type === "array" ? "[]" : ""}`)
    .join(", ");
}

function eventsPage(): string {
  const rows = eventTypes.map((type) => {
    const schema = z.toJSONSchema(eventData[type], { io: "input" });
    return `| \`${type}\` | ${fieldsOf(schema)} | ${cell(schema.description ?? "")} |`;
  });
  return [
    "# Events",
    "",
    "Everything the Rig knows is a row of these. The list is `app/domain/events.ts`; this page is made from it by `npm run docs`.",
    "",
    "Every event also has `id`, `stream`, `version` (contiguous from 1 in its stream), `position` (gapless, in commit order over all streams), `schemaVersion`, `occurredAt`, `recordedAt`, `actor`, `causationId` and `correlationId`.",
    "",
    "| Event | Data | Said when |",
    "| --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

function policyPage(): string {
  return [
    "# `.github/rig.yml`",
    "",
    "Read from the default branch and from nowhere else. An empty file, or none, means the defaults. A key that is not here is an error with its line and column, and the last good file stays in force. `npx rig config validate` finds such a key before it is pushed, and `npx rig config explain` says what is on this page, which is made from `app/domain/policy.ts` by `npm run docs`.",
    "",
    "| Key | Value | Default | Means |",
    "| --- | --- | --- | --- |",
    ...configKeys().map(({ key, type, fallback, says }) => {
      const shown = fallback === undefined ? "—" : `\`${JSON.stringify(fallback)}\``;
      return `| \`${key}\` | ${cell(type)} | ${shown} | ${cell(says)} |`;
    }),
    "",
    "`notify` names GitHub logins, or `everyone`, with the Discord user ids to mention, separated by commas. `runsPerDay`, `usdPerDay` and `tokensPerDay` are the repository's, by UTC day.",
    "",
    "`gates` names one of the six (`auth`, `payments`, `schema`, `deletion`, `dependencies`, `rules`) or a gate of your own (small letters, digits, hyphens). Settings add to what a gate has and never narrow it. Globs begin at the root of the repository and match in any case and Unicode form: `src/till/` is all below it; `*`, `**`, `?`, `[ab]` and `{a,b}` are known, with at most two `**`, and two `*` in one name. RE2 expressions match over line ends and mind case unless they begin with `(?i)`. A gate of your own needs `paths`, `content` or `dependencies`. `rules` can be neither switched off nor given approvers.",
    "",
    "With `agents.review-e.maxConcurrent` above 1 another instance reads where the first abstains; how many read at once GitHub decides by its runners. A smoke check that stays red goes to a person at once. `mode: staged` shows what is, as `observe` does.",
    "",
    "In a check's `json`, `{sha}` stands for the merge commit or a later one that contains it. An older `.rig-agent.yaml` with `testCommand` and `buildCommand` is read where there is no `rig.yml`.",
    "",
  ].join("\n");
}

function commandsPage(): string {
  return [
    "# Slash commands",
    "",
    "A person speaks to the Rig in a new comment whose first line is `/rig <command>`, in lower case and from the first column; an edited comment, a quotation, code, a list or a heading asks for nothing. One comment speaks one command. Below its line stands a remark, or the rest of the text where the command takes text. This page is made from `app/slash` by `npm run docs`.",
    "",
    "The Rig answers with reactions: 👀 it was heard, then 🚀 it was done, 👎 it may or can not be done, 😕 it was not understood. What a person may do is asked of GitHub at that moment.",
    "",
    commandTable(verbs),
    "",
  ].join("\n");
}

/** The API as its routes describe themselves; nothing is asked of the database, so none is connected to. */
function openapiPage(): string {
  const api = createApi({
    store: createStore(new Pool()),
    tokens: [],
    paused: false,
    now: () => new Date(),
    speak: () => Promise.reject(new Error("Nobody speaks to a description.")),
    backtest: () => Promise.reject(new Error("Nobody asks a description for a backtest.")),
  });
  return `${JSON.stringify(api.document(), null, 2)}\n`;
}

/** File → its content. */
export const pages: Readonly<Record<string, () => string>> = {
  "audit.md": auditPage,
  "agents.md": agentsPage,
  "cli.md": cliPage,
  "commands.md": commandsPage,
  "events.md": eventsPage,
  "gates.md": gatesPage,
  "measures.md": measuresPage,
  "runbooks/README.md": runbooksPage,
  "rig-yml.md": policyPage,
  "openapi.json": openapiPage,
};

if (import.meta.main) {
  for (const [file, page] of Object.entries(pages)) writeFileSync(join(import.meta.dirname, file), page());
}
