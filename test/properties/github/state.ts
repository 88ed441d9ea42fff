/** A GitHub in memory: one repository, as much of it as the Rig looks at. People and machines change it, and it keeps a log of what the Rig wrote. */
import { type Commit, shaOf, type Tree } from "./commits.ts";
import type { MergeCall } from "./merge-call.ts";

export const roles = ["none", "read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

export interface Account {
  readonly login: string;
  readonly id: number;
  readonly type: "User" | "Bot";
}

export interface TimelineEvent {
  readonly id: number;
  readonly event: string;
  readonly by: Account;
  readonly at: Date;
  readonly label?: string;
}

export interface Comment {
  readonly id: number;
  readonly on: number;
  readonly by: Account;
  body: string;
  readonly at: Date;
}

export interface Issue {
  readonly number: number;
  title: string;
  body: string;
  open: boolean;
  locked: boolean;
  gone?: "deleted" | "transferred";
  labels: string[];
  closedBy?: string;
  /** The last change of the body. */
  edited?: { readonly by: string; readonly at: Date };
  readonly events: TimelineEvent[];
}

export interface Review {
  readonly id: number;
  readonly by: Account;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  /** What it was before somebody dismissed it, and who that was. */
  dismissed?: { readonly id: number; readonly from: Review["state"]; readonly by: Account; readonly at: Date };
  readonly head: string;
  readonly at: Date;
  readonly body: string;
}

export interface Pull {
  readonly number: number;
  readonly branch: string;
  /** What it was made for; 0: a person's own. */
  readonly issue: number;
  readonly by: Account;
  /** Name of the branch it is to be merged into. */
  base: string;
  readonly commits: Commit[];
  readonly reviews: Review[];
  labels: string[];
  state: "open" | "closed";
  mergeSha?: string;
  mergedAt?: Date;
  closedBy?: string;
  draft: boolean;
  mergeable: boolean;
  /** GitHub's rules say no to the next so many merges. */
  refusals: number;
}

export interface Check {
  readonly id: number;
  readonly name: string;
  readonly head: string;
  readonly appId: number;
  /** What its App wrote on it for itself. */
  readonly about?: string;
  status: "in_progress" | "completed";
  conclusion: string | null;
  readonly at: Date;
}

export interface WorkflowRun {
  readonly id: number;
  readonly workflow: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  status: "queued" | "in_progress" | "completed";
  conclusion: string | null;
  superseded: boolean;
}

export interface Deployment {
  readonly id: number;
  readonly environment: string;
  readonly sha: string;
  readonly createdAt: Date;
  state: "pending" | "success" | "failure";
}

/** One call of the Rig that changed something. */
export interface Write {
  readonly call: string;
  readonly at: Date;
  /** The key of the command that was being carried out. */
  readonly key: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Branch {
  sha: string;
  readonly protected: boolean;
}

export interface Push {
  readonly branch: string;
  readonly sha: string;
  readonly by: Account;
  readonly at: Date;
}

export interface Press {
  readonly id: number;
  readonly check: number;
  readonly head: string;
  readonly by: Account;
  readonly at: Date;
}

export interface GitHub {
  readonly place: { readonly owner: string; readonly name: string; readonly id: number; readonly installationId: number };
  readonly people: Map<string, Account>;
  readonly permissions: Map<string, Role>;
  readonly issues: Map<number, Issue>;
  /** The text of issues that the Rig opened for an incident, by number, and whether the repository wants those handed over. */
  readonly filed: Map<number, { readonly title: string; readonly body: string; readonly wanted: boolean }>;
  readonly comments: Comment[];
  readonly pulls: Map<number, Pull>;
  readonly checks: Check[];
  readonly runs: WorkflowRun[];
  readonly deployments: Deployment[];
  /** The default branch, oldest first. */
  readonly main: string[];
  readonly commits: Map<string, Commit>;
  /** Branches beside the default branch and those of pull requests. */
  readonly branches: Map<string, Branch>;
  /** Who pushed what where, oldest first. */
  readonly pushes: Push[];
  /** Members by team: `acme/owners` → logins. */
  readonly teams: Map<string, Set<string>>;
  /** Who pressed a check's button to approve. */
  readonly presses: Press[];
  readonly writes: Write[];
  /** The world at each call that asked for a merge. */
  readonly merges: MergeCall[];
  /** Answers that the next calls of a name get instead of their own. */
  readonly faults: Map<string, number[]>;
  /** How many of these were served. */
  faulted: number;
  readonly now: () => Date;
  /** Hears of every change that GitHub would send a webhook about. */
  tell: (hint: Hint) => void;
  /** Hears of every write at the moment it takes effect. */
  wrote: (write: Write) => void;
  /** How much the test's own journal has, so that what is kept here can be put in its order. */
  moment: () => number;
  doing: string | undefined;
  lastId: number;
}

/** What a webhook would say: look there. */
export type Hint =
  | { readonly issue: number }
  | { readonly pullRequest: number }
  | { readonly branch: string }
  | { readonly headSha: string }
  | { readonly workflowRunId: number }
  | { readonly comment: number }
  | { readonly press: { readonly checkRunId: number; readonly action: string; readonly by: number }; readonly guid: string }
  | { readonly releases: true }
  | { readonly everything: true };

export const rigBot: Account = { login: "rig[bot]", id: 900, type: "Bot" };
export const reviewBot: Account = { login: "review-e[bot]", id: 901, type: "Bot" };
export const RIG_APP = 7;
export const CI_APP = 15368;
const founder: Account = { login: "founder", id: 1, type: "User" };
const first = shaOf("main@0");

export const createGitHub = (now: () => Date, nth = 0, tree: Tree = new Map()): GitHub => ({
  place: { owner: "acme", name: nth === 0 ? "shop" : `shop-${nth}`, id: 4242 + nth, installationId: 1 + nth },
  people: new Map(),
  permissions: new Map(),
  issues: new Map(),
  filed: new Map(),
  comments: [],
  pulls: new Map(),
  checks: [],
  runs: [],
  deployments: [],
  main: [first],
  commits: new Map([[first, { sha: first, tree, author: founder, committer: founder }]]),
  branches: new Map([["release", { sha: first, protected: true }]]),
  pushes: [],
  teams: new Map(),
  presses: [],
  writes: [],
  merges: [],
  faults: new Map(),
  faulted: 0,
  now,
  tell: () => {},
  wrote: () => {},
  moment: () => 0,
  doing: undefined,
  lastId: 5000 + nth * 100_000,
});

export function nextId(github: GitHub): number {
  github.lastId += 1;
  return github.lastId;
}

/** GitHub's times have no fractions of a second. */
export const stamp = (github: GitHub): Date => new Date(Math.floor(github.now().getTime() / 1000) * 1000);

export const headOf = ({ commits }: Pull): string => commits.at(-1)?.sha ?? "";

/** The numbers of issues and pull requests are one series. */
export const nextNumber = ({ issues, pulls }: GitHub): number => Math.max(0, ...issues.keys(), ...pulls.keys()) + 1;

export function note(github: GitHub, call: string, data: Readonly<Record<string, unknown>>): void {
  const write = { call, at: github.now(), key: github.doing, data };
  github.writes.push(write);
  github.wrote(write);
}

export function addEvent(github: GitHub, issue: Issue, event: string, by: Account, label?: string): void {
  issue.events.push({ id: nextId(github), event, by, at: stamp(github), ...(label === undefined ? {} : { label }) });
}

export function checkOn(github: GitHub, head: string, conclusion: string | null): void {
  const status = conclusion === null ? "in_progress" : "completed";
  const known = github.checks.find((check) => check.head === head && check.appId === CI_APP);
  if (known) Object.assign(known, { status, conclusion });
  else github.checks.push({ id: nextId(github), name: "test", head, appId: CI_APP, status, conclusion, at: stamp(github) });
}
