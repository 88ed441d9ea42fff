import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** A cable between the app and its database that can be pulled out and plugged in again. */
export async function layCable(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const socketName = ".s.PGSQL.5432";
  const directory = mkdtempSync(path.join(tmpdir(), "rig-cable-"));
  const open = new Set<net.Socket>();
  const listening = path.join(directory, socketName);
  const real = path.join(target.searchParams.get("host") ?? "", socketName);
  let plugged = true;
  const server = net.createServer((near) => {
    if (!plugged) return near.destroy();
    const far = net.connect(real);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one.on("error", () => {});
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(listening, resolve));
  target.searchParams.set("host", directory);
  return {
    url: target.href,
    pull() {
      plugged = false;
      for (const socket of open) socket.destroy();
    },
    plugIn() {
      plugged = true;
    },
    async close() {
      this.pull();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
