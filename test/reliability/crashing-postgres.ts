/** A Postgres of a test's own whose processes can all be killed at once, and that comes back at the same address. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { serverAccount } from "../../app/store/embedded/account.ts";
import { socketDirectory } from "../../app/store/embedded/place.ts";
import { runningServer } from "../../app/store/embedded/process.ts";
import { type EmbeddedServer, startEmbedded } from "../../app/store/embedded/server.ts";

/**
 * What is not flushed on commit stays in the server's memory for ten seconds and dies with it. A server that flushes does not notice.
 * A killed process leaves the system's own buffers alone, so a missing fsync would not show here.
 */
const SETTINGS = { wal_writer_delay: "10s", wal_writer_flush_after: "1GB", autovacuum: "off", checkpoint_timeout: "1h" };

export type CrashingPostgres = Awaited<ReturnType<typeof startCrashingPostgres>>;

export async function startCrashingPostgres() {
  const folder = await mkdtemp(join(tmpdir(), "rig-crash-"));
  await chmod(folder, 0o755);
  const settings = { ...SETTINGS, unix_socket_directories: socketDirectory(serverAccount()) };
  let server: EmbeddedServer = await startEmbedded(folder, settings);
  // Whatever ends this process, the server does not outlive it.
  const endAtOnce = () => postmaster(server).forEach(kill);
  process.on("exit", endAtOnce);
  return {
    /** As the superuser, who owns the schema. */
    url: server.url,
    /** Kills the server and every process of it, wherever they are. */
    async crash(): Promise<void> {
      const pids = await processes(server);
      for (const pid of pids) kill(pid);
    },
    /** Starts it again; it recovers what its log on disk has. */
    async restart(): Promise<void> {
      server = await startEmbedded(folder, settings);
    },
    async close(): Promise<void> {
      process.off("exit", endAtOnce);
      await server.release();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The postmaster first: it would take the death of another for a crash and end the rest in its own way. */
async function processes(server: EmbeddedServer): Promise<readonly number[]> {
  const client = new pg.Client({ connectionString: server.url });
  client.on("error", () => {});
  await client.connect();
  const { rows } = await client.query<{ pid: number }>("select pid from pg_stat_activity");
  return [...postmaster(server), ...rows.map(({ pid }) => pid)];
}

const postmaster = ({ dataDirectory }: EmbeddedServer): readonly number[] => [runningServer(dataDirectory)?.pid ?? []].flat();

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error; // It has ended by itself.
  }
}
