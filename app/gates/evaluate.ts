/** The whole judgement over one head: which gates it raises, who may open each, what was said, and what that comes to. Pure. */
import { approversOf, entitled, type Judgement, judge, orphanPaths, type ReviewFact, type Weighed } from "./approval.ts";
import { type Owners, readOwners } from "./codeowners.ts";
import type { Changes, GateSettings } from "./gate.ts";
import { gatesUnder, type Raised, raisedGates } from "./index.ts";

/** What was read of the pull request. */
export interface PullRequestFacts {
  readonly headSha: string;
  readonly changes: Changes;
  readonly owners: {
    readonly path?: string;
    readonly text?: string;
    readonly errors: readonly { readonly line: number; readonly message: string }[];
    readonly unreadable?: string;
  };
  readonly teams: Readonly<Record<string, readonly string[]>>;
  readonly reviews: readonly ReviewFact[];
  readonly madeBy: readonly string[];
  readonly makersUnknown?: string;
  readonly siblings: readonly number[];
}

/** What the repository and the history say besides. */
export interface Standing {
  readonly settings: Readonly<Record<string, GateSettings>>;
  /** Ids of the Rig's own accounts. */
  readonly ours: readonly number[];
  /** When each gate was raised for this head, where that is kept. */
  readonly openedAt: Readonly<Record<string, Date>>;
  /** Whoever asked for the change, and whether they may approve it too. */
  readonly requester?: { readonly login: string; readonly mayApprove: boolean };
  /** What is wrong with the repository itself, each as a sentence: while it is, nothing is green (R14, R16). */
  readonly faults: readonly string[];
}

export interface GateResult extends Raised {
  /** Every path that raised it. */
  readonly paths: readonly string[];
  readonly approvers: readonly string[];
  readonly judgement: Judgement;
  readonly reviews: readonly Weighed[];
  /** Why nobody can open it as things are (R12c). */
  readonly obstacle?: string;
  /** The person who approves is the one who asked for it, and nobody else could: "second person" does not hold. */
  readonly solo?: string;
}

export interface Evaluation {
  readonly headSha: string;
  /** Every gate that was asked, by name, with why it is there. */
  readonly asked: readonly { readonly name: string; readonly why: string }[];
  readonly raised: readonly GateResult[];
  /** `blocked`: it cannot be evaluated, or nobody can open a gate. It fails closed. */
  readonly state: "success" | "waiting" | "rejected" | "blocked";
  /** Why it is blocked, each as a sentence. */
  readonly obstacles: readonly string[];
}

export function evaluate(facts: PullRequestFacts, standing: Standing): Evaluation {
  const gates = gatesUnder(standing.settings);
  const owners = ownersIn(facts);
  const raised = raisedBy(facts, standing.settings).map((one) => resultOf(one, facts, standing, owners));
  const obstacles = [...new Set([...obstaclesOf(facts, standing, raised.length > 0), ...raised.flatMap(({ obstacle }) => obstacle ?? [])])];
  const is = (state: Judgement["state"]) => raised.some(({ judgement }) => judgement.state === state);
  const state = obstacles.length > 0 ? "blocked" : is("rejected") ? "rejected" : is("waiting") ? "waiting" : "success";
  return { headSha: facts.headSha, asked: gates.map(({ name, why }) => ({ name, why })), raised, state, obstacles };
}

const known = new WeakMap<Changes, { readonly under: string; readonly raised: readonly Raised[] }>();

/** What a head raises. It is asked many times in one look, and always the same: the last answer is kept as long as the facts are. */
export function raisedBy(
  { changes, owners }: Pick<PullRequestFacts, "changes" | "owners">,
  settings: Standing["settings"],
): readonly Raised[] {
  const under = JSON.stringify([settings, owners.text ?? null]);
  const before = known.get(changes);
  if (before?.under === under) return before.raised;
  const readable = ownersIn({ owners });
  const raised = raisedGates(changes, gatesUnder(settings), readable ? { owners: readable } : {});
  known.set(changes, { under, raised });
  return raised;
}

const ownersIn = ({ owners }: Pick<PullRequestFacts, "owners">): Owners | undefined =>
  owners.text === undefined || owners.unreadable ? undefined : readOwners(owners.text);

