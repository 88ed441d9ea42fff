import { dockerfile } from "./dockerfile.ts";
import { type Format, git, type Package, publicUrl } from "./format.ts";
import { image } from "./image.ts";
import { at, entriesOf, textOf } from "./shape.ts";
import { readYaml } from "./yaml.ts";

/** Images of services: https://docs.docker.com/reference/compose-file/services — one that the file builds itself is none. */
export const compose: Format = {
  what: "a Compose file",
  is: (_, name) => /^(docker-|podman-)?compose([.-][^/]*)?\.ya?ml$/.test(name),
  read: (text, path) =>
    entriesOf(at(readYaml(text), "services")).flatMap(([, service]) => {
      const name = textOf(at(service, "image"));
      const build = at(service, "build");
      const context = textOf(build) ?? textOf(at(build, "context")) ?? "";
      const inline = at(build, "dockerfile_inline");
      return [
        ...(name && build === undefined ? image(name, name) : []),
        ...(/^(https?|git|ssh):\/\/|^git@/.test(context) ? [remote(context)] : []),
        ...(typeof inline === "string" ? dockerfile.read(inline, path) : []),
      ];
    }),
};

const remote = (context: string): Package => ({
  ecosystem: "image",
  name: `build of ${publicUrl(context)}`,
  source: git(context),
  written: context,
});
