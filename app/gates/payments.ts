/** How money is asked for, taken, given back and counted. */
import { paymentPhrases } from "./content/payment-phrases.ts";
import type { Gate } from "./gate.ts";
import { paymentTerms } from "./paths/payment-terms.ts";
import { subjectGate } from "./paths/subject.ts";

export const payments: Gate = subjectGate({
  name: "payments",
  why: "It touches money: a mistake charges people wrongly, and cannot be taken back by reverting a commit.",
  terms: paymentTerms,
  phrases: paymentPhrases,
  teams: /(?:^|-)(?:payments?|billing|invoicing|payouts?|checkout|subscriptions|pricing|tax|money|finance)(?:-|$)/,
});
