/** A repository whose people open pull requests themselves, with the real app, database and git: every gate is met through the door. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { x } from "tinyexec";
import { issueStream, type StreamId } from "../../../app/domain/ids.ts";
import { folded } from "../../../app/sync.ts";
import { createTestDatabase } from "../../support/postgres.ts";
import { startConductor } from "../../world/conductor.ts";
import { asUser } from "../../world/github/as-user.ts";
import { startWorld, type World } from "../../world/world.ts";
import { appJwt } from "../../world-github/small-world.ts";

export type Login = keyof World["people"];
export type Guarded = Awaited<ReturnType<typeof openGuarded>>;

export interface Proposal {
  readonly number: number;
  readonly headSha: string;
  readonly branch: string;
  readonly stream: StreamId;
}

/** Works in a clone: `git` runs there, as the person. */
export interface Clone {
  readonly dir: string;
  readonly git: (...args: readonly string[]) => Promise<string>;
}

export interface Wanted {
  readonly by?: Login;
  readonly base?: string;
  readonly change: (clone: Clone) => Promise<unknown>;
}

/** An agent's pull request, and the issue it closes. */
export interface Agents extends Proposal {
  readonly issue: number;
}

interface Account {
  readonly login: string;
  readonly id: number;
  readonly token: string;
}

const OWNER = "acme";
const WITHIN_MS = 45_000;

