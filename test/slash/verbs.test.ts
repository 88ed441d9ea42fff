import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { inMarkdown } from "../../app/domain/escape.ts";
import type { RigEvent } from "../../app/domain/events.ts";
import { parseEvent } from "../../app/domain/events.ts";
import type { SeenIssue, SeenPullRequest } from "../../app/domain/seen.ts";
import { evaluationOf } from "../../app/rules/evaluation.ts";
import { why } from "../../app/rules/why.ts";
import { hear } from "../../app/slash/hear.ts";
import { verbs } from "../../app/slash/index.ts";
import { parse } from "../../app/slash/parse.ts";
import type { Hearing } from "../../app/slash/verb.ts";
import { written } from "../../app/slash/verb.ts";
import {
  agentId,
  approved,
  assigned,
  at,
  file,
  type History,
  merged,
  opened,
  pr,
  requested,
  reviewPassed,
  runId,
  said,
  scene,
  seenIssue,
  seenPr,
  sha,
  started,
  toOpen,
  toReviewed,
} from "../rules/stage.ts";

const HEAD = sha("a");

const wayBack = { commits: 2, takesBack: [{ sha: sha("e"), title: "Round prices half up" }] };
const broken = said("SMOKE_FAILED", {
  ...{ environment: "production", sha: sha("e"), failed: [], retry: 1, maxRetries: 3, cause: "code", because: "/health answers 500." },
});

interface Given {
  readonly history?: History;
  readonly issue?: Partial<SeenIssue>;
  /** Where it is spoken: the issue, unless a pull request is given. */
  readonly pr?: SeenPullRequest;
  readonly more?: Partial<Hearing>;
  readonly policy?: object;
}

/** Kari, who has number 31, speaks at minute 50 and is heard at minute 60. */
function hearing({ history = [], issue = {}, pr: pullRequest, more = {}, policy }: Given): Hearing {
  const here = scene({
    history,
    seen: { issue: { ...seenIssue, ...issue }, ...(pullRequest ? { pullRequest } : {}) },
    ...(policy ? { policy } : {}),
  });
  const where = pullRequest ? { on: pullRequest.number, onPullRequest: true } : { on: 12, onPullRequest: false };
  const { subject, seen, cto, now } = here;
  const person = { by: "kari", byId: 31, commentId: 77, at: at(50), labelled: "high" as const };
  return {
    subject,
    issue: here.issue,
    seen,
    policy: here.policy,
    cto,
    now,
    why: why(here),
    ...(pullRequest ? { evaluation: evaluationOf(here, pullRequest) } : {}),
    ...person,
    ...where,
    ...more,
  };
}

function spoken(
  comment: string,
  given: Given,
  maySpeak = true,
): { readonly verdict: string; readonly reply: string; readonly events: readonly RigEvent[] } {
  const command = parse(comment);
  if (!command) throw new Error(`${comment} is no command.`);
  const [received, ...events] = hear(command, maySpeak, hearing(given));
  if (received?.type !== "COMMAND_RECEIVED") throw new Error("The command itself comes first.");
  return {
    verdict: received.data.verdict,
    reply: received.data.reply ?? "",
    events: events.map(({ type, data }) => ({ type, data }) as RigEvent),
  };
}

const gate = said("HUMAN_GATE_TRIGGERED", {
  prNumber: pr,
  headSha: HEAD,
  gate: "schema",
  evidence: [{ path: "db/migrations/2.sql", because: "is a migration" }],
  approvers: ["@maria"],
});
const migration = seenPr({ changes: { complete: true, files: [file("db/migrations/2_@all.sql", "-- nothing yet")] } });
const escalated = (about: "strikes" | "gate") =>
  said("ESCALATED", { level: "cto", about, reason: "Two attempts failed.", attempts: 2, options: ["retry"] });
