import { resolveCommit } from "../git/store.ts";
import { entryAt, readBlob, readTree, type TreeEntry } from "../git/tree.ts";
import { notFound, Refusal } from "../http/refusal.ts";
import { apiOf, htmlOf } from "../shapes/repository.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { type Endpoint, ok, onRepository } from "./endpoint.ts";
import { wrapped } from "./git-data.ts";

const MEGABYTE = 1_000_000;
const LARGEST = 100 * MEGABYTE;

function showEntry(world: World, repository: Repository, ref: string, path: string, entry: TreeEntry) {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const kind = entry.type === "tree" ? "dir" : entry.mode === "120000" ? "symlink" : entry.type === "commit" ? "submodule" : "file";
  const self = `${apiOf(world, repository)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
  const git = `${apiOf(world, repository)}/git/${entry.type === "tree" ? "trees" : "blobs"}/${entry.sha}`;
  const html = `${htmlOf(world, repository)}/${entry.type === "tree" ? "tree" : "blob"}/${encodeURIComponent(ref)}/${encoded}`;
  return {
    type: kind,
    size: entry.size ?? 0,
    name: path.split("/").at(-1) ?? "",
    path,
    sha: entry.sha,
    url: self,
    git_url: git,
    html_url: html,
    download_url: kind === "file" || kind === "symlink" ? `${htmlOf(world, repository)}/raw/${encodeURIComponent(ref)}/${encoded}` : null,
    _links: { self, git, html },
  };
}

export const contentEndpoints: readonly Endpoint[] = [
  onRepository("repos/get-content", { app: { contents: "read" }, person: "read" }, async ({ world, repository, params, query, accept }) => {
    const ref = query.ref ?? repository.defaultBranch;
    const commit = await resolveCommit(repository.git, ref);
    if (!commit) throw new Refusal(404, `No commit found for the ref ${ref}`);
    const path = params.path.replace(/^\/+|\/+$/g, "");
    const entry = await entryAt(repository.git, commit, path);
    if (!entry) throw notFound();
    if (entry.type === "tree") {
      const entries = await readTree(repository.git, entry.sha);
      return ok(entries.map((one) => showEntry(world, repository, ref, path ? `${path}/${one.path}` : one.path, one)));
    }
    const shown = showEntry(world, repository, ref, path, entry);
    if (entry.type === "commit") return ok({ ...shown, submodule_git_url: null });
    const raw = /vnd\.github(\.v3)?\.raw/.test(accept);
    const size = entry.size ?? 0;
    if (size > LARGEST)
      throw new Refusal(403, "This API returns blobs up to 100 MB in size.", [{ resource: "Blob", field: "data", code: "too_large" }]);
    const content = await readBlob(repository.git, entry.sha);
    if (raw) return { status: 200, raw: { type: "application/vnd.github.raw; charset=utf-8", content } };
    if (shown.type === "symlink") return ok({ ...shown, target: content.toString() });
    // Above a megabyte the content comes only in raw form.
    return ok(size > MEGABYTE ? { ...shown, content: "", encoding: "none" } : { ...shown, content: wrapped(content), encoding: "base64" });
  }),
];
