import { invalid } from "../http/refusal.ts";

const LONGEST = 65_536;

/** A body that GitHub would store. */
export function acceptable(resource: string, body: string, mayBeBlank = false): string {
  if (!mayBeBlank && !body.trim()) throw invalid({ resource, field: "body", code: "missing_field" });
  if ([...body].length > LONGEST)
    throw invalid({ resource, field: "body", code: "custom", message: `body is too long (maximum is ${LONGEST} characters)` });
  return body;
}
