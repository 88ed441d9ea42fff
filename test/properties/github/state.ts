/** A GitHub in memory: one repository, as much of it as the Rig looks at. People and machines change it, and it keeps a log of what the Rig wrote. */
import { createHash } from "node:crypto";

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
  readonly head: string;
  readonly at: Date;
  readonly body: string;
}

export interface Pull {
  readonly number: number;
  readonly branch: string;
  readonly issue: number;
  readonly commits: { readonly sha: string; readonly tree: string; readonly by: Account }[];
  readonly reviews: Review[];
  readonly files: readonly string[];
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

export interface GitHub {
  readonly place: { readonly owner: string; readonly name: string; readonly id: number; readonly installationId: number };
  readonly people: Map<string, Account>;
  readonly permissions: Map<string, Role>;
  readonly issues: Map<number, Issue>;
  readonly comments: Comment[];
  readonly pulls: Map<number, Pull>;
  readonly checks: Check[];
  readonly runs: WorkflowRun[];
  readonly deployments: Deployment[];
  /** The default branch, oldest first. */
  readonly main: string[];
  readonly files: Map<string, string>;
  readonly writes: Write[];
  /** Answers that the next calls of a name get instead of their own. */
  readonly faults: Map<string, number[]>;
  /** How many of these were served. */
  faulted: number;
  readonly now: () => Date;
  /** Hears of every change that GitHub would send a webhook about. */
  tell: (hint: Hint) => void;
  /** Hears of every write at the moment it takes effect. */
  wrote: (write: Write) => void;
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
  | { readonly releases: true }
  | { readonly everything: true };

export const rigBot: Account = { login: "rig[bot]", id: 900, type: "Bot" };
export const reviewBot: Account = { login: "review-e[bot]", id: 901, type: "Bot" };
export const RIG_APP = 7;
const CI_APP = 15368;

export const createGitHub = (now: () => Date, nth = 0): GitHub => ({
  place: { owner: "acme", name: nth === 0 ? "shop" : `shop-${nth}`, id: 4242 + nth, installationId: 1 + nth },
  people: new Map(),
  permissions: new Map(),
  issues: new Map(),
  comments: [],
  pulls: new Map(),
  checks: [],
  runs: [],
  deployments: [],
  main: [shaOf("main@0")],
  files: new Map(),
  writes: [],
  faults: new Map(),
  faulted: 0,
  now,
  tell: () => {},
  wrote: () => {},
  doing: undefined,
  lastId: 5000 + nth * 100_000,
});

export const shaOf = (name: string): string => createHash("sha1").update(name).digest("hex");

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
