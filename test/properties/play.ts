/** Plays a story from its beginning: each step happens, and then the Rig does as much about it as the step lets it. */

import { closed, reopened } from "./github/issues.ts";
import { addReview, commented, dismissed, labelled, locked, moved, pullClosed, rewritten, unlabelled } from "./github/people.ts";
import { headOf, type Pull } from "./github/state.ts";
import { inRepository, onPull } from "./play-gates.ts";
import { deed } from "./rig/journal.ts";
import { createSimulation, type Simulation } from "./rig/simulation.ts";
import type { Step, Story } from "./story.ts";

/** The world and the Rig's journal after it. `after` is asked after each step. */
export async function play(
  { setup, steps }: Story,
  after: (sim: Simulation, step: Step) => Promise<void> = async () => {},
  nth = 0,
): Promise<Simulation> {
  const sim = await createSimulation(setup, nth);
  for (const step of steps) {
    await happen(sim, step);
    await sim.deliver();
    await sim.doJobs(step.jobs, step.pick);
    await after(sim, step);
  }
  return sim;
}

/** One step of a story, and nothing of what the Rig does about it. */
export async function happen(sim: Simulation, step: Step): Promise<void> {
  const { github, journal } = sim;
  if (step.do === "pass") return sim.pass(step.ms, step.up);
  if (step.do === "rest") return sim.rest("It was archived.");
  if (step.do === "go on") return sim.rest(null);
  if (step.do === "coordinate") return sim.coordinate();
  if (step.do === "fault") return void github.faults.set(step.call, [...(github.faults.get(step.call) ?? []), step.status]);
  if (step.do === "role" || step.do === "own" || step.do === "team") return inRepository(sim, step);
  const number = (step.issue % github.issues.size) + 1;
  const issue = github.issues.get(number);
  if (!issue) return;
  if (step.do === "look") {
    for (let n = 0; n < step.times; n += 1) await sim.look(number);
    return;
  }
  const by = sim.person(step.by);
  const did = (what: string) => deed(journal, github, { issue: number, by: by.login, person: by.type === "User", what });
  const pull = [...github.pulls.values()].findLast((one) => one.issue === number && one.state === "open");
  if (issue.gone) return;
  switch (step.do) {
    case "label":
      labelled(github, issue, by, step.label);
      return did(`label ${step.label}`);
    case "unlabel":
      unlabelled(github, issue, by, step.label);
      return did(`unlabel ${step.label}`);
    case "edit":
      if (step.what === "title") rewritten(github, issue, by, { title: `Matter ${number}, said by ${by.login}` });
      else rewritten(github, issue, by, { body: step.what === "back" ? "Please." : `${issue.body} And more.` });
      return did("edit");
    case "close":
      if (issue.open) closed(github, issue, by);
      return did("close");
    case "reopen":
      if (!issue.open) reopened(github, issue, by);
      return did("reopen");
    case "lock":
    case "unlock":
      locked(github, issue, step.do === "lock");
      return did(step.do);
    case "delete":
    case "transfer":
      moved(github, issue, step.do === "delete" ? "deleted" : "transferred");
      return did(step.do);
    case "say":
      commented(github, step.onPull && pull ? pull.number : number, by, spoken(step.text, pull, github.main[0] ?? ""));
      return did(step.text);
    default:
  }
  if (!pull) return;
  switch (step.do) {
    case "review":
      addReview(github, pull, by, step.verdict, "As I see it.");
      return did(`review ${step.verdict}`);
    case "dismiss":
      return dismissed(github, pull, by, by);
    case "close pull":
      pullClosed(github, pull, by);
      return did("close pull");
    case "conflict":
      pull.mergeable = false;
      return github.tell({ everything: true });
    case "draft":
      pull.draft = !pull.draft;
      return github.tell({ pullRequest: pull.number });
    case "refuse":
      pull.refusals = 1;
      return;
    default:
      onPull(sim, step, pull, by);
      return did(step.do);
  }
}

const spoken = (text: string, pull: Pull | undefined, founded: string): string => {
  if (text === "approve") return `/rig approve ${pull ? headOf(pull) : "0000000"}`;
  return text === "rollback" ? `/rig rollback ${founded}` : `/rig ${text}`;
};