const working: History = [
  [0, approved],
  [1, assigned],
  [1, requested("implement", 1)],
  [2, started(1)],
];
const finding = { id: "c41", by: "review-e[bot]", text: "Wrong.", disputed: true };
/** Review-E insists on what Dev-E objects to. */
const disputed: History = [
  ...toOpen,
  [20, said("REVIEW_CHANGES_REQUESTED", { prNumber: pr, headSha: HEAD, iteration: 2, reviewer: "r", reviewId: 2, findings: [finding] })],
  [
    21,
    said("ESCALATED", { level: "cto", about: "review", reason: "They disagree.", attempts: 1, options: ["overrule", "uphold", "close"] }),
  ],
];
const asking: History = [...working, [3, said("QUESTION_ASKED", { text: "Half up or half even?", by: "dev-e", runId: runId(1) })]];
const failed: History = [...working, [9, escalated("strikes")]];
const gated: History = [...toReviewed, [21, gate]];
const held: History = [...working, [5, said("ISSUE_HELD", { by: "jonas", reason: "jonas put it on hold." })]];
const stale: History = [
  [0, approved],
  [5, said("APPROVAL_STALE", { changedBy: "guest", newHash: "h" })],
];
const live: History = [...toReviewed, [22, merged]];
const done: History = [...live, [30, said("ISSUE_DONE", { durationMinutes: 30, attempts: 1, usd: 1, humanWaitMinutes: 0 })]];
const spent: History = [
  ...working,
  [
    5,
    said("RUN_FINISHED", {
      runId: runId(1),
      outcome: "patch",
      usd: 4,
      tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
      turns: 1,
      minutes: 1,
    }),
  ],
];

const approval = {
  title: seenIssue.title,
  body: seenIssue.body,
  bodyHash: seenIssue.bodyHash,
  approvedBy: "kari",
  actId: "comment:77",
};
const onHead = { prNumber: pr, headSha: HEAD };
const word = { ...onHead, by: "kari", byId: 31, commentId: 77 };

const lesson = (id: string) => ({
  ...{ id, kind: "pitfall" as const, text: "Build first.", evidence: "npm test" },
  ...{ runId: runId(1), agent: agentId, issue: scene({ history: [] }).subject.number, at: at(0) },
});

