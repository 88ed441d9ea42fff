import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, finish, green, noting, TESTS, testAnd } from "./script.ts";
import { opened, released, reviewed, type Story, sees, streamOf, taken, until } from "./story.ts";

const issue = { title: "Fix addresses", body: "They don't work." };
const ANSWER =
  "Some have postal codes that do not exist. Write `isPostalCode(text)` into src/postal-code.mjs: five digits and nothing else.";

const POSTAL_CODE = `cat > src/postal-code.mjs <<'END'
/** Whether this can be a postal code: five digits. */
export const isPostalCode = (text) => /^\\d{5}$/.test(text);
END
cat > test/postal-code.test.mjs <<'END'
import assert from "node:assert/strict";
import { test } from "node:test";
import { isPostalCode } from "../src/postal-code.mjs";

test("a postal code has five digits", () => {
  assert.equal(isPostalCode("10115"), true);
  assert.equal(isPostalCode("1011"), false);
  assert.equal(isPostalCode("10115 Berlin"), false);
});
END
${TESTS}`;

export const aVagueIssue = (): Story => {
  const tasks = new Set<string>();
  return {
    name: "A vague issue",
    shows: "Nobody could begin with what the issue says, so Jonas is asked before anything is spent. His answer is enough.",
    parts: [
      {
        issue,
        scripts: {
          implement: [
            noting(tasks, bash("The answer says what is wanted.", POSTAL_CODE)),
            afterSeeing(green, finish("Know a postal code", "A function knows what can be a postal code, with a test.")),
          ],
          review: [
            testAnd(
              "And nothing at all?",
              `import { isPostalCode } from "./src/postal-code.mjs"; console.log("empty:", isPostalCode(""));`,
            ),
            afterSeeing(/Exit code 0\.[\s\S]*empty: false/, approve("Five digits and nothing else, as it was answered.")),
          ],
        },
        history: [
          ...(["ISSUE_APPROVED", "QUESTION_ASKED", "COMMAND_RECEIVED", "QUESTION_ANSWERED", ...taken, ...opened, "CI_PASSED"] as const),
          ...[...reviewed, "REVIEW_PASSED" as const, ...released],
        ],
        makes: { comments: 1, requests: 1 },
        missing: () => ([...tasks].some((task) => task.includes(ANSWER)) ? [] : ["the run was not told the answer"]),
      },
    ],
    play: async (stage, tell) => {
      const jonas = personIn(stage, "jonas");
      const number = await jonas.openIssue(issue);
      await jonas.label(number, "agent-ready");
      const stream = streamOf(stage, number);
      const { data } = await until(stage, stream, "QUESTION_ASKED");
      await sees("the question in the status comment", async () =>
        (await jonas.comments(number)).some((comment) => comment.includes("<!-- rig:status") && comment.includes(data.text)),
      );
      if ((await stage.rig.events(stream)).some(({ type }) => type === "RUN_REQUESTED"))
        throw new Error(`A run was spent on ${stream} before anybody answered.`);
      tell(stream, "jonas is asked what he means, and says it");
      await jonas.say(number, `/rig answer ${ANSWER}`);
      return [number];
    },
  };
};
