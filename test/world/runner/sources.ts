import { cp, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { x } from "tinyexec";
import type { ActionsStore } from "../actions.ts";

/** A repository's files at one commit: where workflows and actions are read from. */
export interface Source {
  /** `owner/name`. */
  readonly repository: string;
  readonly ref: string;
  /** The file's text, or nothing. */
  readonly read: (path: string) => Promise<string | undefined>;
  readonly list: (folder: string) => Promise<readonly string[]>;
}

const SHA = /^[0-9a-f]{40}$/;

/** What a ref's own file says; nothing where it is packed, or is no ref. */
async function looseRef(gitDir: string, ref: string): Promise<string | undefined> {
  if (!ref.startsWith("refs/") || ref.includes("..")) return undefined;
  const text = await readFile(join(gitDir, ref), "utf8").catch(() => "");
  return SHA.test(text.trim()) ? text.trim() : undefined;
}

/** Reads from a bare repository; the commit is looked up once. Nothing where there is no such ref. */
export async function gitSource(gitDir: string, repository: string, ref: string): Promise<(Source & { readonly sha: string }) | undefined> {
  const wanted = (await looseRef(gitDir, ref)) ?? ref;
  const look = SHA.test(wanted) ? kept : git;
  const found = await look(gitDir, "rev-parse", "--verify", "--quiet", "--end-of-options", `${wanted}^{commit}`);
  if (found === undefined) return undefined;
  const sha = found.trim();
  const files = async () => blobsOf((await kept(gitDir, "ls-tree", "-r", "-z", sha)) ?? "");
  return {
    repository,
    ref,
    sha,
    read: async (path) => {
      const blob = (await files()).get(path);
      return blob && kept(gitDir, "cat-file", "blob", blob);
    },
    list: async (folder) => [...(await files()).keys()].filter((path) => dirname(path) === folder),
  };
}

/** `100644 blob SHA\tpath` → path and SHA. */
const blobsOf = (listing: string): ReadonlyMap<string, string> =>
  new Map(
    listing
      .split("\0")
      .filter(Boolean)
      .map((line) => [line.slice(line.indexOf("\t") + 1), line.split(/[ \t]/, 3)[2] ?? ""]),
  );

const answers = new Map<string, Promise<string | undefined>>();

/** What git says of an object never changes, every event asks for the same files, and starting a process from a large one costs 20 ms. */
function kept(gitDir: string, ...args: readonly string[]): Promise<string | undefined> {
  const key = [gitDir, ...args].join("\0");
  const answer = answers.get(key) ?? git(gitDir, ...args);
  answers.set(key, answer);
  return answer;
}

/** The Rig's own files, from the working tree: what its reusable workflows and actions are. */
export function treeSource(root: string, repository: string, ref: string): Source {
  return {
    repository,
    ref,
    read: (path) => readFile(join(root, path), "utf8").catch(() => undefined),
    list: async () => [],
  };
}

/** What git says, or nothing where it refuses. */
export async function git(gitDir: string, ...args: readonly string[]): Promise<string | undefined> {
  const { stdout, exitCode } = await x("git", ["--git-dir", gitDir, ...args], { nodeOptions: { env: gitEnvironment } });
  return exitCode === 0 ? stdout : undefined;
}

const gitEnvironment = { PATH: process.env.PATH, GIT_TERMINAL_PROMPT: "0", GIT_CONFIG_NOSYSTEM: "1", HOME: "/nonexistent" };

/** A repository of the store at a ref, by name; nothing where either is missing. */
export async function storeSource(store: ActionsStore, fullName: string, ref: string) {
  const [owner = "", name = ""] = fullName.split("/");
  const repository = store.repositoryByName(owner, name);
  return repository && gitSource(store.gitDir(repository.id), fullName, ref);
}

const NOT_DOWNLOADED = new Set(["node_modules", ".git", ".rig", "coverage"]);

/** Copies the Rig's working tree as a runner would download it: without what was only installed. An action that is no bundle fails here too. */
export async function downloadRig(rigRoot: string, to: string): Promise<string> {
  await cp(rigRoot, to, { recursive: true, filter: (path) => path === rigRoot || !NOT_DOWNLOADED.has(basename(path)) });
  return to;
}