test.each<[string, string, Given, readonly RigEvent[]]>([
  [
    "hands an unknown issue over with the priority of its labels",
    "/rig start",
    {},
    [{ type: "ISSUE_APPROVED", data: { ...approval, priority: "high", dependsOn: [] } }],
  ],
  [
    "freezes what the text wants done first, and the milestone",
    "/rig start",
    { issue: { body: "Depends on #3 and acme/till#4.", milestone: "Autumn" } },
    [
      {
        type: "ISSUE_APPROVED",
        data: {
          ...approval,
          body: "Depends on #3 and acme/till#4.",
          priority: "high",
          dependsOn: ["acme/shop#3", "acme/till#4"],
          milestone: "Autumn",
        },
      },
    ],
  ],
  [
    "approves a text that changed, and keeps the priority",
    "/rig start",
    { history: stale },
    [{ type: "ISSUE_APPROVED", data: { ...approval, priority: "normal", dependsOn: [] } }],
  ],
  [
    "insists on a text that was asked back",
    "/rig start",
    {
      history: [
        [0, approved],
        [0, said("QUESTION_ASKED", { text: "What happens?", by: "rig" })],
      ],
    },
    [{ type: "ISSUE_APPROVED", data: { ...approval, priority: "normal", dependsOn: [] } }],
  ],
  [
    "gives back what failed before it approves",
    "/rig start",
    { history: failed },
    [
      { type: "ISSUE_RELEASED", data: { by: "kari", reason: "kari approved it again." } },
      { type: "ISSUE_APPROVED", data: { ...approval, priority: "normal", dependsOn: [] } },
    ],
  ],
  [
    "stops a run with its reason on one line",
    "/rig stop not now,\nwe ship",
    { history: working },
    [{ type: "ISSUE_HELD", data: { by: "kari", reason: "kari stopped it: not now, we ship" } }],
  ],
  ["stops without a reason", "/rig stop", { history: working }, [{ type: "ISSUE_HELD", data: { by: "kari", reason: "kari stopped it." } }]],
  ["holds", "/rig hold", { history: toReviewed }, [{ type: "ISSUE_HELD", data: { by: "kari", reason: "kari put it on hold." } }]],
  [
    "resumes what is held",
    "/rig resume",
    { history: held },
    [{ type: "ISSUE_RELEASED", data: { by: "kari", reason: "kari gave it back." } }],
  ],
  [
    "lets releases have again what production was taken back from, although it is done",
    "/rig resume",
    { history: [...done, [40, said("ROLLBACK_REQUESTED", { by: "maria", fromSha: sha("e"), toSha: sha("0") })]] },
    [{ type: "ISSUE_RELEASED", data: { by: "kari", reason: "kari gave it back." } }],
  ],
  ["retries what failed", "/rig retry", { history: failed }, [{ type: "RETRY_REQUESTED", data: { by: "kari", fresh: false } }]],
  ["retries afresh", "/rig retry fresh", { history: failed }, [{ type: "RETRY_REQUESTED", data: { by: "kari", fresh: true } }]],
  [
    "retries a release that failed",
    "/rig retry",
    { history: [...live, [30, escalated("strikes")]], issue: { open: false } },
    [{ type: "RETRY_REQUESTED", data: { by: "kari", fresh: false } }],
  ],
  ["resets the strikes", "/rig reset strikes", { history: working }, [{ type: "COUNTERS_RESET", data: { by: "kari" } }]],
  [
    "takes a lesson away",
    "/rig forget l2",
    { more: { lessons: [lesson("L1"), lesson("L2")] } },
    [{ type: "LESSON_FORGOTTEN", data: { id: "L2", by: "kari" } }],
  ],
  ["raises the budget", "/rig budget $25.50", { history: spent }, [{ type: "BUDGET_RAISED", data: { by: "kari", usd: 25.5 } }]],
  [
    "changes the priority",
    "/rig priority critical",
    { history: working },
    [{ type: "PRIORITY_CHANGED", data: { from: "normal", to: "critical", by: "kari", source: "command" } }],
  ],
  [
    "answers with the rest of the comment",
    "/rig answer Half up.\n\nBecause of the law.",
    { history: asking },
    [{ type: "QUESTION_ANSWERED", data: { text: "Half up.\n\nBecause of the law.", by: "kari" } }],
  ],
  [
    "asks for a review of the present head",
    "/rig review",
    { history: toReviewed, pr: seenPr() },
    [{ type: "REVIEW_REQUESTED", data: { ...onHead, iteration: 1 } }],
  ],
  ["looks again", "/rig recheck", { history: toReviewed, pr: seenPr() }, []],
  [
    "approves by seven digits",
    "/rig approve aaaaaaa",
    { history: gated, pr: migration },
    [{ type: "REVIEW_SPOKEN", data: { ...word, verdict: "approved", gates: [], reason: "" } }],
  ],
  [
    "approves one gate by the whole SHA",
    `/rig approve ${HEAD.toUpperCase()} schema`,
    { history: gated, pr: migration },
    [{ type: "REVIEW_SPOKEN", data: { ...word, verdict: "approved", gates: ["schema"], reason: "" } }],
  ],
  [
    "rejects with the rest of the comment",
    "/rig reject No.\n\n- a test",
    { history: gated, pr: migration },
    [{ type: "REVIEW_SPOKEN", data: { ...word, verdict: "rejected", gates: [], reason: "No.\n\n- a test" } }],
  ],
  ["acknowledges", "/rig ack", { history: failed }, [{ type: "ESCALATION_ACKNOWLEDGED", data: { by: "kari" } }]],
  [
    "resolves by another try",
    "/rig resolve retry",
    { history: failed },
    [{ type: "ESCALATION_RESOLVED", data: { by: "kari", decision: "retry" } }],
  ],
  [
    "resolves by going on",
    "/rig resolve override",
    { history: failed },
    [{ type: "ESCALATION_RESOLVED", data: { by: "kari", decision: "override" } }],
  ],
  [
    "overrules a review of this head",
    "/rig resolve overrule",
    { history: disputed },
    [
      { type: "ESCALATION_RESOLVED", data: { by: "kari", decision: "overrule" } },
      { type: "REVIEW_OVERRULED", data: { prNumber: pr, headSha: HEAD, by: "kari", why: "They disagree." } },
    ],
  ],
  [
    "upholds what was objected to",
    "/rig resolve uphold",
    { history: disputed },
    [
      { type: "ESCALATION_RESOLVED", data: { by: "kari", decision: "uphold" } },
      { type: "REVIEW_UPHELD", data: { prNumber: pr, headSha: HEAD, by: "kari", findings: ["c41"] } },
    ],
  ],
  [
    "asks for a change of this head",
    "/rig change Name it better.\nAnd test it.",
    { history: toReviewed, pr: seenPr() },
    [
      {
        type: "REVIEW_SPOKEN",
        data: {
          ...{ prNumber: pr, headSha: HEAD, verdict: "changes", by: "kari", byId: 31, commentId: 77, gates: [] },
          reason: "Name it better.\nAnd test it.",
        },
      },
    ],
  ],
  [
    "closes, and takes the work back",
    "/rig resolve close",
    { history: failed },
    [
      { type: "ESCALATION_RESOLVED", data: { by: "kari", decision: "close" } },
      { type: "ISSUE_WITHDRAWN", data: { by: "kari", reason: "kari decided to close it." } },
    ],
  ],
  [
    "rolls back from the merge, and nothing else of it is released",
    `/rig rollback ${sha("0")}`,
    { history: live, more: { wayBack } },
    [
      { type: "ROLLBACK_REQUESTED", data: { by: "kari", fromSha: sha("e"), toSha: sha("0"), ...wayBack } },
      {
        type: "ISSUE_HELD",
        data: { by: "kari", reason: "kari takes production back to 0000000: nothing else of it is released until a person says so" },
      },
    ],
  ],
  [
    "rolls back what is done",
    `/rig rollback ${sha("0")}`,
    { history: done, more: { wayBack } },
    [{ type: "ROLLBACK_REQUESTED", data: { by: "kari", fromSha: sha("e"), toSha: sha("0"), ...wayBack } }],
  ],
  [
    "rolls back what is held, which stays so",
    `/rig rollback ${sha("0")}`,
    { history: [...live, [23, said("ISSUE_HELD", { by: "jonas", reason: "Wait." })]], more: { wayBack } },
    [{ type: "ROLLBACK_REQUESTED", data: { by: "kari", fromSha: sha("e"), toSha: sha("0"), ...wayBack } }],
  ],
  [
    "rolls back from the last merge while that is being mended",
    `/rig rollback ${sha("0")}`,
    { history: [...done.slice(0, -1), [23, broken]], more: { wayBack } },
    [
      { type: "ROLLBACK_REQUESTED", data: { by: "kari", fromSha: sha("e"), toSha: sha("0"), ...wayBack } },
      {
        type: "ISSUE_HELD",
        data: { by: "kari", reason: "kari takes production back to 0000000: nothing else of it is released until a person says so" },
      },
    ],
  ],
])("a command %s: %s", (_, comment, given, events) => {
  const heard = spoken(comment, given);
  expect(heard).toEqual({ verdict: "accepted", reply: "", events });
  for (const { type, data } of heard.events) expect(parseEvent(type, data)).toEqual({ type, data });
});

