import { type Format, git, local, type Package, publicUrl, registry, registryAt, type Source } from "./format.ts";
import { at, listOf, textOf } from "./shape.ts";
import { readYaml } from "./yaml.ts";

/** https://helm.sh/docs/topics/charts — Chart.yaml and its lock. */
export const helmChart: Format = {
  what: "a Helm chart",
  is: (_, name) => name === "chart.yaml" || name === "chart.lock",
  read: (text) => {
    return listOf(at(readYaml(text), "dependencies")).flatMap((one): readonly Package[] => {
      const name = textOf(at(one, "name"));
      if (!name) throw new Error("a dependency has no name");
      const repository = textOf(at(one, "repository")) ?? "";
      return [{ ecosystem: "helm", name, source: sourceOf(repository), direct: true, written: name, address: repository }];
    });
  },
};

const sourceOf = (repository: string): Source => {
  if (repository === "" || repository.startsWith("file://")) return local;
  if (repository.startsWith("git+")) return git(repository);
  return /^[@]|^alias:/.test(repository) ? registry : registryAt(publicUrl(repository));
};
