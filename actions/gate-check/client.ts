import Bottleneck from "bottleneck";
import { ProbotOctokit } from "probot";
import type { Octokit } from "../../app/observe/github.ts";

/** Twice more after an answer 5xx: five seconds. */
const RETRIES = 2;
/** A limit that ends sooner is waited out, once; the job has ten minutes. */
const LONGEST_WAIT_S = 120;

/** A client for the API that this runner belongs to. A write is never repeated blindly: it may have happened. */
export function connect(baseUrl: string, token: string): Octokit {
  const waitOut = (seconds: number, _options: object, _octokit: object, retries: number) => retries < 1 && seconds <= LONGEST_WAIT_S;
  // GitHub.com asks for a second between writes; GitHub Enterprise Server has no such limit of its own.
  const pace = baseUrl === "https://api.github.com" ? {} : { write: new Bottleneck.Group({ maxConcurrent: 1 }) };
  const octokit = new ProbotOctokit({
    auth: { token },
    baseUrl,
    retry: { retries: RETRIES },
    throttle: { enabled: true, onRateLimit: waitOut, onSecondaryRateLimit: waitOut, ...pace },
  });
  octokit.hook.before("request", (options) => {
    // Of calls that say nothing of their own `request` is one object: changed in place, reads would not be repeated either.
    if (options.method !== "GET") options.request = { ...options.request, retries: 0 };
  });
  return octokit;
}
