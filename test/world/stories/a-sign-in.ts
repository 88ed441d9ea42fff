import type { StreamId } from "../../../app/domain/ids.ts";
import { messagesIn } from "./effects.ts";
import { gatesIn, raised } from "./gates.ts";
import { MARIA, personIn } from "./person.ts";
import { afterSeeing, approve, bash, finish, green, held, TESTS, testAnd } from "./script.ts";
import { dataOf, differs, opened, type Stage, type Story, sees, streamOf, taken, toProduction, until } from "./story.ts";

const PATH = "src/auth/sign-in.mjs";
const signIn = (locked: string) => `import { scryptSync, timingSafeEqual } from "node:crypto";

const MOST_FAILURES = 5;
/** Wrong passwords in a row, by address. */
const failures = new Map();

/** What is kept of a password. */
export const digestOf = (password, salt) => scryptSync(password, salt, 32);

/** The customer who has this address and this password. After too many wrong ones nobody signs in with the address. */
export function signIn(customers, { email, password }) {
  const failed = failures.get(email) ?? 0;
  if (failed >= MOST_FAILURES) throw new Error("${locked}");
  const customer = customers.find((known) => known.email === email);
  const isRight = customer && timingSafeEqual(digestOf(password, customer.salt), customer.digest);
  failures.set(email, isRight ? 0 : failed + 1);
  if (!isRight) throw new Error("The address or the password is wrong.");
  return customer;
}
`;
const [misspelt, wellSpelt] = ["To many wrong passwords: ask us to unlock it.", "Too many wrong passwords: ask us to unlock it."] as const;
const LOCK = `cat > ${PATH} <<'END'
${signIn(misspelt)}END
cat >> test/sign-in.test.mjs <<'END'

test("after five wrong passwords not even the right one is taken", () => {
  const cleo = { email: "cleo@example.com", salt: "tea", digest: digestOf("oolong", "tea") };
  for (const password of ["a", "b", "c", "d", "e"]) assert.throws(() => signIn([cleo], { email: cleo.email, password }), /is wrong/);
  assert.throws(() => signIn([cleo], { email: cleo.email, password: "oolong" }), /many wrong passwords/);
});
END
${TESTS}`;
const GUESS = `import { signIn } from "./src/auth/sign-in.mjs";
for (const password of ["1", "2", "3", "4", "5", "6"]) {
  try { signIn([], { email: "guest@example.com", password }); } catch ({ message }) { console.log(password, message); }
}`;

const issue = {
  title: "Let nobody guess passwords",
  body: "Somebody tried hundreds of passwords for one address. After five wrong ones in a row it has to be locked until we unlock it.",
};

/** Maria is called, and called again by a message that takes the place of the one before. */
async function reminded(stage: Stage, stream: StreamId): Promise<void> {
  const calls = () => messagesIn(stage, "admin", `"${stream}: `);
  const first = await sees("#admin to call Maria", () => calls().find(({ content }) => content === MARIA));
  await sees("a reminder in the place of the call before", () => {
    const [only, ...others] = calls();
    const isReminder = only?.content === MARIA && JSON.stringify(only.embeds).includes("still waits");
    return others.length === 0 && isReminder && only.id !== first.id;
  });
}

export const aSignIn = (): Story => {
  const verdict = held(afterSeeing(/Exit code 0\.[\s\S]*6 Too? many wrong/, approve("The sixth try is refused, whoever it is.")));
  return {
    name: "A sign-in",
    shows: "The change touches sign-in: Maria is reminded and approves; a later push voids that, and she approves what is merged.",
    at: "market",
    parts: [
      {
        issue,
        scripts: {
          implement: [
            bash("Who signs in, and how?", `cat ${PATH} test/sign-in.test.mjs`),
            bash("Wrong passwords in a row are counted, and a test does so too.", LOCK),
            afterSeeing(
              green,
              finish(
                "Lock an address after five wrong passwords",
                "The sixth try is refused, even with the right password. A test holds that.",
              ),
            ),
          ],
          review: [testAnd("And an address that nobody has?", GUESS), verdict.line],
        },
        history: [
          ...(["ISSUE_APPROVED", ...taken, ...opened, "CI_PASSED", "REVIEW_REQUESTED", "RUN_REQUESTED", "WORK_STARTED"] as const),
          ...(["HUMAN_GATE_APPROVED", "PR_UPDATED", "CI_PASSED", "REVIEW_REQUESTED"] as const),
          ...(["RUN_FINISHED", "RUN_REQUESTED", "WORK_STARTED", "RUN_FINISHED", "REVIEW_PASSED", "HUMAN_GATE_APPROVED"] as const),
          ...toProduction.slice(toProduction.indexOf("MERGE_REQUESTED")),
        ],
        makes: { reviewRuns: 2, reviews: 1, heads: 2, comments: 2, requests: 1 },
        missing: async ({ rig }, stream) => {
          const events = await rig.events(stream);
          const again = dataOf(events, "HUMAN_GATE_TRIGGERED").at(-1)?.sameAs?.approvedBy;
          const decided = [
            ...["auth asks @maria about head 1", "maria opens auth for head 1 by review", "auth is over for head 1"],
            ...["auth asks @maria about head 2", "maria opens auth for head 2 by review", "head 2 is merged"],
          ];
          return [
            ...differs("its gates", gatesIn(events), decided.join(", ")),
            ...differs("who approved the same before, as the second request says", again, "maria"),
            ...differs("who pushed the second head", dataOf(events, "PR_UPDATED")[0]?.pushedBy, "jonas"),
            ...(events.some(({ type }) => type === "HUMAN_GATE_REMINDER") ? [] : ["nobody was reminded"]),
          ];
        },
      },
    ],
    play: async (stage, tell) => {
      const [maria, jonas] = [personIn(stage, "maria"), personIn(stage, "jonas")];
      const number = await jonas.openIssue(issue);
      await jonas.label(number, "agent-ready");
      const stream = streamOf(stage, number);
      const first = await raised(stage, stream);
      await reminded(stage, stream);
      tell(stream, "#admin calls maria again, in the place of the first call");
      await sees("Review-E to be almost done", verdict.isReached);
      await maria.approve(first, "Nobody guesses one in five tries.");
      await until(stage, stream, "HUMAN_GATE_APPROVED");

      const { branch } = (await until(stage, stream, "PR_CREATED")).data;
      await jonas.push({ branch, files: { [PATH]: signIn(wellSpelt) }, message: "Spell it well" });
      tell(stream, "jonas mends the spelling on the agent's branch: what maria approved is not what would be merged");
      const second = await raised(stage, stream, 2);
      await until(stage, stream, "REVIEW_REQUESTED", { nth: 2 });
      verdict.goOn();
      await until(stage, stream, "REVIEW_PASSED");
      await sees("the merge to wait for Maria alone", async () =>
        dataOf(await stage.rig.events(stream), "MERGE_BLOCKED").some(
          ({ headSha, reasons }) => headSha === second.headSha && reasons.join(" ") === "Waiting for a person: auth.",
        ),
      );
      await maria.approve(second, "It is spelt well, and otherwise the same.");
      return [number];
    },
  };
};
