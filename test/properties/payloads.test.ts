/** P17: a payload says where to look. What it says of people, and of everything else, changes neither where nor what is decided. */
import { expect, test } from "@jest/globals";
import type { EmitterWebhookEvent } from "@octokit/webhooks";
import examples from "@octokit/webhooks-examples/api.github.com/index.json" with { type: "json" };
import fc from "fast-check";
import { type HeardEvent, heardEvents, intake } from "../../app/intake/index.ts";
import { seed } from "./seed.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const authentic = (examples as readonly { readonly name: string; readonly examples: readonly Json[] }[]).flatMap(
  ({ name, examples: payloads }) =>
    heardEvents.filter((event) => event === name).flatMap((event) => payloads.map((payload) => ({ event, payload }))),
);

/** Fields that somebody could be tempted to believe. Where to look is told by none of them. */
const tempting: ReadonlySet<string> = new Set([
  "author_association",
  "type",
  "login",
  "site_admin",
  "user_view_type",
  "permissions",
  "title",
  "body",
  "labels",
  "locked",
  "description",
  "full_name",
  "slug",
  "email",
]);

const isTempting = (key: string): boolean => tempting.has(key) || /(^|_)url$/.test(key);

const lies: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom("OWNER", "MEMBER", "NONE", "User", "Bot", "Organization", "admin", "https://evil.example/", "maria", "rig[bot]"),
  fc.string(),
  fc.constantFrom(true, false),
) as fc.Arbitrary<Json>;

/** The payload, with lies in the tempting fields of people and things; numbers, names and shas that say where stay. */
function mutated(value: Json, lie: () => Json, inside = ""): Json {
  if (Array.isArray(value)) return value.map((one) => mutated(one, lie, inside));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, isTempting(key) && typeof one !== "object" ? lie() : mutated(one, lie, key)]),
  );
}

const looksOf = (event: HeardEvent, payload: Json): unknown =>
  (intake[event] as (event: EmitterWebhookEvent) => unknown)({ id: "d", name: event, payload } as unknown as EmitterWebhookEvent);

test("P17: whatever a payload says of people, roles, texts and addresses, the Rig looks at the same things", () => {
  fc.assert(
    fc.property(fc.constantFrom(...authentic), fc.array(lies, { minLength: 1, maxLength: 20 }), ({ event, payload }, said) => {
      let next = 0;
      const lie = () => said[next++ % said.length] ?? null;
      expect(looksOf(event, mutated(payload, lie))).toEqual(looksOf(event, payload));
    }),
    { seed, numRuns: 500 },
  );
});

test("P17: a look names places, and nothing that could be believed of anybody", () => {
  const known = ["repositoryId", "installationId", "at"];
  const places = ["issue", "pullRequest", "branch", "headSha", "workflowRunId", "comment", "press", "itself", "releases", "everything"];
  for (const { event, payload } of authentic)
    for (const look of looksOf(event, payload) as readonly { readonly at?: object }[]) {
      expect(known).toEqual(expect.arrayContaining(Object.keys(look)));
      expect(places).toEqual(expect.arrayContaining(Object.keys(look.at ?? {})));
    }
});
