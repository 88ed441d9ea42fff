/** The job an action runs in: the workload identity it shows to the Conductor, and where the Conductor is. */
import { getIDToken, setSecret } from "@actions/core";
import { postJson } from "../agents/runtime/conductor.ts";
import { messageOf } from "../agents/runtime/errors.ts";
import { withPatience } from "../agents/runtime/patience.ts";

const AUDIENCE = "engineering-rig";

/** A token of GitHub's OIDC issuer for this job. */
export async function idToken(): Promise<string> {
  if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL)
    throw new Error("This job has no workload identity; it needs `permissions: id-token: write`.");
  return withPatience(() => getIDToken(AUDIENCE), { forMs: 60_000, isTransient: () => true });
}

/** An address without its closing slash. */
export function conductorUrl(input: string): string {
  if (!URL.canParse(input))
    throw new Error(`The input conductor is "${input}"; it must be the address of the Conductor, such as https://rig.example.com.`);
  return input.replace(/\/+$/, "");
}

/** One call of the run protocol, as this job. */
export async function ask(url: string, body: unknown): Promise<unknown> {
  const bearer = await idToken();
  setSecret(bearer);
  return postJson({ url, bearer, body });
}

/** A run that can do nothing more says why in one sentence, and the job is red. */
export const sentence = (error: unknown): string => messageOf(error).replace(/\s+/g, " ").trim();
