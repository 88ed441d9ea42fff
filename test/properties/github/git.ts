import { blobId, commitOf, type Tree } from "./commits.ts";
import { missing } from "./errors.ts";
import { type GitHub, note } from "./state.ts";

export const gitApi = (github: GitHub) => ({
  deleteRef: async ({ ref }: { readonly ref: string }) => {
    note(github, "deleteBranch", { branch: ref });
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
