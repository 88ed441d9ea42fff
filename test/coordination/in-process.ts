/** The coordination inside the test's own process: a real database and a real GitHub to talk to, and no worker that acts by itself. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { Conductor } from "../../app/conductor.ts";
import { readConfig } from "../../app/config.ts";
import { connectGitHub } from "../../app/github.ts";
import { createLog } from "../../app/log.ts";
import { createMemory } from "../../app/observe/memory.ts";
import { openDatabase } from "../../app/store/database.ts";
import { createStore } from "../../app/store/store.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { startGitHub } from "../world/github/github.ts";

const Manifest = z.object({
  default_permissions: z.record(z.string(), z.enum(["read", "write"])),
  default_events: z.array(z.string()),
});
export const manifest = Manifest.parse(parse(readFileSync(join(import.meta.dirname, "../../app.yml"), "utf8")));

/** `webhookUrl` is where the App's deliveries go. */
export async function openInProcess({ webhookUrl }: { readonly webhookUrl: string }) {
  const [testDatabase, github] = await Promise.all([createTestDatabase(), startGitHub()]);
  github.createOrganization("acme");
  const maria = github.createUser("maria");
  const webhookSecret = randomBytes(32).toString("hex");
  const app = github.createApp({
    slug: "engineering-rig",
    name: "Engineering Rig",
    permissions: manifest.default_permissions,
    events: manifest.default_events,
    webhookUrl,
    webhookSecret,
  });
  const database = await openDatabase({ databaseUrl: testDatabase.url, poolSize: 5 });
  const store = createStore(database.pool);
  const config = readConfig({
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: webhookSecret,
    GITHUB_API_URL: github.apiUrl,
    LOG_LEVEL: "silent",
  });
  const lines: string[] = [];
  const log = createLog({ level: "info", redact: (text) => text, to: { write: (line) => void lines.push(line) } });
  /** A program that has just begun: it remembers nothing that the database does not. */
  const begin = (): Conductor => ({
    store,
    github: connectGitHub(config, log),
    memory: createMemory(),
    discord: undefined,
    config,
    publicUrl: () => "http://127.0.0.1",
    redact: (text) => text,
    log,
    now: () => new Date(),
  });
  return {
    github,
    app,
    maria,
    store,
    database,
    pool: database.pool,
    begin,
    /** What was logged, as objects. */
    log: (): readonly Readonly<Record<string, unknown>>[] => lines.map((line) => JSON.parse(line)),
    async close(): Promise<void> {
      await github.close();
      await database.close();
      await testDatabase.close();
    },
  };
}

export type InProcess = Awaited<ReturnType<typeof openInProcess>>;
