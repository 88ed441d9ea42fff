import { describe, expect, test } from "@jest/globals";
import type { Recorded } from "../../app/domain/envelope.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { pausedBecause, repositoryOf, type SeenRepository, type SeenSettings } from "../../app/domain/repository.ts";
import { missingOf } from "../../app/observe/repository.ts";
import { decideRepository } from "../../app/rules/repository/index.ts";
import { readable } from "../../app/rules/repository/life.ts";
import { milestoneComplete } from "../../app/rules/repository/milestone.ts";
import { driftOf } from "../../app/rules/repository/settings.ts";

const RIG = 77;
const REVIEW = 78;
const STREAM = "repo/acme/shop";

const history = (...events: readonly RigEvent[]) =>
  repositoryOf(
    STREAM,
    events.map((event, nth) => ({ ...event, version: nth + 1 }) as Recorded),
  );

type Granted = Extract<SeenRepository, { readonly access: "granted" }>;

const seen = (more: Partial<Granted> = {}): Granted => ({
  access: "granted",
  installationId: 5,
  owner: "acme",
  name: "shop",
  defaultBranch: "main",
  private: true,
  archived: false,
  missing: [],
  ...more,
});

const decided = (past: readonly RigEvent[], now: SeenRepository, wasPrivate = true) =>
  decideRepository({ state: history(...past), seen: now, wasPrivate, ours: { rigAppId: RIG, reviewAppId: REVIEW } });

const paused = (cause: RigEvent<"REPOSITORY_PAUSED">["data"]["cause"], reason?: string): RigEvent => {
  const [said] = decided(
    [],
    cause === "public" ? seen({ private: false }) : cause === "archived" ? seen({ archived: true }) : { access: "suspended" },
  );
  if (said?.type !== "REPOSITORY_PAUSED") throw new Error(`${cause} does not pause.`);
  return reason ? { ...said, data: { cause, reason } } : said;
};

const short = (events: readonly RigEvent[]) => events.map((event) => (event.type === "REPOSITORY_PAUSED" ? event.data.cause : event.type));

describe("the life of a repository", () => {
  test.each<[string, readonly RigEvent[], SeenRepository, boolean, readonly string[]]>([
    ["as it was", [], seen(), true, []],
    ["under another name", [], seen({ name: "store" }), true, ["REPOSITORY_RENAMED"]],
    ["with another owner", [], seen({ owner: "globex" }), true, ["REPOSITORY_RENAMED"]],
    ["archived", [], seen({ archived: true }), true, ["archived"]],
    ["archived, as is known", [paused("archived")], seen({ archived: true }), true, []],
    ["unarchived", [paused("archived")], seen(), true, ["REPOSITORY_RESUMED"]],
    ["made public", [], seen({ private: false }), true, ["public"]],
    ["public from the first day", [], seen({ private: false }), false, []],
    ["still public after it was made so", [paused("public")], seen({ private: false }), false, []],
    ["private again", [paused("public")], seen(), false, ["REPOSITORY_RESUMED"]],
    ["suspended", [], { access: "suspended" }, true, ["suspended"]],
    ["uninstalled", [], { access: "uninstalled" }, true, ["uninstalled"]],
    ["deleted", [], { access: "deleted" }, true, ["deleted"]],
    ["suspended, as is known", [paused("suspended")], { access: "suspended" }, true, []],
    ["first suspended and then uninstalled", [paused("suspended")], { access: "uninstalled" }, true, ["REPOSITORY_RESUMED", "uninstalled"]],
    ["unsuspended", [paused("suspended")], seen(), true, ["REPOSITORY_RESUMED"]],
    ["without a permission", [], seen({ missing: [{ name: "issues", asked: "write", granted: "read" }] }), true, ["permissions"]],
    ["archived and made public", [], seen({ archived: true, private: false }), true, ["archived", "public"]],
    [
      "unarchived while it is public still",
      [paused("archived"), paused("public")],
      seen({ private: false }),
      false,
      ["REPOSITORY_RESUMED", "public"],
    ],
    ["suspended while it is archived", [paused("archived")], { access: "suspended" }, true, ["suspended"]],
    [
      "unsuspended while it is archived still",
      [paused("archived"), paused("suspended")],
      seen({ archived: true }),
      true,
      ["REPOSITORY_RESUMED", "archived"],
    ],
  ])("%s", (_, past, now, wasPrivate, expected) => {
    const events = decided(past, now, wasPrivate);
    expect(short(events)).toEqual(expected);
    // Who looks again at the same finds nothing new.
    expect(short(decided([...past, ...events], now, false))).toEqual([]);
  });

  test("other missing permissions are told anew", () => {
    const less = (name: string) => seen({ missing: [{ name, asked: "write", granted: "none" }] });
    const [first] = decided([], less("issues"));
    if (!first) throw new Error("Nothing was said.");
    expect(decided([first], less("issues"))).toEqual([]);
    expect(decided([first], less("contents"))).toEqual([
      { type: "REPOSITORY_PAUSED", data: { cause: "permissions", reason: expect.stringContaining("contents: write (it has none)") } },
    ]);
  });

  test("what pauses it is one text, and none once it goes on", () => {
    expect(pausedBecause(history(paused("archived", "Archived."), paused("public", "Public.")))).toBe("Archived. Public.");
    expect(pausedBecause(history(paused("archived"), { type: "REPOSITORY_RESUMED", data: { by: "github", reason: "" } }))).toBeUndefined();
  });

  test.each<[SeenRepository, boolean]>([
    [seen(), true],
    [seen({ archived: true, private: false }), true],
    [seen({ missing: [{ name: "issues", asked: "write", granted: "read" }] }), true],
    [seen({ missing: [{ name: "issues", asked: "write", granted: "none" }] }), false],
    [{ access: "suspended" }, false],
  ])("%j can be read: %s", (now, can) => {
    expect(readable(now)).toBe(can);
  });

  test("a permission is missing where less than asked is granted", () => {
    const asked = { metadata: "read", contents: "write", issues: "write", deployments: "read" };
    expect(missingOf(asked, { metadata: "read", contents: "read", deployments: "write" })).toEqual([
      { name: "contents", asked: "write", granted: "read" },
      { name: "issues", asked: "write", granted: "none" },
    ]);
  });
});

