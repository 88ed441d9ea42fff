/** What a confined command sees of the machine: the system's programs, its workspace, its own /tmp. No home, no /var, no runner. */
import { access, lstat, readdir, readlink, realpath } from "node:fs/promises";
import path from "node:path";
import type { Network } from "./network.ts";

/** Nobody else's: between the ranges that Debian and systemd give out, and another one for a run beside this. */
export const AGENT_UID = 60_600 + (process.pid % 500);

export interface View {
  readonly workspace: string;
  /** Shown read-only at their own paths. */
  readonly readable: readonly string[];
  /** Shown as what they are: /bin → usr/bin. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly base: string;
  readonly mountPoint: string;
  /** Becomes /tmp; lives as long as the sandbox. */
  readonly tmp: string;
  /** Single files at other places than their own: who is who, and how names are resolved. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
  readonly network: Network;
  /** All the environment there is (R8). */
  readonly env: Readonly<Record<"PATH" | "HOME" | "LANG" | "TERM" | "CI" | "TMPDIR", string>>;
}

const systemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/nix", "/snap"];

export interface ViewOptions {
  readonly workspace: string;
  readonly readable: readonly string[];
  readonly base: string;
  readonly network: Network;
}

export async function viewOf({ workspace, readable, base, network }: ViewOptions): Promise<View> {
  const node = path.dirname(await realpath(process.execPath));
  const links: { path: string; target: string }[] = [];
  const folders: string[] = [];
  for (const folder of [...systemFolders, ...(await optional())]) {
    const found = await lstat(folder).catch(() => undefined);
    if (found?.isSymbolicLink()) links.push({ path: folder, target: await readlink(folder) });
    else if (found?.isDirectory()) folders.push(folder);
  }
  for (const folder of [node, ...readable]) {
    const real = await realpath(folder).catch(() => undefined);
    if (real && !isInside(real, folders)) folders.push(real);
  }
  const inherited = (process.env.PATH ?? "").split(":").filter((entry) => isInside(entry, [...folders, ...links.map((link) => link.path)]));
  return {
    workspace: await realpath(workspace),
    readable: folders,
    links,
    base,
    network,
    mountPoint: path.join(base, "root"),
    tmp: path.join(base, "tmp"),
    files: [
      { from: path.join(base, "passwd"), to: "/etc/passwd" },
      { from: path.join(base, "group"), to: "/etc/group" },
      ...(await resolver()),
    ],
    // The runtime's own Node comes last: it is there for a project that brings none.
    env: {
      PATH: [...new Set([...inherited, "/usr/bin", "/bin", node])].join(":"),
      HOME: "/tmp/home",
      LANG: "C.UTF-8",
      TERM: "dumb",
      CI: "true",
      TMPDIR: "/tmp",
    },
  };
}

/** Where systemd resolves names, /etc/resolv.conf is a link out of /etc. */
async function resolver(): Promise<View["files"]> {
  const real = await realpath("/etc/resolv.conf").catch(() => "/etc/resolv.conf");
  return isInside(real, ["/etc"]) ? [] : [{ from: real, to: real }];
}

/** What lies under /opt, except a self-hosted runner: its folder holds the runner's own credentials. */
async function optional(): Promise<string[]> {
  const names = await readdir("/opt").catch(() => []);
  const shown: string[] = [];
  for (const name of names) {
    const folder = path.join("/opt", name);
    const runner = await access(path.join(folder, ".runner")).then(
      () => true,
      () => false,
    );
    if (!runner) shown.push(folder);
  }
  return shown;
}

const isInside = (entry: string, folders: readonly string[]) =>
  folders.some((folder) => entry === folder || entry.startsWith(`${folder}/`));
