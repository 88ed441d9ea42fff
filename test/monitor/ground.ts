/** A database with one repository whose production is watched, and servers on this machine to watch. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { redactor } from "../../agents/runtime/redact.ts";
import { RepositoryId } from "../../app/domain/ids.ts";
import { createLog } from "../../app/log.ts";
import type { Watcher } from "../../app/monitor/watch.ts";
import { openTestStore } from "../store/support.ts";

export const shop = RepositoryId.parse(7001);
export const known = "a-secret-that-the-program-knows";

export async function openGround() {
  const { database, store, url, close } = await openTestStore();
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  const lines: string[] = [];
  const log = createLog({ level: "info", redact: (text) => text, to: { write: (line: string) => void lines.push(line) } });
  let at = 0;
  const watcher = (change: Partial<Watcher["config"]> = {}): Watcher => ({
    store,
    config: { paused: false, cto: [], githubWrites: { minute: 60, hour: 400 }, ...change },
    redact: redactor([known]),
    log,
    now: () => new Date(),
  });
  return {
    store,
    lines,
    watcher,
    pool: database.pool,
    /** What its rig.yml says from now on. */
    async policy(policy: object, id = shop, name = "shop") {
      await store.upsertRepository({ id, owner: "acme", name, installationId: 9, defaultBranch: "main", private: true });
      at += 1;
      await store.savePolicy(id, at.toString(16).padStart(40, "0"), { policy });
    },
    /** Jobs that wait, by task. */
    async jobs(
      task: string,
    ): Promise<readonly { readonly payload: Record<string, unknown>; readonly key: string; readonly delay: number }[]> {
      const { rows } = await database.pool.query(
        `select p.payload, p.key, extract(epoch from p.run_at - now())::float8 as delay from graphile_worker._private_jobs p
         join graphile_worker._private_tasks t on t.id = p.task_id where t.identifier = $1 order by p.key`,
        [task],
      );
      return rows;
    },
    async clear() {
      lines.length = 0;
      await owner.query(
        "delete from rig.signals; delete from rig.watches; delete from rig.flux_reports; delete from rig.repositories; delete from graphile_worker._private_jobs",
      );
    },
    async close() {
      await owner.end();
      await close();
    },
  };
}

export type TestGround = Awaited<ReturnType<typeof openGround>>;

export async function serve(
  answer: RequestListener,
): Promise<{ readonly url: string; readonly server: Server; readonly close: () => void }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
