import { personIn } from "./person.ts";
import { afterSeeing, approve, ask, bash, create, finish, green, noting, TESTS, testAnd, untilInterrupted } from "./script.ts";
import { differs, released, reviewed, type Story, sees, streamOf, taken, until } from "./story.ts";

const GIFT = `/** Wrapping a gift costs this, in cents. */
export const WRAPPING = 250;
`;
const WRAPPED = `cat >> src/gift.mjs <<'END'

/** What wrapping an order costs, however many packets are in it. */
export const wrapping = (lines) => (lines.length > 0 ? WRAPPING : 0);
END
cat > test/gift.test.mjs <<'END'
import assert from "node:assert/strict";
import { test } from "node:test";
import { wrapping } from "../src/gift.mjs";

test("an order is wrapped once", () => {
  assert.equal(wrapping([{ quantity: 2 }, { quantity: 3 }]), 250);
});
END
${TESTS}`;

const issue = {
  title: "Let wrapping a gift cost something",
  body: "Customers want their tea wrapped. A function that says what it costs: 2.50.",
};
const QUESTION = "Is a gift wrapped once for each order, or does each packet cost 2.50?";
const ANSWER = "Once for each order, however many packets are in it.";

export const aQuestion = (): Story => {
  const tasks = { resumed: new Set<string>(), review: new Set<string>() };
  return {
    name: "A question",
    shows: "The issue can be read in two ways. Dev-E asks instead of guessing, Jonas answers, and its work goes on where it stopped.",
    parts: [
      {
        issue,
        scripts: {
          implement: untilInterrupted(
            [
              create("The price is clear.", "src/gift.mjs", GIFT),
              ask("Of what, it does not say, and the shop has nothing like it.", QUESTION, "Once for each order", "For each packet"),
            ],
            [
              noting(tasks.resumed, bash("What did I leave?", "git status --short && cat src/gift.mjs")),
              afterSeeing(/A {2}src\/gift\.mjs[\s\S]*WRAPPING = 250/, bash("Once for each order, then. And a test.", WRAPPED)),
              afterSeeing(green, finish("Let wrapping a gift cost something", "An order is wrapped once for 2.50, as Jonas decided.")),
            ],
          ),
          review: [
            noting(
              tasks.review,
              testAnd("And an empty order?", `import { wrapping } from "./src/gift.mjs"; console.log("costs:", wrapping([]));`),
            ),
            afterSeeing(/Exit code 0\.[\s\S]*costs: 0/, approve("Once for each order, as it was answered, and nothing for an empty one.")),
          ],
        },
        history: [
          ...(["ISSUE_APPROVED", ...taken, "CHECKPOINT_SAVED", "QUESTION_ASKED", "RUN_FINISHED"] as const),
          ...([
            "COMMAND_RECEIVED",
            "QUESTION_ANSWERED",
            "RUN_REQUESTED",
            "WORK_STARTED",
            "RUN_FINISHED",
            "PR_CREATED",
            "CI_PASSED",
          ] as const),
          ...[...reviewed, "REVIEW_PASSED" as const, ...released],
        ],
        makes: { devRuns: 2, comments: 1, requests: 1 },
        missing: async ({ rig }, stream) => {
          const told = (which: string, seen: ReadonlySet<string>, ...what: readonly string[]) =>
            [...seen].some((task) => what.every((words) => task.includes(words))) ? [] : [`the ${which} was not told the answer`];
          return [
            ...told("second run", tasks.resumed, QUESTION, ANSWER),
            // What the author asked is the author's; what was decided is everybody's.
            ...told("review", tasks.review, ANSWER),
            ...differs("strikes", String((await rig.store.issueByStream(stream))?.strikes), "0"),
          ];
        },
      },
    ],
    play: async (stage, tell) => {
      const jonas = personIn(stage, "jonas");
      const number = await jonas.openIssue(issue);
      await jonas.label(number, "agent-ready");
      const stream = streamOf(stage, number);
      await until(stage, stream, "RUN_FINISHED");
      await sees("the question below the issue", async () =>
        (await jonas.comments(number)).some((comment) => comment.includes("<!-- rig:comment") && comment.includes(QUESTION)),
      );
      tell(stream, "jonas is asked below the issue and in Discord, and answers");
      await jonas.say(number, `/rig answer ${ANSWER}`);
      return [number];
    },
  };
};
