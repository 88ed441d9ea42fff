import type { StreamId } from "../../../app/domain/ids.ts";
import { personIn } from "./person.ts";
import {
  afterSeeing,
  bash,
  byRun,
  create,
  finish,
  finishAnswering,
  green,
  insist,
  noting,
  read,
  requestChanges,
  seeChange,
  TESTS,
  testAnd,
} from "./script.ts";
import { begun, dataOf, type Part, released, reviewed, type Stage, type Story, sees, streamOf, until } from "./story.ts";

const issue = {
  title: "Share packets between two",
  body: "`half(packets)` in `src/half.mjs` shall answer how many whole packets each of two gets, halves rounded up.",
};
const HALF = `/** How many whole packets each of two gets. */
export const half = (packets) => Math.ceil(packets / 2);
`;
const TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { half } from "../src/half.mjs";

test("each of two gets half of the packets, rounded up", () => {
  assert.equal(half(4), 2);
  assert.equal(half(3), 2);
});
`;
const FINDING = {
  path: "src/half.mjs",
  line: 2,
  text: "half(3) is 2, so two who share three packets get four of them. One of the two has to get less.",
};
const OBJECTION = "The issue says in so many words that halves are rounded up, and the test holds that.";

const history = [
  ...begun,
  ...["CI_PASSED", ...reviewed, "REVIEW_CHANGES_REQUESTED"],
  ...["RUN_REQUESTED", "WORK_STARTED", "REVIEW_DISPUTED", "RUN_FINISHED"],
  ...[...reviewed, "REVIEW_CHANGES_REQUESTED"],
  ...["ESCALATED", "ESCALATION_NOTIFIED", "ESCALATION_NOTIFIED"],
  ...["COMMAND_RECEIVED", "ESCALATION_RESOLVED", "REVIEW_OVERRULED"],
  ...[...released],
] as Part["history"];

/** Maria is asked on the pull request with both sides, and decides. */
async function decide(stage: Stage, stream: StreamId): Promise<void> {
  const maria = personIn(stage, "maria");
  const { data } = await until(stage, stream, "PR_CREATED");
  await until(stage, stream, "ESCALATED", { passing: history });
  const below = await sees("a comment to call Maria", async () =>
    (await maria.comments(data.prNumber)).find((comment) => comment.includes("@maria A person has to decide.")),
  );
  for (const side of ["One of the two has to get less", "halves are rounded up", "/rig resolve overrule", "/rig resolve uphold"])
    if (!below.includes(side)) throw new Error(`The comment does not say "${side}": ${below}`);
  await until(stage, stream, "ESCALATION_NOTIFIED", { nth: 2, passing: history });
  const decision = await maria.say(data.prNumber, "/rig resolve overrule");
  await sees("a rocket at Maria's decision", async () => (await maria.reactions(decision)).includes("rocket"));
}

export const aDispute = (): Story => {
  const tasks = new Set<string>();
  return {
    name: "A dispute",
    shows: "Dev-E objects to a finding, Review-E insists, and Maria, who reads both sides, overrules it for this head.",
    parts: [
      {
        issue,
        scripts: {
          implement: [
            create("One line.", "src/half.mjs", HALF),
            create("And its test.", "test/half.test.mjs", TEST),
            bash("Do they pass?", TESTS),
            afterSeeing(green, finish("Share packets between two", "A function says how many each gets, with a test.")),
          ],
          review: byRun(
            ({ task }) => (task.includes("## The review before") ? 1 : 0),
            [seeChange, afterSeeing(/src\/half\.mjs/, requestChanges("It hands out more than there is.", FINDING))],
            [
              noting(
                tasks,
                testAnd("Its author objects. What does it do?", `import { half } from "./src/half.mjs"; console.log("half:", half(3));`),
              ),
              afterSeeing(/half: 2/, insist("It still hands out four of three packets, which is not what anybody wants.")),
            ],
          ),
          "answer-review": [
            read("What does the issue say, and what did I write?", "src/half.mjs"),
            finishAnswering("disputed", OBJECTION, "Leave the rounding as it is", "The issue asks for exactly this."),
          ],
        },
        history,
        makes: { devRuns: 2, reviewRuns: 2, comments: 1, requests: 1 },
        missing: async (stage, stream) => {
          const events = await stage.rig.events(stream);
          const by = dataOf(events, "REVIEW_OVERRULED").map((overruled) => overruled.by);
          const [head] = dataOf(events, "PR_CREATED");
          const task = [...tasks][0] ?? "";
          const check = head && (await personIn(stage, "maria").check({ number: head.prNumber, headSha: head.headSha }, "rig/review"));
          return [
            ...(by.join(" ") === "maria" ? [] : [`overruled by ${by.join(", ") || "nobody"}`]),
            ...(task.includes("Its author objects to it: look at it afresh.")
              ? []
              : ["Review-E was not told that its finding is disputed"]),
            ...(task.includes(OBJECTION) ? ["Review-E was told what the author says"] : []),
            ...(check?.conclusion === "success" ? [] : [`the check rig/review ended with ${check?.conclusion ?? "nothing"}`]),
          ];
        },
      },
    ],
    play: async (stage) => {
      const jonas = personIn(stage, "jonas");
      const number = await jonas.openIssue(issue);
      await jonas.label(number, "agent-ready");
      await decide(stage, streamOf(stage, number));
      return [number];
    },
  };
};
