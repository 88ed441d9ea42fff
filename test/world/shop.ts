/** The sample repository's files, with the addresses it has in this world. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Addresses {
  readonly staging: string;
  readonly production: string;
  /** The commit of the Rig's own repository that the callers name. */
  readonly rigSha: string;
}

const folder = join(import.meta.dirname, "shop");

export async function shopFiles({ staging, production, rigSha }: Addresses): Promise<Readonly<Record<string, string>>> {
  const told = (text: string) =>
    text
      .replaceAll("http://staging.shop.example", staging)
      .replaceAll("http://shop.example", production)
      .replaceAll("0".repeat(40), rigSha);
  return readFiles(folder, "", told);
}

/** Every file below a folder, by its path from there. */
export async function readFiles(
  root: string,
  below: string,
  told: (text: string) => string = (text) => text,
): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(join(root, below), { withFileTypes: true, recursive: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, told(await readFile(join(root, path), "utf8"))] as const)));
}
