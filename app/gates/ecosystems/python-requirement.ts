import { archive, git, type Package, pathSource, registry, type Source } from "./format.ts";

/** PEP 503. */
export const pythonName = (name: string): string =>
  name
    .trim()
    .replace(/[-_.]+/g, "-")
    .toLowerCase();

const REQUIREMENT = /^([A-Za-z0-9][\w.-]*)[ \t]*(?:\[[^\]]*\])?[ \t]*(.*)$/s;

const LONGEST = 2_000;

/** One PEP 508 requirement, or what pip takes in place of one. Undefined where the text is neither. */
export function requirement(text: string, manifest: string): Package | undefined {
  const plain = text.trim();
  if (plain === "" || plain.length > LONGEST) return undefined;
  const elsewhere = placed(plain, manifest);
  if (elsewhere) return elsewhere;
  const [, name, rest = ""] = REQUIREMENT.exec(plain) ?? [];
  if (!name || !/^([=<>!~;@(]|$)/.test(rest)) return undefined;
  const url = /^@[ \t]*([^\s;]+)/.exec(rest)?.[1];
  return pythonPackage(name, url ? addressed(url, manifest) : registry);
}

export const pythonPackage = (name: string, source: Source = registry, role?: string): Package => ({
  ecosystem: "python",
  name: pythonName(name),
  source,
  direct: true,
  ...(role ? { role } : {}),
  written: name,
});

/** `git+https://…`, a URL or a path, as pip reads it. */
export const addressed = (url: string, manifest: string): Source =>
  /^(git|hg|svn|bzr)\+|^git@/.test(url) ? git(url) : /^https?:/.test(url) ? archive(url) : pathSource(url, manifest);

function placed(text: string, manifest: string): Package | undefined {
  const isPath = /^(\.{0,2}[\\/]|\.{1,2}(\[|$)|file:)/.test(text) || /^[^\s=<>@;]+\.(whl|zip|tar\.gz|tgz)$/i.test(text);
  if (!isPath && !/^[a-z+]+:\/\/|^git@/.test(text)) return undefined;
  const [url = ""] = text.split(/\s/);
  const egg = /[#&]egg=([\w.-]+)/.exec(url)?.[1];
  const last =
    url
      .replace(/[#?].*$/s, "")
      .replace(/(?<!\/)\/+$/, "")
      .split("/")
      .at(-1) ?? url;
  const name = egg ?? (last.endsWith(".whl") ? last.split("-")[0] : last.replace(/(\.git)?(@.*)?$/, "")) ?? last;
  return { ...pythonPackage(name, addressed(url.split("[")[0] ?? url, manifest)), written: url };
}
