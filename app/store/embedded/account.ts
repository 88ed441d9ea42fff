import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Whom the server runs as. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const OTHERS_MAY_ENTER = 0o005;

/**
 * Postgres refuses to run as root, and its tools want an account that has a name: for root that is `postgres`, else a system account that owns no files.
 * Undefined for everybody else: the server runs as who starts it.
 */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = new Map(
    readFileSync("/etc/passwd", "utf8")
      .split("\n")
      .map((line) => line.split(":"))
      .map(([name = "", , uid, gid]) => [name, { uid: Number(uid), gid: Number(gid) }]),
  );
  for (const name of ["postgres", "daemon", "nobody"]) {
    const account = accounts.get(name);
    if (account && account.uid > 0) return account;
  }
  throw new Error(
    "The embedded Postgres cannot run as root, and there is no account postgres, daemon or nobody. Set DATABASE_URL, or start as another user.",
  );
}

/** Whether another account gets into this directory: every directory above must let it. Root's home is 0700. */
export function othersMayEnter(directory: string): boolean {
  for (let path = directory; ; path = dirname(path)) {
    if ((statSync(path).mode & OTHERS_MAY_ENTER) !== OTHERS_MAY_ENTER) return false;
    if (path === dirname(path)) return true;
  }
}
