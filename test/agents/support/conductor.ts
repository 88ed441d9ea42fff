/** The Conductor's run API as far as a run needs it, and GitHub's OIDC issuer on the same port. */
import { z } from "zod";
import { bodyOf, type Listening, listen } from "./http.ts";

export interface Heard {
  readonly path: string;
  readonly bearer: string | undefined;
  readonly body: unknown;
  readonly query: Readonly<Record<string, string>>;
}

export interface Conductor extends Listening {
  readonly heard: Heard[];
  /** Answers by path: a status, a body with 200, bytes, or "is away". A function is asked each time. */
  readonly answers: Record<string, unknown | ((heard: Heard) => unknown)>;
  /** Types and data of the events that were told, heartbeats left out. */
  readonly events: () => readonly z.infer<typeof Told>[];
}

const Told = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) });

export const ID_TOKEN = "header.payload-of-the-workload-identity.signature";

export async function startConductor(answers: Conductor["answers"], port?: number): Promise<Conductor> {
  const heard: Heard[] = [];
  const server = await listen(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
    const bytes = await bodyOf(request);
    const isJson = request.headers["content-type"] === "application/json";
    if (path === "/oidc") return response.end(JSON.stringify({ value: ID_TOKEN }));
    const said: Heard = {
      path,
      bearer: request.headers.authorization?.replace("Bearer ", ""),
      body: bytes.length === 0 ? undefined : isJson ? JSON.parse(bytes.toString()) : bytes,
      query: Object.fromEntries(new URL(request.url ?? "/", "http://127.0.0.1").searchParams),
    };
    heard.push(said);
    const found = answers[path];
    const answer = typeof found === "function" ? await found(said) : found;
    if (answer === "is away") return void request.socket.destroy();
    if (Buffer.isBuffer(answer)) return response.end(answer);
    if (typeof answer === "number") {
      response.writeHead(answer, { "content-type": "application/problem+json" });
      return response.end(JSON.stringify({ title: "No", detail: `It says ${answer}.` }));
    }
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? { detail: "Unknown." }));
  }, port);
  const told = () => heard.filter(({ path }) => path.endsWith("/events")).map(({ body }) => Told.parse(body));
  const events = () => told().filter(({ type }) => type !== "HEARTBEAT");
  return { ...server, heard, answers, events };
}
