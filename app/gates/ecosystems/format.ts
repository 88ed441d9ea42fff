/** What a manifest, a lockfile and anything else that brings in other people's code has in common. */

/** What packages of an ecosystem are called in a sentence. */
export const nouns = {
  npm: "npm package",
  python: "Python package",
  go: "Go module",
  rust: "Rust crate",
  maven: "Maven artifact",
  gradle: "Gradle plugin",
  nuget: "NuGet package",
  ruby: "Ruby gem",
  php: "Composer package",
  action: "GitHub action",
  image: "container image",
  helm: "Helm chart",
  submodule: "Git submodule",
} as const;

export type Ecosystem = keyof typeof nouns;

/**
 * Where a package comes from. `at` of a registry is known to some lockfiles only. A `place` is a git repository, an address or a file
 * outside; `local` is code of the same repository.
 */
export type Source =
  | { readonly kind: "registry"; readonly at?: string }
  | { readonly kind: "place"; readonly at: string }
  | { readonly kind: "local" };

export interface Package {
  readonly ecosystem: Ecosystem;
  /** As it is compared: normalised as its ecosystem does. */
  readonly name: string;
  readonly source: Source;
  /** Absent where the file does not tell. */
  readonly direct?: boolean;
  /** What it is for, where that is said: `development`, `build`, `plugin`. */
  readonly role?: string;
  readonly installScript?: true;
  /** The name that the project gives it, where it is another. */
  readonly alias?: string;
  /** What its line in the file contains, where that is not the name. */
  readonly written?: string;
  /** Its address as the file has it, where that is written apart from the name. */
  readonly address?: string;
  /** Said in place of the usual sentence. */
  readonly because?: string;
  /** Names that begin with this name are the project's own, when the merge base says so. */
  readonly own?: true;
}

export interface Format {
  /** `an npm manifest`: completes "could not be read as". */
  readonly what: string;
  /** Is given the whole path and the last part of it, both in lower case and NFC. */
  readonly is: (path: string, name: string) => boolean;
  /** Throws where the text is no such file. */
  readonly read: (text: string, path: string) => readonly Package[];
  /** The lockfile says, for manifests beside and below it, which names are local. */
  readonly lock?: true;
  /** Says nothing of its own where this other file is among the changes. */
  readonly unless?: (path: string) => string;
}

export const registry: Source = { kind: "registry" };
export const local: Source = { kind: "local" };
export const place = (at: string): Source => ({ kind: "place", at });
export const registryAt = (at: string | undefined): Source => (at ? { kind: "registry", at } : registry);

/** A registry that packages may come from: as new as a package when it is. */
export const registryEntry = (ecosystem: Ecosystem, url: string): Package => {
  const at = publicUrl(url);
  return { ecosystem, name: `registry ${at}`, source: registry, written: url, because: `lets ${nouns[ecosystem]}s come from ${at}` };
};

/** An address without what may be secret in it, and without what only tells a version. */
export const publicUrl = (url: string): string =>
  url
    .trim()
    .replace(/[?#].*$/s, "")
    .replace(/^([\w+.-]+:\/\/)[^/]*@/, "$1")
    .replace(/(?<!\/)\/+$/, "");

/** One spelling for the many of a git repository. */
export function git(url: string): Source {
  const plain = publicUrl(url.replace(/^git\+/, "").replace(/^scm:git:/, ""))
    .replace(/^[\w.-]+@([\w.-]+):(?!\/)/, "https://$1/")
    .replace(/^(ssh|git|http|https|git\+ssh|git\+https):\/\//, "https://")
    .replace(/\.git(@[^/]*)?$/, "")
    .replace(/(?<=[^/])@[^/@]*$/, "");
  return place(`git+${plain.includes("://") ? plain.toLowerCase() : plain}`);
}

/** An archive: where it lies, not which of its versions. */
export function archive(url: string): Source {
  const hosted =
    /^https:\/\/(?:codeload\.github\.com|api\.github\.com\/repos|github\.com)\/([\w.-]+)\/([\w.-]+)\/(?:tar\.gz|legacy\.tar\.gz|zip|archive|tarball|zipball)\//.exec(
      url,
    );
  if (hosted) return git(`https://github.com/${hosted[1]}/${hosted[2]}`);
  const plain = publicUrl(url);
  return place(plain.slice(0, Math.max(plain.lastIndexOf("/"), plain.indexOf("://") + 3)));
}

/** Where the registry is that a resolved address belongs to: what comes before the package's name in it. */
export function resolvedAt(url: string, name: string): Source {
  const hosted = archive(url);
  if (/^git[+:]|\.git(#|$)|^ssh:|^git@/.test(url)) return git(url);
  if (hosted.kind === "place" && hosted.at.startsWith("git+")) return hosted;
  const plain = publicUrl(url);
  const at = [name, encodeURIComponent(name), name.replace("/", "%2f")]
    .map((one) => plain.lastIndexOf(`/${one}/`))
    .find((index) => index > 0);
  if (at !== undefined) return registryAt(plain.slice(0, at));
  return hosted.kind === "place" ? registryAt(hosted.at) : hosted;
}

const ARCHIVE = /\.(tgz|tar\.\w+|tar|zip|whl|egg|jar|aar|war|gem|nupkg|crate|dll|so)$/i;

/** A path that a manifest at `manifest` names: local while it is a folder inside the repository. */
export function pathSource(path: string, manifest: string): Source {
  const plain = path.replace(/^(file|link|portal):(\/\/)?/, "").replace(/[#?].*$/s, "");
  const parts = manifest.split("/").slice(0, -1);
  for (const part of plain.split(/[\\/]/)) {
    if (part === "..") {
      if (parts.length === 0) return place(`${plain}, outside the repository`);
      parts.pop();
    } else if (part !== "." && part !== "") parts.push(part);
  }
  if (/^([\\/~]|[a-z]:)/i.test(plain)) return place(`${plain}, outside the repository`);
  return ARCHIVE.test(plain) ? place(`file:${parts.slice(0, -1).join("/")}`) : local;
}