describe("R16: the protection of the default branch", () => {
  const safe: SeenSettings = {
    requiresPullRequest: true,
    requiresCodeOwnerReview: true,
    dismissesStaleReviews: true,
    requiresLastPushApproval: true,
    requiredChecks: [{ name: "rig/gates", appId: RIG }, { name: "Test" }],
    forbidsForcePush: true,
    forbidsDeletion: true,
    rigMayBypass: false,
    bypassingApps: [15],
  };
  const findings = (settings: SeenSettings, more: Partial<Granted> = {}) =>
    decided([], seen({ settings, ...more }), false).flatMap((event) =>
      event.type === "SETTINGS_DRIFTED" ? event.data.findings.map(({ name }) => name) : [event.type],
    );

  test.each<[string, Partial<SeenSettings>, readonly string[]]>([
    ["all that the Rig relies on", {}, ["SETTINGS_RESTORED"]],
    ["no pull request", { requiresPullRequest: false }, ["pull request"]],
    ["no code owner", { requiresCodeOwnerReview: false }, ["code owners"]],
    ["approvals that outlive commits", { dismissesStaleReviews: false }, ["stale reviews"]],
    ["the last pusher's own approval", { requiresLastPushApproval: false }, ["last push"]],
    ["no gates", { requiredChecks: [{ name: "Test" }] }, ["rig/gates"]],
    ["gates from anybody", { requiredChecks: [{ name: "rig/gates" }] }, ["rig/gates source"]],
    [
      "gates from anybody by one ruleset and from the Rig by another",
      { requiredChecks: [{ name: "rig/gates" }, { name: "rig/gates", appId: RIG }] },
      ["SETTINGS_RESTORED"],
    ],
    ["gates from another App", { requiredChecks: [{ name: "rig/gates", appId: 3 }] }, ["rig/gates source"]],
    ["force pushes", { forbidsForcePush: false }, ["force push"]],
    ["deletion", { forbidsDeletion: false }, ["deletion"]],
    ["a way round for the Rig", { bypassingApps: [RIG] }, ["bypass"]],
    ["a way round that GitHub tells the Rig of", { rigMayBypass: true, bypassingApps: [] }, ["bypass"]],
    ["a way round for Review-E", { bypassingApps: [REVIEW] }, ["bypass"]],
  ])("%s", (_, change, expected) => {
    expect(findings({ ...safe, ...change })).toEqual(expected);
  });

  test("a public repository is shown, and not paused", () => {
    expect(findings(safe, { private: false })).toEqual(["SETTINGS_RESTORED", "visibility"]);
  });

  const open = { ...safe, forbidsDeletion: false };

  test("is said once per change, and that it is well again once", () => {
    const drift = decided([], seen({ settings: open }));
    expect(drift.map(({ type }) => type)).toEqual(["SETTINGS_DRIFTED"]);
    expect(decided(drift, seen({ settings: open }))).toEqual([]);
    expect(decided(drift, seen({ settings: { ...safe, forbidsForcePush: false } }))).toHaveLength(1);
    const well = decided(drift, seen({ settings: safe }));
    expect(well).toEqual([{ type: "SETTINGS_RESTORED", data: {} }]);
    expect(decided([...drift, ...well], seen({ settings: safe }))).toEqual([]);
    expect(decided(drift, seen())).toEqual([]);
  });

  test("of a public repository its visibility is said beside the branch, each once", () => {
    const known: RigEvent[] = [...decided([], seen({ settings: open, private: false }), false)];
    known.push(...decided(known, seen({ settings: safe, private: false }), false));
    expect(known.map(({ type }) => type)).toEqual(["SETTINGS_DRIFTED", "SETTINGS_RESTORED", "SETTINGS_DRIFTED"]);
    expect(history(...known).findings.map(({ name }) => name)).toEqual(["visibility"]);
    expect(decided(known, seen({ settings: safe, private: false }), false)).toEqual([]);
    expect(decided(known, seen({ settings: safe }), false)).toEqual([{ type: "SETTINGS_RESTORED", data: {} }]);
  });

  describe("drift", () => {
    const driftAfter = (...looks: readonly (readonly [Partial<SeenSettings>, Partial<Granted>?])[]) => {
      const events: RigEvent[] = [];
      for (const [change, more] of looks) events.push(...decided(events, seen({ settings: { ...safe, ...change }, ...more }), false));
      return driftOf(history(...events));
    };
    const unlocked = { requiresPullRequest: false, requiredChecks: [] };

    test.each<[string, readonly (readonly [Partial<SeenSettings>, Partial<Granted>?])[], boolean]>([
      ["a branch that never was locked has not drifted", [[unlocked]], false],
      ["a branch that is locked has not drifted", [[{}]], false],
      ["a branch that was locked and is not any more has", [[{}], [unlocked]], true],
      ["a branch that was locked later, and opened again, has", [[unlocked], [{}], [{ forbidsDeletion: false }]], true],
      ["a branch that was locked again has not", [[{}], [unlocked], [{}]], false],
      ["a locked branch of a public repository has not", [[{}, { private: false }]], false],
      [
        "a branch of a public repository that was locked and is not any more has",
        [
          [{}, { private: false }],
          [unlocked, { private: false }],
        ],
        true,
      ],
      ["rules that an App of the Rig may pass by are no lock, whenever that is found", [[{ ...unlocked, rigMayBypass: true }]], true],
    ])("%s", (_, looks, drifted) => {
      expect(driftAfter(...looks) !== undefined).toBe(drifted);
    });

    test("names what is open, in one sentence", () => {
      const sentence = driftAfter([{}], [{ forbidsDeletion: false, forbidsForcePush: false }, { private: false }]);
      expect(sentence).toContain("(Force pushes to the default branch are not blocked; The default branch may be deleted)");
    });

    test("of a branch that never was locked names only the way round", () => {
      expect(driftAfter([{ ...unlocked, rigMayBypass: true }])).toContain("(An App of the Rig may pass by the rules)");
    });
  });
});

describe("a milestone", () => {
  const open = { number: 3, title: "Spring", openIssues: 0 };
  test.each([
    ["whose issues are done", ["done", "done"], open, 2],
    ["with an issue on its way", ["done", "deploying"], open, 0],
    ["without issues", [], open, 0],
    ["that GitHub shows an open issue of", ["done"], { ...open, openIssues: 1 }, 0],
    ["that is not there", ["done"], undefined, 0],
  ] as const)("%s", (_, states, now, issueCount) => {
    const events = milestoneComplete(history(), states, now);
    expect(events.map(({ data }) => data.issueCount)).toEqual(issueCount > 0 ? [issueCount] : []);
    expect(milestoneComplete(history(...events), states, now)).toEqual([]);
  });

  test("that got another issue is complete again", () => {
    const before = history({ type: "MILESTONE_COMPLETE", data: { milestone: "Spring", issueCount: 1 } });
    expect(milestoneComplete(before, ["done", "done"], open)).toHaveLength(1);
  });
});

test("a second repository of the same name is known by the name it had", () => {
  expect(repositoryOf("repo/acme/shop/42", []).fullName).toBe("acme/shop");
});
