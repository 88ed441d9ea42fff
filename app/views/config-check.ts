import type { Rendering } from "../domain/commands.ts";
import { inMarkdown } from "../domain/escape.ts";
import type { Picture } from "./picture.ts";

/** `rig/config` on a pull request that changes the Rig's configuration: whether it would be valid. */
export function configCheck({ issue, seen, config }: Picture): Rendering | undefined {
  const pr = seen.pullRequest;
  if (!config || !pr || pr.state !== "open" || pr.headSha !== issue.pullRequest?.headSha) return undefined;
  const { path, errors } = config;
  const [first] = errors;
  const title = first ? `${path} is not valid: line ${first.line}: ${first.message}` : `${path} is valid.`;
  return {
    surface: "config-check",
    check: {
      ...{ name: "rig/config", headSha: pr.headSha, status: "completed", conclusion: first ? "failure" : "success" },
      title: title.slice(0, 250),
      summary: first
        ? errors.map(({ line, column, message }) => `- ${inMarkdown(path)}:${line}:${column}: ${inMarkdown(message)}`).join("\n")
        : "It comes into force when it is on the default branch.",
      annotations: errors.slice(0, 50).map(({ line, message }) => ({ path, line, level: "failure", title: "rig.yml", message })),
    },
  };
}
