/** States × events: every event finds an answer in every state, and every state that is not the end has a way onward. */
import { expect, test } from "@jest/globals";
import { refused } from "../../app/domain/accepts.ts";
import { eventData, eventTypes, type RigEvent } from "../../app/domain/events.ts";
import { evolve } from "../../app/domain/evolve.ts";
import { type IssueState, stateOf, states } from "../../app/domain/state.ts";
import { settle } from "../../app/rules/index.ts";
import { why } from "../../app/rules/why.ts";
import {
  approved,
  assigned,
  at,
  folded,
  type History,
  merged,
  migration,
  person,
  pr,
  requested,
  review,
  said,
  scene,
  seenIssue,
  seenPr,
  sha,
  started,
  toOpen,
  toReviewed,
} from "../rules/stage.ts";
import { sampleOf } from "../support/sample.ts";

const gate = said("HUMAN_GATE_TRIGGERED", {
  prNumber: pr,
  headSha: sha("a"),
  gate: "schema",
  evidence: [{ path: "db/migrations/1.sql", because: "it is a migration" }],
  approvers: ["@maria"],
});
const held = said("ISSUE_HELD", { by: "maria", reason: "maria closed pull request #7 without merging it." });
const escalated = said("ESCALATED", { level: "cto", about: "strikes", reason: "2 attempts failed.", attempts: 2, options: [] });
const done = said("ISSUE_DONE", { durationMinutes: 1, attempts: 1, usd: 1, humanWaitMinutes: 0 });

/** A history that ends in each state. */
const ways: { readonly [S in IssueState]: History } = {
  new: [],
  queued: [[0, approved]],
  assigned: [
    [0, approved],
    [1, assigned],
    [1, requested("implement", 1)],
  ],
  in_progress: toOpen.slice(0, 4),
  in_review: toOpen,
  waiting: [...toReviewed.slice(0, -1), [20, gate], ...toReviewed.slice(-1)],
  deploying: [...toReviewed, [21, merged]],
  held: [...toReviewed, [21, held]],
  failed: [
    [0, approved],
    [4, escalated],
  ],
  done: [...toReviewed, [21, merged], [22, done]],
};

test.each(Object.entries(ways))("the history of %s ends there", (state, history) => {
  expect(stateOf(folded(history))).toBe(state);
});

test.each(states.flatMap((state) => eventTypes.map((type) => [state, type] as const)))("%s takes %s, or says why not", (state, type) => {
  const issue = folded(ways[state]);
  const event = { type, data: sampleOf(eventData[type]) } as RigEvent;
  const reason = refused(issue, event);
  if (reason !== undefined) expect(reason).toMatch(/\w/);
  else expect(states).toContain(stateOf(evolve(issue, event, at(30))));
});

/** What brings each state onward: the next look in the world as it then is, a timer, or the named act of a person. */
const onward: { readonly [S in Exclude<IssueState, "done">]: Parameters<typeof scene>[0] } = {
  new: {},
  queued: { history: [...ways.queued, [2, assigned]] },
  assigned: { minute: 2 },
  in_progress: { minute: 3 },
  in_review: { minute: 12, seen: { pullRequest: seenPr() } },
  waiting: {
    minute: 40,
    seen: {
      pullRequest: seenPr({
        changes: migration,
        reviews: [review()],
      }),
    },
  },
  deploying: { policy: { deploy: { staging: { workflow: "deploy.yml" } } } },
  held: { seen: { issue: { ...seenIssue, trigger: { ...person, id: "5002" } } } },
  failed: { seen: { issue: { ...seenIssue, trigger: { ...person, id: "5002" } } } },
};

test.each(Object.entries(onward))("%s has a way onward", (state, stage) => {
  const { events, wakeAt } = settle(scene({ history: ways[state as IssueState], ...stage }));
  expect(events.length > 0 || wakeAt !== undefined).toBe(true);
});

test.each(Object.entries(ways))("why says of %s what would move it", (_, history) => {
  expect(why(scene({ history, seen: { pullRequest: seenPr() } }))).toMatch(/^\S.{15,}\.$/);
});

test("done is refused while nothing is merged", () => {
  expect(refused(folded(ways.in_review), done)).toBe("nothing is merged");
  expect(started(1).type).toBe("WORK_STARTED");
});
