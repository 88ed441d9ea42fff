/** Who somebody is and what they may do. */
import { authPhrases, guards } from "./content/auth-phrases.ts";
import type { Gate } from "./gate.ts";
import { authTerms } from "./paths/auth-terms.ts";
import { subjectGate } from "./paths/subject.ts";

export const auth: Gate = subjectGate({
  name: "auth",
  why: "It decides who somebody is and what they may do: a mistake lets strangers in, and nobody notices.",
  terms: authTerms,
  phrases: authPhrases,
  guards,
  teams: /(?:^|-)(?:auth|authn|authz|identity|iam|sso|login|sign-?in|accounts-security|access-control|credentials)(?:-|$)/,
});
