import { describe, expect, test } from "@jest/globals";
import type { EventType } from "../../app/domain/events.ts";
import type { SeenDeployment, SeenRelease } from "../../app/domain/seen.ts";
import { settle } from "../../app/rules/index.ts";
import { why } from "../../app/rules/why.ts";
import { at, concluded, type History, merged, said, scene, seenIssue, sha, toReviewed } from "./stage.ts";

const both = { deploy: { staging: { workflow: "deploy.yml" }, production: { workflow: "deploy.yml" } } };
const own = { deploy: { production: {} } };
const toMerged: History = [...toReviewed, [21, merged]];
const issue = { ...seenIssue, open: false };
const live = { environment: "production", sha: sha("e") } as const;
const asked: History = [...toMerged, [22, said("DEPLOY_REQUESTED", { ...live, attempt: 1 })]];
const run = "https://github.example/acme/shop/actions/runs/9";
const holds = { url: "http://shop.example/version", ok: true, detail: "answers 200 as expected" };
const fails = { ...holds, ok: false, detail: "shows sha 0000000, not the merge" };

const deployment = (state: SeenDeployment["state"], more: Partial<SeenDeployment> = {}): SeenRelease => ({
  deployment: { id: 5, sha: sha("e"), state, url: run, createdAt: at(22), ...more },
  probes: [],
});
const production = { deploy: { production: { workflow: "deploy.yml" } } };
const stage = (history: History, minute: number, seen: SeenRelease, policy: object = production) => ({
  ...{ history, minute, policy },
  seen: { issue, production: seen },
});
const eventsOf = (...args: Parameters<typeof stage>) => settle(scene(stage(...args))).events;
const sentence = (...args: Parameters<typeof stage>) => why(settle(scene(stage(...args))).scene);

describe("reviewers of an environment", () => {
  const waits = deployment("waiting", { reviewers: ["maria", "acme/ops"], changedAt: at(23) });
  const told: History = [...asked, [23, said("DEPLOY_WAITING", { ...live, reviewers: ["maria"], url: run })]];

  test("are told of once, and named", () => {
    expect(eventsOf(asked, 23, waits)).toEqual([{ type: "DEPLOY_WAITING", data: { ...live, reviewers: ["maria", "acme/ops"], url: run } }]);
    expect(concluded(stage(told, 24, waits))).toEqual([]);
    expect(sentence(asked, 23, waits)).toBe(`Production waits in GitHub for its reviewers (maria, acme/ops): ${run}`);
  });

  test("are told of again where another deployment waits in its place, and have been waited for since the first", () => {
    const other = deployment("waiting", { reviewers: ["maria"], url: `${run}0`, changedAt: at(30) });
    const { events, scene: after } = settle(scene(stage(told, 30, other)));
    expect(events).toMatchObject([{ type: "DEPLOY_WAITING", data: { url: `${run}0` } }]);
    expect(after.issue.release.production.waiting).toMatchObject({ since: at(23), url: `${run}0` });
  });

  test("may take longer than a deployment may", () => {
    expect(concluded(stage(told, 600, waits))).toEqual([]);
    expect(settle(scene(stage(told, 600, waits))).wakeAt).toEqual(new Date(at(600).getTime() + 15_000));
  });

  test("leave the deployment as long as any other has, once they let it through", () => {
    const goesOn = deployment("pending", { changedAt: at(300) });
    expect(concluded(stage(told, 329, goesOn))).toEqual([]);
    expect(concluded(stage(told, 330, goesOn))).toEqual(["DEPLOY_FAILED", "ESCALATED"]);
  });

  test("are waited for by people's time", () => {
    const { scene: after, events } = settle(scene(stage(told, 130, deployment("success", { startedAt: at(123) }))));
    expect(events[0]).toMatchObject({ type: "DEPLOYED_PRODUCTION", data: { waitedMinutes: 100 } });
    expect(after.issue.humanWaitMinutes).toBe(100);
    expect(after.issue.release.production).not.toHaveProperty("waiting");
  });

  test("who say no stop the release, in their own words", () => {
    const refused = deployment("failure", { because: "maria did not let it through: not on a Friday" });
    expect(eventsOf(told, 24, refused)).toMatchObject([
      {
        type: "DEPLOY_FAILED",
        data: { reason: `The deployment to production failed: maria did not let it through: not on a Friday (${run}).` },
      },
      { type: "ESCALATED", data: { about: "smoke", options: ["retry", "rollback", "close"] } },
    ]);
  });
});

