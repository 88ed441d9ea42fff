import { expect, test } from "@jest/globals";
import { refused } from "../../app/domain/accepts.ts";
import { RunId } from "../../app/domain/ids.ts";
import { stateOf } from "../../app/domain/state.ts";
import { answersOf } from "../../app/door/runs/answers.ts";
import { react } from "../../app/reactions/index.ts";
import { settle } from "../../app/rules/index.ts";
import { why } from "../../app/rules/why.ts";
import {
  agentId,
  approved,
  at,
  concluded,
  finished,
  folded,
  type History,
  pr,
  requested,
  runId,
  said,
  scene,
  seenPr,
  sha,
  started,
  toOpen,
} from "./stage.ts";

const asked = (n: number, text = "Half up or half even?") => said("QUESTION_ASKED", { text, by: "dev-e-1", runId: runId(n) });
const answered = (text = "Half up.") => said("QUESTION_ANSWERED", { text, by: "maria" });
const kept = (n: number) => said("CHECKPOINT_SAVED", { runId: runId(n), sha: sha("c"), bytes: 10, usd: 0.1 });

const atWork = toOpen.slice(0, 4);
const asking: History = [...atWork, [3, kept(1)], [3, asked(1)], [3, finished(1, "question")]];
const failedCi = said("CI_FAILED", {
  prNumber: pr,
  headSha: sha("a"),
  failedChecks: [{ name: "test", url: "https://ci.example/1", summary: "2 of 9 failed" }],
  preExisting: [],
});
const ciFails = {
  pullRequest: seenPr({ checks: { state: "failed", names: ["test"], failed: [{ name: "test", url: "u", summary: "2 of 9 failed" }] } }),
};
const askingFix: History = [
  ...toOpen,
  [12, failedCi],
  [12, said("RUN_REQUESTED", { ...requested("fix-ci", 2, sha("a")).data, findings: [{ by: "test", text: "2 of 9 failed" }] } as never)],
  [13, started(2)],
  [14, kept(2)],
  [14, asked(2)],
  [14, finished(2, "question")],
];

test("a question waits for its answer, and nothing else happens meanwhile", () => {
  const waiting = scene({ history: asking, minute: 30 });
  expect(settle(waiting)).toMatchObject({ events: [], wakeAt: at(33) });
  expect(stateOf(waiting.issue)).toBe("waiting");
  expect(why(waiting)).toBe(
    "dev-e-1 asks: Half up or half even? A person with write permission answers with `/rig answer <text>`; another comment is no answer.",
  );
});

test("the answer starts the agent again where it asked, with the work it kept", () => {
  const { events, scene: after } = settle(
    scene({ history: [...asking, [9, answered()]], minute: 9, seen: { defaultBranch: { name: "main", sha: sha("f") } } }),
  );
  expect(events).toMatchObject([
    { type: "RUN_REQUESTED", data: { kind: "implement", baseSha: sha("0"), resumes: runId(1), findings: [] } },
  ]);
  expect(answersOf(after.issue)).toEqual([{ question: "Half up or half even?", by: "maria", text: "Half up." }]);
});

test("a fix that asked goes on with what it was given, and is still the same round", () => {
  const { events, scene: after } = settle(scene({ history: [...askingFix, [20, answered()]], minute: 20, seen: ciFails }));
  expect(events).toMatchObject([
    {
      type: "RUN_REQUESTED",
      data: { kind: "fix-ci", baseSha: sha("a"), resumes: runId(2), findings: [{ by: "test", text: "2 of 9 failed" }] },
    },
  ]);
  expect(after.issue.ciFixes).toBe(1);
});

test("every answer about the approved text is told, and none about another text", () => {
  const second: History = [
    ...asking,
    [9, answered()],
    [9, requested("implement", 3)],
    [10, started(3)],
    [11, asked(3, "To cents?")],
    [12, answered("Yes.")],
  ];
  expect(answersOf(folded(second)).map(({ text }) => text)).toEqual(["Half up.", "Yes."]);
  const other = said("ISSUE_APPROVED", { ...approved.data, bodyHash: "other", actId: "5002" } as never);
  expect(answersOf(folded([...second, [13, other]]))).toEqual([]);
});

