import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import pg from "pg";
import { createTestDatabase, type TestDatabase } from "../support/postgres.ts";
import { startOldPostgres } from "./old-postgres.ts";

const ROOT = join(import.meta.dirname, "../..");
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});
const nowhere = "postgres://rig:hunter2hunter2@127.0.0.1:1/rig";
const enough = {
  APP_ID: "42",
  PRIVATE_KEY: privateKey,
  WEBHOOK_SECRET: "s3cret-of-thirty-two-bytes-or-more",
  DATABASE_URL: nowhere,
  PORT: "0",
  METRICS_PORT: "0",
};

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rig-start-"));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the program as a person does, and answers what that person reads. */
async function refusal(change: Readonly<Record<string, string>>, root = ROOT): Promise<string> {
  // Only for speed: each start reads what an earlier one has compiled.
  const NODE_COMPILE_CACHE = join(folder, "cache");
  const env = Object.fromEntries(Object.entries({ ...enough, NODE_COMPILE_CACHE, ...change }).filter(([, value]) => value !== ""));
  const child = spawn(process.execPath, [join(root, "app/main.ts")], { env, cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  try {
    const [code] = await new Promise<[number | null]>((resolve) => child.once("close", (...ended: [number | null]) => resolve(ended)));
    expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(/^[^\n]+\n$/) });
    expect(said).not.toMatch(/^\s+at |hunter2|Error:/m);
    return said;
  } finally {
    child.kill("SIGKILL");
  }
}

test.each([
  [
    "no credentials",
    { APP_ID: "", PRIVATE_KEY: "", WEBHOOK_SECRET: "" },
    /APP_ID, PRIVATE_KEY and WEBHOOK_SECRET are not set: create the GitHub App/,
  ],
  ["a port that is none", { PORT: "http" }, /^PORT is not a port: set a number/],
  ["a private key that is none", { PRIVATE_KEY: "hunter2hunter2" }, /^PRIVATE_KEY is not a PEM private key: set the content/],
  [
    "a private key that cannot be read",
    { PRIVATE_KEY: "", PRIVATE_KEY_FILE: "." },
    /^PRIVATE_KEY_FILE names \., which cannot be read \(EISDIR\): name a file/,
  ],
  ["a database that is down", {}, /^The database at 127\.0\.0\.1:1\/rig does not answer: .*ECONNREFUSED.*DATABASE_URL\./],
  [
    "a database down at a name with two addresses",
    { DATABASE_URL: "postgres://localhost:1/rig" },
    /^The database at localhost:1\/rig does not answer: .*ECONNREFUSED.*DATABASE_URL\./,
  ],
])("with %s the program says so in one sentence, and ends", async (_, change, sentence) => {
  expect(await refusal(change)).toMatch(sentence);
});

test("a database that is too old is named with its version", async () => {
  const old = await startOldPostgres(140_012);
  try {
    expect(await refusal({ DATABASE_URL: old.url })).toMatch(/^The database is PostgreSQL 14; the Rig needs 15 or later\./);
  } finally {
    await old.close();
  }
});

test("a database that could lose what was acknowledged is refused", async () => {
  const own = await createTestDatabase();
  const owner = new pg.Client({ connectionString: own.url });
  await owner.connect();
  await owner.query(`alter database ${new URL(own.url).pathname.slice(1)} set synchronous_commit = off`);
  await owner.end();
  try {
    expect(await refusal({ DATABASE_URL: own.url })).toMatch(/^The database has synchronous_commit = off, .*Set it to on/);
  } finally {
    await own.close();
  }
});

test("a database that is not there is named", async () => {
  const missing = new URL(database.url);
  missing.pathname = "/rig_nowhere";
  expect(await refusal({ DATABASE_URL: missing.href })).toMatch(
    /^The database at .*\/rig_nowhere does not answer: .*does not exist.*DATABASE_URL\./,
  );
});

test("a port that somebody has is named", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = address !== null && typeof address === "object" ? String(address.port) : "";
  try {
    expect(await refusal({ DATABASE_URL: database.url, PORT: port })).toMatch(
      `PORT is ${port}, which another program has on 127.0.0.1: stop that program, or set another PORT.`,
    );
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

/** A checkout with other agents: the program reads those beside itself. */
async function checkoutWith(character: (own: string) => string): Promise<string> {
  const root = await mkdtemp(join(folder, "checkout-"));
  for (const part of ["app", "agents", "db", "package.json"]) await cp(join(ROOT, part), join(root, part), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(root, "node_modules"));
  const file = join(root, "agents/dev-e/character.json");
  await writeFile(file, character(await readFile(file, "utf8")));
  return root;
}

test.each([
  ["is not JSON", () => "{", /^\/.*\/agents\/dev-e\/character\.json is not JSON: /],
  [
    "has a field that nobody reads",
    (own: string) => own.replace("{", '{"mood": "good",'),
    /^\/.*\/agents\/dev-e\/character\.json: mood: there is no such key\. Allowed are /,
  ],
])("an agent whose character.json %s is named by its file", async (_, character, sentence) => {
  expect(await refusal({}, await checkoutWith(character))).toMatch(sentence);
});
