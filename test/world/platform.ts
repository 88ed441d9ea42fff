import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { x } from "tinyexec";

/** A release that runs: the app as a process of its own. */
interface Release {
  readonly sha: string;
  readonly port: number;
  readonly process: ChildProcess;
  readonly folder: string;
}

/** An environment keeps its address through all its releases. */
interface Environment {
  readonly url: string;
  readonly proxy: Server;
  current?: Release;
}

const READY_WITHIN_MS = 10_000;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The hosting platform of the stand-in world. `PUT /environments/NAME` with `x-release-sha` and a `git archive` tar starts
 * `node server.mjs` with `PORT` and `RELEASE_SHA`, waits until it answers, and lets the old release go. A second customer has
 * environments of their own below `/CUSTOMER`, called `CUSTOMER/NAME`. Those that are named here have their address before
 * anything is deployed there.
 */
export async function startPlatform(names: readonly string[] = ["staging", "production"]) {
  const root = await mkdtemp(join(tmpdir(), "platform-"));
  const environments = new Map<string, Environment>();
  const running = new Set<ChildProcess>();
  let turn: Promise<unknown> = Promise.resolve();

  const server = createServer((request, response) => {
    const [, customer = "", environment] = /^\/([\w-]+\/)?environments\/([\w-]+)$/.exec(request.url ?? "") ?? [];
    const sha = String(request.headers["x-release-sha"] ?? "");
    if (environment === undefined || request.method !== "PUT") return send(response, 404, { message: "PUT /environments/NAME" });
    if (!/^[0-9a-f]{40}$/.test(sha)) return send(response, 400, { message: "x-release-sha has to be the commit's full SHA." });
    turn = turn.then(() =>
      unpack(request)
        .then((folder) => deploy(`${customer}${environment}`, sha, folder))
        .then((url) => send(response, 200, { url, sha }))
        .catch((error: unknown) => send(response, 422, { message: String(error) })),
    );
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  for (const name of names) await addEnvironment(name);

  async function deploy(name: string, sha: string, folder: string): Promise<string> {
    const environment = environments.get(name) ?? (await addEnvironment(name));
    const before = environment.current;
    const next = await startRelease(sha, folder);
    environment.current = next;
    if (before) await end(before);
    return environment.url;
  }

  async function addEnvironment(name: string): Promise<Environment> {
    const proxy = createServer((request, response) => {
      const port = environments.get(name)?.current?.port;
      if (port === undefined) return send(response, 503, { message: "Nothing was deployed here yet." });
      const passed = forward(
        { port, host: "127.0.0.1", path: request.url, method: request.method, headers: request.headers, agent: false },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      passed.once("error", () =>
        response.headersSent ? response.destroy() : send(response, 502, { message: "The release does not answer." }),
      );
      request.pipe(passed);
    });
    const environment: Environment = { url: `http://127.0.0.1:${await listen(proxy)}`, proxy };
    environments.set(name, environment);
    return environment;
  }

  async function unpack(archive: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    if (bytes.length > MOST_BYTES) throw new Error(`The release has ${bytes.length} bytes; ${MOST_BYTES} at most.`);
    const folder = await mkdtemp(join(root, "release-"));
    const tar = `${folder}.tar`;
    await writeFile(tar, bytes);
    await mkdir(folder, { recursive: true });
    const { exitCode, stderr } = await x("tar", ["-xf", tar, "-C", folder]);
    await rm(tar);
    if (exitCode !== 0) throw new Error(`The release is no tar archive: ${stderr.trim()}`);
    return folder;
  }

  async function startRelease(sha: string, folder: string): Promise<Release> {
    const port = await freePort();
    const env = { PATH: process.env.PATH, HOME: folder, PORT: String(port), RELEASE_SHA: sha };
    const child = spawn(process.execPath, ["server.mjs"], { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
    running.add(child);
    child.once("exit", () => running.delete(child));
    let said = "";
    child.stderr.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-2_000);
    });
    const release = { sha, port, process: child, folder };
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await answers(port))) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
        await end(release);
        throw new Error(`Release ${sha} does not answer on its port. It said: ${said}`);
      }
      await pause(25);
    }
    return release;
  }

  async function end({ process: child, folder }: Release): Promise<void> {
    if (running.has(child)) {
      const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      child.kill("SIGKILL");
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  }

  return {
    url,
    /** An environment's address, and the commit that runs there. */
    environment(name: string): { readonly url: string; readonly sha?: string } | undefined {
      const environment = environments.get(name);
      return environment && { url: environment.url, ...(environment.current ? { sha: environment.current.sha } : {}) };
    },
    /** What ran there before anybody deployed: these files, as this commit. */
    async begin(name: string, sha: string, files: Readonly<Record<string, string>>): Promise<void> {
      const folder = await mkdtemp(join(root, "release-"));
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      await deploy(name, sha, folder);
    },
    async close(): Promise<void> {
      await turn;
      for (const { current } of environments.values()) if (current) await end(current);
      for (const one of [server, ...[...environments.values()].map(({ proxy }) => proxy)]) {
        one.closeAllConnections();
        await new Promise<void>((resolve) => one.close(() => resolve()));
      }
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A port nobody has; another could take it before the app does, and then the app says so and the deployment fails. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Any answer at all counts: whether it is a good one is for smoke tests. */
const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
