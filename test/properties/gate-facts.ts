/** What a gate is judged by, made by chance; and R12 said again, in the plainest words. */
import fc from "fast-check";
import type { ReviewFact } from "../../app/gates/approval.ts";
import type { GateResult, PullRequestFacts, Standing } from "../../app/gates/evaluate.ts";
import { edited } from "../../bench/gates/change.ts";
import { shaOf } from "./github/commits.ts";
import { kinds } from "./rig/files.ts";
import { type Ownership, ownerships, ownersIn } from "./rig/ownership.ts";

export interface Judged {
  readonly seen: PullRequestFacts;
  readonly standing: Standing;
}

const [head, before] = [shaOf("head"), shaOf("the head before")];
const RIG = 900;
const ids: Readonly<Record<string, number>> = { jonas: 20, maria: 21, paula: 22, tom: 23, "renovate[bot]": 30, "rig[bot]": RIG };
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 22, 9, minute));
/** The gates were raised then. */
const RAISED = 30;

interface Said {
  readonly by: string;
  readonly minute: number;
  readonly state?: ReviewFact["state"];
  readonly head?: string;
  readonly canWrite?: boolean;
  readonly gates?: readonly string[];
}

export const review = ({ by, minute, state = "APPROVED", head: of = head, canWrite = true, gates }: Said): ReviewFact => ({
  ...{ id: minute * 10 + (ids[by] ?? 0), by, byId: ids[by] ?? 0, byType: by.endsWith("[bot]") ? "Bot" : "User", state, commitId: of },
  ...{ submittedAt: at(minute), body: "", canWrite, ...(gates ? { gates } : {}) },
});

export const withReviews = ({ seen, standing }: Judged, change: (reviews: readonly ReviewFact[]) => readonly ReviewFact[]): Judged => ({
  standing,
  seen: { ...seen, reviews: change(seen.reviews) },
});

const mostly = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });

const gateNames = [...new Set(kinds.flatMap(({ gates }) => gates))];

const reviews: fc.Arbitrary<readonly ReviewFact[]> = fc
  .array(
    fc.record({
      by: mostly("maria", "paula", "jonas", "tom", "renovate[bot]", "rig[bot]"),
      minute: mostly(60, 20, RAISED, 45, 61),
      state: mostly<ReviewFact["state"]>("APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"),
      head: mostly(head, before),
      canWrite: mostly(true, false),
      gates: mostly<readonly string[] | undefined>(undefined, ...gateNames.map((name) => [name])),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) => all.map(({ gates, ...said }, index) => ({ ...review({ ...said, ...(gates ? { gates } : {}) }), id: index + 1 })));

const files = fc
  .uniqueArray(fc.constantFrom(...kinds), { minLength: 1, maxLength: 2 })
  .map((all) => all.map(({ path, first = "", text }) => edited(path, first, text("a"))));

export const facts: fc.Arbitrary<Judged> = fc
  .record({
    ...{ files, reviews, text: fc.constantFrom(...(Object.keys(ownerships) as Ownership[])), complete: mostly(true, false) },
    makers: mostly<readonly string[]>(["rig[bot]"], ["maria"], ["jonas", "paula"]),
    teams: mostly<readonly string[]>(["maria", "jonas"], [], ["paula"]),
    siblings: mostly<readonly number[]>([], [8]),
    unknown: mostly<string | undefined>(undefined, "it has too many commits"),
    faults: mostly<readonly string[]>([], ["main may be force-pushed."]),
    errors: mostly<PullRequestFacts["owners"]["errors"]>([], [{ line: 1, message: "Unknown owner" }]),
    requester: mostly<Standing["requester"]>(undefined, { login: "maria", mayApprove: false }, { login: "maria", mayApprove: true }),
  })
  .map(({ files: all, reviews: said, text, complete, makers, teams, siblings, unknown, faults, errors, requester }) => ({
    seen: {
      ...{ headSha: head, changes: { complete, files: all }, owners: { path: "CODEOWNERS", text: ownerships[text], errors } },
      ...{ teams: { "@acme/owners": teams }, reviews: said, madeBy: makers, siblings, ...(unknown ? { makersUnknown: unknown } : {}) },
    },
    standing: {
      ...{ settings: {}, ours: [RIG], openedAt: Object.fromEntries(gateNames.map((name) => [name, at(RAISED)])), faults },
      ...(requester ? { requester } : {}),
    },
  }));

/** Whether R12 lets all of these gates open. */
export function opens({ seen, standing }: Judged, raised: readonly GateResult[]): boolean {
  if (!seen.changes.complete || seen.siblings.length > 0 || standing.faults.length > 0) return false;
  return raised.length === 0 || (!seen.makersUnknown && raised.every((one) => gateOpens(one, { seen, standing })));
}

function gateOpens({ gate, evidence }: GateResult, { seen, standing }: Judged): boolean {
  const words = seen.reviews
    .filter(({ state, gates }) => state !== "COMMENTED" && state !== "PENDING" && (gates === undefined || gates.includes(gate.name)))
    .toSorted((one, other) => one.submittedAt.getTime() - other.submittedAt.getTime() || one.id - other.id);
  const people = [...new Set(words.map(({ by }) => by))].filter((login) => !login.endsWith("[bot]"));
  const last = people.flatMap((login) => words.findLast(({ by }) => by === login) ?? []);
  if (last.some(({ state, canWrite }) => state === "CHANGES_REQUESTED" && canWrite)) return false;
  const { requester } = standing;
  const approvers = last
    .filter(({ state, commitId, canWrite }) => state === "APPROVED" && commitId === head && canWrite)
    .filter(({ submittedAt }) => submittedAt >= at(RAISED))
    .map(({ by }) => by)
    .filter((login) => !seen.madeBy.includes(login) && (requester?.login !== login || requester.mayApprove));
  return evidence.every(({ path }) => {
    const owners = ownersIn(seen.owners.text ?? "", path).flatMap((owner) => seen.teams[`@${owner}`] ?? [owner]);
    return approvers.some((login) => owners.includes(login));
  });
}
