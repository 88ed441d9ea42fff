import type { StreamId } from "../../../app/domain/ids.ts";
import { gatesIn, raised } from "./gates.ts";
import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, depending, edit, finish, finishAnswering, green, noting, seeChange, TESTS } from "./script.ts";
import { begun, dataOf, differs, released, reviewed, type Stage, type Story, sees, streamOf, until } from "./story.ts";

const [DELETED, EMPTIED] = ["delete from customers", "update customers set email = null, name = ''"] as const;
const FORGET = `cat >> src/customers.mjs <<'END'

/** Forgets who has not ordered since then, as a parameterized statement. */
export const forget = (since) => ({ text: "${DELETED} where last_order_at < $1", values: [since] });
END
cat > test/forget.test.mjs <<'END'
import assert from "node:assert/strict";
import { test } from "node:test";
import { forget } from "../src/customers.mjs";

test("nobody is forgotten who has ordered since then", () => {
  const { text, values } = forget("2023-11-22");
  assert.match(text, / where last_order_at < [$]1$/);
  assert.deepEqual(values, ["2023-11-22"]);
});
END
${TESTS}`;

const issue = {
  title: "Forget customers who stay away",
  body: "Whoever has not ordered for three years does not want to hear from us any more. We should not keep who they are.",
};
const REASON = "Our orders need their customers for ten years. Keep the rows, and take out only who they are.";

/** Maria does not have it: the rows stay. What Dev-E makes of that nobody has to decide, and she takes back her no. */
async function refuse(stage: Stage, stream: StreamId, tell: (sentence: string) => void): Promise<void> {
  const maria = personIn(stage, "maria");
  const { number } = await raised(stage, stream);
  await until(stage, stream, "REVIEW_PASSED");
  const no = await maria.say(number, `/rig reject ${REASON}`);
  await sees("a rocket at Maria's no", async () => (await maria.reactions(no)).includes("rocket"));

  const { headSha } = (await until(stage, stream, "PR_UPDATED")).data;
  await until(stage, stream, "REVIEW_PASSED", { nth: 2 });
  await sees("rig/gates to be green", async () => (await maria.check({ number, headSha }, "rig/gates"))?.conclusion === "success");
  await sees("the gate's label to be gone", async () => !(await maria.issue(number)).labels.includes("gate:deletion"));
  await sees("Maria's no to be all that is in the way", async () =>
    dataOf(await stage.rig.events(stream), "MERGE_BLOCKED").some(
      (blocked) => blocked.headSha === headSha && blocked.reasons.join(" ") === "maria requested changes and has not taken it back.",
    ),
  );
  tell("nothing is deleted any more and no gate asks: maria takes back her no");
  await maria.approve({ number, headSha }, "Like that. The orders keep their customers.");
}

export const aRefusal = (): Story => {
  const told = new Set<string>();
  return {
    name: "A refusal",
    shows: "The change deletes customers: Maria refuses with a reason, Dev-E takes another way, and no gate is raised any more.",
    parts: [
      {
        issue,
        scripts: {
          implement: [
            bash("How are customers kept?", "cat src/customers.mjs test/customers.test.mjs db/migrations/*.sql"),
            bash("No table refers to them: they can go.", FORGET),
            afterSeeing(
              green,
              finish(
                "Forget customers who stay away",
                "A statement deletes who has not ordered for as long as it is told. A test holds how long.",
              ),
            ),
          ],
          "answer-review": [
            noting(told, edit("The rows have to stay. What says who they are goes.", "src/customers.mjs", DELETED, EMPTIED)),
            bash("All the tests again.", TESTS),
            afterSeeing(
              green,
              finishAnswering(
                "changed",
                "The rows stay; what says who they are is emptied.",
                "Keep the rows of forgotten customers",
                "Maria is right. The rows stay, and only the address and the name are taken out.",
              ),
            ),
          ],
          review: [
            seeChange,
            depending(
              new RegExp(`\\+.*${DELETED}`),
              approve("It deletes whom the issue says, and nobody else. Whether it may is for a person."),
              approve("The rows stay, and say nothing about a person any more."),
            ),
          ],
        },
        history: [
          ...[...begun, "CI_PASSED" as const, ...reviewed, "REVIEW_PASSED" as const],
          ...(["COMMAND_RECEIVED", "REVIEW_SPOKEN", "HUMAN_GATE_REJECTED", "REVIEW_CHANGES_REQUESTED"] as const),
          ...(["RUN_REQUESTED", "WORK_STARTED", "RUN_FINISHED", "PR_UPDATED", "CI_PASSED"] as const),
          ...[...reviewed, "REVIEW_PASSED" as const, ...released],
        ],
        makes: { devRuns: 2, reviewRuns: 2, heads: 2, comments: 1, requests: 1 },
        missing: async ({ rig }, stream) => {
          const events = await rig.events(stream);
          const decided = [
            ...["deletion asks @jonas @maria about head 1", "maria refuses head 1", "deletion is over for head 1"],
            "head 2 is merged",
          ];
          return [
            ...differs("its gates", gatesIn(events), decided.join(", ")),
            ...differs("the reason that is kept", dataOf(events, "HUMAN_GATE_REJECTED")[0]?.reason, REASON),
            ...(told.size > 0 && [...told].every((task) => task.includes(`maria:\n${REASON}`)) ? [] : ["Dev-E was not told why"]),
          ];
        },
      },
    ],
    play: async (stage, tell) => {
      const jonas = personIn(stage, "jonas");
      const number = await jonas.openIssue(issue);
      await jonas.label(number, "agent-ready");
      const stream = streamOf(stage, number);
      await refuse(stage, stream, (sentence) => tell(stream, sentence));
      return [number];
    },
  };
};
