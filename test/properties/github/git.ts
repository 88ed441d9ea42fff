import { blobId, commitOf, shaOf, type Tree, treeId } from "./commits.ts";
import { HttpError, missing } from "./errors.ts";
import { type GitHub, nextId, note, rigBot } from "./state.ts";

export const gitApi = (github: GitHub) => ({
  deleteRef: async ({ ref }: { readonly ref: string }) => {
    note(github, "deleteBranch", { branch: ref });
    return { data: {} };
  },
  getCommit: async ({ commit_sha }: { readonly commit_sha: string }) => ({
    data: { sha: commit_sha, tree: { sha: treeId(commitOf(github, commit_sha).tree) } },
  }),
  getRef: async ({ ref }: { readonly ref: string }) => ({
    data: {
      object: { sha: ref === "heads/main" ? github.main.at(-1) : (github.branches.get(ref.slice("heads/".length))?.sha ?? missing(ref)) },
    },
  }),
  createCommit: async ({ tree, parents: [parent] }: { readonly tree: string; readonly parents: readonly string[] }) => {
    const files = [...github.commits.values()].find((commit) => treeId(commit.tree) === tree)?.tree ?? missing(`tree ${tree}`);
    const sha = shaOf(`commit@${nextId(github)}`);
    github.commits.set(sha, { sha, tree: files, author: rigBot, committer: rigBot, ...(parent ? { parent } : {}) });
    return { data: { sha } };
  },
  createRef: async ({ ref, sha }: { readonly ref: string; readonly sha: string }) => {
    const branch = ref.slice("refs/heads/".length);
    if (github.branches.has(branch)) throw new HttpError(422, "Reference already exists");
    github.branches.set(branch, { sha, protected: false });
    note(github, "createRef", { branch, sha });
    return { data: {} };
  },
  updateRef: async ({ ref, sha }: { readonly ref: string; readonly sha: string }) => {
    github.branches.set(ref.slice("heads/".length), { sha, protected: false });
    note(github, "updateRef", { branch: ref, sha });
    return { data: {} };
  },
  getTree: async ({ tree_sha }: { readonly tree_sha: string }) => ({
    data: {
      truncated: false,
      tree: [...commitOf(github, tree_sha).tree].map(([path, text]) => ({
        ...{ path, type: "blob", mode: "100644" },
        ...{ sha: blobId(text), size: Buffer.byteLength(text) },
      })),
    },
  }),
});

/** GraphQL's answer about the texts that a question names by their ids. */
export function blobs(github: GitHub, query: string) {
  const texts = new Map([...github.commits.values()].flatMap(({ tree }) => textsOf(tree)));
  const asked = [...query.matchAll(/(b\d+): object\(oid: "(\w+)"\)/g)];
  return {
    repository: Object.fromEntries(asked.map(([, name = "", id = ""]) => [name, { text: texts.get(id) ?? missing(`blob ${id}`) }])),
  };
}

const known = new WeakMap<Tree, readonly (readonly [string, string])[]>();

function textsOf(tree: Tree): readonly (readonly [string, string])[] {
  const texts = known.get(tree) ?? [...tree.values()].map((text) => [blobId(text), text] as const);
  known.set(tree, texts);
  return texts;
}
