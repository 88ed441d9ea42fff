/** What was thrown, as words. `instanceof Error` would miss errors of another realm, which Node's own are under a test runner. */
import { isNativeError } from "node:util/types";

export const messageOf = (error: unknown): string => (isNativeError(error) ? error.message : String(error));

/** `ENOENT` and the like. */
export const codeOf = (error: unknown): string | undefined =>
  isNativeError(error) && "code" in error && typeof error.code === "string" ? error.code : undefined;
