import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, edit, finish, green, read, red, seeChange, TESTS, testAnd } from "./script.ts";
import { type Story, sees, straight, streamOf } from "./story.ts";

const TEST = `test("from 50.00 on an order is sent free", () => {
  assert.equal(shipping(4999), 490);
  assert.equal(shipping(5000), 0);
});
`;

const issue = {
  title: "An order of exactly 50.00 pays for shipping",
  body: "The page says free shipping from 50.00 on. A customer with exactly 50.00 paid 4.90.",
};

export const aLostWebhook = (): Story => ({
  name: "A lost webhook",
  shows: "GitHub's webhooks about the issue never arrive; the coordination finds it all the same.",
  parts: [
    {
      issue,
      scripts: {
        implement: [
          read("Where does shipping become free?", "src/shipping.mjs"),
          bash(
            "A test for the border, on both of its sides.",
            `cat >> test/shipping.test.mjs <<'END'\n\n${TEST}END\n${TESTS} test/shipping.test.mjs`,
          ),
          afterSeeing(
            red,
            edit("As the issue says: 50.00 itself is left out.", "src/shipping.mjs", "goods > FREE_FROM", "goods >= FREE_FROM"),
          ),
          bash("All the tests.", TESTS),
          afterSeeing(
            green,
            finish(
              "Send an order of exactly 50.00 free",
              "Shipping was free above 50.00 and not from 50.00 on. The test holds both sides of the border.",
            ),
          ),
        ],
        review: [
          seeChange,
          testAnd(
            "Is the border where the issue wants it?",
            `import { shipping } from "./src/shipping.mjs"; console.log([0, 4999, 5000, 5001].map(shipping).join(" "));`,
          ),
          afterSeeing(/Exit code 0\.[\s\S]*490 490 0 0/, approve("Free from 50.00 on, and not a cent earlier. Both sides are tested.")),
        ],
      },
      history: straight,
      missing: async ({ rig }, stream) => {
        const cause = (await rig.events(stream))[0]?.causationId;
        return cause === "coordination" ? [] : [`the coordination did not find it, but ${cause}`];
      },
    },
  ],
  play: async (stage, tell) => {
    const { world, rig } = stage;
    const isAboutIt = (payload: unknown) => JSON.stringify(payload).includes(issue.title);
    world.github.deliveries.drop(({ event, payload }) => event === "issues" && isAboutIt(payload), 2);
    const maria = personIn(stage, "maria");
    const number = await maria.openIssue(issue);
    await maria.label(number, "agent-ready");
    const stream = streamOf(stage, number);
    const lost = () => world.github.deliveries.all().filter((delivery) => delivery.lost && isAboutIt(delivery.payload));
    await sees("GitHub to lose both webhooks", () => lost().length === 2);
    if ((await rig.events(stream)).length > 0) throw new Error(`The Rig heard of ${stream} although every webhook about it was lost.`);
    tell(stream, "GitHub loses the webhooks about it; five minutes later the coordination looks for itself");
    await rig.coordinate();
    return [number];
  },
});