test("whoever asks a fourth time is stopped, and a person decides", () => {
  const history: History = [
    ...atWork,
    ...[1, 2, 3].flatMap(
      (n): History => [
        [3 * n, asked(n, `Question ${n}?`)],
        [3 * n, finished(n, "question")],
        [3 * n + 1, answered()],
        [3 * n + 1, requested("implement", n + 1)],
        [3 * n + 2, started(n + 1)],
      ],
    ),
    [13, asked(4, "Question 4?")],
  ];
  expect(concluded({ history, minute: 13 })).toEqual([]);
  expect(settle(scene({ history: [...history, [14, finished(4, "question")]], minute: 14 })).events).toMatchObject([
    { type: "ESCALATED", data: { about: "bound", reason: expect.stringContaining("Question 4?") } },
  ]);
});

test("a run whose last report was lost has ended with its question, without a strike", () => {
  const lost: History = [...atWork, [3, asked(1)]];
  expect(settle(scene({ history: lost, minute: 4 })).wakeAt).toEqual(at(7));
  const { events, scene: after } = settle(scene({ history: lost, minute: 7 }));
  expect(events).toMatchObject([{ type: "RUN_FINISHED", data: { outcome: "question" } }]);
  expect(after.issue).toMatchObject({ strikes: 0, waiting: { for: "answer" } });
});

test("a run that ends with a question nobody heard is stuck", () => {
  expect(concluded({ history: [...atWork, [3, finished(1, "question")]], minute: 4 })).toEqual(["AGENT_STUCK", "ISSUE_UNASSIGNED"]);
});

test("a fix that asked and was set aside goes on when it has an agent again", () => {
  const taken: History = [
    ...askingFix,
    [15, said("RETRY_REQUESTED", { by: "maria", fresh: false })],
    [16, said("ISSUE_ASSIGNED", { agentId, attempt: 1, branch: "rig/12-round-prices-half-up-1", runId: RunId.parse(runId(9)) })],
  ];
  expect(settle(scene({ history: taken, minute: 16, seen: ciFails })).events).toMatchObject([
    { type: "RUN_REQUESTED", data: { kind: "fix-ci", resumes: runId(2) } },
  ]);
});

test("a question is asked of whoever handed the issue over, in words that cannot format or mention", () => {
  const text = "Which?\n```\n@everyone Closes #1";
  const issue = folded(atWork);
  const event = { type: "QUESTION_ASKED", data: { text, by: "dev-e-1", runId: runId(1) } } as const;
  const commands = react(event, "e1", {
    ...{ subject: scene({}).subject, before: issue, after: issue, policy: scene({}).policy },
    ...{ defaultBranch: "main", notices: [], cto: [] },
  });
  expect(commands.map(({ kind }) => kind)).toEqual(["NOTIFY", "COMMENT"]);
  const { body } = (commands[1] as { readonly data: { readonly body: string } }).data;
  expect(body).toMatch(/^@jonas dev-e-1 asks:/);
  expect(body).toContain(`\`\`\`\`text\n${text}\n\`\`\`\``);
  expect(body).toContain("`/rig answer <text>`");
});

test("a superseded run asks nothing", () => {
  const fenced = folded([...atWork, [3, said("ISSUE_UNASSIGNED", { agentId, runId: runId(1), cause: "infra", reason: "r" })]]);
  expect(refused(fenced, { type: "QUESTION_ASKED", data: { text: "Which?", by: "dev-e-1", runId: runId(1) } })).toMatch(/superseded/);
});

test.each([
  [32, []],
  [33, [{ nth: 1, waitedMinutes: 30 }]],
  [200, [{ nth: 6, waitedMinutes: 197 }]],
])("a question is remembered every half hour, and once after a long silence: minute %i", (minute, told) => {
  expect(settle(scene({ history: asking, minute })).events.map(({ data }) => data)).toEqual(told);
});

test.each([
  [30, ["123456789012345678"]],
  [240, ["123456789012345678", "223456789012345678"]],
])(
  "a reminder after %i minutes says the question again, in place of what was said before, and calls who has to act",
  (waitedMinutes, mentions) => {
    const issue = folded(asking);
    const { approvedBy = "" } = issue.approval ?? {};
    const policy = { ...scene({}).policy, notify: { [approvedBy]: "123456789012345678", cora: "223456789012345678" } };
    const commands = react(said("QUESTION_REMINDED", { nth: 1, waitedMinutes }), "e2", {
      ...{ subject: scene({}).subject, before: issue, after: issue, policy },
      ...{ defaultBranch: "main", notices: [{ about: "question", key: "k1" }] as never, cto: ["cora"] },
    });
    expect(commands).toMatchObject([
      {
        kind: "NOTIFY",
        data: { channel: "admin", about: "question", replaces: "k1", message: { description: "Half up or half even?", mentions } },
      },
    ]);
  },
);