export async function openGuarded(name: string, files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "rig-gates-"));
  const database = await createTestDatabase();
  const world = await startWorld();
  const { github, people, apps } = world;
  const repository = await github.createRepository({
    ...{ owner: OWNER, name, files, private: true },
    collaborators: { jonas: "write", maria: "admin", guest: "read" },
    labels: ["agent-ready"],
  });
  github.install(apps.rig.id, OWNER, [name]);
  world.runner.pauseLabel("rig");
  const rig = await startConductor(world, { databaseUrl: database.url, logFile: join(folder, "app.log") });
  const place = { owner: OWNER, repo: name };
  const as = (login: Login) => asUser(github, people[login].token).rest;
  let clones = 0;

  async function settled(): Promise<void> {
    await github.deliveries.settled();
    await rig.quiet();
  }

  async function tokenOf(app: World["apps"]["rig" | "review"]): Promise<string> {
    const { installationId } = github.install(app.id, OWNER, [name]);
    const { data } = await asUser(github, appJwt(app)).rest.apps.createInstallationAccessToken({ installation_id: installationId });
    return data.token;
  }

  /** A fresh clone, at a branch of its own. */
  async function clone(who: Login | Account, base: string, branch: string): Promise<Clone> {
    clones += 1;
    const by = typeof who === "string" ? people[who] : who;
    const dir = join(folder, `clone-${clones}`);
    const header = `http.extraHeader=Authorization: Basic ${Buffer.from(`x-access-token:${by.token}`).toString("base64")}`;
    const run = async (cwd: string, args: readonly string[]) => {
      const email = `${by.id}+${by.login}@users.noreply.github.com`;
      const identity = {
        GIT_AUTHOR_NAME: by.login,
        GIT_AUTHOR_EMAIL: email,
        GIT_COMMITTER_NAME: by.login,
        GIT_COMMITTER_EMAIL: email,
      };
      const env = { PATH: process.env.PATH ?? "", HOME: folder, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", ...identity };
      const { stdout, stderr, exitCode } = await x("git", ["-c", header, "-c", "core.precomposeunicode=false", ...args], {
        nodeOptions: { cwd, env },
      });
      if (exitCode !== 0) throw new Error(`git ${args.join(" ")} failed: ${stderr}`);
      return stdout.trim();
    };
    await run(folder, ["clone", "--quiet", "--branch", base, repository.cloneUrl, dir]);
    const git = (...args: readonly string[]) => run(dir, args);
    await git("checkout", "--quiet", "-b", branch);
    return { dir, git };
  }

  async function push(work: Clone, branch: string, ...flags: readonly string[]): Promise<string> {
    await work.git("add", "--all");
    await work.git("commit", "--quiet", "--allow-empty", "-m", "Change it");
    await work.git("push", "--quiet", ...flags, "origin", `HEAD:refs/heads/${branch}`);
    return work.git("rev-parse", "HEAD");
  }

  return {
    ...{ world, rig, as, place, settled, clone, push },
    fullName: repository.fullName,
    /** Somebody pushes a branch of their own and opens a pull request; when this answers, the Rig has judged it. */
    async propose({ by = "jonas", base = "main", change }: Wanted): Promise<Proposal> {
      const branch = `change-${clones + 1}`;
      const work = await clone(by, base, branch);
      await change(work);
      await push(work, branch);
      const { data } = await as(by).pulls.create({ ...place, title: `Change ${clones}`, head: branch, base, body: "Please." });
      await settled();
      return { number: data.number, headSha: data.head.sha, branch, stream: issueStream(OWNER, name, data.number) };
    },
    /** Another commit on the same branch; answers the proposal at its new head. */
    async again(proposal: Proposal, by: Login, change: Wanted["change"], ...flags: readonly string[]): Promise<Proposal> {
      const work = await clone(by, proposal.branch, "again");
      await change(work);
      const headSha = await push(work, proposal.branch, ...flags);
      await settled();
      return { ...proposal, headSha };
    },
    /** Commits straight to the default branch, as its administrator. */
    async commit(change: Wanted["change"]): Promise<void> {
      const work = await clone("maria", "main", "direct");
      await change(work);
      await push(work, "main");
      await settled();
    },
    async review(
      by: Login,
      { number, headSha }: Proposal,
      event: "APPROVE" | "REQUEST_CHANGES" | "COMMENT",
      body = "So be it.",
    ): Promise<number> {
      const { data } = await as(by).pulls.createReview({ ...place, pull_number: number, commit_id: headSha, event, body });
      await settled();
      return data.id;
    },
    async say(by: Login, { number }: Proposal, body: string): Promise<number> {
      const { data } = await as(by).issues.createComment({ ...place, issue_number: number, body });
      await settled();
      return data.id;
    },
    /** The Rig's check on a commit. */
    async check(headSha: string, check_name = "rig/gates") {
      const { data } = await as("maria").checks.listForRef({ ...place, ref: headSha, check_name, app_id: apps.rig.id });
      const [run] = data.check_runs;
      if (data.check_runs.length > 1) throw new Error(`${headSha} has ${data.check_runs.length} checks ${check_name}.`);
      return (
        run && {
          id: run.id,
          conclusion: run.conclusion,
          title: run.output.title ?? "",
          summary: run.output.summary ?? "",
          text: run.output.text ?? "",
        }
      );
    },
    /**
     * Jonas hands an issue over, and what an agent's publish job would do is done with the Rig's own token: a branch, and a pull request
     * that closes the issue. No runner takes the agent's job.
     */
    async handOver(title: string, pathsAndTexts: Readonly<Record<string, string>>): Promise<Agents> {
      const { data: issue } = await as("jonas").issues.create({ ...place, title, body: `${title}: the shop rounds prices half up.` });
      await as("jonas").issues.addLabels({ ...place, issue_number: issue.number, labels: ["agent-ready"] });
      await settled();
      const stream = issueStream(OWNER, name, issue.number);
      const branch = folded(await rig.events(stream)).issue.assignment?.branch;
      if (!branch) throw new Error(`Nobody was given ${stream}.`);
      const agent = asUser(github, await tokenOf(apps.rig)).rest;
      const main = (await agent.git.getRef({ ...place, ref: "heads/main" })).data.object.sha;
      await agent.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: main });
      const work = await clone({ token: await tokenOf(apps.rig), login: apps.rig.botLogin, id: apps.rig.botId }, branch, "work");
      for (const [path, text] of Object.entries(pathsAndTexts)) {
        await mkdir(join(work.dir, path, ".."), { recursive: true });
        await writeFile(join(work.dir, path), text);
      }
      const headSha = await push(work, branch);
      const { data } = await agent.pulls.create({ ...place, title, head: branch, base: "main", body: `Done.\n\nCloses #${issue.number}` });
      await settled();
      return { issue: issue.number, number: data.number, headSha, branch, stream };
    },
    /** A person lets GitHub's merge queue have it. */
    enqueue: async (by: Login, { number, headSha }: Proposal): Promise<void> =>
      void (await asUser(github, people[by].token).request("PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge-async", {
        ...{ ...place, pull_number: number, sha: headSha },
      })),
    /** What Review-E's own App says it with. */
    reviewToken: (): Promise<string> => tokenOf(apps.review),
    /** Waits for something that comes of itself, a little later. */
    async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
      const deadline = Date.now() + WITHIN_MS;
      while (!(await isSo())) {
        if (Date.now() > deadline) throw new Error(`Waited ${WITHIN_MS / 1_000} seconds in vain for ${what}.`);
        await pause(100);
      }
    },
    /** Names of gates that the head of a pull request raises now, with how each stands. */
    gates: async ({ stream }: Proposal): Promise<Readonly<Record<string, string>>> => {
      const { issue } = folded(await rig.events(stream));
      return Object.fromEntries(issue.gates.map((gate) => [gate.name, gate.state]));
    },
    async close(): Promise<void> {
      await rig.close();
      await world.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