describe("a cancelled deployment", () => {
  const cancelled = deployment("cancelled");
  const told: History = [...asked, [25, said("DEPLOY_CANCELLED", live)]];

  test("is no failure, and is told of once", () => {
    expect(concluded(stage(asked, 25, cancelled))).toEqual(["DEPLOY_CANCELLED"]);
    expect(concluded(stage(told, 30, cancelled))).toEqual([]);
    expect(sentence(told, 30, cancelled)).toContain(
      "was cancelled: another one that has the merge in it is waited for until 2026-11-22 09:55:00 UTC",
    );
  });

  test("is made good by another that has the merge in it", () => {
    expect(concluded(stage(told, 30, { ...deployment("success"), probes: [holds] }))).toEqual([
      "DEPLOYED_PRODUCTION",
      "VERIFIED",
      "ISSUE_DONE",
    ]);
  });

  test("is a person's where no other comes in time, and is called cancelled", () => {
    expect(eventsOf(told, 55, cancelled)).toMatchObject([
      { type: "DEPLOY_FAILED", data: { reason: "The deployment to production was cancelled, and no other one came within 30 minutes." } },
      { type: "ESCALATED" },
    ]);
  });
});

test.each<[string, SeenRelease, string]>([
  [
    "a run that failed before it made a deployment",
    {
      deployment: { sha: sha("e"), state: "failure", url: run, createdAt: at(22), because: "its workflow run concluded failure" },
      probes: [],
    },
    `The deployment to production failed: its workflow run concluded failure (${run}).`,
  ],
  [
    "a merge that was live and is not any more",
    deployment("replaced", { because: "deployment 6 of 1111111, which does not have the merge in it, took the place of deployment 5" }),
    `The deployment to production failed: deployment 6 of 1111111, which does not have the merge in it, took the place of deployment 5 (${run}).`,
  ],
])("%s is told at once", (_, seen, reason) => {
  expect(eventsOf(asked, 23, seen)).toMatchObject([
    { type: "DEPLOY_FAILED", data: { reason } },
    { type: "ESCALATED", data: { reason } },
  ]);
});

test("what failed before a person asked again does not count", () => {
  const failed = deployment("failure");
  expect(concluded(stage(asked, 23, failed))).toEqual(["DEPLOY_FAILED", "ESCALATED"]);
  const again: History = [
    ...toMerged,
    [24, said("ESCALATED", { level: "cto", about: "smoke", reason: "It failed.", attempts: 1, options: ["retry"] })],
    [30, said("ESCALATION_RESOLVED", { decision: "retry", by: "maria", options: ["retry"] } as never)],
  ];
  expect(concluded(stage(again, 31, failed, own))).toEqual([]);
  expect(concluded(stage(again, 60, failed, own))).toEqual(["DEPLOY_FAILED", "ESCALATED"]);
});

describe("a release by Flux", () => {
  const flux = { deploy: { production: { flux: "Kustomization/flux-system/shop" } } };
  const notReady = deployment("pending", { because: "Flux applies it and is not ready: rollout of shop is not finished" });

  test("that is not ready yet is waited for, and says why", () => {
    expect(concluded(stage(toMerged, 40, notReady, flux))).toEqual([]);
    expect(sentence(toMerged, 40, notReady, flux)).toBe(
      "Waiting for Flux to bring the merge to production (Kustomization/flux-system/shop). Flux applies it and is not ready: rollout of shop is not finished.",
    );
  });

  test("that never gets ready is a person's, with what Flux said last", () => {
    expect(eventsOf(toMerged, 51, notReady, flux)).toMatchObject([
      { type: "DEPLOY_FAILED", data: { reason: expect.stringContaining("rollout of shop is not finished") } },
      { type: "ESCALATED" },
    ]);
  });

  test("is verified by Flux's own word about the commit", () => {
    const { deployment: ready } = deployment("success", { url: "Kustomization/flux-system/shop" });
    const told = { url: "Kustomization/flux-system/shop", ok: true, detail: "shows eeeeeee as live" };
    expect(concluded(stage(toMerged, 25, { deployment: ready, probes: [] } as SeenRelease, flux))).toEqual(["DEPLOYED_PRODUCTION"]);
    expect(concluded(stage(toMerged, 25, { deployment: ready, probes: [told] } as SeenRelease, flux))).toEqual([
      "DEPLOYED_PRODUCTION",
      "VERIFIED",
      "ISSUE_DONE",
    ]);
  });
});

