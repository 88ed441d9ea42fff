import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, byAttempt, finish, green, held, noting, TESTS, testAnd } from "./script.ts";
import { dataOf, heardOf, type Story, sees, straight, streamOf, taken, until, workflowRunOf } from "./story.ts";

const title = "Say when the shop is open";
const [before, after] = [
  "One place in the code that knows it: from 9 to 17, every day.",
  "One place in the code that knows it: from 10 to 18, every day.",
];

const hours = (from: number, to: number) => `cat > src/hours.mjs <<'END'
/** When the shop is open, every day, in hours of its own clock. */
export const hours = { from: ${from}, to: ${to} };
END
cat > test/hours.test.mjs <<'END'
import assert from "node:assert/strict";
import { test } from "node:test";
import { hours } from "../src/hours.mjs";

test("the shop is open for eight hours", () => {
  assert.equal(hours.to - hours.from, 8);
  assert.equal(hours.from, ${from});
});
END
${TESTS}`;

const done = finish("Say when the shop is open", "One file knows the hours, and a test holds them.");

export const anEdit = (): Story => {
  const thought = held(afterSeeing(green, done));
  const tasks = { first: new Set<string>(), second: new Set<string>(), review: new Set<string>() };
  const history = [
    "ISSUE_APPROVED",
    ...[...taken, "APPROVAL_STALE", "RUN_FINISHED", "ISSUE_UNASSIGNED", "ISSUE_WITHDRAWN"],
    ...straight,
  ] as const;
  const only = (which: string, told: ReadonlySet<string>, right: string, wrong: string): readonly string[] =>
    told.size > 0 && [...told].every((task) => task.includes(right) && !task.includes(wrong))
      ? []
      : [`the ${which} was not told the text that was approved, and that alone`];
  return {
    name: "An edit",
    shows: "Jonas changes the text while the agent works: nothing comes of the old one, and the new one is done once Maria approves it.",
    parts: [
      {
        issue: { title, body: before },
        scripts: {
          implement: byAttempt(
            [noting(tasks.first, bash("One file and its test.", hours(9, 17))), thought.line],
            [noting(tasks.second, bash("One file and its test.", hours(10, 18))), afterSeeing(green, done)],
          ),
          review: [
            noting(
              tasks.review,
              testAnd("When is it open?", `import { hours } from "./src/hours.mjs"; console.log(hours.from, hours.to);`),
            ),
            afterSeeing(/Exit code 0\.[\s\S]*10 18/, approve("The hours are those of the issue.")),
          ],
        },
        history,
        makes: { devRuns: 2 },
        missing: async ({ rig }, stream) => {
          const events = await rig.events(stream);
          const given = dataOf(events, "ISSUE_ASSIGNED").map(({ branch }) => branch);
          const published = dataOf(events, "PR_CREATED").map(({ branch }) => branch);
          const stale = dataOf(events, "APPROVAL_STALE")[0]?.changedBy;
          const strikes = (await rig.store.issueByStream(stream))?.strikes;
          return [
            ...only("first run", tasks.first, before, after),
            ...only("second run", tasks.second, after, before),
            ...only("review", tasks.review, after, before),
            ...(stale === "jonas" ? [] : [`the text is said to have been changed by ${stale}`]),
            ...(published.length === 1 && published[0] === given[1] && given[0] !== given[1]
              ? []
              : ["it was not published from a fresh branch"]),
            ...(strikes === 0 ? [] : [`the edit counted as ${strikes} strikes`]),
          ];
        },
      },
    ],
    play: async (stage, tell) => {
      const [maria, jonas] = [personIn(stage, "maria"), personIn(stage, "jonas")];
      const number = await jonas.openIssue({ title, body: before });
      await maria.label(number, "agent-ready");
      const stream = streamOf(stage, number);
      await sees("Dev-E to be almost done", thought.isReached);
      await jonas.rewrite(number, after);
      tell(stream, "jonas changes the text while Dev-E works");
      await until(stage, stream, "APPROVAL_STALE");
      await sees("the issue to say that it has to be approved again", async () =>
        (await jonas.comments(number)).some((comment) => comment.includes("The text changed after it was approved")),
      );
      thought.goOn();
      await until(stage, stream, "ISSUE_UNASSIGNED");
      // What is not published by the end of its workflow run never is.
      const run = workflowRunOf((await until(stage, stream, "WORK_STARTED")).data);
      const ended = await sees("the end of the run's workflow", () =>
        heardOf(stage, "workflow_run", ({ action, workflow_run }) => action === "completed" && workflow_run?.id === run),
      );
      await stage.rig.handled(ended.guid, stream);
      if ((await stage.rig.events(stream)).some(({ type }) => type === "PR_CREATED"))
        throw new Error(`The old text of ${stream} was published.`);
      tell(stream, "maria takes the label off and puts it on again");
      await maria.takeLabel(number, "agent-ready");
      await until(stage, stream, "ISSUE_WITHDRAWN", { passing: history });
      await maria.label(number, "agent-ready");
      await until(stage, stream, "ISSUE_APPROVED", { nth: 2, passing: history });
      return [number];
    },
  };
};
