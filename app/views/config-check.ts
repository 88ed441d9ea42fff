import type { Rendering } from "../domain/commands.ts";
import { inMarkdown } from "../domain/escape.ts";
import type { Picture } from "./picture.ts";

/** `rig/config` on a pull request that changes the Rig's configuration: whether it would be valid. */
export function configCheck({ issue, seen, config }: Picture): Rendering | undefined {
  const pr = seen.pullRequest;
  if (!config?.length || !pr || pr.state !== "open" || pr.headSha !== issue.pullRequest?.headSha) return undefined;
  const errors = config.flatMap((file) => file.errors.map((error) => ({ ...error, path: file.path })));
  const [first] = errors;
  const paths = config.map(({ path }) => path);
  const title = first
    ? `${first.path} is not valid: line ${first.line}: ${first.message}`
    : `${paths.join(", ")} ${paths.length > 1 ? "are" : "is"} valid.`;
  return {
    surface: "config-check",
    check: {
      ...{ name: "rig/config", headSha: pr.headSha, status: "completed", conclusion: first ? "failure" : "success" },
      title: title.slice(0, 250),
      summary: first
        ? errors.map(({ path, line, column, message }) => `- ${inMarkdown(path)}:${line}:${column}: ${inMarkdown(message)}`).join("\n")
        : "What it says comes into force when it is on the default branch.",
      annotations: errors
        .slice(0, 50)
        .map(({ path, line, message }) => ({ path, line, level: "failure", title: path.split("/").at(-1) ?? path, message })),
    },
  };
}