const deployed: History = [...asked, [23, said("DEPLOYED_PRODUCTION", { ...live, deploymentId: 5, url: run })]];

describe("what has to stay healthy for a while", () => {
  const tenMinutes = { deploy: { production: { workflow: "deploy.yml", healthyFor: "10m" } } };
  const seenLive: History = [...deployed, [24, said("SEEN_LIVE", { ...live, checks: [holds] })]];
  const lost: History = [...seenLive, [30, said("HEALTH_LOST", { ...live, failed: [fails] })]];
  const seen = (...probes: SeenRelease["probes"]): SeenRelease => ({ probes });

  test.each<[string, History, number, SeenRelease, readonly EventType[]]>([
    ["is noted when it is first seen live", deployed, 24, seen(holds), ["SEEN_LIVE"]],
    ["is not verified before that time", seenLive, 33.9, seen(holds), []],
    ["is verified after it", seenLive, 34, seen(holds), ["VERIFIED", "ISSUE_DONE"]],
    ["begins anew where a check breaks", seenLive, 30, seen(fails), ["HEALTH_LOST"]],
    ["begins anew where one of two checks breaks", seenLive, 30, seen(holds, fails), ["HEALTH_LOST"]],
    ["is watched from the second time on", lost, 31, seen(holds), ["SEEN_LIVE"]],
    ["has until the deadline to get well", lost, 62.9, seen(fails), []],
    ["is not verified with less than was asked", [...lost, [31, said("SEEN_LIVE", { ...live, checks: [] })]], 40.9, seen(holds), []],
  ])("%s", (_, history, minute, release, events) => {
    expect(concluded(stage(history, minute, release, tenMinutes))).toEqual(events);
  });

  test("fails when it is ill at the deadline, which is later by as much", () => {
    expect(concluded(stage(lost, 63, seen(fails), tenMinutes))[0]).toBe("SMOKE_FAILED");
  });

  test.each([
    ["2m", 24.5, 6_000],
    ["10m", 24.5, 30_000],
    ["24h", 24.5, 30_000],
    ["10s", 24.05, 2_000],
  ])("for %s is looked at often, and not all the time", (healthyFor, minute, ms) => {
    const policy = { deploy: { production: { workflow: "deploy.yml", healthyFor } } };
    expect(settle(scene(stage(seenLive, minute, seen(holds), policy))).wakeAt).toEqual(new Date(at(minute).getTime() + ms));
  });

  test("says since when it holds and until when it is watched", () => {
    expect(sentence(seenLive, 30, seen(holds), tenMinutes)).toBe(
      "Live in production, and healthy since 2026-11-22 09:24:00 UTC: it is watched until 2026-11-22 09:34:00 UTC.",
    );
    expect(sentence(lost, 31, seen(fails), tenMinutes)).toBe(
      "Deployed to production, and not healthy yet: http://shop.example/version shows sha 0000000, not the merge. It has until 2026-11-22 10:03:00 UTC. It was healthy before.",
    );
  });
});

