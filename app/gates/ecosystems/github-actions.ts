import { type Format, type Package, registry } from "./format.ts";
import { image } from "./image.ts";
import { at, entriesOf, listOf, textOf } from "./shape.ts";
import { readYaml } from "./yaml.ts";

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax */
export const workflow: Format = {
  what: "a workflow",
  is: (path) => /(^|\/)\.(github|gitea|forgejo)\/workflows\/.+\.ya?ml$/.test(path),
  read: (text) =>
    entriesOf(at(readYaml(text), "jobs")).flatMap(([, job]) => [
      ...used(at(job, "uses")),
      ...steps(at(job, "steps")),
      ...contained(at(job, "container")),
      ...entriesOf(at(job, "services")).flatMap(([, service]) => contained(service)),
    ]),
};

/** An action of one's own, which may use others. */
export const actionFile: Format = {
  what: "an action's description",
  is: (_, name) => name === "action.yml" || name === "action.yaml",
  read: (text) => {
    const runs = at(readYaml(text), "runs");
    return [...steps(at(runs, "steps")), ...used(textOf(at(runs, "image"))?.startsWith("docker://") ? at(runs, "image") : undefined)];
  },
};

const steps = (list: unknown): readonly Package[] => listOf(list).flatMap((step) => used(at(step, "uses")));

function used(value: unknown): readonly Package[] {
  const uses = textOf(value)?.trim();
  if (!uses) return [];
  if (uses.startsWith("docker://")) return image(uses.slice("docker://".length), uses);
  if (/^\.{1,2}([\\/]|$)/.test(uses)) return [];
  const name = (uses.split("@")[0] ?? uses).replace(/(?<!\/)\/+$/, "").toLowerCase();
  return [{ ecosystem: "action", name, source: registry, written: name }];
}

const contained = (value: unknown): readonly Package[] => {
  const name = textOf(value) ?? textOf(at(value, "image"));
  return name ? image(name, name) : [];
};
