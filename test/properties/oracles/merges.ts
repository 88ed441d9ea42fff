/** P4: whatever is merged had everything that it needs at the very moment of the call, by the world's own state. */
import type { MergeCall } from "../github/merge-call.ts";
import { type Account, CI_APP, headOf, type Review, type Role, reviewBot, rigBot } from "../github/state.ts";
import { gatesOf } from "../rig/files.ts";
import { eventsOf, type Journal } from "../rig/journal.ts";
import { CODEOWNERS, ownersIn } from "../rig/ownership.ts";
import type { Simulation } from "../rig/simulation.ts";
import { at, type Oracle } from "./oracle.ts";

/** What somebody said of a head, as a review, in a comment or by a button. */
interface Word {
  /** Everything in the world is numbered in the order in which it happened. */
  readonly id: number;
  readonly by: Account;
  readonly says: "yes" | "no" | "nothing";
  readonly head: string;
  readonly at: Date;
  /** The only gates it is about; empty: it is about all. */
  readonly gates: readonly string[];
}

export const nothingPassesAGate: Oracle = ({ github, journal }) =>
  github.merges.flatMap((call) => wrongWith(call, journal).map((what) => `${at(call.at)} #${call.pull.number} is merged, and ${what}.`));

/** Gates that a merge had to pass. */
export const gatesPassed = ({ github }: Simulation): readonly string[] =>
  github.merges.flatMap(({ changed }) => [...new Set(changed.flatMap(gatesOf))]);

function wrongWith(call: MergeCall, journal: Journal): readonly string[] {
  const { pull, sha, siblings, changed } = call;
  const words = [...reviewsOf(call), ...spokenIn(call, journal)].toSorted((a, b) => a.id - b.id);
  const objector = [...lastWords(words).values()].find(({ by, says }) => says === "no" && isPerson(by) && mayWrite(call, by));
  const reviewed = pull.reviews.findLast(({ by, head, state }) => by.id === reviewBot.id && head === sha && state !== "COMMENTED");
  const checks = call.checks.filter(({ appId }) => appId === CI_APP);
  return [
    ...when(headOf(pull) !== sha, `its head is ${headOf(pull)}, not ${sha}`),
    ...when(pull.base !== "main", `it goes into ${pull.base}`),
    ...when(siblings.length > 0, `#${siblings} has the same head`),
    ...when(objector !== undefined, `${objector?.by.login} objects`),
    ...when(reviewed?.state !== "APPROVED", `Review-E's word about this head is ${reviewed?.state}`),
    ...when(checks.length === 0 || checks.some(({ conclusion }) => conclusion !== "success"), "its checks are not green"),
    ...issueWrong(call, journal),
    ...[...new Set(changed.flatMap(gatesOf))].flatMap((gate) => notOpen(gate, call, words, journal)),
  ];
}

const when = (wrong: boolean, what: string): readonly string[] => (wrong ? [what] : []);

function issueWrong({ issue, moment }: MergeCall, journal: Journal): readonly string[] {
  if (!issue || issue.gone) return ["its issue is not here any more"];
  const approved = journal.entries
    .filter(({ number, nth }) => number === issue.number && nth <= moment)
    .flatMap(({ events }) => events.filter(({ type }) => type === "ISSUE_APPROVED"))
    .at(-1);
  const text = approved?.type === "ISSUE_APPROVED" ? approved.data : undefined;
  return [
    ...when(text?.title !== issue.title || text?.body !== issue.body, "its issue says something else than was approved"),
    ...when(issue.labels.includes("rig:hold"), "rig:hold is on its issue"),
    ...when(issue.locked, "its issue is locked"),
    ...when(!issue.open, "its issue is closed"),
  ];
}

/** Why not every path that raised a gate was let through by one of its owners. */
function notOpen(gate: string, call: MergeCall, words: readonly Word[], journal: Journal): readonly string[] {
  const { changed, pull, sha, main, teams, madeBy, moment } = call;
  const raised = eventsOf(journal, "HUMAN_GATE_TRIGGERED").findLast(
    ({ entry, data }) => entry.nth <= moment && data.prNumber === pull.number && data.gate === gate && data.headSha === sha,
  );
  if (!raised) return [`nobody was ever asked about its ${gate} gate`];
  const asked = Math.floor(raised.at.getTime() / 1000) * 1000;
  const last = lastWords(words.filter(({ gates }) => gates.length === 0 || gates.includes(gate)));
  const refused = [...last.values()].find(({ by, says: word }) => word === "no" && isPerson(by) && mayWrite(call, by));
  if (refused) return [`${refused.by.login} said no to its ${gate} gate`];
  const approvers = [...last.values()]
    .filter(({ says, head, at: when }) => says === "yes" && head === sha && when.getTime() >= asked)
    .filter(({ by }) => isPerson(by) && mayWrite(call, by) && !madeBy.has(by.login))
    .map(({ by }) => by.login);
  return changed
    .filter((path) => gatesOf(path).includes(gate))
    .filter((path) => {
      const owners = ownersIn(main.get(CODEOWNERS) ?? "", path).flatMap((owner) => [...(teams.get(owner) ?? [owner])]);
      return !approvers.some((login) => owners.includes(login));
    })
    .map((path) => `no owner of ${path} opened its ${gate} gate`);
}

const lastWords = (words: readonly Word[]): ReadonlyMap<number, Word> => new Map(words.map((word) => [word.by.id, word]));

const isPerson = ({ id, type }: Account): boolean => type === "User" && id !== rigBot.id && id !== reviewBot.id;

const writers: ReadonlySet<Role> = new Set(["write", "maintain", "admin"]);
const mayWrite = ({ roles }: MergeCall, { login }: Account): boolean => writers.has(roles.get(login) ?? "none");

const says = { APPROVED: "yes", CHANGES_REQUESTED: "no", DISMISSED: "nothing", COMMENTED: "nothing" } as const;

const reviewsOf = ({ pull }: MergeCall): readonly Word[] =>
  pull.reviews
    .filter(({ state }) => state !== "COMMENTED")
    .map((review) => ({ ...review, gates: [], says: standsAgainst(review) ? "no" : says[review.state] }));

/** A machine does not take back what a person asked for. */
const standsAgainst = ({ dismissed }: Review): boolean => dismissed?.from === "CHANGES_REQUESTED" && dismissed.by.type !== "User";

/** What the Rig heard people say, as far as they did say it. */
const spokenIn = (call: MergeCall, journal: Journal): readonly Word[] =>
  eventsOf(journal, "REVIEW_SPOKEN")
    .filter(({ entry, data }) => entry.nth <= call.moment && data.prNumber === call.pull.number)
    .flatMap(({ data }): readonly Word[] => {
      const { commentId, headSha, verdict, by } = data;
      const comment = call.comments.find(({ id }) => id === commentId);
      const press = call.presses.find((one) => one.check === commentId && one.head === headSha && one.by.login === by);
      const [, verb, head = "", gates = ""] = /^\/rig (approve|reject) (\w+) ?(.*)$/.exec(comment?.body ?? "") ?? [];
      if (press && verdict === "approved") return [{ ...press, says: "yes", gates: [] }];
      if (!comment || verb !== (verdict === "approved" ? "approve" : "reject")) return [];
      const only = verdict === "approved" ? gates.split(" ").filter(Boolean) : [];
      return [{ ...comment, says: verdict === "approved" ? "yes" : "no", head: verdict === "approved" ? head : headSha, gates: only }];
    });
