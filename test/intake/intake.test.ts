import { expect, test } from "@jest/globals";
import type { EmitterWebhookEvent } from "@octokit/webhooks";
import examples from "@octokit/webhooks-examples/api.github.com/index.json" with { type: "json" };
import { heardEvents, intake, isEcho } from "../../app/intake/index.ts";
import type { Look } from "../../app/intake/look.ts";

const authentic = (examples as readonly { readonly name: string; readonly examples: readonly object[] }[]).flatMap(
  ({ name, examples: payloads }) =>
    heardEvents.filter((event) => event === name).flatMap((event) => payloads.map((payload, index) => [event, index, payload] as const)),
);

const tells = (event: string, payload: object): boolean => {
  const { action, state, deployment_status } = payload as {
    readonly action?: string;
    readonly state?: string;
    readonly deployment_status?: { readonly state: string };
  };
  if (event === "check_run" || event === "check_suite") return action !== "created" && action !== "requested";
  if (event === "workflow_run") return action === "completed";
  if (event === "workflow_job") return action === "in_progress" || action === "completed";
  if (event === "status") return state !== "pending";
  return deployment_status === undefined || deployment_status.state !== "in_progress";
};

test.each(authentic)("GitHub's own %s example %i says where to look, or that nothing is decided yet", (event, _, payload) => {
  const looks = (intake[event] as (event: EmitterWebhookEvent) => readonly Look[])({
    id: "",
    name: event,
    payload,
  } as unknown as EmitterWebhookEvent);
  expect(looks.length > 0).toBe(tells(event, payload));
  for (const look of looks) {
    expect("installationId" in look ? look.installationId : look.repositoryId).toBeGreaterThan(0);
    if ("at" in look) expect(Object.values(look.at)).not.toContain(undefined);
  }
});

test("a deployment that waits for people is looked at", () => {
  const example = authentic.find(([event]) => event === "deployment_status")?.[2] as { readonly deployment_status: object };
  const payload = { ...example, deployment_status: { ...example.deployment_status, state: "waiting" } };
  const event = { id: "", name: "deployment_status", payload } as unknown as EmitterWebhookEvent<"deployment_status">;
  expect(intake.deployment_status(event)).toMatchObject([{ at: { releases: true } }]);
});

test.each([
  ["created", "is looked for a command", true],
  ["edited", "asks for nothing (R2)", false],
  ["deleted", "asks for nothing", false],
])("a comment that was %s %s", (action, _, heard) => {
  const example = authentic.find(([event, , payload]) => event === "issue_comment" && "action" in payload && payload.action === action);
  const payload = example?.[2] as EmitterWebhookEvent<"issue_comment">["payload"];
  const places = intake.issue_comment({ id: "", name: "issue_comment", payload }).flatMap((look) => ("at" in look ? [look.at] : []));
  expect(places.some((at) => "issue" in at || "pullRequest" in at)).toBe(true);
  expect(places.flatMap((at) => ("comment" in at ? [at.comment] : []))).toEqual(heard ? [payload.comment.id] : []);
});

test.each([
  ["closed", "rig:proposal", true],
  ["reopened", "rig:proposal", true],
  ["closed", "bug", false],
  ["edited", "rig:proposal", false],
])("an issue that was %s with the label %s has the proposals looked at: %s", (action, label, looked) => {
  const [, , example] = authentic.find(([event]) => event === "issues") ?? [];
  const { issue, ...payload } = (example ?? {}) as EmitterWebhookEvent<"issues">["payload"];
  const told = { ...payload, action, issue: { ...issue, labels: [{ ...issue.labels?.[0], name: label }] } };
  const looks = intake.issues({ id: "", name: "issues", payload: told } as EmitterWebhookEvent<"issues">);
  expect(looks.some((look) => "at" in look && "proposals" in look.at)).toBe(looked);
  expect(looks.some((look) => "at" in look && "issue" in look.at)).toBe(true);
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
