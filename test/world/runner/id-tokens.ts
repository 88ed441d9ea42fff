import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ActionsStore } from "../actions.ts";

/** Who asks: what the issuer cannot know by the run alone. */
interface Requester {
  readonly runId: number;
  readonly claims: { readonly jobWorkflowRef: string; readonly jobId?: number; readonly environment?: string };
  readonly defaultAudience: string;
}

/** The door through which jobs with `id-token: write` get their OIDC tokens: `ACTIONS_ID_TOKEN_REQUEST_URL`. */
export async function startIdTokens(store: ActionsStore) {
  const requesters = new Map<string, Requester>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => send(response, 500, { message: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const requester = requesters.get(token);
    if (!requester) return send(response, 401, { message: "This request token belongs to no running job." });
    const audience = new URL(request.url ?? "/", "http://runner").searchParams.get("audience") ?? requester.defaultAudience;
    send(response, 200, { value: await store.mintOidcToken(requester.runId, audience, requester.claims) });
  }

  return {
    /** What a job's environment says while it may ask; `forget` ends that. */
    admit(requester: Requester) {
      const token = randomUUID();
      requesters.set(token, requester);
      return { url: `http://127.0.0.1:${port}/id-token?api-version=2.0`, token, forget: () => void requesters.delete(token) };
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
