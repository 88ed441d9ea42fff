import { resolveCommit } from "../git/store.ts";
import { entryAt, readBlob } from "../git/tree.ts";
import { nodeId } from "../shapes/node-id.ts";
import type { Repository } from "../state/repository.ts";

/** Texts come no longer than this. */
const MOST_TEXT_BYTES = 512_000;
/** As far as git looks for a NUL to call a file binary. */
const LOOKED_AT = 8_000;

/** A blob by its id, or by `commit:path`; null where there is none. Other kinds are not served here. */
export async function showObjectNode(repository: Repository, { oid, expression }: { readonly oid?: string; readonly expression?: string }) {
  const id = oid ?? (await named(repository, expression ?? ""));
  const object = id ? await repository.git.objects.size(id) : undefined;
  if (!object || !id) return null;
  if (object.type !== "blob")
    throw new Error(`The stand-in GitHub shows blobs in GraphQL, and ${id} is a ${object.type}: teach it, or do without.`);
  const content = await readBlob(repository.git, id);
  const isBinary = content.subarray(0, LOOKED_AT).includes(0);
  const isTruncated = !isBinary && content.length > MOST_TEXT_BYTES;
  return {
    __typename: "Blob",
    id: nodeId("Blob", id),
    oid: id,
    byteSize: content.length,
    isBinary,
    isTruncated,
    text: isBinary ? null : content.subarray(0, MOST_TEXT_BYTES).toString(),
  };
}

async function named(repository: Repository, expression: string): Promise<string | undefined> {
  const [, name = "", path = ""] = /^([^:]+):(.*)$/.exec(expression) ?? [];
  const commit = await resolveCommit(repository.git, name);
  return commit ? (await entryAt(repository.git, commit, path))?.sha : undefined;
}
