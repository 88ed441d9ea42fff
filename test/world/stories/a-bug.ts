import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, edit, finish, green, read, red, seeChange, TESTS, testAnd } from "./script.ts";
import { type Story, straight } from "./story.ts";

const OLD_TEST = `test("the third piece is free", () => {
  assert.equal(total([{ price: 1250, quantity: 3 }]), 2500);
});
`;
const NEW_TEST = `
test("of every three pieces one is free", () => {
  assert.equal(total([{ price: 1250, quantity: 6 }]), 5000);
  assert.equal(total([{ price: 1250, quantity: 7 }]), 6250);
});
`;

const issue = {
  title: "Three for two gives one free piece only, however many are bought",
  body: "Six packets of Sencha cost as much as five. The README says that every third piece is free, so it has to be four.",
};

export const aBug = (): Story => ({
  name: "A bug",
  shows: "Dev-E shows the bug with a test, mends it, and the change goes all the way to production.",
  parts: [
    {
      issue,
      scripts: {
        implement: [
          bash("Let me see how the shop is laid out.", "cat README.md && ls src test"),
          read("The cart decides this.", "src/cart.mjs"),
          read("And these are its tests.", "test/cart.test.mjs"),
          edit("First a test that shows the bug: of six pieces two have to be free.", "test/cart.test.mjs", OLD_TEST, OLD_TEST + NEW_TEST),
          bash("It has to fail now.", `${TESTS} test/cart.test.mjs`),
          afterSeeing(
            red,
            edit(
              "It fails as the issue says. One free piece for every three, not one in all.",
              "src/cart.mjs",
              "(quantity >= 3 ? 1 : 0)",
              "Math.floor(quantity / 3)",
            ),
          ),
          bash("Now all the tests.", TESTS),
          afterSeeing(
            green,
            finish(
              "Give one free piece for every three",
              "The cart took one piece off as soon as there were three, and never another. Now it takes off a third of them, rounded down. The new test fails without the change.",
            ),
          ),
        ],
        review: [
          seeChange,
          testAnd(
            "Do the tests pass, and what of the amounts they leave out?",
            `import { total } from "./src/cart.mjs"; console.log(total([{ price: 100, quantity: 2 }]), total([{ price: 100, quantity: 9 }]));`,
          ),
          afterSeeing(
            /Exit code 0\.[\s\S]*200 600/,
            approve("One piece of every three is free, and none of two. The test covers what the issue describes."),
          ),
        ],
      },
      history: straight,
    },
  ],
  play: async (stage) => {
    const maria = personIn(stage, "maria");
    const number = await maria.openIssue({ ...issue, labels: ["bug"] });
    await maria.label(number, "agent-ready");
    return [number];
  },
});
