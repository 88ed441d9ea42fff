import type { StreamId } from "../../../app/domain/ids.ts";
import { messagesIn } from "./effects.ts";
import { MARIA, personIn } from "./person.ts";
import { afterSeeing, approve, bash, byAttempt, finish, giveUp, green, held, noting, read, TESTS, testAnd } from "./script.ts";
import { dataOf, type Stage, type Story, sees, streamOf, taken, toProduction, until, workflowRunOf } from "./story.ts";

const issue = {
  title: "List the teas by their names",
  body: "`GET /products` lists them as they came to us. Customers look for a name.",
};
const STUCK = "The products are a plain list that three other files may rely on, and I cannot tell which order they want.";

const SORT = `cat > test/products.test.mjs <<'END'
import assert from "node:assert/strict";
import { test } from "node:test";
import { products } from "../src/products.mjs";

test("products are listed by their names", () => {
  const names = products.map(({ name }) => name);
  assert.deepEqual(names, names.toSorted());
});
END
sed -i 's/^];$/].sort((a, b) => a.name.localeCompare(b.name));/' src/products.mjs
${TESTS}`;

/** What failed before, as the model was told. */
const told = (task: string | undefined, words: string): readonly string[] =>
  task?.includes(words) ? [] : [`the model was not told "${words}"`];

export const twoStrikes = (): Story => {
  const look = read("Where do they come from?", "src/products.mjs");
  const silence = held(look);
  const tasks = { second: new Set<string>(), third: new Set<string>() };
  const history = [
    "ISSUE_APPROVED",
    ...[...taken, "AGENT_STUCK", "ISSUE_UNASSIGNED"],
    ...[...taken, "AGENT_STUCK", "RUN_FINISHED", "ISSUE_UNASSIGNED"],
    ...["ESCALATED", "ESCALATION_NOTIFIED", "ESCALATION_NOTIFIED"],
    ...["COMMAND_RECEIVED", "ESCALATION_ACKNOWLEDGED", "COMMAND_RECEIVED", "ESCALATION_RESOLVED"],
    ...taken,
    ...toProduction,
  ] as const;

  /** Maria is asked at Discord and on the issue, says that she has seen it, and decides. */
  async function decide(stage: Stage, stream: StreamId, number: number): Promise<void> {
    const maria = personIn(stage, "maria");
    const asked = () => messagesIn(stage, "admin", `"${stream}: `);
    await sees("#admin to call Maria", () => asked().some(({ content }) => content === MARIA));
    const below = await sees("a comment to call Maria", async () =>
      (await maria.comments(number)).find((comment) => comment.includes("@maria A person has to decide.")),
    );
    if (!below.includes("/rig resolve retry")) throw new Error(`The comment does not say how to decide: ${below}`);
    const waiting = { nth: 2, passing: history };
    await until(stage, stream, "ESCALATION_NOTIFIED", waiting);
    await maria.say(number, "/rig ack");
    await until(stage, stream, "ESCALATION_ACKNOWLEDGED", { passing: history });
    const decision = await maria.say(number, "/rig resolve retry");
    await sees("a rocket at Maria's decision", async () => (await maria.reactions(decision)).includes("rocket"));
  }

  return {
    name: "Two strikes",
    shows: "The first agent falls silent, the second gives up; Maria is called, says that she has seen it, and has it tried once more.",
    at: "depot",
    parts: [
      {
        issue,
        scripts: {
          implement: byAttempt(
            [silence.line],
            [noting(tasks.second, look), giveUp(STUCK)],
            [
              noting(tasks.third, bash("Whoever needs another order sorts for itself. A test, and the order.", SORT)),
              afterSeeing(green, finish("List the teas by their names", "The list is in the order of the names, and a test holds that.")),
            ],
          ),
          review: [
            testAnd(
              "Are they in order?",
              `import { products } from "./src/products.mjs"; console.log(products.map(({ id }) => id).join(" "));`,
            ),
            afterSeeing(
              /Exit code 0\.[\s\S]*assam rooibos sencha/,
              approve("They are in the order of their names, and a test holds that."),
            ),
          ],
        },
        history,
        makes: { devRuns: 3, comments: 1, requests: 1 },
        missing: async (stage, stream) => {
          const events = await stage.rig.events(stream);
          const channels = dataOf(events, "ESCALATION_NOTIFIED").map(({ channel }) => channel);
          const given = dataOf(events, "ISSUE_ASSIGNED");
          const branches = new Set(given.map(({ branch }) => branch));
          const [first, second] = given.map(({ agentId }) => agentId);
          const who = [...dataOf(events, "ESCALATION_ACKNOWLEDGED"), ...dataOf(events, "ESCALATION_RESOLVED")].map(({ by }) => by);
          return [
            ...told([...tasks.second][0], `Attempt 1 by ${first} failed: The agent was silent for 10 seconds.`),
            ...told([...tasks.third][0], STUCK),
            ...(channels.toSorted().join(" ") === "admin github" ? [] : [`the escalation arrived at ${channels.join(", ") || "nobody"}`]),
            ...(branches.size === 3 ? [] : [`three attempts were made on ${branches.size} branches`]),
            ...(first === second ? [`${first} got it again`] : []),
            ...(who.join(" ") === "maria maria" ? [] : [`${who.join(" and ")} decided`]),
          ];
        },
      },
    ],
    play: async (stage, tell) => {
      const jonas = personIn(stage, "jonas");
      const number = await jonas.openIssue(issue);
      await jonas.label(number, "agent-ready");
      const stream = streamOf(stage, number);
      await sees("Dev-E's run to ask the model", silence.isReached);
      const { data } = await until(stage, stream, "WORK_STARTED");
      stage.world.runner.freezeRun(workflowRunOf(data));
      tell(stream, "the machine of dev-e's run hangs: it stands still and says nothing");
      await until(stage, stream, "AGENT_STUCK");
      silence.goOn();
      await until(stage, stream, "ESCALATED", { passing: history });
      await decide(stage, stream, number);
      return [number];
    },
  };
};
