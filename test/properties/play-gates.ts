import type { GateAct } from "./gate-acts.ts";
import { addReview, commented, dismissed, pressed, pullClosed, retargeted } from "./github/people.ts";
import { openedBeside, pushed, pushedToMain } from "./github/pushing.ts";
import { type Account, checkOn, headOf, nextId, nextNumber, type Pull, RIG_APP } from "./github/state.ts";
import { edits } from "./rig/files.ts";
import { CODEOWNERS, ownerships } from "./rig/ownership.ts";
import type { Simulation } from "./rig/simulation.ts";

type OnPull = Exclude<GateAct, { readonly do: "own" | "team" | "role" }>;

/** What concerns the repository, and no pull request of its own. */
export function inRepository({ github, person }: Simulation, act: Exclude<GateAct, OnPull>): void {
  switch (act.do) {
    case "own":
      pushedToMain(github, person(act.by), new Map([[CODEOWNERS, ownerships[act.as]]]));
      return;
    case "team": {
      const members = github.teams.get("acme/owners");
      if (!members?.delete(act.of)) members?.add(act.of);
      return;
    }
    case "role":
      return void github.permissions.set(act.of, act.role);
    default:
      act satisfies never;
  }
}

export function onPull(sim: Simulation, act: OnPull, pull: Pull, by: Account): void {
  const { github, machines, person } = sim;
  const head = headOf(pull);
  switch (act.do) {
    case "approve":
      approve(sim, act, pull, by);
      return;
    case "look back":
      addReview(github, pull, by, "APPROVED", "As it was.", pull.commits.at(-2)?.sha);
      return;
    case "dismiss of":
      dismissed(github, pull, person(act.of), by);
      return;
    case "push": {
      const author = person(act.author);
      const sha = pushed(github, pull, { by, author, edits: edits([act.path], `by${nextId(github)}`) });
      machines.checkHead(pull.issue, sha);
      return;
    }
    case "retarget": {
      const before = pull.commits.at(-2)?.sha;
      if (act.base === "halfway" && before) github.branches.set("halfway", { sha: before, protected: false });
      if (act.base !== "halfway" || before) retargeted(github, pull, act.base);
      return;
    }
    case "beside":
      return void openedBeside(github, nextNumber(github), pull, by, act.base);
    case "close beside": {
      const beside = [...github.pulls.values()].find((one) => one !== pull && one.state === "open" && headOf(one) === head);
      if (beside) pullClosed(github, beside, by);
      return;
    }
    case "check":
      checkOn(github, head, act.conclusion);
      github.tell({ headSha: head });
      return;
    default:
      act satisfies never;
  }
}

function approve({ github }: Simulation, { how, gates }: Extract<GateAct, { readonly do: "approve" }>, pull: Pull, by: Account): void {
  const shas = pull.commits.map(({ sha }) => sha);
  const checks = github.checks.filter(({ name, appId, head }) => name === "rig/gates" && appId === RIG_APP && shas.includes(head));
  switch (how) {
    case "review":
      addReview(github, pull, by, "APPROVED", "I looked at it.");
      return;
    case "words":
      commented(github, pull.number, by, `/rig approve ${headOf(pull)} ${gates}`.trim());
      return;
    case "words on the one before":
      commented(github, pull.number, by, `/rig approve ${shas.at(-2) ?? "0000000"} ${gates}`.trim());
      return;
    case "press":
    case "press on the first": {
      const check = how === "press" ? checks.at(-1) : checks[0];
      if (check) pressed(github, check, by);
      return;
    }
    default:
      how satisfies never;
  }
}