test.each<[string, string, Given, RegExp]>([
  ["what is handed over", "/rig start", { history: working }, /handed over already/],
  ["a merged issue that is on its way", "/rig start", { history: live }, /merged already/],
  ["a text changed after it was said", "/rig start", { issue: { edited: { by: "guest", at: at(55) } } }, /guest changed the text/],
  ["a text changed in the same second", "/rig start", { issue: { edited: { by: "guest", at: at(50) } } }, /guest changed the text/],
  ["a closed issue", "/rig start", { issue: { open: false } }, /reopen it/],
  ["a deleted issue", "/rig start", { issue: { gone: "deleted" } }, /is deleted/],
  ["a locked conversation", "/rig start", { issue: { locked: true } }, /unlock it/],
  ["a repository that rests", "/rig start", { more: { paused: "it is archived." } }, /rests: it is archived/],
  ["a done issue", "/rig start", { history: done }, /is done/],
  ["stopping what was never begun", "/rig stop", {}, /Nothing is under way/],
  ["stopping what is held", "/rig stop", { history: held }, /held already/],
  ["stopping what is done", "/rig stop", { history: done }, /is done/],
  ["holding what nobody handed over", "/rig hold", {}, /not handed over/],
  [
    "resuming under the label",
    "/rig resume",
    { history: held, issue: { hold: { id: "1", by: "jonas", byId: 20, at: at(1), verdict: "admitted" } } },
    /take that label off/,
  ],
  ["resuming what is done", "/rig resume", { history: done }, /is done/],
  ["resuming what waits for an answer", "/rig resume", { history: asking }, /\/rig answer/],
  ["resuming what failed", "/rig resume", { history: failed }, /\/rig resolve/],
  ["resuming a stale approval", "/rig resume", { history: stale }, /put it on again/],
  ["resuming what waits for a gate", "/rig resume", { history: gated }, /waits for an approving review/],
  [
    "resuming what waits for money",
    "/rig resume",
    { history: [...working, [5, said("BUDGET_EXCEEDED", { scope: "issue", unit: "usd", limit: 15, spent: 15 })]] },
    /\/rig budget/,
  ],
  ["retrying what is not approved", "/rig retry", { history: stale }, /\/rig start/],
  ["retrying what is queued", "/rig retry", { history: [[0, approved]] }, /Queued/],
  ["retrying a release afresh", "/rig retry fresh", { history: [...live, [30, escalated("strikes")]] }, /only its release/],
  ["resetting what nobody works on", "/rig reset strikes", {}, /nothing counts/],
  ["forgetting what was never learned", "/rig forget L9", { more: { lessons: [lesson("L1")] } }, /no lesson L9; the newest are L1\./],
  ["forgetting where nothing was learned", "/rig forget L1", {}, /has no lessons/],
  ["a budget that is spent", "/rig budget 4", { history: spent }, /\$4\.00 are spent/],
  ["the priority it has", "/rig priority normal", { history: working }, /normal already/],
  ["the priority of what is not handed over", "/rig priority high", {}, /not handed over/],
  ["the priority of a merged issue", "/rig priority high", { history: live }, /merged/],
  ["an answer to no question", "/rig answer Half up.", { history: working }, /no question waits/],
  ["an answer that no task could hold", `/rig answer ${"ä".repeat(2_049)}`, { history: asking }, /4,096 bytes/],
  [
    "a review of what is being reviewed",
    "/rig review",
    { history: [...toOpen, [13, requested("review", 2, HEAD)]], pr: seenPr() },
    /is reading it/,
  ],
  [
    "a review of what is held",
    "/rig review",
    { history: [...toReviewed, [21, said("ISSUE_HELD", { by: "jonas", reason: "jonas holds it." })]], pr: seenPr() },
    /jonas holds it/,
  ],
  ["a review on another pull request", "/rig review", { history: toReviewed, pr: seenPr(), more: { on: 8 } }, /#8 is not/],
  ["a review on a closed pull request", "/rig review", { history: toReviewed, pr: seenPr({ state: "closed" }) }, /is closed/],
  ["approving another head", "/rig approve bbbbbbb", { history: gated, pr: migration }, /that is aaaaaaa/],
  ["approving a head that begins alike", `/rig approve ${"a".repeat(39)}b`, { history: gated, pr: migration }, /that is aaaaaaa/],
  [
    "approving a gate that is not raised",
    "/rig approve aaaaaaa payments",
    { history: gated, pr: migration },
    /does not raise the gate payments. It raises: schema/,
  ],
  ["approving what is merged", "/rig approve aaaaaaa", { history: live, pr: seenPr({ state: "merged" }) }, /is merged/],
  ["rejecting what is merged", "/rig reject no", { history: live, pr: seenPr({ state: "merged" }) }, /is merged/],
  ["acknowledging nothing", "/rig ack", { history: working }, /nothing is escalated/],
  [
    "acknowledging twice",
    "/rig ack",
    { history: [...failed, [10, said("ESCALATION_ACKNOWLEDGED", { by: "maria" })]] },
    /maria has acknowledged/,
  ],
  ["resolving nothing", "/rig resolve retry", { history: working }, /nothing is escalated/],
  ["resolving a dispute by another try", "/rig resolve retry", { history: disputed }, /offers: `\/rig resolve overrule`.*uphold/],
  ["overruling where nobody disagrees", "/rig resolve overrule", { history: failed }, /This escalation offers/],
  ["resolving a gate away", "/rig resolve override", { history: [...gated, [25, escalated("gate")]] }, /its owners/],
  ["rolling back what is not merged", `/rig rollback ${sha("0")}`, { history: toReviewed }, /Nothing of this issue is merged/],
  [
    "rolling back to what the default branch does not come from",
    `/rig rollback ${sha("0")}`,
    { history: live },
    /no earlier commit of main/,
  ],
  ["rolling back to the merge", `/rig rollback ${sha("e")}`, { history: live }, /is the merge itself/],
  ["an issue's command on a pull request", "/rig start", { history: toReviewed, pr: seenPr() }, /say it on #12/],
  ["a pull request's command on an issue", "/rig approve aaaaaaa", { history: toReviewed }, /for pull requests/],
  [
    "a gate that nobody knows",
    "/rig explain frobnication",
    { history: gated, pr: migration },
    /There is no gate frobnication. There are: /,
  ],
])("%s is refused with the reason, and changes nothing", (_, comment, given, reason) => {
  const { verdict, reply, events } = spoken(comment, given);
  expect([verdict, events]).toEqual(["refused", []]);
  expect(reply).toMatch(reason);
});

test.each([
  ["/rig help me", "both"],
  ["/rig retry soon", "issue"],
  ["/rig reset", "issue"],
  ["/rig reset everything", "issue"],
  ["/rig forget", "both"],
  ["/rig forget everything", "both"],
  ["/rig budget", "issue"],
  ["/rig budget -5", "issue"],
  ["/rig budget 1e9", "issue"],
  ["/rig budget 99999999", "issue"],
  ["/rig priority urgent", "issue"],
  ["/rig answer", "both"],
  ["/rig approve", "pr"],
  ["/rig approve aaaaaa", "pr"],
  ["/rig approve schema", "pr"],
  ["/rig approve aaaaaaa ../x", "pr"],
  ["/rig reject", "pr"],
  ["/rig resolve", "both"],
  ["/rig resolve merge", "both"],
  ["/rig rollback aaaaaaa", "both"],
  ["/rig explain", "pr"],
])("%s is not understood, and is answered with how it is written", (comment, where) => {
  const { verdict, reply, events } = spoken(comment, { history: gated, ...(where === "pr" ? { pr: migration } : {}) });
  expect([verdict, events]).toEqual(["unknown", []]);
  expect(reply).toContain(`\`/rig ${comment.split(" ")[1]}`);
});

test.each(["/rig", "/rig frobnicate now", "/rig HELP", "/rig constructor", "/rig __proto__"])(
  "%s is not understood, and not talked about",
  (comment) => {
    expect(spoken(comment, { history: working })).toEqual({ verdict: "unknown", reply: "", events: [] });
  },
);

test("what somebody may not say is refused without a word, whatever it is", () => {
  for (const verb of verbs)
    expect(spoken(written(verb), { history: failed }, false)).toEqual({ verdict: "refused", reply: "", events: [] });
});

test("a repository where the Rig is off hears nothing", () => {
  const command = parse("/rig start");
  expect(command && hear(command, true, hearing({ policy: { mode: "disabled" } }))).toEqual([]);
});

test("who spoke, where and when is history, and so is every event as their own", () => {
  const command = parse("/rig hold\nThanks!");
  const events = command ? hear(command, true, hearing({ history: working })) : [];
  expect(events).toMatchObject([
    { type: "COMMAND_RECEIVED", data: { verb: "hold", args: "", by: "kari", verdict: "accepted", commentId: 77, on: 12 } },
    { type: "ISSUE_HELD" },
  ]);
  for (const event of events) expect(event).toMatchObject({ actor: { kind: "human", login: "kari", id: 31 }, at: at(50) });
});

test("help shows every command as it is written", () => {
  const { reply } = spoken("/rig help", {});
  expect(reply.split("\n")).toHaveLength(verbs.length + 2);
  for (const verb of verbs) expect(reply).toContain(`| \`${written(verb).replaceAll("|", "\\|")}\` |`);
});

test("why and status tell the one sentence; status also the figures", () => {
  const { why: sentence } = hearing({ history: asking });
  expect(sentence).toContain("Half up or half even?");
  expect(spoken("/rig why", { history: asking }).reply).toBe(inMarkdown(sentence));
  const { reply } = spoken("/rig status", { history: asking });
  expect(reply).toContain(`**waiting** — ${inMarkdown(sentence)}`);
  expect(reply).toContain(`| ${agentId} | 1 | 0 of 2 | normal | none | $0.00 of $15 |`);
});

test("explain tells a gate's rule, evidence and approvers, and lets no path mention anybody", () => {
  const { reply } = spoken("/rig explain schema", { history: gated, pr: migration });
  expect(reply).toContain("**schema**: ");
  expect(reply).toContain("aaaaaaa raises it, and it is waiting");
  expect(reply).toContain("db/migrations/2&#95;&#64;all.sql");
  expect(reply).toContain("Who may approve: &#64;maria.");
  expect(spoken("/rig explain schema", { history: toReviewed, pr: seenPr() }).reply).toContain("Nothing in aaaaaaa raises it.");
});

test("who approves their own change is told that it opens nothing", () => {
  const { verdict, reply, events } = spoken("/rig approve aaaaaaa", { history: gated, pr: { ...migration, madeBy: ["kari"] } });
  expect([verdict, events.map(({ type }) => type)]).toEqual(["accepted", ["REVIEW_SPOKEN"]]);
  expect(reply).toContain("opens no gate");
});

const histories = [
  [],
  [[0, approved]],
  working,
  asking,
  failed,
  gated,
  held,
  stale,
  live,
  done,
  spent,
  [...toOpen, [12, opened]],
  [...toReviewed, [23, reviewPassed]],
] as readonly History[];

test("whatever is said about whatever state, it gets one verdict, its events fit their types, and a reason goes with every no", () => {
  const args = fc.constantFrom(
    "",
    "fresh",
    "strikes",
    "7",
    "$900",
    "critical",
    "low",
    "aaaaaaa",
    `${HEAD} schema`,
    sha("0"),
    "schema",
    "retry",
    "close",
    "@all <b>x</b>",
  );
  fc.assert(
    fc.property(fc.constantFrom(...verbs), args, fc.constantFrom(...histories), fc.boolean(), ({ name }, rest, history, onPullRequest) => {
      const { verdict, reply, events } = spoken(`/rig ${name} ${rest}`, { history, ...(onPullRequest ? { pr: migration } : {}) });
      for (const { type, data } of events) expect(parseEvent(type, data)).toEqual({ type, data });
      if (verdict !== "accepted") expect([reply === "", events]).toEqual([false, []]);
      expect(reply).not.toMatch(/@all|<b>/);
    }),
    { numRuns: 500 },
  );
});

const watched: History = [
  [
    0,
    said("PR_WATCHED", {
      ...{ prNumber: pr, prUrl: "https://github.example/acme/shop/pull/7", branch: "change", base: "main", headSha: HEAD },
      ...{ title: "Change it", by: "jonas" },
    }),
  ],
];

test("under a person's pull request only what its gates need, and reading it, is done", () => {
  const stopped = spoken("/rig stop we ship today", { history: watched, pr: migration });
  expect(stopped).toMatchObject({ verdict: "refused", events: [], reply: expect.stringContaining("person's pull request") });
  expect(spoken(`/rig approve ${HEAD}`, { history: watched, pr: migration })).toMatchObject({
    verdict: "accepted",
    events: [{ type: "REVIEW_SPOKEN" }],
  });
});

test("review has a person's pull request read, whether or not it was looked at before, and once at a time", () => {
  const asked = { verdict: "accepted", events: [{ type: "REVIEW_REQUESTED", data: { headSha: HEAD, iteration: 1 } }] };
  expect(spoken("/rig review", { history: watched, pr: migration })).toMatchObject(asked);
  const first = { subject: { ...scene({}).subject, kind: "pull_request" as const } };
  expect(spoken("/rig review", { pr: migration, more: first })).toMatchObject(asked);
  const reading: History = [...watched, [1, requested("review", 2, HEAD)], [2, started(2)]];
  expect(spoken("/rig review", { history: reading, pr: migration })).toMatchObject({
    verdict: "refused",
    reply: "Review-E is reading it.",
  });
});

test.each<[string, Given, string]>([
  ["a fork's", { pr: { ...migration, fork: true } }, "code of strangers"],
  ["a bot's", { pr: { ...migration, author: { login: "dependabot[bot]", id: 49, bot: true } } }, "dependabot"],
  ["a draft", { pr: { ...migration, draft: true } }, "once it is ready"],
  ["one on hold", { history: [[1, said("ISSUE_HELD", { by: "kari", reason: "Wait for Monday." })]], pr: migration }, "Wait for Monday."],
  ["one where nothing starts", { pr: migration, policy: { mode: "observe" } }, "mode is observe"],
  ["one of a resting repository", { pr: migration, more: { paused: "It is archived." } }, "It is archived."],
  [
    "one with no run left",
    { history: [[1, requested("review", 2, sha("c"))]], pr: migration, policy: { limits: { runsPerIssue: 1 } } },
    "1 runs",
  ],
])("whoever asks for a review of %s is told why not", (_, { history = [], ...given }, because) => {
  expect(spoken("/rig review", { ...given, history: [...watched, ...history] })).toMatchObject({
    verdict: "refused",
    events: [],
    reply: expect.stringContaining(because),
  });
});

test("a person's pull request may get another budget", () => {
  expect(spoken("/rig budget 20", { history: watched, pr: migration })).toMatchObject({
    verdict: "accepted",
    events: [{ type: "BUDGET_RAISED", data: { usd: 20, by: "kari" } }],
  });
});
