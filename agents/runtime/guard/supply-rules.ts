/** What lets strangers' code in unseen, or work out that nobody looked at. */
import { absolute, writtenBy } from "./files.ts";
import { isShell, type Program } from "./programs.ts";
import type { Rule } from "./rule.ts";

const FETCHES = /^(?:curl|wget|fetch|http|https|xh|aria2c|lynx|ftp|nc|ncat)$/;
const INTERPRETS = /^(?:python[\d.]*|node|nodejs|deno|bun|perl|ruby|php)$/;

export const pipedShell: Rule = {
  name: "piped-shell",
  why: "A script from the network is not run unread. Save it to a file, read it, then run what you need of it; or use a package manager.",
  hits: (program) => {
    const { name, args, pipedFrom, substituted } = program;
    const fetched = (programs: readonly Program[]) => programs.some((other) => FETCHES.test(other.name));
    if (isShell(name) || /^(?:eval|source|\.)$/.test(name))
      return fetched(substituted) || (fetched(pipedFrom) && !args.some((arg) => /^-[a-z]*c$/.test(arg)));
    if (!INTERPRETS.test(name)) return false;
    return (fetched(substituted) && /^-[a-z]*[ce]$/.test(args[0] ?? "")) || (fetched(pipedFrom) && (args.length === 0 || args[0] === "-"));
  },
};

export const ownRules: Rule = {
  name: "protected-files",
  why: "Workflows and CODEOWNERS are changed by people only: a change to them would be refused at the end. Leave them, and say in your summary what they would need.",
  hits: (program, place) =>
    writtenBy(program).some((name) => /\/\.github\/workflows(?:\/|$)|\/CODEOWNERS$/i.test(absolute(name, place) ?? `/${name}`)),
};

/** By program: the words that publish. */
const publishes: Readonly<Record<string, RegExp>> = {
  npm: /^(?:publish|unpublish|deprecate|dist-tag add|login|adduser|token)\b/,
  pnpm: /^(?:publish|login)\b/,
  yarn: /^(?:publish|npm publish)\b/,
  bun: /^publish\b/,
  deno: /^publish\b/,
  jsr: /^publish\b/,
  twine: /^upload\b/,
  poetry: /^publish\b/,
  uv: /^publish\b/,
  flit: /^publish\b/,
  hatch: /^publish\b/,
  cargo: /^(?:publish|yank|login)\b/,
  docker: /^(?:push|login|image push|manifest push)\b/,
  podman: /^(?:push|login|image push|manifest push)\b/,
  buildah: /^push\b/,
  skopeo: /^copy\b/,
  helm: /^push\b/,
  gem: /^push\b/,
  dotnet: /^nuget push\b/,
  nuget: /^push\b/,
  mvn: /\bdeploy\b/,
  gh: /^(?:release (?:create|upload|delete|edit)|pr (?:create|merge|review|close)|repo (?:delete|edit|create)|gist create|secret|workflow run|api)\b/,
};

export const publish: Rule = {
  name: "publish",
  why: "You publish nothing: no package, image, release or pull request. What you changed is published for you when you finish.",
  hits: ({ name, args }) => {
    const words = args.filter((arg) => !arg.startsWith("-")).join(" ");
    return publishes[name]?.test(words) === true && !args.some((arg) => /^(?:--dry-run|-n|--help)$/.test(arg));
  },
};
