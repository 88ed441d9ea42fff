/** Looks through one finished run for what a person should know. Pure: it reads what the API gives. */
import { codes, type Severity } from "./codes.ts";
import type { Facts } from "./facts.ts";

export interface AuditFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly means: string;
  readonly detail: string;
}

/** Every finding, the gravest first. */
export const audit = (facts: Facts): readonly AuditFinding[] =>
  (["error", "warning", "notice"] as const).flatMap((severity) =>
    codes
      .filter((code) => code.severity === severity)
      .flatMap(({ code, means, look }) => look(facts).map((detail) => ({ code, severity, means, detail }))),
  );
