import { personIn } from "./person.ts";
import {
  afterSeeing,
  approve,
  bash,
  create,
  depending,
  edit,
  finish,
  finishAnswering,
  green,
  read,
  red,
  requestChanges,
  seeChange,
  TESTS,
  testAnd,
} from "./script.ts";
import { begun, released, reviewed, type Story } from "./story.ts";

const MISSING = `/** How much more has to be in a cart until sending it is free, in cents. */
export const missing = (goods) => 5000 - goods;
`;
const TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { quote } from "../src/app.mjs";
import { missing } from "../src/missing.mjs";

test("what is missing until sending is free", () => {
  assert.equal(missing(1250), 3750);
});

test("a quote says what is missing", () => {
  assert.equal(quote({ lines: [{ id: "sencha", quantity: 1 }] }).missing, "37.50");
});
`;
const ENOUGH = `
test("nothing is missing from a cart that is sent free", () => {
  assert.equal(missing(7500), 0);
});
`;
const TRIED = `import { missing } from "./src/missing.mjs"; console.log("missing:", missing(7500));`;

const issue = {
  title: "Say how much is missing for free shipping",
  body: "`POST /quote` shall say as `missing` what is missing until sending is free, from 50.00 on. Never less than nothing.",
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
          create("That gets a file of its own.", "src/missing.mjs", MISSING),
          edit(
            "The quote says it.",
            "src/app.mjs",
            "total: format(goods + sending)",
            "total: format(goods + sending), missing: format(missing(goods))",
          ),
          edit(
            "",
            "src/app.mjs",
            `import { format } from "./price.mjs";\n`,
            `import { missing } from "./missing.mjs";\nimport { format } from "./price.mjs";\n`,
          ),
          create("And its tests.", "test/missing.test.mjs", TEST),
          bash("Let me run all of them.", TESTS),
          afterSeeing(
            green,
            finish("Say how much is missing for free shipping", "A quote says what is missing until sending is free. The tests cover it."),
          ),
        ],
        review: [
          seeChange,
          testAnd("The issue says never less than nothing. What of a cart that is sent free?", TRIED),
          depending(
            /missing: 0/,
            approve("From 50.00 on nothing is missing, and a test holds that."),
            requestChanges("From a cart that is sent free, less than nothing is missing.", {
              path: "src/missing.mjs",
              line: 2,
              text: "missing(7500) is -2500. The issue says never less than nothing, so it must not go below 0, and a test has to say so.",
            }),
          ),
        ],
        "answer-review": [
          read("The reviewer is right: nothing stops it at zero.", "src/missing.mjs"),
          bash("First a test that says so.", `cat >> test/missing.test.mjs <<'END'\n${ENOUGH}END\n${TESTS} test/missing.test.mjs`),
          afterSeeing(red, edit("It fails. Now it stops at zero.", "src/missing.mjs", "5000 - goods", "Math.max(0, 5000 - goods)")),
          bash("All the tests again.", TESTS),
          afterSeeing(
            green,
            finishAnswering(
              "changed",
              "It stops at zero, and a test says so.",
              "Let never less than nothing be missing",
              "The reviewer is right: from 50.00 on it fell below zero. Now it stops there, and a test holds that.",
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
        const onLine = asked?.data.findings.some(({ path, line }) => path === "src/missing.mjs" && line === 2);
        const branches = new Set(
          events.flatMap((event) => (event.type === "RUN_REQUESTED" && event.data.agent === "dev-e" ? [event.data.branch] : [])),
        );
        return [
          ...(onLine ? [] : ["the finding does not stand on line 2 of src/missing.mjs"]),
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
