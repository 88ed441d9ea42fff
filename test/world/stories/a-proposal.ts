import type { Proposal } from "../../../app/domain/events.ts";
import { repositoryStream } from "../../../app/domain/ids.ts";
import { asUser } from "../github/as-user.ts";
import { type Conversation, call, type Line } from "../model.ts";
import { personIn } from "./person.ts";
import { afterSeeing, approve, bash, finish, green, noting, priced, TESTS, testAnd } from "./script.ts";
import { dataOf, differs, type Stage, type Story, taken, toProduction, until } from "./story.ts";

const wish = { title: "Wrap an order as a gift", body: "My aunt would like that. Please print the bill without prices, too." };

const wanted: Proposal = {
  kind: "test",
  title: "Test that an empty cart costs nothing",
  what: "No test says what an empty cart costs. Add one to `test/cart.test.mjs`: the total of no lines is 0.",
  rationale: "The till shows the total before anything is in the cart.",
  evidence: ["test/cart.test.mjs has no such case", "#1 will change how totals are made"],
  complexity: "small",
};
const unwanted: Proposal = { ...wanted, kind: "feature", title: "Print receipts in colour", what: "Colour in `src/app.mjs`." };
const known: Proposal = { ...wanted, kind: "feature", title: "Wrapping of orders as gifts", what: "Wrap them." };
const again: Proposal = { ...unwanted, title: "Colour printing of receipts" };

const EMPTY = `cat >> test/cart.test.mjs <<'END'

test("an empty cart costs nothing", () => {
  assert.equal(total([]), 0);
});
END
${TESTS}`;

const propose = (...proposals: readonly Proposal[]): Line => call("propose", { summary: "What the brief and the code show.", proposals });

/** Maria starts Architect-E by its workflow; what it then proposes depends on what it is told. */
async function askArchitect({ world, shop }: Stage): Promise<void> {
  await asUser(world.github, world.people.maria.token).rest.actions.createWorkflowDispatch({
    ...{ owner: shop.owner, repo: shop.name, workflow_id: "architect-e.yml", ref: "main" },
  });
}

export const aProposal = (): Story => {
  const briefs = { first: new Set<string>(), second: new Set<string>() };
  const tasks = new Set<string>();
  return {
    name: "A proposal",
    shows: "Architect-E proposes work: a person has one of it done, closes another, and what is known or was rejected does not come again.",
    at: "atelier",
    parts: [
      {
        issue: { title: wanted.title, body: "" },
        scripts: {
          implement: [
            noting(tasks, bash("A test, as the issue wants it.", EMPTY)),
            afterSeeing(green, finish("Test the empty cart", "The total of no lines is 0, and a test says so.")),
          ],
          review: [
            testAnd("What does it cost?", `import { total } from "./src/cart.mjs"; console.log("costs", total([]));`),
            afterSeeing(/Exit code 0\.[\s\S]*costs 0/, approve("The test holds what the issue says.")),
          ],
        },
        history: ["ISSUE_APPROVED", ...taken, ...toProduction],
        missing: async ({ rig, shop }) => {
          const events = await rig.events(repositoryStream(shop.owner, shop.name));
          const told = events.flatMap(({ type }) => (type.startsWith("PROPOSAL_") ? [type] : [])).toSorted();
          const [first, second] = [[...briefs.first].join(), [...briefs.second].join()];
          return [
            ...differs(
              "what became of the proposals",
              told.join(" "),
              "PROPOSAL_APPROVED PROPOSAL_CREATED PROPOSAL_CREATED PROPOSAL_REJECTED PROPOSAL_SKIPPED PROPOSAL_SKIPPED",
            ),
            ...(first.includes(wish.title) && first.includes(wish.body) ? [] : ["Architect-E was not told what users say"]),
            ...(second.includes(unwanted.title) ? [] : ["Architect-E was not told what was rejected"]),
            ...([...tasks].every((task) => task.includes(wanted.what)) && tasks.size > 0 ? [] : ["Dev-E was not told what was proposed"]),
          ];
        },
      },
    ],
    play: async (stage, tell) => {
      const [maria, jonas] = [personIn(stage, "maria"), personIn(stage, "jonas")];
      const home = repositoryStream(stage.shop.owner, stage.shop.name);
      const isRound = ({ system, task }: Conversation) => system.startsWith("You are Architect-E") && task.includes(stage.shop.fullName);
      const isSecond = (conversation: Conversation) => isRound(conversation) && conversation.task.includes("rejected by maria");
      const look = bash("What is there?", "git log --oneline | head -5 && ls test");
      stage.world.model.script(isSecond, priced([noting(briefs.second, look), propose(again)]));
      stage.world.model.script(isRound, priced([noting(briefs.first, look), propose(wanted, known, unwanted)]));

      await jonas.openIssue({ ...wish, labels: ["feedback"] });
      await askArchitect(stage);
      await until(stage, home, "PROPOSAL_CREATED", { nth: 2 });
      const created = dataOf(await stage.rig.events(home), "PROPOSAL_CREATED");
      const numberOf = (title: string) => created.find((proposal) => proposal.title === title)?.issueNumber ?? 0;
      const number = numberOf(wanted.title);
      tell(home, "Architect-E proposes two; the third is what jonas asked for already");

      await maria.close(numberOf(unwanted.title));
      await until(stage, home, "PROPOSAL_REJECTED");
      await maria.label(number, "agent-ready");
      await until(stage, home, "PROPOSAL_APPROVED");
      tell(home, "maria has one of them done, and closes the other");
      await askArchitect(stage);
      await until(stage, home, "PROPOSAL_SKIPPED", { nth: 2 });
      tell(home, "Architect-E brings the rejected one in other words, and nobody is asked again");
      return [number];
    },
  };
};
