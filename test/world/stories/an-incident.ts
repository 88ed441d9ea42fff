import { incidentStream } from "../../../app/domain/ids.ts";
import type { Incident } from "../../../app/domain/incident.ts";
import { messagesIn } from "./effects.ts";
import { MARIA, personIn } from "./person.ts";
import { afterSeeing, approve, bash, create, edit, finish, green, held, noting, TESTS, testAnd, untilInterrupted } from "./script.ts";
import { dataOf, differs, type Stage, type Story, sees, streamOf, taken, toProduction, until } from "./story.ts";

const shelf = {
  title: "Let the till ask for one tea",
  body: "`GET /products/sencha` answers the one tea with that id. Today only the whole list can be asked for.",
};
const PRODUCTS = `if (route === "GET /products") return answer(200, products);`;
const WITH_ONE = `${PRODUCTS}
    if (request.method === "GET" && request.url.startsWith("/products/")) return answer(200, productNamed(request.url.slice(10)));`;
const NAMED = `cat >> src/app.mjs <<'END'

/** One tea as the till shows it. */
export const productNamed = (id) => {
  const { name, price } = products.find((product) => product.id === id);
  return { id, name, price: format(price) };
};
END
cat > test/app.test.mjs <<'END'
import assert from "node:assert/strict";
import { test } from "node:test";
import { productNamed } from "../src/app.mjs";

test("a tea has a name and a price", () => {
  assert.deepEqual(productNamed("assam"), { id: "assam", name: "Assam, 100 g", price: "9.80" });
});
END
${TESTS}`;

const hours = {
  title: "Tell whether the shop is open",
  body: "A function that answers, for an hour of the day, whether the shop is open: from 9 to 18.",
};
const HOURS = `/** Whether the shop is open in this hour of the day. */
export const isOpen = (hour) => hour >= 9 && hour < 18;
`;
const HOURS_TEST = `import assert from "node:assert/strict";
import { test } from "node:test";
import { isOpen } from "../src/hours.mjs";

test("the shop is open from nine to six", () => {
  assert.deepEqual([8, 9, 17, 18].map(isOpen), [false, true, true, false]);
});
`;

/** What the Rig calls it: nobody writes this issue. */
const fault = { title: "Incident: shop: front door", body: "" };
const THROWS = `  const { name, price } = products.find((product) => product.id === id);
  return { id, name, price: format(price) };`;
const ASKS = `  const product = products.find((one) => one.id === id);
  return product && { id, name: product.name, price: format(product.price) };`;
const ANSWERS = "return answer(200, productNamed(request.url.slice(10)));";
const REFUSES = `{
      const product = productNamed(request.url.slice(10));
      return product ? answer(200, product) : answer(404, { message: "There is no such tea." });
    }`;
const UNKNOWN = `cat >> test/app.test.mjs <<'END'

test("a tea that we do not have is none", () => {
  assert.equal(productNamed("oolong"), undefined);
});
END
${TESTS}`;

