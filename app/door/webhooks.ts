/** The one way in for GitHub: a delivery is checked, stored as it came, and only then acknowledged (R4). Nothing of it is parsed here. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../log.ts";
import { answer, answerEarly } from "./webhooks/answer.ts";
import { largeBodies, readBody } from "./webhooks/body.ts";
import { deliveryHeaders, isRefusal } from "./webhooks/headers.ts";
import { isSigned } from "./webhooks/signature.ts";
import { within } from "./within.ts";

export const WEBHOOK_PATH = "/api/github/webhooks";

/** GitHub waits 10 s; whoever cannot commit by now says so while there is time (F7). */
const STORE_DEADLINE = 1_500;
/** A large body is a second more for every 10 MB: a busy disk takes that (F26). */
const BYTES_A_MS = 10_000;
/** Bodies being read or stored at once. 600 a second at 250 ms each are 150. */
const MOST_AT_ONCE = 500;

/** How a request ended, for counting. */
export type DeliveryResult = "stored" | "duplicate" | "refused" | "gone" | "too_many" | "not_stored";

export interface WebhookDeps {
  readonly secrets: readonly string[];
  /** Deliveries of any other App are refused. */
  readonly appIds: readonly number[];
  readonly store: (delivery: {
    readonly guid: string;
    readonly event: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly raw: Buffer;
    readonly task: "delivery";
  }) => Promise<"stored" | "duplicate">;
  readonly count: (result: DeliveryResult) => void;
  readonly log: Log;
}

/** A plain `node:http` handler: a framework in between would parse, copy or time out in its own way. It never throws. */
export function webhookHandler(deps: WebhookDeps): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const large = largeBodies();
  let atOnce = 0;
  return async (request, response) => {
    if (atOnce >= MOST_AT_ONCE) {
      deps.count("too_many");
      return answerEarly(request, response, 503, { error: "Too many deliveries at once." }, { "retry-after": "1" });
    }
    atOnce++;
    try {
      deps.count(await receive(request, response));
    } catch (error) {
      deps.log.error({ err: error }, "a delivery could not be received");
      deps.count("not_stored");
      if (!response.headersSent) answer(response, 503, { error: "The delivery was not stored." }, { "retry-after": "1" });
    } finally {
      atOnce--;
    }
  };

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<DeliveryResult> {
    if (request.method !== "POST") {
      answerEarly(request, response, 405, { error: "Send POST." }, { allow: "POST" });
      return "refused";
    }
    const headers = deliveryHeaders(request.rawHeaders, deps.appIds);
    if (isRefusal(headers)) {
      answerEarly(request, response, headers.status, { error: headers.message });
      return "refused";
    }
    const read = await readBody(request, large);
    if (read.outcome === "gone") {
      request.destroy();
      return "gone";
    }
    if (read.outcome === "too large") {
      answerEarly(request, response, 413, { error: "The body is larger than 26 MiB." });
      return "refused";
    }
    if (read.outcome === "too many") {
      answerEarly(request, response, 503, { error: "Too many large deliveries at once." }, { "retry-after": "1" });
      return "too_many";
    }
    try {
      if (!isSigned(read.body, headers.signature, deps.secrets)) {
        answer(response, 401, { error: "The signature is not right." });
        return "refused";
      }
      const { guid, event, kept } = headers;
      const result = await within(
        STORE_DEADLINE + read.body.length / BYTES_A_MS,
        deps.store({ guid, event, headers: kept, raw: read.body, task: "delivery" }),
      );
      answer(response, 202, { result });
      return result;
    } finally {
      read.release();
    }
  }
}
