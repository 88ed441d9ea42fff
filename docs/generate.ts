/** Writes the pages that follow from the code: `npm run docs`. A test compares them with what stands there. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { eventData, eventTypes } from "../app/domain/events.ts";

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

/** File → its content. */
export const pages: Readonly<Record<string, () => string>> = { "events.md": eventsPage };

if (import.meta.main) {
  for (const [file, page] of Object.entries(pages)) writeFileSync(join(import.meta.dirname, file), page());
}
