import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, finish, green, TESTS, testAnd } from "./script.ts";
import { begun, dataOf, type Story, straight, streamOf, until } from "./story.ts";

const darjeeling = { title: "Sell Darjeeling", body: "It came today: Darjeeling, 100 g, for 14.20." };
const search = (first: number) => ({
  title: "Find teas by their names",
  body: `A function that finds teas by a part of their names. Let it be tried with Darjeeling.\n\nDepends on #${first}`,
});
const spelling = { title: "Decide how we spell Rooibos", body: "Or is it Redbush?" };

const SELL = `cat > test/darjeeling.test.mjs <<'END'
import assert from "node:assert/strict";
import { test } from "node:test";
import { products } from "../src/products.mjs";

test("Darjeeling is for sale", () => {
  assert.equal(products.find(({ id }) => id === "darjeeling")?.price, 1420);
});
END
sed -i 's/^];$/  { id: "darjeeling", name: "Darjeeling, 100 g", price: 1420 },\\n];/' src/products.mjs
${TESTS}`;
const FIND = `cat > src/search.mjs <<'END'
import { products } from "./products.mjs";

/** Teas whose names hold this text, however it is written. */
export const search = (text) => products.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
END
cat > test/search.test.mjs <<'END'
import assert from "node:assert/strict";
import { test } from "node:test";
import { search } from "../src/search.mjs";

test("a part of the name finds a tea", () => {
  assert.deepEqual(search("darj").map(({ id }) => id), ["darjeeling"]);
});
END
${TESTS}`;

export const aDependency = (): Story => ({
  name: "A dependency",
  shows: "An issue waits for another to be merged, and says so; two that wait for each other are called a ring.",
  parts: [
    {
      issue: darjeeling,
      scripts: {
        implement: [
          bash("A product and its test.", SELL),
          afterSeeing(green, finish("Sell Darjeeling", "Darjeeling is listed for 14.20, and a test holds its price.")),
        ],
        review: [
          testAnd("Is it listed?", `import { products } from "./src/products.mjs"; console.log(products.at(-1).name);`),
          afterSeeing(/Exit code 0\.[\s\S]*Darjeeling, 100 g/, approve("It is listed with its price and weight.")),
        ],
      },
      history: straight,
    },
    {
      issue: search(0),
      scripts: {
        implement: [
          bash("A search and its test. Darjeeling is there by now.", FIND),
          afterSeeing(green, finish("Find teas by their names", "A part of the name finds a tea, whichever way it is written.")),
        ],
        review: [
          testAnd(
            "What does it find?",
            `import { search } from "./src/search.mjs"; console.log(search("SEN").length, search("oolong").length);`,
          ),
          afterSeeing(/Exit code 0\.[\s\S]*1 0/, approve("It finds what is there, and nothing else.")),
        ],
      },
      history: ["ISSUE_APPROVED", "ISSUE_WAITING", "ISSUE_WAITING", "ISSUE_RESUMED", ...straight.slice(straight.indexOf(begun[1]))],
      missing: async ({ rig, shop }, stream) => {
        const events = await rig.events(stream);
        const reasons = dataOf(events, "ISSUE_WAITING").map(({ reason }) => reason);
        const merged = (await rig.store.allIssues()).find(({ title, repo }) => title === darjeeling.title && repo === shop.name);
        const history = merged ? await rig.events(merged.stream) : [];
        const closed = history.find(({ type }) => type === "MERGED")?.position ?? Number.POSITIVE_INFINITY;
        const given = events.find(({ type }) => type === "ISSUE_ASSIGNED")?.position ?? 0;
        return [
          ...(reasons[0]?.startsWith("Its dependencies form a ring: ") ? [] : [`it waited first because: ${reasons[0]}`]),
          ...(reasons[1] === `It depends on ${merged?.stream}.` ? [] : [`it waited then because: ${reasons[1]}`]),
          ...(given > closed ? [] : ["it began before the other was merged"]),
        ];
      },
    },
  ],
  play: async (stage, tell) => {
    const [maria, jonas] = [personIn(stage, "maria"), personIn(stage, "jonas")];
    const first = await maria.openIssue(darjeeling);
    const second = await jonas.openIssue(search(first));
    const third = await jonas.openIssue(spelling);
    // Each of these two waits for the other.
    await jonas.block(second, third);
    await jonas.block(third, second);
    await jonas.label(second, "agent-ready");
    const stream = streamOf(stage, second);
    await until(stage, stream, "ISSUE_WAITING");
    await maria.close(third);
    tell(stream, `maria decides #${third}, and closes it`);
    await until(stage, stream, "ISSUE_WAITING", { nth: 2 });
    await maria.label(first, "agent-ready");
    return [first, second];
  },
});
