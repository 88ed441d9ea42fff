/** A shop that has no server of the Rig's: only the caller of the gate check, as its documentation shows it. */
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { asUser } from "../../world/github/as-user.ts";
import { startGitHub } from "../../world/github/github.ts";
import type { BranchRules } from "../../world/github/state/repository.ts";
import { startRunner } from "../../world/runner/runner.ts";
import { callerInDocs } from "./caller.ts";

export const place = { owner: "acme", repo: "shop" } as const;
const RIG = "engineering-rig/engineering-rig";

const files = {
  "README.md": "# Shop\n",
  "src/greet.ts": "export const greet = () => 'hello';\n",
  "db/migrations/0001_start.sql": "create table tills (id int);\n",
  ".github/CODEOWNERS": "* @maria\n",
  ".github/rig.yml": "",
  ".github/workflows/gates.yml": callerInDocs(),
};

export interface ShopOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly rules?: BranchRules;
  /** Without a runner no workflow starts. */
  readonly idle?: true;
}

/** Maria owns the code, Jonas and Petra develop, a guest may look. */
export async function gatedShop(more: ShopOptions = {}) {
  const github = await startGitHub();
  const path = `${dirname(process.execPath)}:${process.env.PATH}`;
  const runner = await startRunner(github.actions, { rigRoot: join(import.meta.dirname, "../../.."), rigRepository: RIG, path });
  if (!more.idle) github.useRunner(runner);
  const people = Object.fromEntries(["maria", "jonas", "petra", "guest"].map((login) => [login, github.createUser(login)]));
  // In whose name GitHub starts the workflows of its merge queue.
  github.createUser("github-merge-queue[bot]");
  github.createOrganization(place.owner);
  const created = await github.createRepository({
    ...{ owner: place.owner, name: place.repo, files: { ...files, ...more.files }, rules: more.rules ?? {} },
    collaborators: { maria: "admin", jonas: "write", petra: "write", guest: "read" },
  });
  const as = (login: string) => asUser(github, people[login]?.token ?? "");
  const push = (branch: string, changes: Readonly<Record<string, string | null>>, message = `Change ${branch}`) =>
    github.pushFiles({ repository: created.fullName, branch, files: changes, message, author: "jonas" });
  return {
    ...{ github, runner, repository: created, as, push },
    /** Jonas pushes a branch and opens a pull request of it. */
    async open(branch: string, changes: Readonly<Record<string, string | null>>, body = "") {
      const headSha = await push(branch, changes);
      const { data } = await as("jonas").rest.pulls.create({ ...place, title: `Change ${branch}`, head: branch, base: "main", body });
      return { number: data.number, headSha };
    },
    say: async (login: string, issue_number: number, body: string) => {
      await as(login).rest.issues.createComment({ ...place, issue_number, body });
      await runner.idle();
    },
    approve: (login: string, pull_number: number, commit_id: string) =>
      as(login).rest.pulls.createReview({ ...place, pull_number, commit_id, event: "APPROVE" }),
    /** The checks of the gates on a commit, whoever wrote them. */
    async checks(ref: string) {
      const { data } = await as("maria").rest.checks.listForRef({ ...place, ref, check_name: "rig/gates", filter: "all" });
      return data.check_runs;
    },
    /** The newest run of the gates' workflow: how it ended, and what it printed. */
    async lastRun() {
      await runner.idle();
      const { data } = await as("maria").rest.actions.listWorkflowRunsForRepo({ ...place, per_page: 100 });
      const [run] = data.workflow_runs.filter(({ path: file }) => file.endsWith("/gates.yml")).toSorted((a, b) => b.id - a.id);
      if (!run) throw new Error("The gates' workflow never ran.");
      return { conclusion: run.conclusion, event: run.event, log: runner.logs(run.id) };
    },
    /** Waits until it is so. */
    until: async (so: () => Promise<boolean>) => {
      while (!(await so())) await pause(50);
    },
    close: async () => {
      await runner.stop();
      await github.close();
    },
  };
}

export type GatedShop = Awaited<ReturnType<typeof gatedShop>>;
