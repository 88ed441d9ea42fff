import type { StreamId } from "../../../app/domain/ids.ts";
import { messagesIn } from "./effects.ts";
import { gatesIn, raised } from "./gates.ts";
import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, create, edit, finish, green, seeChange, TESTS, testAnd } from "./script.ts";
import { differs, heardOf, released, type Stage, type Story, sees, straight, streamOf, until } from "./story.ts";

const MIGRATION = `alter table orders add column note text not null default '' check (length(note) <= 500);
`;
const STATEMENT = `export const insertOrder = ({ number, email, cents, note = "" }) => ({
  text: "insert into orders (number, email, cents, note) values ($1, $2, $3, $4)",
  values: [number, email, cents, note],
});`;
const OLD_STATEMENT = `export const insertOrder = ({ number, email, cents }) => ({
  text: "insert into orders (number, email, cents) values ($1, $2, $3)",
  values: [number, email, cents],
});`;
const OLD_TEST = `  assert.match(text, /^insert into orders \\(number, email, cents\\)/);
  assert.deepEqual(values, [7, "ada@example.com", 3210]);
});
`;
const TEST = `  assert.match(text, /^insert into orders \\(number, email, cents, note\\)/);
  assert.deepEqual(values, [7, "ada@example.com", 3210, ""]);
});

test("a customer's note is stored with the order", () => {
  assert.equal(insertOrder({ number: 8, email: "bo@example.com", cents: 705, note: "Ring twice" }).values.at(-1), "Ring twice");
});
`;

const issue = {
  title: "Keep the note that a customer leaves with an order",
  body: 'People write things like "ring twice". It has to be stored with the order, at most 500 characters.',
};

/** Jonas may merge what he likes, but the database is not his: his approval opens nothing. Maria's does. */
async function meetGate(stage: Stage, stream: StreamId, tell: (sentence: string) => void): Promise<void> {
  const { rig } = stage;
  const [maria, jonas] = [personIn(stage, "maria"), personIn(stage, "jonas")];
  const head = await raised(stage, stream);
  await until(stage, stream, "REVIEW_PASSED");
  await sees("#admin to be asked", () => messagesIn(stage, "admin", stream).length > 0);

  await jonas.approve(head, "Looks right to me.");
  const heard = await sees("the webhook of Jonas's approval", () =>
    heardOf(stage, "pull_request_review", ({ sender }) => sender?.login === "jonas"),
  );
  await rig.handled(heard.guid, stream);
  const opened = (await rig.events(stream)).some(({ type }) => type === "HUMAN_GATE_APPROVED" || type === "MERGE_REQUESTED");
  if (opened) throw new Error(`Jonas, who owns nothing in db/, opened the gate of ${stream}.`);
  if ((await maria.check(head, "rig/gates"))?.conclusion !== "action_required")
    throw new Error(`rig/gates of ${stream} no longer asks for Maria.`);
  tell("jonas approves, and the gate stays shut: the database is not his");
  await maria.approve(head, "The default is fine for the orders we have.");
}

export const aGate = (): Story => ({
  name: "A gate",
  shows: "The change brings a migration: it waits until the database's owner approves that very head.",
  parts: [
    {
      issue,
      scripts: {
        implement: [
          bash("How are orders stored?", "cat src/orders.mjs test/orders.test.mjs db/migrations/*.sql"),
          create("A migration of its own; orders that are there get an empty note.", "db/migrations/0003_order_note.sql", MIGRATION),
          edit("The statement takes the note.", "src/orders.mjs", OLD_STATEMENT, STATEMENT),
          edit("The tests say so.", "test/orders.test.mjs", OLD_TEST, TEST),
          bash("All the tests.", TESTS),
          afterSeeing(
            green,
            finish(
              "Store a customer's note with the order",
              "The orders get a note of at most 500 characters, empty for those that are there. A person has to look at the migration: it changes a table that is in use.",
            ),
          ),
        ],
        review: [
          seeChange,
          testAnd(
            "Does the statement fit the table?",
            `import { insertOrder } from "./src/orders.mjs"; const { text, values } = insertOrder({ number: 1, email: "a@b.c", cents: 1, note: "x" }); console.log(text.match(/[$]/g).length === values.length ? "fits" : "does not fit");`,
          ),
          afterSeeing(
            /Exit code 0\.[\s\S]*fits/,
            approve("The statement fits the table as the migration leaves it, and old orders stay valid."),
          ),
        ],
      },
      history: [...straight.slice(0, straight.indexOf("MERGE_REQUESTED")), "HUMAN_GATE_APPROVED", ...released],
      makes: { comments: 1, requests: 1 },
      missing: async ({ rig }, stream) => {
        const decided = ["schema asks @maria about head 1", "maria opens schema for head 1 by review", "head 1 is merged"];
        return differs("its gates", gatesIn(await rig.events(stream)), decided.join(", "));
      },
    },
  ],
  play: async (stage, tell) => {
    const maria = personIn(stage, "maria");
    const number = await maria.openIssue(issue);
    await maria.label(number, "agent-ready");
    const stream = streamOf(stage, number);
    await meetGate(stage, stream, (sentence) => tell(stream, sentence));
    return [number];
  },
});
