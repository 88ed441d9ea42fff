import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, create, edit, finish, giveUp, green, seeChange, TESTS } from "./script.ts";
import { begun, dataOf, differs, opened, released, reviewed, type Story, taken } from "./story.ts";

const BEFORE = `if (route === "GET /health") return answer(200, { status: "ok" });`;
const AFTER = `if (route === "GET /health") return answer(...health(process.env.SHOP_REGION));`;
const HEALTH = `/** How the shop is, and in which region it stands. */
export const health = (region) => (region === undefined ? [503, { status: "no region" }] : [200, { status: "ok", region }]);
`;
const TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { health } from "../src/health.mjs";

test("a shop that is well says in which region it stands", () => {
  assert.deepEqual(health("north"), [200, { status: "ok", region: "north" }]);
});
`;
const MORE = `test("a shop that was told no region is well all the same", () => {
  assert.deepEqual(health(undefined), [200, { status: "ok", region: "unknown" }]);
});
`;

const issue = {
  title: "Let /health say in which region the shop stands",
  body: "The answer of `GET /health` gets a field `region`. It stands in the environment variable `SHOP_REGION`.",
};

export const aSmokeFailure = (): Story => ({
  name: "A failed smoke check",
  shows:
    "The tests pass and the review too, and staging is not well with the change. Dev-E gets the evidence, mends it forward, and the second merge is verified.",
  at: "bakery",
  parts: [
    {
      issue,
      scripts: {
        implement: [
          create("What the shop says of itself gets a file of its own.", "src/health.mjs", HEALTH),
          edit("The server answers it.", "src/app.mjs", BEFORE, AFTER),
          edit(
            "And knows it.",
            "src/app.mjs",
            `import { total } from "./cart.mjs";`,
            `import { total } from "./cart.mjs";\nimport { health } from "./health.mjs";`,
          ),
          create("With a test.", "test/health.test.mjs", TEST),
          bash("All the tests.", TESTS),
          afterSeeing(green, finish("Say the region in /health", "The answer has the region from SHOP_REGION, with a test.")),
        ],
        "fix-smoke": [
          ({ task }) =>
            /staging runs [0-9a-f]{40}, the merge of pull request #\d+, and fails there[\s\S]*\/health[\s\S]*answers 503, not 200/.test(
              task,
            )
              ? bash(
                  "503 on staging: nobody told it a region. Let me see that.",
                  `env --unset=SHOP_REGION node --input-type=module --eval 'import { health } from "./src/health.mjs"; console.log("answers", health(undefined)[0]);'`,
                )
              : giveUp(`The evidence of the failed check is not in my task:\n${task.slice(-2_000)}`),
          afterSeeing(
            /answers 503/,
            edit(
              "Without a region it is still a shop that is well.",
              "src/health.mjs",
              `(region) => (region === undefined ? [503, { status: "no region" }] : [200, { status: "ok", region }])`,
              `(region = "unknown") => [200, { status: "ok", region }]`,
            ),
          ),
          bash("A test would have shown it.", `cat >> test/health.test.mjs <<'END'\n\n${MORE}END\n${TESTS}`),
          afterSeeing(
            green,
            finish(
              "Be well without a region",
              "Staging has no SHOP_REGION, and the shop called itself unwell for that. Now it says that the region is unknown, and a test holds it.",
            ),
          ),
        ],
        review: [seeChange, afterSeeing(/region/, approve("The region is said, and the tests hold it."))],
      },
      history: [
        ...([...begun, "CI_PASSED", ...reviewed, "REVIEW_PASSED", "MERGE_REQUESTED", "MERGED"] as const),
        ...(["DEPLOY_REQUESTED", "DEPLOYED_STAGING", "SMOKE_FAILED"] as const),
        ...([...taken, ...opened, "CI_PASSED", ...reviewed, "REVIEW_PASSED", ...released] as const),
      ],
      makes: { devRuns: 2, reviewRuns: 2, pullRequests: 2, heads: 2, requests: 1 },
      missing: async ({ rig }, stream) => {
        const events = await rig.events(stream);
        const [failed] = dataOf(events, "SMOKE_FAILED");
        const merges = dataOf(events, "MERGED").map(({ mergeSha }) => String(mergeSha));
        const branches = new Set(dataOf(events, "PR_CREATED").map(({ branch }) => branch));
        return [
          ...differs(
            "the runs",
            dataOf(events, "RUN_REQUESTED")
              .map(({ kind }) => kind)
              .join(", "),
            "implement, review, fix-smoke, review",
          ),
          ...differs(
            "what failed",
            failed && `${failed.environment} ${failed.cause} ${failed.retry} of ${failed.maxRetries}`,
            "staging code 1 of 3",
          ),
          ...differs("the merge that failed", String(failed?.sha), merges[0] ?? ""),
          ...differs("the merge that was verified", String(dataOf(events, "VERIFIED")[0]?.sha), merges[1] ?? ""),
          ...(branches.size === 2 ? [] : ["the second attempt had no branch of its own"]),
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
