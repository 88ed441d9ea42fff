import { readFileSync } from "node:fs";

/** The caller's workflow as people copy it from the documentation, with a commit filled in. */
export function callerInDocs(): string {
  const page = readFileSync("docs/gate-check.md", "utf8");
  const workflow = /```yaml\n(# \.github\/workflows\/gates\.yml\n[\s\S]*?)```/.exec(page)?.[1];
  if (!workflow) throw new Error("docs/gate-check.md shows no gates.yml.");
  return workflow.replaceAll("<commit>", "1".repeat(40));
}
