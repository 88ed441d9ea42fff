import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ActionsStore, Conclusion, NewRun, Status, Step } from "../world/actions.ts";

interface StoredJob {
  readonly runId: number;
  readonly name: string;
  readonly labels: readonly string[];
  status: Status;
  conclusion?: Conclusion;
  steps?: readonly Step[];
}

type Files = Readonly<Record<string, string>>;

/** A GitHub just large enough for the runner: bare repositories served over smart HTTP, and what it is told kept in memory. */
export async function memoryStore() {
  const root = mkdtempSync(join(tmpdir(), "memory-store-"));
  const repositories: { readonly id: number; readonly owner: string; readonly name: string }[] = [];
  const runs: (NewRun & { readonly id: number; status: Status; conclusion?: Conclusion })[] = [];
  const jobs: StoredJob[] = [];
  const deployments: { readonly environment: string; readonly statuses: string[] }[] = [];
  const artifacts = new Map<string, Buffer>();
  const tokens: { readonly token: string; readonly permissions: object }[] = [];
  const secrets: Record<string, string> = {};
  const variables: Record<string, string> = {};
  const server = createServer((request, response) => serveGit(root, tokens, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gitDir = (id: number) => {
    const { owner, name } = repositories.find((repository) => repository.id === id) ?? fail(`no repository ${id}`);
    return join(root, owner, `${name}.git`);
  };
  const job = (id: number) => jobs[id - 1] ?? fail(`no job ${id}`);

  const store: ActionsStore = {
    apiUrl: `${url}/api/v3`,
    serverUrl: url,
    createRun(run) {
      const id = runs.length + 1;
      runs.push({ ...run, id, status: "queued" });
      return { ...run, id, runNumber: id, runAttempt: 1, htmlUrl: `${url}/runs/${id}` };
    },
    updateRun: (id, change) => void Object.assign(runs[id - 1] ?? {}, change),
    createJob: (runId, { name, labels }) => jobs.push({ runId, name, labels, status: "queued" }),
    updateJob: (id, change) => void Object.assign(job(id), change),
    saveArtifact: (runId, name, content) => void artifacts.set(`${runId} ${name}`, content),
    artifact: (runId, name) => artifacts.get(`${runId} ${name}`),
    mintJobToken(_, permissions) {
      const token = `ghs_${tokens.length + 1}_job_token_of_the_stand_in`;
      tokens.push({ token, permissions });
      return token;
    },
    createDeployment: (_, environment) => deployments.push({ environment, statuses: [] }),
    holdDeployment: () => undefined,
    createDeploymentStatus: (id, state, environmentUrl) =>
      void deployments[id - 1]?.statuses.push([state, environmentUrl].filter(Boolean).join(" ")),
    mintOidcToken: async (runId, audience, claims) => JSON.stringify({ runId, audience, ...claims }),
    gitDir,
    repository: (id) => ({
      ...(repositories.find((repository) => repository.id === id) ?? fail(`no repository ${id}`)),
      defaultBranch: "main",
      private: false,
    }),
    repositoryByName: (owner, name) => repositories.find((repository) => repository.owner === owner && repository.name === name),
    variables: () => variables,
    secrets: () => secrets,
  };

  return {
    store,
    runs,
    jobs,
    deployments,
    tokens,
    secrets,
    variables,
    /** Makes a repository whose main branch holds these files. */
    addRepository(owner: string, name: string, files: Files) {
      const id = repositories.push({ id: repositories.length + 1, owner, name });
      execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", gitDir(id)]);
      return { id, sha: commitFiles(gitDir(id), files) };
    },
    commit: (id: number, files: Files, message?: string) => commitFiles(gitDir(id), files, message),
    conclusions: () => Object.fromEntries(jobs.map(({ name, conclusion, status }) => [name, conclusion ?? status])),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function fail(message: string): never {
  throw new Error(message);
}

function commitFiles(gitDir: string, files: Files, message = "Change files"): string {
  const work = mkdtempSync(join(tmpdir(), "commit-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["--git-dir", gitDir, "--work-tree", work, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", ...args], {
      encoding: "utf8",
    }).trim();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), content);
    git("add", "-f", path);
  }
  git("commit", "--quiet", "-m", message);
  rmSync(work, { recursive: true });
  return git("rev-parse", "HEAD");
}

/** `git http-backend` behind the job's token. */
function serveGit(root: string, tokens: readonly { readonly token: string }[], request: IncomingMessage, response: ServerResponse): void {
  const [, credentials = ""] = /^basic (.+)$/i.exec(request.headers.authorization ?? "") ?? [];
  const password = Buffer.from(credentials, "base64").toString().replace("x-access-token:", "");
  if (!tokens.some(({ token }) => token === password)) return void response.writeHead(401).end();
  const { pathname, search } = new URL(request.url ?? "/", "http://git");
  const env = {
    PATH: process.env.PATH,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    PATH_INFO: pathname.replace(/^(\/[^/]+\/[^/]+?)(\.git)?\//, "$1.git/"),
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers["content-type"] ?? "",
    HTTP_CONTENT_ENCODING: String(request.headers["content-encoding"] ?? ""),
    CONTENT_LENGTH: request.headers["content-length"],
  };
  const child = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "inherit"] });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.once("close", () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf("\r\n\r\n");
    const headers = Object.fromEntries(
      output
        .subarray(0, end)
        .toString()
        .split("\r\n")
        .map((line) => line.split(": ", 2)),
    );
    response.writeHead(Number.parseInt(headers.Status ?? "200", 10), headers).end(output.subarray(end + 4));
  });
}
