/** The sample projects as repositories of the stand-in GitHub, with the real app, database, git, runner and runtime. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { x } from "tinyexec";
import { issueStream } from "../../app/domain/ids.ts";
import { createTestDatabase } from "../support/postgres.ts";
import { startConductor } from "../world/conductor.ts";
import { asUser } from "../world/github/as-user.ts";
import { readFiles } from "../world/shop.ts";
import { startWorld } from "../world/world.ts";
import type { Project, Task } from "./sample.ts";

export type Samples = Awaited<ReturnType<typeof openSamples>>;

const OWNER = "acme";
const WITHIN_MS = 540_000;
const here = join(import.meta.dirname, "projects");
const shop = join(import.meta.dirname, "../world/shop");

/** One issue at a time in each project: each begins where the one before was merged. */
const policyOf = ({ test }: Project): string =>
  `stack:\n  test: ${test}\nqueue:\n  maxConcurrent: 1\nagents:\n  dev-e:\n    maxConcurrent: 1\n`;

export async function openSamples(projects: readonly Project[]) {
  const folder = await mkdtemp(join(tmpdir(), "rig-samples-"));
  const database = await createTestDatabase();
  const world = await startWorld();
  const { github, people, apps, model } = world;
  const told = (text: string) => text.replaceAll("0".repeat(40), world.rigSha);
  const workflows = await readFiles(shop, ".github/workflows", told);
  const repositories = new Map<string, { readonly cloneUrl: string; readonly headSha: string }>();
  for (const project of projects) {
    const files = {
      ...(await readFiles(join(here, project.name), "")),
      ".github/workflows/dev-e.yml": workflows[".github/workflows/dev-e.yml"] ?? "",
      ".github/workflows/review-e.yml": workflows[".github/workflows/review-e.yml"] ?? "",
      ".github/workflows/ci.yml": (workflows[".github/workflows/ci.yml"] ?? "").replace(
        "node --test --test-isolation=none",
        () => project.test,
      ),
      ".github/rig.yml": policyOf(project),
      ".github/CODEOWNERS": "* @maria\n",
    };
    const created = await github.createRepository({
      ...{ owner: OWNER, name: project.name, files, private: true },
      collaborators: { maria: "admin" },
      variables: { RIG_URL: world.rigUrl },
      rules: { requiredChecks: ["Test"], requirePullRequest: true },
      labels: ["agent-ready"],
    });
    repositories.set(project.name, created);
    for (const app of [apps.rig, apps.review]) github.install(app.id, OWNER, [project.name]);
    for (const { title, implement, review } of project.tasks) {
      model.script([title, "You are Dev-E"], implement);
      model.script([title, "You are Review-E"], review);
    }
  }
  const rig = await startConductor(world, { databaseUrl: database.url, logFile: join(folder, "app.log") });
  const maria = asUser(github, people.maria.token).rest;

  async function handOverOne({ name }: Project, { title, body }: Task): Promise<number> {
    const place = { owner: OWNER, repo: name };
    const { data } = await maria.issues.create({ ...place, title, body });
    await maria.issues.addLabels({ ...place, issue_number: data.number, labels: ["agent-ready"] });
    return data.number;
  }

  async function mergeOf(name: string, number: number): Promise<string> {
    const stream = issueStream(OWNER, name, number);
    const deadline = Date.now() + WITHIN_MS;
    for (;;) {
      const history = await rig.events(stream);
      const merged = history.find((event) => event.type === "MERGED");
      if (merged) return merged.data.mergeSha;
      const lost = history.find(({ type }) => type === "ESCALATED" || type === "HUMAN_GATE_TRIGGERED" || type === "QUESTION_ASKED");
      if (lost) throw new Error(`${stream} came to ${lost.type}: ${JSON.stringify(lost.data)}`);
      if (Date.now() > deadline) throw new Error(`${stream} was not merged in time; it came to ${history.at(-1)?.type}.`);
      await pause(250);
    }
  }

  const repositoryOf = (name: string) => {
    const found = repositories.get(name);
    if (!found) throw new Error(`There is no sample ${name}.`);
    return found;
  };

  return {
    /** Where the judge's programs are found: those of the agents' commands. */
    path: [dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    violations: world.violations,
    /** The commit nobody has worked on yet. */
    before: async (name: string): Promise<string> => repositoryOf(name).headSha,
    /** Maria labels every task; answers the merge commit of each, when it is there. */
    handOver(): ReadonlyMap<Task, Promise<string>> {
      const all = new Map<Task, Promise<string>>();
      for (const project of projects) {
        let turn: Promise<unknown> = Promise.resolve();
        for (const task of project.tasks) {
          const number = turn.then(() => handOverOne(project, task));
          turn = number;
          const merge = number.then((one) => mergeOf(project.name, one));
          // Whoever waits for it hears of a failure; nobody else has to.
          merge.catch(() => undefined);
          all.set(task, merge);
        }
      }
      return all;
    },
    async checkOut(name: string, sha: string, to: string): Promise<void> {
      const token = Buffer.from(`x-access-token:${people.maria.token}`).toString("base64");
      const env = { PATH: process.env.PATH ?? "", HOME: folder, GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0" };
      const git = async (...args: readonly string[]) => {
        const { exitCode, stderr } = await x("git", ["-c", `http.extraHeader=Authorization: Basic ${token}`, ...args], {
          nodeOptions: { cwd: to, env },
        });
        if (exitCode !== 0) throw new Error(`git ${args[0]} failed: ${stderr}`);
      };
      await git("clone", "--quiet", repositoryOf(name).cloneUrl, ".");
      await git("checkout", "--quiet", "--detach", sha);
    },
    async close(): Promise<void> {
      await rig.close();
      await world.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