function resultOf(raised: Raised, facts: PullRequestFacts, standing: Standing, owners: Owners | undefined): GateResult {
  const { gate, evidence } = raised;
  const paths = [...new Set(evidence.map(({ path }) => path))];
  const openedAt = standing.openedAt[gate.name];
  const { requester } = standing;
  const approval = {
    ...{ gate: gate.name, headSha: facts.headSha, paths, teams: facts.teams, reviews: facts.reviews, madeBy: facts.madeBy },
    ours: standing.ours,
    ...(openedAt ? { openedAt } : {}),
    ...(owners ? { owners } : {}),
    ...(gate.approvers ? { approvers: gate.approvers } : {}),
    ...(requester && !requester.mayApprove ? { requester: requester.login } : {}),
  };
  const { judgement, reviews } = judge(approval);
  const obstacle = facts.changes.complete ? nobodyCan(approval, facts, owners) : unread(facts.changes);
  const approvers = approversOf(approval);
  const alone = requester && approvers.length === 1 && approvers[0]?.toLowerCase() === `@${requester.login.toLowerCase()}`;
  return {
    ...{ ...raised, paths, approvers, reviews },
    judgement: obstacle && judgement.state === "approved" ? { state: "waiting", because: obstacle } : judgement,
    ...(obstacle ? { obstacle } : {}),
    ...(alone ? { solo: requester.login } : {}),
  };
}

/** R12c: why the owners of what raised a gate cannot be relied on. */
function nobodyCan(approval: Parameters<typeof orphanPaths>[0], facts: PullRequestFacts, owners: Owners | undefined): string | undefined {
  const orphan = () => orphanPaths(approval)[0];
  if (approval.approvers) {
    return orphan() === undefined ? undefined : `Everyone who may open it (${approval.approvers.join(", ")}) made the change.`;
  }
  if (facts.owners.unreadable) return `CODEOWNERS could not be read: ${facts.owners.unreadable}`;
  if (!owners)
    return facts.owners.text === undefined
      ? "The default branch has no CODEOWNERS file: nobody can open the gate. Add one that names owners."
      : "CODEOWNERS has 3 MB or more, and GitHub takes no such file.";
  const faulty = faultOn(approval.paths, facts, owners);
  if (faulty) return faulty;
  const path = orphan();
  if (path === undefined) return undefined;
  const named = entitled(path, approval);
  return named.length === 0
    ? `CODEOWNERS names no owner for ${path}: nobody can open the gate. Name one on the default branch.`
    : `${named.join(", ")} made the change and nobody else owns ${path}: a second owner has to be named in CODEOWNERS.`;
}

/** A line of CODEOWNERS that GitHub passes over, or finds fault with, and that is about one of these paths. */
function faultOn(paths: readonly string[], { owners: { path: file = "CODEOWNERS", errors } }: PullRequestFacts, owners: Owners) {
  const passedOver = owners.invalid.find(({ touches }) => paths.some(touches));
  if (passedOver) return `Line ${passedOver.line} of ${file} is not valid (${passedOver.because}) and is about what raised the gate.`;
  const bad = errors.find(({ line }) => {
    const rule = owners.rules.find((one) => one.line === line);
    // A line that we could not find either way is taken to be about everything.
    if (!rule) return !owners.invalid.some((one) => one.line === line);
    return paths.some((path) => owners.ruleFor(path)?.line === line);
  });
  return bad ? `Line ${bad.line} of ${file} is about what raised the gate, and GitHub says of it: ${bad.message}` : undefined;
}

const unread = ({ because }: Changes): string =>
  `Not every change could be read (${because ?? "unknown"}): every gate is raised, and none can be opened.`;

/** What keeps the whole head from being judged (R12c, R16). */
function obstaclesOf(facts: PullRequestFacts, { faults }: Standing, raised: boolean): readonly string[] {
  const { makersUnknown, siblings } = facts;
  return [
    ...(raised && makersUnknown ? [`It is not known of everybody who made the change: ${makersUnknown}`] : []),
    ...(siblings.length > 0
      ? [
          `${siblings.map((number) => `#${number}`).join(", ")} has the same head, and a check belongs to a commit: close one of them, or push.`,
        ]
      : []),
    ...faults,
  ];
}
