import { messageOf } from "../../agents/runtime/errors.ts";

/** What went wrong, as one line: of a refused call also which one it was. */
export function wordsOf(error: unknown): string {
  const words = messageOf(error).replace(/\s+/g, " ").trim();
  if (!(error instanceof Error && "status" in error && "request" in error)) return words;
  const { method, url } = error.request as { readonly method?: string; readonly url?: string };
  return `GitHub answered ${String(error.status)} to ${method ?? "a call"} ${url && URL.canParse(url) ? new URL(url).pathname : ""}: ${words}`;
}
