/** R12b, R16, F31: the branch's own protection, custom gates and approvers, teams, what a merge queue tries out, and what webhooks missed. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { BranchRules } from "../../world/github/state/repository.ts";
import { type Clone, type Guarded, openGuarded } from "./guarded.ts";

const RIG = `gates:
  licence:
    paths: [LICENSE]
    approvers: ["@maria"]
  telemetry:
    content: ["track\\\\(\\\\s*['\\"]"]
`;

let vault: Guarded;
beforeAll(async () => {
  vault = await openGuarded("vault", {
    "README.md": "# Vault\n",
    LICENSE: "MIT\n",
    ".github/CODEOWNERS": "* @jonas\n",
    ".github/rig.yml": RIG,
  });
}, 180_000);
afterAll(async () => vault?.close(), 60_000);

const write =
  (path: string, text: string) =>
  async ({ dir }: Clone) => {
    await mkdir(join(dir, path, ".."), { recursive: true });
    await writeFile(join(dir, path), text);
  };
const coordinated = async () => {
  await vault.rig.coordinate();
  await vault.settled();
};
const rules = (more: BranchRules = {}): BranchRules => ({
  ...{ requirePullRequest: true, requireCodeOwnerReview: true, dismissStaleReviews: true, requireLastPushApproval: true },
  ...{ requiredApprovals: 1, requiredChecks: ["rig/gates"], checkSources: { "rig/gates": vault.world.apps.rig.id } },
  ...more,
});

test("a gate of the repository's own is raised by its paths and opened by whom it names, and by nobody else", async () => {
  const proposal = await vault.propose({ by: "jonas", change: write("LICENSE", "All rights reserved.\n") });
  expect(await vault.gates(proposal)).toEqual({ licence: "waiting" });
  await vault.say("jonas", proposal, `/rig approve ${proposal.headSha}`);
  expect(await vault.gates(proposal)).toEqual({ licence: "waiting" });
  await vault.review("maria", proposal, "APPROVE");
  expect(await vault.gates(proposal)).toEqual({ licence: "approved" });
}, 180_000);

test("a gate of the repository's own finds its patterns over the ends of lines, without being held up by them", async () => {
  const hostile = `const a = "${"track( ".repeat(20_000)}";\n`;
  const proposal = await vault.propose({ by: "maria", change: write("src/a.ts", `${hostile}track(\n  "bought");\n`) });
  expect(await vault.gates(proposal)).toEqual({ telemetry: "waiting" });
  await vault.review("jonas", proposal, "APPROVE");
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "success" });
}, 180_000);

test("R16: a branch that was protected and is not any more turns every check red, until it is again", async () => {
  const proposal = await vault.propose({ by: "jonas", change: write("src/b.ts", "export const b = 1;\n") });
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "success" });
  vault.world.github.setRules(vault.fullName, rules());
  await coordinated();
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "success" });

  vault.world.github.setRules(vault.fullName, rules({ allowForcePushes: true }));
  await coordinated();
  expect(await vault.check(proposal.headSha)).toMatchObject({
    conclusion: "failure",
    title: expect.stringContaining("not protected as it has to be"),
  });

  const notices = (await vault.rig.store.effectsOf(`repo/${vault.fullName}`)).filter(({ kind }) => kind === "NOTIFY");
  expect(JSON.stringify(notices.at(-1)?.data)).toMatch(/is not protected as it was.*Who is asked","value":"maria/);

  vault.world.github.setRules(vault.fullName, rules({ bypassActors: [{ type: "Integration", id: vault.world.apps.rig.id }] }));
  await coordinated();
  expect((await vault.check(proposal.headSha))?.conclusion).toBe("failure");

  vault.world.github.setRules(vault.fullName, rules());
  await coordinated();
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "success" });
}, 180_000);

test("F1: a pull request of which no webhook told is found by the coordination, and so is its approval", async () => {
  vault.world.github.deliveries.drop(() => true, Number.POSITIVE_INFINITY);
  const proposal = await vault.propose({ by: "maria", change: write("src/telemetry.ts", 'track("x");\n') });
  expect(await vault.check(proposal.headSha)).toBeUndefined();
  await coordinated();
  expect(await vault.gates(proposal)).toEqual({ telemetry: "waiting" });
  await vault.review("jonas", proposal, "APPROVE");
  await coordinated();
  expect(await vault.gates(proposal)).toEqual({ telemetry: "approved" });
  vault.world.github.deliveries.undisturbed();
}, 180_000);

test("a merge queue's own commit has the check of the pull request it tries out", async () => {
  vault.world.github.setRules(
    vault.fullName,
    rules({ mergeQueue: {}, requiredApprovals: 0, requireCodeOwnerReview: false, requireLastPushApproval: false }),
  );
  const proposal = await vault.propose({ by: "jonas", change: write("src/queued.ts", "export const queued = 1;\n") });
  expect(await vault.check(proposal.headSha)).toMatchObject({ conclusion: "success" });
  await vault.enqueue("jonas", proposal);
  await vault.settled();
  const { data } = await vault.as("maria").pulls.get({ ...vault.place, pull_number: proposal.number });
  expect(data.merged).toBe(true);
}, 180_000);

test("nobody asked for anything that GitHub or Discord would not take", () => {
  expect(vault.world.violations()).toEqual([]);
});
