import {
  archive,
  type Format,
  git,
  type Package,
  pathSource,
  place,
  publicUrl,
  registry,
  registryAt,
  registryEntry,
  type Source,
} from "./format.ts";

const GEM = /\bgem[\s(]+(["'])([^"']+)\1/g;
/** Names that only running the program tells. */
const COMPUTED = /\bgem(?=[\s(])[\s(]+(?!["'\s(=])|\b(?:eval_gemfile|instance_eval|eval)\b/;
const OPTION = /(?::(\w+)\s*=>|\b(\w+):)\s*(["'])([^"'\n]+)\3/g;

/** A program, not data: its `gem`, `source`, `git`, `path` and `group` lines. */
export const gemfile: Format = {
  what: "a Gemfile",
  is: (_, name) => name === "gemfile" || name === "gems.rb" || name.endsWith(".gemfile"),
  read: (text, path) => {
    const blocks: Block[] = [];
    return text
      .replace(/,[ \t]*(#.*)?\r?\n[ \t]*/g, ", ")
      .split(/\r?\n/)
      .flatMap((line): readonly Package[] => {
        if (/^\s*#/.test(line)) return [];
        const calls = [...line.matchAll(GEM)];
        const named = calls.map(({ index, 0: call, 2: name = "" }) => gem(name, line.slice(index + call.length), blocks, path));
        const computed = COMPUTED.test(line) ? [unnamed(line)] : [];
        if (/^\s*end\b/.test(line)) blocks.pop();
        const block = blockOf(line, path);
        if (/\bdo(\s*\|[^|]*\|)?$/.test(line.trimEnd()) || /^\s*(if|unless|case)\b/.test(line)) blocks.push(block);
        const url = /^\s*source[\s(]+(["'])([^"']+)\1/.exec(line)?.[2];
        return [...named, ...computed, ...(url ? [registryEntry("ruby", url)] : [])];
      });
  },
};

interface Block {
  readonly source?: Source;
  readonly role?: string;
}

function blockOf(line: string, path: string): Block {
  const [, verb, , value = ""] = /^\s*(git|path|source|github)[\s(]+(["'])([^"']+)\2/.exec(line) ?? [];
  if (verb === "git") return { source: git(value) };
  if (verb === "github") return { source: git(`https://github.com/${value}`) };
  if (verb === "path") return { source: pathSource(value, path) };
  if (verb === "source") return { source: registryAt(publicUrl(value)) };
  return /^\s*group\b.*:(development|test)\b/.test(line) ? { role: "development" } : {};
}

function gem(name: string, rest: string, blocks: readonly Block[], path: string): Package {
  const source = optionSource(rest, path) ?? blocks.findLast((block) => block.source)?.source ?? registry;
  const role =
    blocks.findLast((block) => block.role)?.role ??
    (/\bgroups?\b/.test(rest) && /\b(development|test)\b/.test(rest) ? "development" : undefined);
  return { ecosystem: "ruby", name, source, direct: true, ...(role ? { role } : {}), written: name };
}

const unnamed = (line: string): Package => ({
  ecosystem: "ruby",
  name: `computed ${line.trim()}`,
  source: registry,
  because: "names gems in a new way that could not be read",
});

function optionSource(rest: string, path: string): Source | undefined {
  for (const [, older, newer, , value = ""] of rest.matchAll(OPTION)) {
    const option = older ?? newer;
    if (option === "git") return git(value);
    if (option === "github") return git(`https://github.com/${value.includes("/") ? value : `${value}/${value}`}`);
    if (option === "gitlab" || option === "bitbucket" || option === "gist") return place(`${option}:${value}`);
    if (option === "path") return pathSource(value, path);
    if (option === "source") return /^https?:/.test(value) ? registryAt(publicUrl(value)) : archive(value);
  }
  return undefined;
}

export const gemspec: Format = {
  what: "a gem specification",
  is: (_, name) => name.endsWith(".gemspec"),
  read: (text) =>
    [...text.matchAll(/^[^#\n]*\.add_(runtime_|development_)?dependency[\s(]+(?:%q[<({[])?["']?([\w.-]+)/gm)].map(
      ([, kind, name = ""]) => ({
        ecosystem: "ruby" as const,
        name,
        source: registry,
        direct: true,
        ...(kind === "development_" ? { role: "development" } : {}),
        written: name,
      }),
    ),
};

export const gemfileLock: Format = {
  what: "a Gemfile lockfile",
  is: (_, name) => name === "gemfile.lock" || name === "gems.locked" || name.endsWith(".gemfile.lock"),
  lock: true,
  read: (text, path) => {
    const lines = text.split(/\r?\n/);
    if (!lines.includes("DEPENDENCIES")) throw new Error("it lists no dependencies");
    const direct = new Set(lines.slice(lines.indexOf("DEPENDENCIES")).flatMap((line) => /^ {2}([^\s!(]+)/.exec(line)?.[1] ?? []));
    let section = "";
    let source: Source = registry;
    let address = "";
    return lines.flatMap((line): readonly Package[] => {
      if (/^[A-Z]/.test(line)) section = line.trim();
      const remote = /^ {2}remote: (.+)$/.exec(line)?.[1];
      if (remote) address = remote;
      if (remote) source = section === "GIT" ? git(remote) : section === "PATH" ? pathSource(remote, path) : registryAt(publicUrl(remote));
      const name = /^ {4}([^\s(]+)/.exec(line)?.[1];
      if (!name || !["GEM", "GIT", "PATH", "PLUGIN SOURCE"].includes(section)) return [];
      return [{ ecosystem: "ruby", name, source, direct: direct.has(name), written: name, address }];
    });
  },
};
