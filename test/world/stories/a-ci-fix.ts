import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, create, edit, finish, giveUp, green, seeChange, TESTS, testAnd } from "./script.ts";
import { dataOf, differs, released, reviewed, type Story, taken } from "./story.ts";

const PACKETS = `/** How many packets a cart holds. */
export const packets = (lines) => lines.length;
`;
const TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { packets } from "../src/packets.mjs";

test("every packet of a cart is counted", () => {
  assert.equal(packets([{ quantity: 2 }, { quantity: 3 }]), 5);
});
`;

const issue = {
  title: "Count the packets of a cart",
  body: "The label of a parcel says how many packets are in it. A function `packets(lines)` that counts them.",
};

export const aCiFix = (): Story => ({
  name: "A failed check",
  shows: "Dev-E did not run its test, and the checks fail. It is given their log, mends the cause, and the second head is green.",
  parts: [
    {
      issue,
      scripts: {
        implement: [
          create("A function of its own.", "src/packets.mjs", PACKETS),
          create("And a test, which surely passes.", "test/packets.test.mjs", TEST),
          finish("Count the packets of a cart", "A function counts them, with a test."),
        ],
        "fix-ci": [
          ({ task }) =>
            /said about the change[\s\S]*✖ every packet of a cart is counted[\s\S]*2 !== 5/.test(task)
              ? bash(
                  "The log says that two lines were counted, and not five packets. Let me see it fail.",
                  `${TESTS} test/packets.test.mjs`,
                )
              : giveUp(`The log of the failed check is not in my task:\n${task.slice(-2_000)}`),
          afterSeeing(
            /2 !== 5/,
            edit(
              "It counts lines. Each has a quantity.",
              "src/packets.mjs",
              "lines.length",
              "lines.reduce((sum, { quantity }) => sum + quantity, 0)",
            ),
          ),
          bash("All the tests, this time.", TESTS),
          afterSeeing(
            green,
            finish(
              "Count packets, not lines",
              "The check was right: lines were counted. Now their quantities are added, and the test passes.",
            ),
          ),
        ],
        review: [
          seeChange,
          testAnd("And an empty cart?", `import { packets } from "./src/packets.mjs"; console.log("packets:", packets([]));`),
          afterSeeing(/Exit code 0\.[\s\S]*packets: 0/, approve("Every packet is counted, and an empty cart has none.")),
        ],
      },
      history: [
        ...(["ISSUE_APPROVED", ...taken, "RUN_FINISHED", "PR_CREATED", "CI_FAILED"] as const),
        ...(["RUN_REQUESTED", "WORK_STARTED", "RUN_FINISHED", "PR_UPDATED", "CI_PASSED"] as const),
        ...[...reviewed, "REVIEW_PASSED" as const, ...released],
      ],
      makes: { devRuns: 2, heads: 2 },
      missing: async ({ rig }, stream) => {
        const events = await rig.events(stream);
        const failed = dataOf(events, "CI_FAILED")[0]?.failedChecks.map(({ name }) => name);
        const kinds = dataOf(events, "RUN_REQUESTED").map(({ kind }) => kind);
        const written = JSON.stringify(events);
        return [
          ...differs("the failed checks", failed?.join(", "), "Test"),
          ...differs("the runs", kinds.join(", "), "implement, fix-ci, review"),
          // A log is long and a stranger's: the history only says which check failed.
          ...(written.includes("2 !== 5") ? ["the log of the check stands in the history"] : []),
        ];
      },
    },
  ],
  play: async (stage) => {
    const jonas = personIn(stage, "jonas");
    const number = await jonas.openIssue(issue);
    await jonas.label(number, "agent-ready");
    return [number];
  },
});
