import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, edit, finish, green, seeChange, TESTS } from "./script.ts";
import { begun, dataOf, differs, released, reviewed, type Story, sees, streamOf, until } from "./story.ts";

const SUPPLIER = `import { createServer } from "node:http";
createServer((_, response) => response.end(JSON.stringify({ stock: "ok" }))).listen(Number(process.env.PORT), "127.0.0.1");
`;
const TEST = `test("what costs nothing is sent free", () => {
  assert.equal(shipping(0), 0);
});
`;
const issue = {
  title: "An empty order pays for shipping",
  body: "Whoever takes everything out of the cart is shown 4.90 for shipping. Nothing is sent, so it costs nothing.",
};

const history = [
  ...([...begun, "CI_PASSED", ...reviewed, "REVIEW_PASSED", "MERGE_REQUESTED", "MERGED"] as const),
  ...(["DEPLOY_REQUESTED", "DEPLOYED_STAGING", "SMOKE_FAILED", "ESCALATED", "ESCALATION_NOTIFIED", "ESCALATION_NOTIFIED"] as const),
  ...(["COMMAND_RECEIVED", "ESCALATION_RESOLVED"] as const),
  ...released.slice(2),
] as const;

export const aDependencyDown = (): Story => ({
  name: "A dependency that is down",
  shows:
    "Staging asks a supplier, and the supplier is down: no agent is sent to mend that. Maria is called once, and when the supplier is back she has the release tried again.",
  at: "pharmacy",
  parts: [
    {
      issue,
      scripts: {
        implement: [
          edit(
            "Nothing costs nothing to send.",
            "src/shipping.mjs",
            "export const shipping = (goods) => (",
            "export const shipping = (goods) => (goods === 0 ? 0 : ",
          ),
          bash("A test, and all the others.", `cat >> test/shipping.test.mjs <<'END'\n\n${TEST}END\n${TESTS}`),
          afterSeeing(green, finish("Send an empty order free", "An order of 0.00 is sent free, with a test.")),
        ],
        review: [seeChange, afterSeeing(/shipping/, approve("An empty order is sent free, and a test holds that."))],
      },
      history,
      makes: { comments: 1, requests: 1 },
      missing: async ({ rig }, stream) => {
        const events = await rig.events(stream);
        const [failed] = dataOf(events, "SMOKE_FAILED");
        const kinds = dataOf(events, "RUN_REQUESTED").map(({ kind }) => kind);
        return [
          ...differs("the cause", failed?.cause, "external_dependency"),
          ...differs("the runs", kinds.join(", "), "implement, review"),
          ...(failed?.because?.includes("the supplier's stock service") ? [] : [`it was told by ${failed?.because}`]),
        ];
      },
    },
  ],
  play: async (stage, tell) => {
    const jonas = personIn(stage, "jonas");
    const maria = personIn(stage, "maria");
    const number = await jonas.openIssue(issue);
    await jonas.label(number, "agent-ready");
    const stream = streamOf(stage, number);
    tell(stream, "the supplier, whom staging asks for its stock, is down");
    await until(stage, stream, "ESCALATION_NOTIFIED", { nth: 2, passing: history });
    const below = await sees("a comment to call Maria", async () =>
      (await maria.comments(number)).find((comment) => comment.includes("@maria A person has to decide.")),
    );
    if (!below.includes("stock service")) throw new Error(`The comment does not say what is down: ${below}`);
    await stage.world.platform.begin("pharmacy/supplier", "5".repeat(40), { "server.mjs": SUPPLIER });
    tell(stream, "the supplier is back");
    await maria.say(number, "/rig resolve retry");
    return [number];
  },
});
