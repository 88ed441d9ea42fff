import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, create, edit, finish, green, held, noting, TESTS, testAnd, untilInterrupted } from "./script.ts";
import { dataOf, type Story, sees, streamOf, taken, toProduction, until } from "./story.ts";

const receipt = {
  title: "Print a receipt",
  body: "A function that turns the lines of a cart into a receipt: a line for each tea, and the total below.",
};
const RECEIPT = `import { total } from "./cart.mjs";
import { format } from "./price.mjs";

/** What a customer takes home: a line for each tea, and the total. */
export const receipt = (lines) =>
  [...lines.map(({ name, quantity }) => \`\${quantity} x \${name}\`), \`Total \${format(total(lines))}\`].join("\\n");
`;
const RECEIPT_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { receipt } from "../src/receipt.mjs";

test("a receipt names every tea and the total", () => {
  assert.equal(receipt([{ name: "Assam", price: 980, quantity: 2 }]), "2 x Assam\\nTotal 19.60");
});
`;

const crash = {
  title: "A quote for a tea that we do not have ends the shop",
  body: "Somebody asked for oolong, and the process was gone. Nobody can order until it is started again.",
};
const ASKED = `if (route === "POST /quote") return answer(200, quote(JSON.parse(await textOf(request))));`;
const ANSWERED = `if (route === "POST /quote") {
      const cart = JSON.parse(await textOf(request));
      const unknown = unknownIn(cart);
      return unknown === undefined ? answer(200, quote(cart)) : answer(422, { message: \`There is no \${unknown}.\` });
    }`;
const UNKNOWN = `cat >> src/app.mjs <<'END'

/** The first tea of a cart that the shop does not have. */
export const unknownIn = ({ lines }) => lines.find(({ id }) => !products.some((product) => product.id === id))?.id;
END
cat > test/app.test.mjs <<'END'
import assert from "node:assert/strict";
import { test } from "node:test";
import { unknownIn } from "../src/app.mjs";

test("a tea that we do not have is named", () => {
  assert.equal(unknownIn({ lines: [{ id: "assam" }, { id: "oolong" }] }), "oolong");
  assert.equal(unknownIn({ lines: [{ id: "assam" }] }), undefined);
});
END
${TESTS}`;

export const anInterruption = (): Story => {
  const thought = held(bash("Now what else?", "true"));
  const resumed = new Set<string>();
  return {
    name: "An interruption",
    shows: "Where one agent works at a time, a critical issue makes it put its work aside; later it goes on with it, on the same branch.",
    at: "kiosk",
    parts: [
      {
        issue: receipt,
        scripts: {
          implement: untilInterrupted(
            [create("The receipt gets a file of its own.", "src/receipt.mjs", RECEIPT), thought.line],
            [
              noting(resumed, bash("What did I leave?", "git status --short && cat src/receipt.mjs")),
              afterSeeing(
                /A {2}src\/receipt\.mjs[\s\S]*What a customer takes home/,
                create("Its test.", "test/receipt.test.mjs", RECEIPT_TEST),
              ),
              bash("All the tests.", TESTS),
              afterSeeing(green, finish("Print a receipt", "A receipt has a line for each tea and the total. The test holds both.")),
            ],
          ),
          review: [
            testAnd(
              "What does a receipt look like?",
              `import { receipt } from "./src/receipt.mjs"; console.log(receipt([{ name: "Sencha", price: 1250, quantity: 1 }]));`,
            ),
            afterSeeing(/Exit code 0\.[\s\S]*1 x Sencha\nTotal 12\.50/, approve("A line for each tea, and the total below.")),
          ],
        },
        history: [
          ...(["ISSUE_APPROVED", ...taken, "CHECKPOINT_REQUESTED", "CHECKPOINT_SAVED", "ISSUE_UNASSIGNED"] as const),
          ...taken,
          ...toProduction,
        ],
        makes: { devRuns: 2 },
        missing: async ({ rig }, stream) => {
          const events = await rig.events(stream);
          const branches = new Set(dataOf(events, "ISSUE_ASSIGNED").map(({ branch }) => branch));
          const strikes = (await rig.store.issueByStream(stream))?.strikes;
          return [
            ...(resumed.size > 0 ? [] : ["the second run was not told that it goes on with earlier work"]),
            ...(branches.size === 1 ? [] : [`Dev-E worked on ${branches.size} branches`]),
            ...(strikes === 0 ? [] : [`the interruption counted as ${strikes} strikes`]),
          ];
        },
      },
      {
        issue: crash,
        scripts: {
          implement: [
            edit("An unknown tea has no price. It is to be refused.", "src/app.mjs", ASKED, ANSWERED),
            bash("What is unknown, and a test for it.", UNKNOWN),
            afterSeeing(
              green,
              finish(
                "Refuse a quote for an unknown tea",
                "A tea that the shop does not have is answered with 422 and its name. The test names one.",
              ),
            ),
          ],
          review: [
            testAnd(
              "And an empty cart?",
              `import { unknownIn } from "./src/app.mjs"; console.log([unknownIn({ lines: [] }), unknownIn({ lines: [{ id: "x" }] })].join(" "));`,
            ),
            afterSeeing(/Exit code 0\.[\s\S]*\n x/, approve("An unknown tea is refused by its name, and an empty cart is none.")),
          ],
        },
        history: ["ISSUE_APPROVED", ...taken, ...toProduction],
      },
    ],
    play: async (stage, tell) => {
      const [jonas, maria] = [personIn(stage, "jonas"), personIn(stage, "maria")];
      const normal = await jonas.openIssue(receipt);
      await jonas.label(normal, "agent-ready");
      await sees("Dev-E to have written a file", thought.isReached);
      const critical = await maria.openIssue({ ...crash, labels: ["bug", "critical"] });
      tell(streamOf(stage, critical), "maria says that it is critical, and the only agent is at work");
      await maria.label(critical, "agent-ready");
      await until(stage, streamOf(stage, normal), "CHECKPOINT_SAVED");
      thought.goOn();
      return [normal, critical];
    },
  };
};
