import { expect, test } from "@jest/globals";
import type { CommandData } from "../../app/domain/commands.ts";
import { Policy } from "../../app/domain/policy.ts";
import { askForApproval, remind } from "../../app/reactions/gates.ts";
import { askForAnswer, askForBudget, escalateInDiscord, mentionsOf, remindInDiscord } from "../../app/reactions/people.ts";
import type { Context } from "../../app/reactions/reaction.ts";
import { folded, type History, pr, said, scene, sha, toOpen } from "../rules/stage.ts";

const MARIA = "123456789012345678";
const JONAS = "223456789012345678";
const ALL = "323456789012345678";
const policy = Policy.parse({ notify: { maria: MARIA, Jonas: `${JONAS}, 423456789012345678`, everyone: ALL, guest: "not an id" } });

const contextOf = (history: History, more: Partial<Context> = {}): Context => {
  const { subject } = scene({});
  const issue = folded(history);
  return { subject, before: issue, after: issue, policy, defaultBranch: "main", notices: [], cto: ["maria"], ...more };
};
function noticeOf(commands: readonly { readonly kind: string; readonly data: unknown }[]): CommandData<"NOTIFY"> {
  const notices = commands.filter(({ kind }) => kind === "NOTIFY");
  expect(notices).toHaveLength(1);
  return notices[0]?.data as CommandData<"NOTIFY">;
}
const commentsOf = (commands: readonly { readonly kind: string; readonly data: unknown }[]) =>
  commands.filter(({ kind }) => kind === "COMMENT").map(({ data }) => (data as CommandData<"COMMENT">).body);

const request = {
  prNumber: pr,
  headSha: sha("a"),
  gate: "schema",
  evidence: [{ path: "db/1.sql", because: "it is a migration" }],
  approvers: ["@maria", "@acme/dba"],
};
const raised: History = [...toOpen, [20, said("HUMAN_GATE_TRIGGERED", request)]];
const escalation = {
  level: "cto" as const,
  about: "strikes" as const,
  reason: "It failed twice.",
  attempts: 2,
  options: ["retry", "close"],
};

test.each([
  [
    ["@Maria", "jonas"],
    [MARIA, JONAS, "423456789012345678"],
  ],
  [["maria", "MARIA"], [MARIA]],
  [["guest", "nobody", "constructor"], []],
])("of %j are called %j", (logins, ids) => {
  expect(mentionsOf(policy, logins)).toEqual(ids);
});

test("a gate calls those who may approve, and names also whom nobody can call", () => {
  const notice = noticeOf(askForApproval(request, contextOf(raised)));
  expect(notice).toMatchObject({ channel: "admin", about: "gate:schema", message: { mentions: [MARIA] } });
  expect(notice.message.fields).toContainEqual({ name: "Who may approve", value: "@maria, @acme/dba" });
  expect(notice).not.toHaveProperty("replaces");
});

test("the pull request itself asks those who may approve, and lets nothing that was changed mention anybody", () => {
  const evidence = [{ path: "db/@everyone.sql", line: 3, because: "a migration" }];
  const [body = ""] = commentsOf(askForApproval({ ...request, evidence, approvers: ["@maria", "@acme/dba", "a@b.c"] }, contextOf(raised)));
  expect(body).toContain("needs @maria or @acme/dba or a&#64;b.c.");
  expect(body).toContain("/rig approve aaaaaaa");
  expect(body).toContain("db/&#64;everyone.sql:3");
});

test("of the next head it asks again only whoever had approved, for who still waits was asked", () => {
  const voided = (approvedBy?: string) => {
    const context = contextOf(raised);
    const before = { headSha: sha("b"), evidenceHash: "h", ...(approvedBy ? { approvedBy } : {}) };
    return { ...context, before: { ...context.before, voided: { schema: before } } };
  };
  expect(commentsOf(askForApproval(request, voided()))).toEqual([]);
  expect(commentsOf(askForApproval(request, voided("maria")))).toHaveLength(1);
  expect(commentsOf(askForApproval(request, contextOf(raised, { policy: Policy.parse({ mode: "observe" }) })))).toEqual([]);
});

test("a reminder says all that the request said, calls the same people and replaces what was said last of that gate", () => {
  const notices = [
    { key: "e1:NOTIFY", about: "gate:schema" },
    { key: "e2:NOTIFY", about: "gate:schema" },
    { key: "e3:NOTIFY", about: "gate:auth" },
  ];
  const notice = noticeOf(remind({ prNumber: pr, gate: "schema", waitedMinutes: 60, nth: 2 }, contextOf(raised, { notices })));
  expect(notice).toMatchObject({ about: "gate:schema", replaces: "e2:NOTIFY", message: { mentions: [MARIA] } });
  expect(notice.message.fields).toEqual(noticeOf(askForApproval(request, contextOf(raised))).message.fields);
  expect(notice.message.description).toContain("60 minutes");
});

test("an escalation calls the CTO, then everyone, and each time replaces the time before", () => {
  const first = contextOf([...toOpen, [30, said("ESCALATED", escalation)]]);
  const notice = noticeOf(escalateInDiscord(escalation, first));
  expect(notice).toMatchObject({ about: "escalation-1", message: { mentions: [MARIA] } });
  const notices = [{ key: "e9:NOTIFY", about: "escalation-1" }];
  expect(noticeOf(remindInDiscord({ nth: 1, waitedMinutes: 30 }, { ...first, notices }))).toMatchObject({
    replaces: "e9:NOTIFY",
    message: { mentions: [MARIA], title: expect.stringContaining("30 minutes") },
  });
  const all = { ...escalation, level: "everyone" as const };
  const next = contextOf([...toOpen, [30, said("ESCALATED", escalation)], [270, said("ESCALATED", all)]], { notices });
  expect(noticeOf(escalateInDiscord(all, next))).toMatchObject({ replaces: "e9:NOTIFY", message: { mentions: [ALL, MARIA] } });
});

test("a question calls who handed the issue over; a spent budget calls the CTO", () => {
  const context = contextOf(toOpen);
  expect(noticeOf(askForAnswer({ text: "Which currency?", by: "dev-e-1" }, context))).toMatchObject({
    about: "question",
    message: { mentions: [JONAS, "423456789012345678"], description: "Which currency?" },
  });
  expect(noticeOf(askForBudget({ scope: "issue", unit: "usd", limit: 15, spent: 15.2 }, context))).toMatchObject({
    about: "budget:issue",
    message: { mentions: [MARIA], description: expect.stringContaining("$15.20 of $15.00") },
  });
});

test("where nobody is known, nobody is called and the message says so", () => {
  const notice = noticeOf(askForBudget({ scope: "run", unit: "tokens", limit: 10, spent: 11 }, contextOf(toOpen, { cto: [] })));
  expect(notice.message.mentions).toEqual([]);
  expect(notice.message.fields).toContainEqual({ name: "Who is asked", value: "Nobody: RIG_CTO names nobody" });
});
