import type { z } from "zod";
import { audit as look } from "../audit/audit.ts";
import { AuditedEvent, AuditedNote, AuditedRun } from "../audit/facts.ts";
import { readApi, readPages } from "./api.ts";
import { count, plain } from "./text.ts";
import { requireRun, type Verb } from "./verb.ts";

export const audit: Verb = {
  name: "audit",
  says: "Looks through a run for what a person should know: rules that stopped it, tests it claims, looks at credentials, what it cost. The codes stand in docs/audit.md.",
  words: [["<run>", "the run's id, a UUID"]],
  options: [],
  finding: "an error or a warning was found",
  needs: "app",
  run: async ({ config, words: [run], say }) => {
    const id = requireRun(run);
    const found = await readApi(config, `/runs/${id}`, AuditedRun);
    const notes: z.infer<typeof AuditedNote>[] = [];
    for await (const page of readPages(config, `/runs/${id}/transcript?limit=500`, AuditedNote)) notes.push(...page);
    const events: z.infer<typeof AuditedEvent>[] = [];
    for await (const page of readPages(config, `/events/stream?id=${encodeURIComponent(found.issue)}&limit=500`, AuditedEvent))
      events.push(...page);
    const findings = look({ run: found, events, notes });
    const lines = findings.flatMap(({ code, severity, means, detail }) => [`${code} ${severity}: ${means}`, `  ${plain(detail)}`]);
    const sum = `${count(findings.length, "finding")} in ${count(notes.length, "note")} of ${plain(found.agentId)}'s run for ${plain(found.issue)}.`;
    say({ json: { run: id, findings }, lines: [...lines, sum] });
    return findings.some(({ severity }) => severity !== "notice");
  },
};
