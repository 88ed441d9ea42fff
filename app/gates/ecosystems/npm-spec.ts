import { archive, git, local, type Package, pathSource, place, registry, type Source } from "./format.ts";

const NAME = /^(@[^/@]+\/)?[^/@]+/;
const HOSTED: Readonly<Record<string, string>> = {
  github: "github.com",
  gitlab: "gitlab.com",
  bitbucket: "bitbucket.org",
  gist: "gist.github.com",
};

/** What a specifier such as `^1.2`, `npm:other@2`, `github:a/b` or `file:../c` means under a name. */
export function npmPackage(name: string, spec: string, manifest: string): Package {
  const [real, source] = resolve(name, spec.trim(), manifest, 0);
  return { ecosystem: "npm", name: real, source, ...(real === name ? {} : { alias: name }), written: name };
}

function resolve(name: string, spec: string, manifest: string, depth: number): readonly [string, Source] {
  const protocol = /^([a-z][a-z+]*):/.exec(spec)?.[1];
  const rest = protocol ? spec.slice(protocol.length + 1) : spec;
  if (protocol === "npm")
    return /^[@a-z_]/i.test(rest) && !/^(latest|next)$/.test(rest) ? [NAME.exec(rest)?.[0] ?? rest, registry] : [name, registry];
  if (protocol === "workspace") return [name, local];
  if (protocol === "catalog") return [name, registry];
  if (protocol === "jsr") return [NAME.exec(rest)?.[0] ?? name, place("jsr")];
  if (protocol === "patch") return depth > 2 ? [name, place("a patch of a patch")] : patched(name, rest, manifest, depth);
  if (protocol === "file" || protocol === "link" || protocol === "portal" || /^(\.{1,2}|~)?\//.test(spec))
    return [name, pathSource(spec, manifest)];
  const hosted = protocol === undefined ? undefined : HOSTED[protocol];
  if (hosted) return [name, git(`https://${hosted}/${rest}`)];
  if (protocol === "http" || protocol === "https") return [name, /\.git(#|$)/.test(spec) ? git(spec) : archive(spec)];
  if (protocol !== undefined) return [name, git(spec)];
  if (/^[\w.-]+@[\w.-]+:/.test(spec)) return [name, git(spec)];
  if (/^[\w.-]+\/[\w.-]+(#|$)/.test(spec)) return [name, git(`https://github.com/${spec}`)];
  return [name, registry];
}

/** `patch:left-pad@npm%3A1.0.0#./fix.patch`: the package below the patch. */
function patched(name: string, spec: string, manifest: string, depth: number): readonly [string, Source] {
  const inner = decodeURIComponent(spec.split("#")[0] ?? "");
  const real = NAME.exec(inner)?.[0] ?? name;
  return resolve(real, inner.slice(real.length + 1) || "*", manifest, depth + 1);
}

/** `name@spec` as lockfiles write it. */
export function npmDescriptor(descriptor: string, manifest: string): Package {
  const name = NAME.exec(descriptor)?.[0] ?? descriptor;
  return npmPackage(name, descriptor.slice(name.length + 1), manifest);
}
