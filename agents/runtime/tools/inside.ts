/** Opening a file that is certainly inside the workspace (R24). */
import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { codeOf, messageOf } from "../errors.ts";

/** `look` opens folders too. */
export type How = "read" | "look" | "write" | "create";

const flags: Readonly<Record<How, number>> = {
  read: constants.O_RDONLY,
  look: constants.O_RDONLY,
  write: constants.O_RDWR,
  create: constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL,
};

/**
 * Walks one component at a time from the root's own handle, following no symbolic link, so that neither a link in the
 * path nor a dangling one at its end leads outside. Linux only: /proc/self/fd stands in for openat(2).
 */
export async function openInside(root: string, path: string, how: How): Promise<FileHandle> {
  const names = componentsOf(path);
  const leaf = names.pop();
  let folder = await open(root, constants.O_RDONLY | constants.O_DIRECTORY);
  if (leaf === undefined && how === "look") return folder;
  try {
    if (leaf === undefined) throw new Error("The path names the workspace itself; name a file in it.");
    for (const name of names) {
      const next = await step(folder, name, path, how);
      await folder.close();
      folder = next;
    }
    const file = await open(at(folder, leaf), flags[how] | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o644).catch((error) => {
      throw explained(error, path);
    });
    const stat = await file.stat();
    if (!stat.isFile() && !(how === "look" && stat.isDirectory())) {
      await file.close();
      throw new Error(`${path} is not a regular file.`);
    }
    if (how === "create") await ownedLike(file, folder);
    return file;
  } finally {
    await folder.close();
  }
}

function componentsOf(path: string): string[] {
  if (path.startsWith("/") || path.includes("\0"))
    throw new Error(`${path} is not a path inside the workspace; give it relative to its root.`);
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  if (names.includes("..")) throw new Error(`${path} goes up with "..", which is not allowed.`);
  if (names.some((name) => name.toLowerCase() === ".git")) throw new Error(`${path} is inside .git, which is not yours to touch.`);
  return names;
}

async function step(folder: FileHandle, name: string, path: string, how: How): Promise<FileHandle> {
  const openFolder = () => open(at(folder, name), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    return await openFolder();
  } catch (error) {
    if (how !== "create" || codeOf(error) !== "ENOENT") throw explained(error, path);
    await mkdir(at(folder, name));
    const made = await openFolder();
    await ownedLike(made, folder);
    return made;
  }
}

/** Commands run as another user (R8), who must be able to go on with what was made here. */
async function ownedLike(made: FileHandle, folder: FileHandle): Promise<void> {
  const { uid, gid } = await folder.stat();
  if (process.getuid?.() === 0) await made.chown(uid, gid);
}

const at = (folder: FileHandle, name: string) => `/proc/self/fd/${folder.fd}/${name}`;

function explained(error: unknown, path: string): Error {
  switch (codeOf(error)) {
    case "ELOOP":
      return new Error(`${path} is or leads through a symbolic link; files are opened without following any.`);
    case "ENOTDIR":
      return new Error(`${path} leads through something that is not a plain folder.`);
    case "ENOENT":
      return new Error(`${path} does not exist.`);
    case "EEXIST":
      return new Error(`${path} exists already.`);
    case "EISDIR":
      return new Error(`${path} is a folder.`);
    default:
      return new Error(messageOf(error));
  }
}