describe("the workflow that checks an environment", () => {
  const policy = { deploy: { production: { workflow: "deploy.yml", verifyWorkflow: "verify.yml" } } };
  const checking: History = [...deployed, [24, said("SMOKE_REQUESTED", { ...live, workflow: "verify.yml", attempt: 1 })]];
  const second: History = [...checking, [26, said("SMOKE_REQUESTED", { ...live, workflow: "verify.yml", attempt: 2 })]];
  const checked = (state: "pending" | "success" | "failure" | "cancelled", minute: number): SeenRelease => ({
    probes: [holds],
    checkRun: { state, url: run, createdAt: at(minute) },
  });

  test.each<[string, History, number, SeenRelease, readonly EventType[]]>([
    ["is not started while a probe fails", deployed, 24, { probes: [fails] }, []],
    ["is started once every probe holds", deployed, 24, { probes: [holds] }, ["SMOKE_REQUESTED"]],
    ["is waited for", checking, 25, checked("pending", 24), []],
    ["has to conclude well", checking, 25, checked("success", 24), ["VERIFIED", "ISSUE_DONE"]],
    ["is started once more where it was cancelled", checking, 26, checked("cancelled", 24), ["SMOKE_REQUESTED"]],
    ["is not taken for the one before", second, 27, checked("cancelled", 24), []],
    ["is a person's where it is cancelled again", second, 27, checked("cancelled", 26), ["ESCALATED"]],
  ])("%s", (_, history, minute, seen, events) => {
    expect(concluded(stage(history, minute, seen, policy))).toEqual(events);
  });

  test("tells its run where it fails", () => {
    expect(eventsOf(checking, 25, checked("failure", 24), policy)[0]).toMatchObject({
      type: "SMOKE_FAILED",
      data: { failed: [{ url: run, name: "verify.yml", ok: false, detail: "concluded failure" }] },
    });
  });

  test("that never ends has failed at the deadline", () => {
    expect(concluded(stage(checking, 53, checked("pending", 24), policy))).toEqual([]);
    expect(concluded(stage(checking, 54, checked("pending", 24), policy))[0]).toBe("SMOKE_FAILED");
  });
});

const dead = (kind: "DEPLOY" | "SMOKE") =>
  ({ key: "k", kind, state: "dead", data: {}, response: null, error: "404", settledAt: at(24) }) as const;

test("a workflow that GitHub does not start is a person's", () => {
  const policy = { deploy: { production: { workflow: "deploy.yml", verifyWorkflow: "verify.yml" } } };
  const checking: History = [...deployed, [24, said("SMOKE_REQUESTED", { ...live, workflow: "verify.yml", attempt: 1 })]];
  const { events } = settle(scene({ ...stage(checking, 25, { probes: [holds] }, policy), effects: [dead("SMOKE")] }));
  expect(events).toMatchObject([{ type: "ESCALATED", data: { about: "effect", reason: "SMOKE failed for good: 404" } }]);
});

test("a deployment that was refused once has its deadline when it is tried again", () => {
  const planned = { ...dead("DEPLOY"), key: "l", state: "confirmed" } as const;
  const decided: History = [
    ...asked,
    [23, said("ESCALATED", { level: "cto", about: "effect", reason: "404", attempts: 1, options: ["retry"] })],
    [25, said("ESCALATION_RESOLVED", { decision: "retry", by: "maria", options: ["retry"] } as never)],
    [26, said("DEPLOY_REQUESTED", { ...live, attempt: 1 })],
  ];
  const { wakeAt } = settle(scene({ ...stage(decided, 27, { probes: [] }), effects: [dead("DEPLOY"), planned] }));
  expect(wakeAt).toEqual(new Date(at(27).getTime() + 15_000));
});

test("a deployment that says success while another commit answers is never verified", () => {
  for (let minute = 23; minute < 53; minute += 1)
    expect(concluded(stage(deployed, minute, { ...deployment("success"), probes: [fails] }))).toEqual([]);
  expect(concluded(stage(deployed, 53, { ...deployment("success"), probes: [fails] }))[0]).toBe("SMOKE_FAILED");
});

const states = ["pending", "waiting", "success", "failure", "cancelled", "replaced"] as const;
const aboutProduction = (stageOf: Parameters<typeof settle>[0]) =>
  settle(stageOf).events.filter(({ data }) => "environment" in data && data.environment === "production");

test.each(states.flatMap((state) => [[], [fails], [holds, fails]].map((probes) => [state, probes.length, probes] as const)))(
  "production is not touched while staging is %s with %i answers",
  (state, _, probes) => {
    const inStaging = { environment: "staging", sha: sha("e") } as const;
    const histories: readonly History[] = [
      toMerged,
      [...toMerged, [22, said("DEPLOY_REQUESTED", { ...inStaging, attempt: 1 })]],
      [
        ...toMerged,
        [22, said("DEPLOY_REQUESTED", { ...inStaging, attempt: 1 })],
        [23, said("DEPLOYED_STAGING", { ...inStaging, deploymentId: 5, url: "" })],
      ],
    ];
    const good = { ...deployment("success"), probes: [holds] };
    for (const history of histories)
      for (const minute of [24, 90]) {
        const shown = { ...deployment(state), probes };
        expect(aboutProduction(scene({ history, minute, policy: both, seen: { issue, staging: shown, production: good } }))).toEqual([]);
      }
  },
);
