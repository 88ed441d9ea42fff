/** Runners, agents, checks and deployments: what the world does with a dispatch or a push, each as it is fated. */

import type { RunKind } from "../../../app/domain/events.ts";
import { RunId } from "../../../app/domain/ids.ts";
import { ended } from "../github/actions.ts";
import { shaOf } from "../github/commits.ts";
import { addReview } from "../github/people.ts";
import { published } from "../github/pushing.ts";
import { checkOn, type Deployment, type GitHub, headOf, nextId, nextNumber, reviewBot, stamp, type WorkflowRun } from "../github/state.ts";
import type { Agenda } from "./agenda.ts";
import type { Fates, ReviewFate, WorkFate } from "./fates.ts";
import { edits } from "./files.ts";
import type { Reports } from "./reports.ts";

export interface World {
  readonly github: GitHub;
  readonly agenda: Agenda;
  readonly reports: Reports;
  readonly fatesOf: (issue: number) => Fates;
  /** What the pull request of an issue touches. */
  readonly filesOf: (issue: number) => readonly string[];
}

const SECOND_MS = 1000;
const CLAIM_MS = 20 * SECOND_MS;
const BEAT_MS = 60 * SECOND_MS;
const BEATS = 3;

export type Machines = ReturnType<typeof createMachines>;

