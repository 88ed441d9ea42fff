import { expect, test } from "@jest/globals";
import type { Probe } from "../../app/domain/events.ts";
import { smokeCause } from "../../app/rules/smoke-cause.ts";

const probe = (detail: string, more: Partial<Probe> = {}): Probe => ({ url: "https://shop.example/health", ok: false, detail, ...more });
const till = { name: "the till", dependency: "the payment provider" };

test.each<[string, readonly Probe[], string, RegExp]>([
  ["an answer that is wrong", [probe("answers 500, not 200")], "code", /^https:\/\/shop.example\/health answers 500, not 200: it names no/],
  ["no answer at all", [probe("does not answer (ECONNREFUSED)")], "code", /ECONNREFUSED/],
  ["an answer that takes too long", [probe("does not answer (not within 5000 ms)")], "code", /not within/],
  ["an old commit", [probe("shows sha aaaa, not the merge", { name: "version" })], "code", /^version shows sha aaaa/],
  ["a named dependency", [probe("answers 503, not 200", till)], "external_dependency", /^the till shows the payment provider/],
  [
    "a named dependency beside what the code may have done",
    [probe("answers 500, not 200"), probe("answers 503, not 200", till)],
    "external_dependency",
    /^the till shows/,
  ],
  ["a host name that does not resolve", [probe("does not answer (ENOTFOUND)")], "external_dependency", /does not resolve \(ENOTFOUND\)/],
  ["a resolver that is down", [probe("does not answer (EAI_AGAIN)")], "external_dependency", /EAI_AGAIN/],
  [
    "a certificate that has expired",
    [probe("does not answer (CERT_HAS_EXPIRED)")],
    "external_dependency",
    /certificate .*CERT_HAS_EXPIRED/,
  ],
  ["a certificate nobody signed", [probe("does not answer (DEPTH_ZERO_SELF_SIGNED_CERT)")], "external_dependency", /certificate/],
  ["another host's certificate", [probe("does not answer (ERR_TLS_CERT_ALTNAME_INVALID)")], "external_dependency", /certificate/],
  ["a chain with a gap", [probe("does not answer (UNABLE_TO_VERIFY_LEAF_SIGNATURE)")], "external_dependency", /certificate/],
  // What an answer says is a stranger's word: it cannot make a fault somebody else's.
  ["a body that speaks of certificates", [probe('shows $.error "does not answer (CERT_HAS_EXPIRED)", not ok')], "code", /names no dep/],
  ["a body that names a host", [probe('shows $.error "ENOTFOUND", not ok')], "code", /names no dependency/],
  ["nothing that anybody saw", [], "code", /^A check fails/],
])("%s is told by its rule", (_, failed, cause, because) => {
  const told = smokeCause(failed);
  expect(told.cause).toBe(cause);
  expect(told.because).toMatch(because);
  expect(smokeCause(structuredClone(failed))).toEqual(told);
});
