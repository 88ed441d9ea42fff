import { personIn } from "./person.ts";
import {
  afterSeeing,
  approve,
  bash,
  create,
  depending,
  edit,
  finish,
  green,
  read,
  red,
  requestChanges,
  seeChange,
  TESTS,
  testAnd,
} from "./script.ts";
import { begun, released, reviewed, type Story } from "./story.ts";

const VOUCHER = `/** What is left to pay once a voucher is redeemed, in cents. Without one it is everything. */
export const redeem = (cents, voucher) => cents - (voucher?.cents ?? 0);
`;
const TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { quote } from "../src/app.mjs";
import { redeem } from "../src/voucher.mjs";

test("a voucher is taken off what is to pay", () => {
  assert.equal(redeem(2000, { cents: 500 }), 1500);
  assert.equal(redeem(2000), 2000);
});

test("a quote takes a voucher", () => {
  assert.equal(quote({ lines: [{ id: "sencha", quantity: 1 }], voucher: { cents: 500 } }).total, "12.40");
});
`;
const PAID_IN_FULL = `
test("a voucher worth more than the cart pays for it and gives nothing back", () => {
  assert.equal(redeem(300, { cents: 500 }), 0);
});
`;
const TRIED = `import { redeem } from "./src/voucher.mjs"; console.log("left to pay:", redeem(300, { cents: 500 }));`;

const issue = {
  title: "Take a voucher in a quote",
  body: '`POST /quote` shall take `"voucher": {"cents": 500}` and take it off the total. Nobody gets money back.',
};

export const aReview = (): Story => ({
  name: "A review",
  shows: "Review-E finds what Dev-E forgot, Dev-E answers on the same branch, and the second review approves.",
  parts: [
    {
      issue,
      scripts: {
        implement: [
          bash("Where is a quote made?", "cat src/app.mjs && ls test"),
          create("The voucher gets a file of its own.", "src/voucher.mjs", VOUCHER),
          edit("The quote redeems it.", "src/app.mjs", "export function quote({ lines }) {", "export function quote({ lines, voucher }) {"),
          edit("", "src/app.mjs", "total: format(goods + sending)", "total: format(redeem(goods + sending, voucher))"),
          edit(
            "",
            "src/app.mjs",
            `import { shipping } from "./shipping.mjs";\n`,
            `import { shipping } from "./shipping.mjs";\nimport { redeem } from "./voucher.mjs";\n`,
          ),
          create("And its tests.", "test/voucher.test.mjs", TEST),
          bash("Let me run all of them.", TESTS),
          afterSeeing(
            green,
            finish("Take a voucher in a quote", "A quote with a voucher takes its worth off the total. The tests cover both ways to pay."),
          ),
        ],
        review: [
          seeChange,
          testAnd("The issue says that nobody gets money back. What of a voucher worth more than the cart?", TRIED),
          depending(
            /left to pay: 0/,
            approve("A voucher worth more than the cart now leaves nothing to pay, and a test holds that."),
            requestChanges("A voucher worth more than the cart makes the total negative.", {
              path: "src/voucher.mjs",
              line: 2,
              text: "redeem(300, { cents: 500 }) is -200: the shop would owe money. The issue says that nobody gets money back, so it must not go below 0, and a test has to say so.",
            }),
          ),
        ],
        "answer-review": [
          read("The reviewer is right: nothing stops it at zero.", "src/voucher.mjs"),
          bash("First a test that says so.", `cat >> test/voucher.test.mjs <<'END'\n${PAID_IN_FULL}END\n${TESTS} test/voucher.test.mjs`),
          afterSeeing(
            red,
            edit(
              "It fails. Now it stops at zero.",
              "src/voucher.mjs",
              "cents - (voucher?.cents ?? 0)",
              "Math.max(0, cents - (voucher?.cents ?? 0))",
            ),
          ),
          bash("All the tests again.", TESTS),
          afterSeeing(
            green,
            finish(
              "Let no voucher give money back",
              "The reviewer is right: a voucher worth more than the cart made the total negative. Now it stops at zero, and a test holds that.",
            ),
          ),
        ],
      },
      history: [
        ...begun,
        "CI_PASSED",
        ...reviewed,
        "REVIEW_CHANGES_REQUESTED",
        "RUN_REQUESTED",
        "WORK_STARTED",
        "RUN_FINISHED",
        "PR_UPDATED",
        "CI_PASSED",
        ...reviewed,
        "REVIEW_PASSED",
        ...released,
      ],
      makes: { devRuns: 2, reviewRuns: 2, heads: 2 },
      missing: async ({ rig }, stream) => {
        const events = await rig.events(stream);
        const asked = events.find((event) => event.type === "REVIEW_CHANGES_REQUESTED");
        const onLine = asked?.data.findings.some(({ path, line }) => path === "src/voucher.mjs" && line === 2);
        const branches = new Set(
          events.flatMap((event) => (event.type === "RUN_REQUESTED" && event.data.agent === "dev-e" ? [event.data.branch] : [])),
        );
        return [
          ...(onLine ? [] : ["the finding does not stand on line 2 of src/voucher.mjs"]),
          ...(branches.size === 1 ? [] : [`Dev-E worked on ${branches.size} branches`]),
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
