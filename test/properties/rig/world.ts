/** The world that stories happen in: who is there, what is asked for, and what machines make of it. */
import { type Account, addEvent, createGitHub, type GitHub, type Issue, type Role, rigBot } from "../github/state.ts";
import type { Agenda } from "./agenda.ts";
import { CTO } from "./conductor.ts";
import { type Fates, goodFates } from "./fates.ts";
import { firstTree } from "./files.ts";
import { createMachines, type Machines } from "./machines.ts";
import { CODEOWNERS, type Ownership, ownerships } from "./ownership.ts";
import type { Reports } from "./reports.ts";

export interface Setup {
  readonly policy: string;
  /** Who owns what at first. */
  readonly owned?: Ownership;
  readonly issues: readonly {
    readonly body: string;
    readonly files: readonly string[];
    readonly fates: Fates;
    /** The Rig's own label is on it: it opened the issue for an incident, or it did not. */
    readonly labelled?: "filed" | "for nothing";
  }[];
  /** How often each webhook in turn arrives: 0 lost, 1, 2 doubled. After the last one each arrives once. */
  readonly arrivals: readonly number[];
}

export const start = new Date("2026-11-22T09:00:00.000Z");

const person = (login: string, id: number, role: Role): readonly [Account, Role] => [{ login, id, type: "User" }, role];
const cast: readonly (readonly [Account, Role])[] = [
  person("jonas", 20, "write"),
  person(CTO, 21, "admin"),
  person("paula", 22, "maintain"),
  person("tom", 23, "triage"),
  person("rita", 24, "read"),
  [{ login: "renovate[bot]", id: 30, type: "Bot" }, "write"],
];

/** `nth` tells the repositories of several worlds apart. */
export function openWorld({ policy, issues, owned = "one" }: Setup, now: () => Date, nth: number): GitHub {
  const settings = new Map([
    [".github/rig.yml", policy],
    [CODEOWNERS, ownerships[owned]],
  ]);
  const github = createGitHub(now, nth, firstTree(settings));
  github.teams.set("acme/owners", new Set([CTO, "jonas"]));
  for (const [account, role] of cast) {
    github.people.set(account.login, account);
    github.permissions.set(account.login, role);
  }
  for (const [index, { body, labelled }] of issues.entries()) {
    const number = index + 1;
    const title = `Matter ${number}: round prices half up`;
    const issue: Issue = { number, title, body, open: true, locked: false, labels: labelled ? ["agent-ready"] : [], events: [] };
    github.issues.set(number, issue);
    if (labelled) addEvent(github, issue, "labeled", rigBot, "agent-ready");
    if (labelled === "filed") github.filed.set(number, { title, body, wanted: policy.includes("autoReady: true") });
  }
  return github;
}

/** What the Rig writes sets machines in motion. */
export function animate(github: GitHub, agenda: Agenda, reports: Reports, { policy, issues }: Setup): Machines {
  const of = (issue: number) => issues[issue - 1];
  const machines = createMachines({
    ...{ github, agenda, reports },
    fatesOf: (issue) => of(issue)?.fates ?? goodFates,
    filesOf: (issue) => of(issue)?.files ?? ["src/price.mjs"],
  });
  const released = new Set<string>();
  /** Where the repository deploys by itself, a merge does it. */
  const release = (): void => {
    const sha = github.main.at(-1);
    if (!sha || github.main.length === 1 || released.has(sha) || !policy.includes("deploy") || policy.includes("workflow")) return;
    released.add(sha);
    machines.deploy("production", sha);
  };
  github.wrote = ({ call, data }) => {
    const run = call === "dispatch" ? github.runs.find(({ id }) => id === data.workflowRun) : undefined;
    if (run) agenda.at(github.now(), () => machines.started(run));
    if (call === "merge") agenda.at(github.now(), release);
  };
  return machines;
}
