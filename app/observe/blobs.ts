/** Reads what files hold through GitHub's API: many texts in one question, and whatever does not come back as it was one by one. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { Reader } from "./github.ts";
import { hasMediaName } from "./media.ts";

export interface Wanted {
  readonly id: string;
  readonly path: string;
  readonly size: number;
}

const MOST_IN_ONE = 100;
const MOST_BYTES_IN_ONE = 3_000_000;
const MOST_BYTES = 32_000_000;
/** A call for each costs more of the hour than fetching them all by git. */
const MOST_ALONE = 60;
const ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

const Answer = z.object({
  repository: z.record(z.string(), z.object({ text: z.string().nullish() }).nullable()).nullable(),
});

/** The bytes of each, by id; undefined where they are too many for the API. */
export async function readBlobs(reader: Reader, wanted: readonly Wanted[]): Promise<ReadonlyMap<string, Buffer> | undefined> {
  const [all, alone] = [new Map<string, Buffer>(), new Set<string>()];
  if (sizeOf(wanted) > MOST_BYTES) return undefined;
  for (const { id, path } of wanted) if (hasMediaName(path)) alone.add(id);
  const texts = wanted.filter(({ id }) => !alone.has(id));
  const answers = await Promise.all(batches(texts).map((batch) => readTexts(reader, batch)));
  for (const { id } of texts) {
    const text = answers.find((answer) => answer.has(id))?.get(id);
    const bytes = text === undefined ? undefined : Buffer.from(text);
    // GitHub cuts long texts and rewrites what is not UTF-8: only the bytes that the id stands for will do.
    if (bytes && isOf(id, bytes)) all.set(id, bytes);
    else alone.add(id);
  }
  if (alone.size > MOST_ALONE) return undefined;
  await Promise.all([...alone].map(async (id) => all.set(id, await readAlone(reader, id))));
  return all;
}

const sizeOf = (wanted: readonly Wanted[]): number => wanted.reduce((sum, { size }) => sum + size, 0);

function batches(wanted: readonly Wanted[]): readonly (readonly Wanted[])[] {
  const all: Wanted[][] = [];
  for (const one of wanted) {
    const last = all.at(-1);
    if (last && last.length < MOST_IN_ONE && sizeOf(last) + one.size <= MOST_BYTES_IN_ONE) last.push(one);
    else all.push([one]);
  }
  return all;
}

async function readTexts({ octokit, owner, repo }: Reader, batch: readonly Wanted[]): Promise<ReadonlyMap<string, string>> {
  const fields = batch.map(({ id }, index) => `b${index}: object(oid: "${checked(id)}") { ... on Blob { text } }`);
  const query = `query blobs($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { ${fields.join(" ")} } }`;
  const { repository } = Answer.parse(await octokit.graphql(query, { owner, repo }));
  return new Map(
    batch.flatMap(({ id }, index) => {
      const text = repository?.[`b${index}`]?.text;
      return typeof text === "string" ? [[id, text] as const] : [];
    }),
  );
}

async function readAlone({ octokit, owner, repo }: Reader, id: string): Promise<Buffer> {
  const { data } = await octokit.rest.git.getBlob({ owner, repo, file_sha: id });
  const bytes = Buffer.from(data.content, data.encoding === "base64" ? "base64" : "utf8");
  if (!isOf(id, bytes)) throw new Error(`GitHub answered other bytes than those of blob ${id} of ${owner}/${repo}.`);
  return bytes;
}

function checked(id: string): string {
  if (!ID.test(id)) throw new Error(`${id} is not the id of a git object.`);
  return id;
}

/** Whether git would give these bytes that id. */
const isOf = (id: string, bytes: Buffer): boolean =>
  createHash(id.length === 40 ? "sha1" : "sha256")
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest("hex") === id;
