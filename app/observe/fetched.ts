/** A repository of our own for one look, with the two commits that are compared and nothing else; nothing is ever checked out. */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Bottleneck from "bottleneck";
import { z } from "zod";
import { git } from "./git.ts";
import type { Reader } from "./github.ts";

export interface Fetched {
  readonly gitDir: string;
  /** Brings the content of files: a first fetch brings only commits and folders. */
  readonly bring: (ids: readonly string[]) => Promise<void>;
}

const PREFIX = "rig-git-";
const FETCH_MS = 180_000;
/** What a process that was killed left behind is cleared away by the next. */
const LEFT_BEHIND_MS = 3_600_000;

const inTurn = new Bottleneck({ maxConcurrent: 2 });
const Auth = z.object({ token: z.string() });

/** Fetches commits of a repository, shows them to `use`, and throws them away. */
export const withFetched = <T>(
  reader: Reader,
  cloneUrl: string,
  commits: readonly string[],
  use: (fetched: Fetched) => Promise<T>,
): Promise<T> =>
  inTurn.schedule(async () => {
    await clearLeftBehind();
    const gitDir = await mkdtemp(join(tmpdir(), PREFIX));
    try {
      const config = await remote(reader, cloneUrl);
      const fetch = (ids: readonly string[], more: readonly string[] = []) =>
        git(["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--depth=1", ...more, "--stdin", "origin"], {
          ...{ cwd: gitDir, config, timeoutMs: FETCH_MS },
          stdin: ids.map((id) => `${id}\n`).join(""),
        });
      await git(["init", "--quiet", "--bare", "--template=", "."], { cwd: gitDir });
      await fetch(commits, ["--filter=blob:none"]);
      return await use({ gitDir, bring: async (ids) => void (ids.length > 0 && (await fetch(ids, ["--filter=blob:none"]))) });
    } finally {
      await rm(gitDir, { recursive: true, force: true });
    }
  });

/** Told by environment: the token stands in no file and in no process list. */
async function remote({ octokit }: Reader, cloneUrl: string): Promise<Readonly<Record<string, string>>> {
  const { token } = Auth.parse(await octokit.auth({ type: "installation" }));
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    "remote.origin.url": cloneUrl,
    "remote.origin.promisor": "true",
    "remote.origin.partialCloneFilter": "blob:none",
    "fetch.negotiationAlgorithm": "noop",
    [`http.${new URL(cloneUrl).origin}/.extraHeader`]: `Authorization: Basic ${basic}`,
  };
}

async function clearLeftBehind(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX));
  await Promise.all(
    names.map(async (name) => {
      const path = join(tmpdir(), name);
      const found = await stat(path).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > LEFT_BEHIND_MS) await rm(path, { recursive: true, force: true }).catch(() => {});
    }),
  );
}
