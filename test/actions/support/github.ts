/** GitHub as far as publishing needs it: git over smart HTTP with a token, pull requests, reviews and check runs. */
import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, type Listening, listen } from "../../agents/support/http.ts";

export const TOKEN = "ghs_0123456789abcdefghijklmnopqrstuvwxyzABCD";

/** Whose token it is. */
export const BOT = { id: 900, type: "Bot" } as const;

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface GitHub extends Listening {
  /** Writes that were asked for over REST. */
  readonly writes: Call[];
  readonly pulls: { number: number; head: { ref: string }; body: unknown }[];
  /** Review comments and others of the pull request, and who said them. */
  readonly comments: {
    readonly id: number;
    readonly on: "line" | "issue";
    readonly user: { readonly id?: number; readonly type: string };
    readonly body: string;
  }[];
  readonly reviews: object[];
  readonly checks: object[];
  /** Answers instead of the usual: a status for the next such write, done first or not. */
  readonly troubles: { readonly path: string; readonly status: number; readonly done: boolean }[];
}

export async function startGitHub(root: string): Promise<GitHub> {
  const writes: Call[] = [];
  const pulls: GitHub["pulls"] = [];
  const reviews: object[] = [];
  const checks: object[] = [];
  const troubles: GitHub["troubles"] = [];
  const comments: GitHub["comments"] = [];
  const rest = (call: Call): unknown => {
    const { method, path, body } = call;
    const on = path.includes("/issues/") ? "issue" : "line";
    if (method === "GET" && path.endsWith("/comments")) return comments.filter((one) => one.on === on);
    if (method === "GET" && /\/pulls\/\d+$/.test(path)) return pulls.find(({ number }) => path.endsWith(`/${number}`)) ?? { body: null };
    if (method === "PATCH") {
      const pull = pulls.find(({ number }) => path.endsWith(`/${number}`));
      if (pull) pull.body = body.body;
    }
    if (method === "POST" && /\/(?:replies|comments)$/.test(path)) comments.push({ id: 100, on, user: BOT, body: String(body.body) });
    if (method === "GET" && path.endsWith("/pulls")) return pulls;
    if (method === "GET" && path.endsWith("/reviews")) return reviews;
    if (method === "GET" && path.endsWith("/check-runs")) return { total_count: checks.length, check_runs: checks };
    if (path.endsWith("/pulls")) pulls.push({ number: 12, head: { ref: String(body.head) }, body: body.body });
    if (path.endsWith("/reviews")) reviews.push({ id: 1, user: BOT, body: body.body });
    if (path.endsWith("/check-runs")) checks.push({ ...body, app: { id: 7 } });
    return path.endsWith("/pulls") ? pulls.at(-1) : { id: 1 };
  };
  const server = await listen(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    if (!url.pathname.startsWith("/api/v3/")) {
      const at = troubles.findIndex(({ path }) => url.pathname.endsWith(path));
      const [trouble] = at < 0 ? [] : troubles.splice(at, 1);
      if (!trouble) return gitBackend(root, url, request, response);
      response.writeHead(trouble.status);
      return response.end();
    }
    const text = (await bodyOf(request)).toString();
    const call: Call = {
      method: request.method ?? "",
      path: url.pathname.replace("/api/v3", ""),
      body: text === "" ? {} : JSON.parse(text),
    };
    const authorized = request.headers.authorization === `token ${TOKEN}`;
    if (authorized && call.method !== "GET") writes.push(call);
    const at = troubles.findIndex(({ path }) => call.method !== "GET" && call.path.endsWith(path));
    const [trouble] = at < 0 ? [] : troubles.splice(at, 1);
    const answer = authorized && trouble?.done !== false ? rest(call) : { message: "No" };
    response.writeHead(authorized ? (trouble?.status ?? 200) : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(answer));
  });
  return { ...server, writes, pulls, comments, reviews, checks, troubles };
}

/** git's own CGI program behind a bearer check. */
async function gitBackend(root: string, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const basic = `basic ${Buffer.from(`x-access-token:${TOKEN}`).toString("base64")}`;
  const body = await bodyOf(request);
  if (request.headers.authorization?.toLowerCase() !== basic.toLowerCase()) {
    response.writeHead(401);
    response.end();
    return;
  }
  const env = {
    PATH: process.env.PATH,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "http.receivepack",
    GIT_CONFIG_VALUE_0: "true",
    GIT_CONFIG_KEY_1: "safe.directory",
    GIT_CONFIG_VALUE_1: "*",
    REQUEST_METHOD: request.method,
    PATH_INFO: url.pathname,
    QUERY_STRING: url.search.slice(1),
    CONTENT_TYPE: request.headers["content-type"] ?? "",
    CONTENT_LENGTH: String(body.length),
    HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
    GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    REMOTE_USER: "rig",
  };
  const cgi = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "ignore"] });
  // It may have answered and gone before it read everything.
  cgi.stdin.on("error", () => undefined);
  cgi.stdin.end(body);
  const chunks: Buffer[] = [];
  for await (const chunk of cgi.stdout) chunks.push(chunk);
  const output = Buffer.concat(chunks);
  const end = output.indexOf("\r\n\r\n");
  const headers = output
    .subarray(0, end)
    .toString()
    .split("\r\n")
    .map((line) => line.split(/: (.*)/s));
  const status = headers.find(([name]) => name === "Status")?.[1] ?? "200";
  response.writeHead(Number.parseInt(status, 10), Object.fromEntries(headers.filter(([name]) => name !== "Status")));
  response.end(output.subarray(end + 4));
}
