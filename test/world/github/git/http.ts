import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname } from "node:path";
import { gitEnvironment } from "./run.ts";

/** Lets git itself answer, through its own CGI program; ends when git has ended, the response still open. */
export function runHttpBackend(
  gitDir: string,
  rest: string,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
  more: Record<string, string>,
): Promise<void> {
  const header = (name: string) => request.headers[name]?.toString() ?? "";
  const env = {
    ...gitEnvironment(),
    GIT_PROJECT_ROOT: dirname(gitDir),
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: `/${gitDir.slice(dirname(gitDir).length + 1)}${rest}`,
    REQUEST_METHOD: request.method ?? "GET",
    QUERY_STRING: query,
    CONTENT_TYPE: header("content-type"),
    HTTP_CONTENT_ENCODING: header("content-encoding"),
    ...(header("content-length") ? { CONTENT_LENGTH: header("content-length") } : {}),
    GIT_PROTOCOL: header("git-protocol"),
    REMOTE_ADDR: "127.0.0.1",
    ...more,
  };
  return new Promise((resolve, reject) => {
    const child = spawn("git", ["http-backend"], { env });
    let head: Buffer | undefined = Buffer.alloc(0);
    child.stdout.on("data", (chunk: Buffer) => {
      if (!head) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const fields = head
        .subarray(0, end)
        .toString()
        .split("\r\n")
        .map((line) => line.split(/:\s*(.*)/s) as [string, string]);
      const status = Number(fields.find(([name]) => name.toLowerCase() === "status")?.[1].split(" ")[0] ?? 200);
      response.writeHead(status, Object.fromEntries(fields.filter(([name]) => name.toLowerCase() !== "status")));
      response.write(head.subarray(end + 4));
      head = undefined;
    });
    child.stderr.resume();
    child.stdin.on("error", () => {}); // git may have answered before it read everything
    child.on("error", reject);
    child.on("close", () => resolve());
    request.pipe(child.stdin);
    request.on("close", () => {
      if (!request.complete) child.kill();
    });
  });
}
