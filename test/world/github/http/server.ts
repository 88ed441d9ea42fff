import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { World } from "../world.ts";
import { handleApi } from "./api.ts";
import { handleGit } from "./git.ts";
import type { Matched } from "./router.ts";

/** Listens on a free port of this machine only. */
export async function listen(): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function handleOidc(world: World, path: string, response: ServerResponse): Promise<void> {
  const document = await world.oidc.document(path);
  response
    .writeHead(document ? 200 : 404, { "content-type": "application/json" })
    .end(JSON.stringify(document ?? { message: "Not Found" }));
}

function handleDownload(world: World, secret: string, response: ServerResponse): void {
  const found = world.downloads.get(secret);
  response.writeHead(found ? 200 : 404, { "content-type": found?.type ?? "text/plain" }).end(found?.content ?? "");
}

export interface Serving {
  readonly findRoute: (method: string, path: string) => Matched | undefined;
  readonly latencyMs: number;
}

/** Sends each request to the part of GitHub that it is for. */
export function attach(server: Server, world: World, { findRoute, latencyMs }: Serving): void {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const path = request.url?.split("?")[0] ?? "/";
    if (path.startsWith("/api/v3/") || path === "/api/graphql") await handleApi(world, findRoute, latencyMs, request, response);
    else if (path.startsWith("/oidc/")) await handleOidc(world, path.slice("/oidc".length), response);
    else if (path.startsWith("/_downloads/")) handleDownload(world, path.slice("/_downloads/".length), response);
    else if (/\/(info\/refs|git-upload-pack|git-receive-pack)$/.test(path)) await handleGit(world, request, response);
    else {
      world.unknownRoutes.push(`${request.method} ${path}`);
      response.writeHead(404, { "content-type": "text/plain" }).end("Not Found");
    }
  };
  server.on("request", (request, response) => {
    handle(request, response).catch((error: unknown) => {
      world.violations.push({
        side: "response",
        operation: "the stand-in itself",
        path: request.url ?? "",
        errors: [String(error)],
        content: undefined,
      });
      response.destroy();
    });
  });
}

export async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
