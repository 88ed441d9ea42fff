import { expect, test } from "@jest/globals";
import type { EmitterWebhookEvent } from "@octokit/webhooks";
import examples from "@octokit/webhooks-examples/api.github.com/index.json" with { type: "json" };
import { heardEvents, intake, isEcho } from "../../app/intake/index.ts";
import type { Look } from "../../app/intake/look.ts";

const authentic = (examples as readonly { readonly name: string; readonly examples: readonly object[] }[]).flatMap(
  ({ name, examples: payloads }) =>
    heardEvents.filter((event) => event === name).flatMap((event) => payloads.map((payload, index) => [event, index, payload] as const)),
);

test.each(authentic)("GitHub's own %s example %i says where to look", (event, _, payload) => {
  const looks = (intake[event] as (event: EmitterWebhookEvent) => readonly Look[])({
    id: "",
    name: event,
    payload,
  } as unknown as EmitterWebhookEvent);
  expect(looks.length).toBeGreaterThan(0);
  for (const look of looks) {
    expect(look.repositoryId).toBeGreaterThan(0);
    expect(Object.values(look.at)).not.toContain(undefined);
  }
});

test("there is an authentic example for every webhook that is heard", () => {
  expect([...new Set(authentic.map(([event]) => event))].toSorted()).toEqual(heardEvents.toSorted());
});

test.each([
  ["our own label", "issues", 900, true],
  ["our own comment", "issue_comment", 900, true],
  ["a person's label", "issues", 20, false],
  ["our own pull request", "pull_request", 900, false],
  ["our own check", "check_run", 900, false],
])("R5: %s is %s by %i: an echo? %s", (_, event, sender, echo) => {
  expect(isEcho(event, sender, [900, 901])).toBe(echo);
});