export const anIncident = (): Story => {
  const thought = held(bash("Now what else?", "true"));
  const told = new Set<string>();
  let incident: Incident | undefined;
  return {
    name: "An incident",
    shows:
      "Production breaks: the incident's critical issue makes the only agent put its work aside, its fix goes out, and the incident is over.",
    at: "bazaar",
    parts: [
      {
        issue: shelf,
        scripts: {
          implement: [
            edit("A route for one tea.", "src/app.mjs", PRODUCTS, WITH_ONE),
            bash("What it answers, and a test for it.", NAMED),
            afterSeeing(green, finish("Answer one tea", "The till can ask for one tea by its id. The test asks for Assam.")),
          ],
          review: [
            testAnd(
              "Does it answer every tea we have?",
              `import { productNamed } from "./src/app.mjs"; console.log(productNamed("rooibos").price);`,
            ),
            afterSeeing(/Exit code 0\.[\s\S]*\n7\.5/, approve("Each tea is answered by its id.")),
          ],
        },
        history: ["ISSUE_APPROVED", ...taken, ...toProduction],
      },
      {
        issue: hours,
        scripts: {
          implement: untilInterrupted(
            [create("It gets a file of its own.", "src/hours.mjs", HOURS), thought.line],
            [
              create("Its test.", "test/hours.test.mjs", HOURS_TEST),
              bash("All the tests.", TESTS),
              afterSeeing(green, finish("Tell whether the shop is open", "From 9 to 18. The test asks for the hours around them.")),
            ],
          ),
          review: [
            testAnd("And at midnight?", `import { isOpen } from "./src/hours.mjs"; console.log(isOpen(0), isOpen(12));`),
            afterSeeing(/Exit code 0\.[\s\S]*false true/, approve("It is open at noon and closed at midnight.")),
          ],
        },
        history: [
          ...(["ISSUE_APPROVED", ...taken, "CHECKPOINT_REQUESTED", "CHECKPOINT_SAVED", "ISSUE_UNASSIGNED"] as const),
          ...taken,
          ...toProduction,
        ],
        makes: { devRuns: 2 },
      },
      {
        issue: fault,
        scripts: {
          implement: [
            noting(
              told,
              bash(
                "Which change is suspected, and what does it do with a tea that we do not have?",
                "grep -n -A4 productNamed src/app.mjs",
              ),
            ),
            afterSeeing(/products\.find/, edit("Nothing is found, and nobody asks for that.", "src/app.mjs", THROWS, ASKS)),
            edit("And the shop says so.", "src/app.mjs", ANSWERS, REFUSES),
            bash("A test that failed before.", UNKNOWN),
            afterSeeing(
              green,
              finish(
                "Refuse a tea that we do not have",
                "Asking for an unknown tea ended the shop. It is answered with 404 now, and the test asks for one.",
              ),
            ),
          ],
          review: [
            testAnd("And the teas we do have?", `import { productNamed } from "./src/app.mjs"; console.log(productNamed("sencha").name);`),
            afterSeeing(/Exit code 0\.[\s\S]*Sencha/, approve("What is not there ends nothing any more.")),
          ],
        },
        history: ["ISSUE_APPROVED", ...taken, ...toProduction],
        makes: { comments: 1 },
        missing: async (stage, stream) => [
          ...toldOf(told),
          ...(await handedOver(stage, stream)),
          ...(incident ? await missingOf(stage, incident) : ["no incident was seen"]),
        ],
      },
    ],
    play: async (stage, tell) => {
      const [jonas, maria] = [personIn(stage, "jonas"), personIn(stage, "maria")];
      const first = await maria.openIssue(shelf);
      await maria.label(first, "agent-ready");
      await until(stage, streamOf(stage, first), "VERIFIED");
      const second = await jonas.openIssue(hours);
      await jonas.label(second, "agent-ready");
      await sees("Dev-E to have written a file", thought.isReached);
      tell(streamOf(stage, second), "a customer asks the shop for oolong, and that ends it");
      const production = stage.world.platform.environment("bazaar/production")?.url ?? "";
      await fetch(`${production}/products/oolong`).then((answer) => answer.body?.cancel());
      const { number, stream } = await sees("an issue of the incident", async () => {
        incident = (await stage.rig.store.openIncidents(stage.shop.id)).find(({ issue }) => issue);
        return incident?.issue && { number: incident.issue.number, stream: incidentStream(incident.fingerprint) };
      });
      tell(streamOf(stage, number), "production does not answer any more: the Rig opens an issue and hands it over");
      await until(stage, streamOf(stage, second), "CHECKPOINT_SAVED");
      thought.goOn();
      await until(stage, stream, "INCIDENT_RESOLVED");
      await stage.rig.shown(stream);
      tell(streamOf(stage, number), "production answers again, and the incident is over");
      return [first, second, number];
    },
  };
};

/** The agent is given the evidence and the suspects, as the issue has them. */
const toldOf = (tasks: ReadonlySet<string>): readonly string[] => {
  const [task = ""] = tasks;
  return [/Severity \| critical/, /answers 502/, /#\d+ for #\d+/]
    .filter((part) => !part.test(task))
    .map((part) => `Dev-E was not told ${part} of the incident`);
};

async function handedOver(stage: Stage, stream: ReturnType<typeof streamOf>): Promise<readonly string[]> {
  const [approval] = dataOf(await stage.rig.events(stream), "ISSUE_APPROVED");
  return [
    ...differs("who handed it over", approval?.approvedBy, "rig:monitor.autoReady"),
    ...differs("its priority", approval?.priority, "critical"),
  ];
}

async function missingOf(stage: Stage, { fingerprint, suspects, issue }: Incident): Promise<readonly string[]> {
  const events = await stage.rig.events(incidentStream(fingerprint));
  const types = events.map(({ type }) => type).filter((type) => type !== "INCIDENT_CHANGED");
  const shelved = (await stage.rig.store.allIssues(stage.shop.id)).find(({ title }) => title === shelf.title);
  const cards = messagesIn(stage, "admin", "incident of shop: front door");
  const calls = messagesIn(stage, "admin", "shop has a critical incident");
  const said = (await personIn(stage, "maria").comments(issue?.number ?? 0)).filter((body) =>
    body.includes("The signal has been gone since"),
  );
  return [
    ...differs("the incident", types.join(" "), "INCIDENT_DETECTED INCIDENT_FILED INCIDENT_RESOLVED"),
    ...differs("the first suspect", String(suspects[0]?.prNumber), String(shelved?.prNumber)),
    ...differs("cards of the incident", String(cards.length), "1"),
    ...(JSON.stringify(cards).includes("over, after") ? [] : ["the card does not say that it is over"]),
    ...differs("who is called", calls.map(({ content }) => content).join(" "), MARIA),
    ...differs("comments that say that it is over", String(said.length), "1"),
  ];
}
