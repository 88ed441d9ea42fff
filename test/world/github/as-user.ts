import { ProbotOctokit } from "probot";
import type { GitHub } from "./github.ts";

/** An Octokit with this token, for tests: it neither retries nor slows itself down. */
export const asUser = ({ apiUrl }: Pick<GitHub, "apiUrl">, token: string) =>
  new ProbotOctokit({ auth: { token }, baseUrl: apiUrl, retry: { enabled: false }, throttle: { enabled: false } });
