/** Commits of whatever a tree can hold, made by real git and pushed to the stand-in GitHub. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProbotOctokit } from "probot";
import type { Reader } from "../../../app/observe/github.ts";
import { createMemory } from "../../../app/observe/memory.ts";
import { git, gitText } from "../../world/github/git/run.ts";
import { type SmallWorld, till } from "../../world-github/small-world.ts";

export interface Leaf {
  /** `100644` unless told; of a submodule (`160000`) the content is the commit's id. */
  readonly mode?: string;
  readonly content: string | Buffer;
}

/** Path → what lies there. */
export type Tree = Readonly<Record<string, string | Buffer | Leaf>>;

const quoted = (path: string) => `"${path.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
const leafOf = (leaf: Tree[string]): Leaf => (typeof leaf === "string" || Buffer.isBuffer(leaf) ? { content: leaf } : leaf);

const BRANCH = "refs/heads/main";
const nobody = "Somebody <somebody@example.org> 1790000000 +0000";

/** One commit as `git fast-import` reads it. */
function commitOf(tree: Tree, follows: boolean): Buffer {
  const parts: Buffer[] = [];
  const say = (...texts: (string | Buffer)[]) => parts.push(...texts.map((text) => Buffer.from(text)));
  say(`commit ${BRANCH}\nauthor ${nobody}\ncommitter ${nobody}\ndata 6\nChange\n${follows ? "deleteall\n" : ""}`);
  for (const [path, leaf] of Object.entries(tree)) {
    const { mode = "100644", content } = leafOf(leaf);
    if (mode === "160000") say(`M ${mode} ${content} ${quoted(path)}\n`);
    else say(`M ${mode} inline ${quoted(path)}\ndata ${Buffer.byteLength(content)}\n`, content, "\n");
  }
  return Buffer.concat(parts);
}

/** A bare repository with one commit after the other; `use` gets their ids. */
export async function withCommits<T>(trees: readonly Tree[], use: (gitDir: string, shas: readonly string[]) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), "trees-"));
  try {
    await git(dir, ["init", "--quiet", "--bare", "--template=", "."]);
    const commits = trees.map((tree, n) => commitOf(tree, n > 0));
    await git(dir, ["fast-import", "--quiet", "--done"], { stdin: Buffer.concat([...commits, Buffer.from("done\n")]) });
    const shas = (await gitText(dir, ["rev-list", "--reverse", BRANCH])).trim().split("\n");
    return await use(dir, shas);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Bob pushes both trees and asks to merge one into the other. Answers what `pulls.get` shows of it. */
export const openWith = ({ github, bob, people }: SmallWorld, name: string, base: Tree, head: Tree) =>
  withCommits([base, head], async (dir, [from, to]) => {
    const url = github.origin.replace("http://", `http://x-access-token:${people.bob.token}@`).concat("/ann/till.git");
    await git(dir, ["push", "--quiet", url, `${from}:refs/heads/base-${name}`, `${to}:refs/heads/${name}`]);
    const { data } = await bob.rest.pulls.create({ ...till, title: name, head: name, base: `base-${name}` });
    return (await bob.rest.pulls.get({ ...till, pull_number: data.number })).data;
  });

/** How the app reads: as the App's installation. */
export const readerOf = ({ github, app, installationId }: SmallWorld): Reader => ({
  octokit: new ProbotOctokit({
    auth: { appId: app.id, privateKey: app.privateKey, installationId },
    baseUrl: github.apiUrl,
    retry: { enabled: false },
    throttle: { enabled: false },
  }),
  ...till,
  memory: createMemory(),
});
