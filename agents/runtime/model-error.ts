/** What kind of failure of the model it is: one to wait out, one to tell, and in what words. */
import { APIConnectionError, APIError, APIUserAbortError } from "@anthropic-ai/sdk/error";
import { messageOf } from "./errors.ts";
import { BUDGET_SCOPE } from "./task.ts";

/**
 * Why there is no answer, as far as a run must tell: its own money or its issue's is spent, it was replaced, the conversation is too
 * long, or the model is not to be had.
 */
export class ModelError extends Error {
  readonly why: "run-budget" | "budget" | "superseded" | "too-long" | "unavailable";
  constructor(why: ModelError["why"], message: string) {
    super(message);
    this.name = "ModelError";
    this.why = why;
  }
}

/**
 * A busy or broken service (408, 429, 5xx, 529) and a stream that broke off are waited out. What the request itself is guilty of is not,
 * nor what no waiting mends: a spent budget (402), a run that was replaced (409), a capability that is gone (401, 403).
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof APIUserAbortError) return false;
  if (error instanceof APIConnectionError || !(error instanceof APIError)) return true;
  // An error in the middle of a stream has no status of its own, only the provider's word for it.
  if (error.status === undefined) return error.type !== "invalid_request_error";
  return error.status === 408 || error.status === 429 || error.status >= 500;
}

/** Milliseconds, as the provider or the gateway asks (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after). */
export function askedToWait(error: unknown): number | undefined {
  const headers = error instanceof APIError ? error.headers : undefined;
  const ms = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms)) return ms;
  const after = headers?.get("retry-after");
  if (!after) return undefined;
  const seconds = Number(after);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(after) - Date.now();
  return Number.isFinite(wait) && wait > 0 ? wait : undefined;
}

const TOO_LONG = /prompt is too long|exceeds? (the )?(model's )?(maximum )?context|input is too long/i;

/** What the run is told. */
export function told(error: unknown): ModelError {
  const message = messageOf(error);
  const status = error instanceof APIError ? error.status : undefined;
  const scope = error instanceof APIError && status === 402 ? error.headers?.get(BUDGET_SCOPE) : undefined;
  // Without a scope the bill that is not paid is the operator's, at the provider.
  if (scope) {
    const why = scope === "run" ? "run-budget" : "budget";
    return new ModelError(why, `The gateway says the budget is spent: ${message}`);
  }
  if (status === 409) return new ModelError("superseded", `The gateway says this run was replaced: ${message}`);
  if (status === 413 || (status === 400 && TOO_LONG.test(message)))
    return new ModelError("too-long", `The conversation is too long for the model: ${message}`);
  return new ModelError("unavailable", `The model cannot be reached: ${message}`);
}
