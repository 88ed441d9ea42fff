import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, finish, green, seeChange, TESTS } from "./script.ts";
import { begun, dataOf, differs, reviewed, type Story, sees, streamOf, toProduction, until } from "./story.ts";

const ADD = `sed -i 's/^];$/  { id: "earl-grey", name: "Earl Grey", price: 450 },\\n];/' src/products.mjs
${TESTS}`;

const issue = {
  title: "Sell Earl Grey again",
  body: "100 g of Earl Grey for 4.50 are back in stock: `GET /products` lists it.",
};

const history = [
  ...([...begun, "CI_PASSED", ...reviewed, "REVIEW_PASSED"] as const),
  ...toProduction.slice(toProduction.indexOf("MERGE_REQUESTED")),
  ...(["COMMAND_RECEIVED", "COMMAND_RECEIVED", "ROLLBACK_REQUESTED", "ROLLED_BACK"] as const),
] as const;

export const aRollback = (): Story => ({
  name: "A rollback",
  shows: "The change is verified, and Maria takes production back to what was there before. Jonas may not, and nothing does it by itself.",
  at: "gallery",
  parts: [
    {
      issue,
      scripts: {
        implement: [
          bash("One line in the list, and the tests.", ADD),
          afterSeeing(green, finish("Sell Earl Grey", "The list has it again, for 4.50.")),
        ],
        review: [seeChange, afterSeeing(/earl-grey/, approve("It is in the list."))],
      },
      history,
      makes: { comments: 2, requests: 1 },
      missing: async ({ rig, shop, world }, stream) => {
        const events = await rig.events(stream);
        const [back] = dataOf(events, "ROLLED_BACK");
        const heard = dataOf(events, "COMMAND_RECEIVED").map(({ by, verdict }) => `${by} ${verdict}`);
        return [
          ...differs("who was heard", heard.join(", "), "jonas refused, maria accepted"),
          ...differs("who took it back", back?.by, "maria"),
          ...differs("what production runs", world.platform.environment("gallery/production")?.sha, shop.headSha),
        ];
      },
    },
  ],
  play: async (stage, tell) => {
    const [jonas, maria] = [personIn(stage, "jonas"), personIn(stage, "maria")];
    const number = await jonas.openIssue(issue);
    await jonas.label(number, "agent-ready");
    const stream = streamOf(stage, number);
    await until(stage, stream, "VERIFIED");
    const { headSha } = stage.shop;
    const tried = await jonas.say(number, `/rig rollback ${headSha}`);
    await sees("the refusal of Jonas' command", async () => (await jonas.reactions(tried)).includes("-1"));
    tell(stream, "Jonas may not take production back");
    await maria.say(number, `/rig rollback ${headSha}`);
    await until(stage, stream, "ROLLED_BACK", { passing: history });
    await sees("both of the Rig's words about it", async () => {
      const words = (await maria.comments(number)).filter((comment) => /asked for|shows/.test(comment) && comment.includes("maria"));
      return words.length >= 2;
    });
    return [number];
  },
});
