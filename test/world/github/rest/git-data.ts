import { NoSuchObject, readCommit } from "../git/commit.ts";
import { isAncestor } from "../git/compare.ts";
import { commitTree } from "../git/merge.ts";
import { inTurn, resolveCommit } from "../git/store.ts";
import { readBlob, readTree } from "../git/tree.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { changeRefs } from "../pushes/moved.ts";
import { refusedRefs } from "../pushes/refused.ts";
import { emailOf, showGitCommit } from "../shapes/commit.ts";
import { nodeId } from "../shapes/node-id.ts";
import { apiOf } from "../shapes/repository.ts";
import type { Author } from "../state/people.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { created, type Endpoint, noContent, ok, onRepository } from "./endpoint.ts";
import { listed } from "./pages.ts";

const reads = { app: { contents: "read" }, person: "read" } as const;
const writes = { app: { contents: "write" }, person: "write" } as const;

const showRef = (world: World, repository: Repository, ref: string, sha: string) => ({
  ref,
  node_id: nodeId("Ref", ref),
  url: `${apiOf(world, repository)}/git/${ref}`,
  object: { sha, type: "commit", url: `${apiOf(world, repository)}/git/commits/${sha}` },
});

const missing = (error: unknown): never => {
  if (error instanceof NoSuchObject) throw notFound();
  throw error;
};

function refuseProtected(repository: Repository, by: Author, ref: string): void {
  if (refusedRefs(repository, by).includes(ref))
    throw new Refusal(422, "Repository rule violations found\n\nChanges must be made through a pull request.");
}

async function setRef(world: World, repository: Repository, by: Author, ref: string, sha: string | null): Promise<void> {
  refuseProtected(repository, by, ref);
  await changeRefs(world, repository, by, { [ref]: sha });
}

export const gitDataEndpoints: readonly Endpoint[] = [
  onRepository("git/get-ref", reads, ({ world, repository, params }) => {
    const ref = `refs/${params.ref}`;
    const sha = repository.git.refs.get(ref);
    if (!sha) throw notFound();
    return ok(showRef(world, repository, ref, sha));
  }),
  onRepository("git/list-matching-refs", reads, (call) => {
    const { world, repository } = call;
    const found = [...repository.git.refs].filter(([ref]) => ref.startsWith(`refs/${call.params.ref}`)).sort();
    return listed(call, found, ([ref, sha]) => showRef(world, repository, ref, sha));
  }),
  onRepository("git/create-ref", writes, ({ world, repository, author, body }) =>
    inTurn(repository.git, async () => {
      if (!/^refs\/(heads|tags)\/[^\s~^:?*[\\]+$/.test(body.ref))
        throw new Refusal(422, "Reference name must start with 'refs/' and contain at least 2 slashes.");
      if (repository.git.refs.has(body.ref)) throw new Refusal(422, "Reference already exists");
      if ((await resolveCommit(repository.git, body.sha)) !== body.sha) throw new Refusal(422, "Object does not exist");
      await setRef(world, repository, author(), body.ref, body.sha);
      return created(showRef(world, repository, body.ref, body.sha));
    }),
  ),
  onRepository("git/update-ref", writes, ({ world, repository, author, params, body }) =>
    inTurn(repository.git, async () => {
      const ref = `refs/${params.ref}`;
      const now = repository.git.refs.get(ref);
      if (!now) throw new Refusal(422, "Reference does not exist");
      if ((await resolveCommit(repository.git, body.sha)) !== body.sha) throw new Refusal(422, "Object does not exist");
      if (!body.force && !(await isAncestor(repository.git, now, body.sha))) throw new Refusal(422, "Update is not a fast forward");
      await setRef(world, repository, author(), ref, body.sha);
      return ok(showRef(world, repository, ref, body.sha));
    }),
  ),
  onRepository("git/delete-ref", writes, ({ world, repository, author, params }) =>
    inTurn(repository.git, async () => {
      const ref = `refs/${params.ref}`;
      if (!repository.git.refs.has(ref)) throw new Refusal(422, "Reference does not exist");
      if (ref === `refs/heads/${repository.defaultBranch}`) throw new Refusal(422, "Cannot delete the default branch");
      await setRef(world, repository, author(), ref, null);
      return noContent;
    }),
  ),
  onRepository("git/get-commit", reads, async ({ world, repository, params }) =>
    ok(showGitCommit(world, repository, await readCommit(repository.git, params.commit_sha).catch(missing))),
  ),
  onRepository("git/create-commit", writes, ({ world, repository, author, body }) =>
    inTurn(repository.git, async () => {
      const { git } = repository;
      await readTree(git, body.tree).catch(() => {
        throw new Refusal(422, "Tree SHA does not exist");
      });
      for (const parent of body.parents ?? [])
        if ((await resolveCommit(git, parent)) !== parent) throw new Refusal(422, "Parent SHA does not exist or is not a commit object");
      const { user } = author();
      const words = { message: body.message, author: { name: user.login, email: emailOf(user) }, at: world.now() };
      const sha = await commitTree(git, body.tree, body.parents ?? [], words);
      return created(showGitCommit(world, repository, await readCommit(git, sha)));
    }),
  ),
  onRepository("git/get-tree", reads, async ({ world, repository, params, query }) => {
    const { git } = repository;
    const commit = await resolveCommit(git, params.tree_sha);
    const sha = commit ? (await readCommit(git, commit)).tree : params.tree_sha;
    const recursive = query.recursive !== undefined;
    const entries = await readTree(git, sha, recursive).catch(missing);
    const shown = recursive ? entries.slice(0, world.mostTreeEntries) : entries;
    const url = apiOf(world, repository);
    const tree = shown.map((entry) => ({
      ...entry,
      ...(entry.type === "commit" ? {} : { url: `${url}/git/${entry.type}s/${entry.sha}` }),
    }));
    return ok({ sha, url: `${url}/git/trees/${sha}`, tree, truncated: shown.length < entries.length });
  }),
  onRepository("git/get-blob", reads, async ({ world, repository, params }) => {
    const content = await readBlob(repository.git, params.file_sha).catch(missing);
    const url = `${apiOf(world, repository)}/git/blobs/${params.file_sha}`;
    return ok({
      sha: params.file_sha,
      node_id: nodeId("Blob", params.file_sha),
      size: content.length,
      url,
      content: wrapped(content),
      encoding: "base64",
    });
  }),
];

/** Base64 in lines of 60, as GitHub writes it. */
export const wrapped = (content: Buffer) => content.toString("base64").replace(/.{60}/g, "$&\n");