/** Answers what to do when the Rig starts a workflow. */
export function createMachines(world: World) {
  const { github, agenda, reports, fatesOf, filesOf } = world;
  const used = new Map<string, number>();
  const nth = (what: string): number => {
    const before = used.get(what) ?? 0;
    used.set(what, before + 1);
    return before;
  };
  const after = (ms: number, act: () => Promise<void> | void) => agenda.at(new Date(github.now().getTime() + ms), act);
  const alive = (run: WorkflowRun) => run.status !== "completed";

  function checkHead(issue: number, head: string): void {
    const fate = fatesOf(issue).checks[nth(`checks ${issue}`)] ?? "green";
    after(5 * SECOND_MS, () => checkOn(github, head, null));
    if (fate === "never") return;
    after(90 * SECOND_MS, () => {
      checkOn(github, head, fate === "green" ? "success" : "failure");
      github.tell({ headSha: head });
    });
  }

  function publish(issue: number, branch: string, tree: string): void {
    const pull = published(github, nextNumber(github), issue, branch, tree, edits(filesOf(issue), shaOf(tree).slice(0, 8)));
    checkHead(issue, headOf(pull));
  }

  /** The steps of an agent that works: it claims, lives for some minutes and ends as it is fated. */
  function work(run: WorkflowRun, runId: string, issue: number, kind: RunKind, branch: string): void {
    const fate: WorkFate = fatesOf(issue).work[nth(`work ${issue}`)] ?? "patch";
    if (fate === "no runner") return;
    let beats = 0;
    const tree = fate === "same files" ? "main" : `${runId}`;
    const end = async () => {
      if (!alive(run)) return;
      await finish(fate);
    };
    const beat = async (): Promise<void> => {
      if (!alive(run)) return;
      beats += 1;
      const { stop } = await reports.beat(runId, fate === "idle" ? "tree" : `tree ${beats}`);
      if (stop) return keep();
      return beats < BEATS || fate === "idle" ? after(BEAT_MS, beat) : end();
    };
    const keep = async (): Promise<void> => {
      await reports.say(runId, {
        type: "CHECKPOINT_SAVED",
        data: { runId: reports.id(runId), sha: reports.sha(shaOf(runId)), bytes: 10, usd: 0 },
      });
      if (alive(run)) ended(github, run, "success");
    };
    const finish = async (how: WorkFate): Promise<void> => {
      switch (how) {
        case "patch":
        case "same files":
        case "idle":
          await reports.finished(runId, "patch");
          if (alive(run) && (await reports.mayPublish(runId))) publish(issue, branch, tree);
          return ended(github, run, "success");
        case "unreported":
          if (await reports.mayPublish(runId)) publish(issue, branch, tree);
          return ended(github, run, "success");
        case "unpublished":
          await reports.finished(runId, "patch");
          return ended(github, run, "failure");
        case "stuck":
          await reports.stuck(runId, "I do not know how.");
          await reports.finished(runId, "stuck");
          return ended(github, run, "success");
        case "nothing to do":
          await reports.finished(runId, "nothing_to_do");
          return ended(github, run, "success");
        case "question":
          await reports.say(runId, {
            type: "QUESTION_ASKED",
            data: { text: "Half up or half even?", by: "dev-e-1", runId: RunId.parse(runId) },
          });
          await reports.finished(runId, "question");
          return ended(github, run, "success");
        case "issue's budget":
        case "day's budget":
        case "run's budget":
          await reports.spent(runId, how === "issue's budget" ? "issue" : how === "day's budget" ? "day" : "run");
          await reports.finished(runId, "limit_reached");
          return ended(github, run, "success");
        case "lost":
          return ended(github, run, "failure");
        case "cancelled":
          return ended(github, run, "cancelled");
        case "superseded":
          run.superseded = true;
          return ended(github, run, "cancelled");
        case "silent":
        case "no runner":
          return;
        default:
          how satisfies never;
      }
    };
    after(CLAIM_MS, async () => {
      if (!alive(run)) return;
      if (!(await reports.claim(runId, run))) return ended(github, run, "failure");
      if (fate === "silent") return;
      after(BEAT_MS, beat);
    });
    void kind;
  }

  function review(run: WorkflowRun, runId: string, issue: number, head: string): void {
    const fate: ReviewFate = fatesOf(issue).review[nth(`review ${issue}`)] ?? "approve";
    if (fate === "no runner") return;
    after(CLAIM_MS, async () => {
      if (!alive(run)) return;
      if (!(await reports.claim(runId, run))) return ended(github, run, "failure");
      if (fate === "silent") return;
      after(BEAT_MS, async () => {
        if (!alive(run)) return;
        if (fate === "lost") return ended(github, run, "failure");
        await reports.finished(runId, "review");
        const pull = [...github.pulls.values()].find((one) => headOf(one) === head && one.state === "open");
        if (pull && alive(run) && fate !== "mute" && (await reports.mayPublish(runId)))
          addReview(github, pull, reviewBot, fate === "approve" ? "APPROVED" : "CHANGES_REQUESTED", "Look again.");
        if (alive(run)) ended(github, run, "success");
      });
    });
  }

  function deploy(environment: string, sha: string): void {
    const issue = [...github.pulls.values()].find(({ mergeSha }) => mergeSha === sha)?.issue ?? 0;
    const fate = fatesOf(issue).deploys[nth(`deploys ${issue}`)] ?? "good";
    if (fate === "never") return;
    after(30 * SECOND_MS, () => {
      const made: Deployment = { id: nextId(github), environment, sha, createdAt: stamp(github), state: "pending" };
      github.deployments.push(made);
      after(60 * SECOND_MS, () => {
        made.state = fate === "good" ? "success" : "failure";
        github.tell({ releases: true });
      });
    });
  }

  /** The workflow that checks an environment. */
  function smoke(run: WorkflowRun, sha: string): void {
    const issue = [...github.pulls.values()].find(({ mergeSha }) => mergeSha === sha)?.issue ?? 0;
    const fate = fatesOf(issue).smokes?.[nth(`smokes ${issue}`)] ?? "holds";
    if (fate !== "never") after(60 * SECOND_MS, () => ended(github, run, fate === "holds" ? "success" : "failure"));
  }

  return {
    checkHead,
    deploy,
    /** A workflow was started. */
    async started(run: WorkflowRun): Promise<void> {
      const { run: runId, environment, sha } = run.inputs;
      if (environment && sha) return run.workflow === "smoke.yml" ? smoke(run, sha) : deploy(environment, sha);
      const asked = runId === undefined ? undefined : await reports.asked(runId);
      if (!asked || runId === undefined) return;
      if (asked.kind === "review") review(run, runId, asked.issue, asked.baseSha);
      else work(run, runId, asked.issue, asked.kind, asked.branch);
    },
  };
}
