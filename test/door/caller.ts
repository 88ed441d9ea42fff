import { Task } from "../../agents/runtime/task.ts";
import { askForRun, type Stand, subjectOf } from "./stand.ts";

let next = 300;

/** A run that was claimed, and the bearer it got. */
export async function claimedOn(stand: Stand, number = next++) {
  const runId = await askForRun(stand, number);
  const bearer = await stand.issuer.sign({ claims: stand.claims() });
  const answer = await fetch(`${stand.url}/api/runs/${runId}/claim`, { method: "POST", headers: { authorization: `Bearer ${bearer}` } });
  const { capability } = Task.parse(await answer.json());
  return { number, runId, capability, stream: subjectOf(number).stream };
}

export type Claimed = Awaited<ReturnType<typeof claimedOn>>;

export const question = { model: "claude-sonnet-4-5", max_tokens: 100, messages: [{ role: "user", content: "Cheese?" }] };

export interface Asking {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly path?: string;
}

/** Asks the model through the gateway, as the SDK does. */
export const askModel = (
  stand: Stand,
  capability: string,
  { body = question, headers = {}, signal, path = "messages?beta=true" }: Asking = {},
) =>
  fetch(`${stand.url}/llm/v1/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${capability}`, "content-type": "application/json", "anthropic-version": "2023-06-01", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });

export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await holds())) if (performance.now() > deadline) throw new Error("It did not come true within five seconds.");
}
