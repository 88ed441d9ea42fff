import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, edit, finish, green, held, read, red, seeChange, TESTS, testAnd } from "./script.ts";
import { type Story, sees, straight, streamOf } from "./story.ts";

const TEST = `test("a single cent keeps its zero", () => {
  assert.equal(format(1205), "12.05");
  assert.equal(format(5), "0.05");
});
`;

const issue = {
  title: "A price of 12.05 is shown as 12.5",
  body: "Rooibos costs 7.05, and the quote says 7.5. Customers think we overcharge.",
};

export const aCrash = (): Story => {
  const mend = edit("It fails. The cents need two digits.", "src/price.mjs", "{cents % 100}", '{String(cents % 100).padStart(2, "0")}');
  /** The model thinks for as long as the app is away. */
  const thought = held(afterSeeing(red, mend));
  return {
    name: "A crash",
    shows: "The app is killed while Dev-E works; started again, it goes on, and nothing is done twice.",
    parts: [
      {
        issue,
        scripts: {
          implement: [
            read("What writes prices?", "src/price.mjs"),
            bash("A test that shows it.", `cat >> test/price.test.mjs <<'END'\n\n${TEST}END\n${TESTS} test/price.test.mjs`),
            thought.line,
            bash("All the tests.", TESTS),
            afterSeeing(
              green,
              finish(
                "Write cents with two digits",
                "Cents below ten lost their zero, so 12.05 read 12.5. The test fails without the change.",
              ),
            ),
          ],
          review: [
            seeChange,
            testAnd(
              "And whole amounts?",
              `import { format } from "./src/price.mjs"; console.log([0, 5, 705, 1200].map(format).join(" "));`,
            ),
            afterSeeing(
              /Exit code 0\.[\s\S]*0\.00 0\.05 7\.05 12\.00/,
              approve("Every amount has two digits behind the point. The test covers the issue's case."),
            ),
          ],
        },
        history: straight,
      },
    ],
    play: async (stage, tell) => {
      const { rig } = stage;
      const jonas = personIn(stage, "jonas");
      const number = await jonas.openIssue({ ...issue, labels: ["bug"] });
      await jonas.label(number, "agent-ready");
      const stream = streamOf(stage, number);
      await sees("Dev-E's run to ask the model", thought.isReached);
      await rig.quiet();
      tell(stream, "the app is killed in the middle of Dev-E's run");
      await rig.kill();
      await rig.start();
      tell(stream, "the app is back");
      thought.goOn();
      return [number];
    },
    stopsTheApp: true,
  };
};
