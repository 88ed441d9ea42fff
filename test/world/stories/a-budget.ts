import { messagesIn } from "./effects.ts";
import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, create, edit, finish, green, noting, TESTS, testAnd, untilInterrupted } from "./script.ts";
import { dataOf, type Story, sees, streamOf, taken, toProduction, until } from "./story.ts";

const WEIGHT = `const PACKET = 100;

/** What a cart weighs, in grams. */
export const weight = (lines) => lines.reduce((sum, { quantity }) => sum + quantity * PACKET, 0);
`;
const TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { weight } from "../src/weight.mjs";

test("a packet weighs 100 g", () => {
  assert.equal(weight([{ quantity: 2 }, { quantity: 3 }]), 500);
});
`;
const ROW = "| `src/price.mjs` | cents as people read them |\n";

const issue = { title: "Weigh a cart", body: "The post wants to know what a parcel weighs. A packet weighs 100 g." };

export const aBudget = (): Story => {
  const resumed = new Set<string>();
  return {
    name: "A budget",
    shows:
      "The issue's budget is spent before the work is done; a guest may not raise it, Maria may, and the work goes on where it stopped.",
    at: "stall",
    parts: [
      {
        issue,
        scripts: {
          implement: untilInterrupted(
            [
              bash("How is the shop laid out?", "cat README.md && ls src test"),
              create("The weight gets a file of its own.", "src/weight.mjs", WEIGHT),
              create("And a test.", "test/weight.test.mjs", TEST),
              edit("The README names every file.", "README.md", ROW, `${ROW}| \`src/weight.mjs\` | what a cart weighs |\n`),
            ],
            [
              noting(resumed, bash("What is there, and does it pass?", `git status --short && ${TESTS}`)),
              afterSeeing(
                /Exit code 0\.[\s\S]*README\.md[\s\S]*src\/weight\.mjs/,
                finish("Weigh a cart", "A cart weighs 100 g for each packet. The test holds that, and the README names the file."),
              ),
            ],
          ),
          review: [
            testAnd("And an empty cart?", `import { weight } from "./src/weight.mjs"; console.log(weight([]), weight([{ quantity: 7 }]));`),
            afterSeeing(green, approve("An empty cart weighs nothing, and each packet 100 g.")),
          ],
        },
        history: [
          ...(["ISSUE_APPROVED", ...taken, "BUDGET_WARNED", "BUDGET_EXCEEDED", "CHECKPOINT_SAVED", "ISSUE_UNASSIGNED"] as const),
          ...(["COMMAND_RECEIVED", "COMMAND_RECEIVED", "BUDGET_RAISED"] as const),
          ...taken,
          ...toProduction,
        ],
        makes: { devRuns: 2, requests: 1 },
        missing: async ({ rig }, stream) => {
          const events = await rig.events(stream);
          const branches = new Set(dataOf(events, "ISSUE_ASSIGNED").map(({ branch }) => branch));
          const strikes = (await rig.store.issueByStream(stream))?.strikes;
          return [
            ...(resumed.size > 0 ? [] : ["the second run was not told that it goes on with earlier work"]),
            ...(branches.size === 1 ? [] : [`Dev-E worked on ${branches.size} branches`]),
            ...(strikes === 0 ? [] : [`the spent budget counted as ${strikes} strikes`]),
          ];
        },
      },
    ],
    play: async (stage, tell) => {
      const [maria, guest] = [personIn(stage, "maria"), personIn(stage, "guest")];
      const number = await maria.openIssue(issue);
      await maria.label(number, "agent-ready");
      const stream = streamOf(stage, number);
      await until(stage, stream, "ISSUE_UNASSIGNED");
      await sees(
        "#admin to be asked for a budget",
        () => messagesIn(stage, "admin", `"${stream}: the budget of the issue is spent`).length === 1,
      );
      await sees("the issue to say what lets it go on", async () =>
        (await maria.comments(number)).some((comment) => /has used up its budget[\s\S]*\/rig budget/.test(comment)),
      );
      tell(stream, "a guest grants it 5 dollars, and may not");
      const granted = await guest.say(number, "/rig budget 5");
      await sees("a thumb down for the guest", async () => (await guest.reactions(granted)).includes("-1"));
      await maria.say(number, "/rig budget 5");
      await until(stage, stream, "BUDGET_RAISED");
      return [number];
    },
  };
};
