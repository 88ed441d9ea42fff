import { expect, test } from "@jest/globals";
import type { SeenRelease } from "../../app/domain/seen.ts";
import { settle } from "../../app/rules/index.ts";
import { why } from "../../app/rules/why.ts";
import { differences } from "../../app/views/index.ts";
import { at, type History, merged, said, scene, seenIssue, sha, toReviewed } from "../rules/stage.ts";

const run = "https://github.example/acme/shop/actions/runs/9";
const live = { environment: "production", sha: sha("e") } as const;
const toMerged: History = [...toReviewed, [21, merged], [22, said("DEPLOY_REQUESTED", { ...live, attempt: 1 })]];
const waiting: History = [...toMerged, [23, said("DEPLOY_WAITING", { ...live, reviewers: ["ann", "b_b"], url: run })]];
const deployed: History = [...toMerged, [24, said("DEPLOYED_PRODUCTION", { ...live, deploymentId: 5, url: run })]];

/** What people see of a release, as text, by surface. */
function shown(history: History, production: SeenRelease): Readonly<Record<string, string>> {
  const stage = { history, minute: 25, policy: { deploy: { production: { workflow: "deploy.yml" } } } };
  const here = settle(scene({ ...stage, seen: { issue: { ...seenIssue, open: false }, production } })).scene;
  const { subject, issue, policy, seen, cto } = here;
  const picture = { subject, issue, policy, seen, cto, why: why(here), publicUrl: "https://rig.example" };
  return Object.fromEntries(
    differences(picture, [], at(25)).flatMap((command) =>
      command.kind === "SHOW" ? [[command.data.rendering.surface, JSON.stringify(command.data.rendering)]] : [],
    ),
  );
}

test("comment and card say for whom a deployment waits", () => {
  const pictures = shown(waiting, { deployment: { id: 5, sha: sha("e"), state: "waiting", url: run, createdAt: at(22) }, probes: [] });
  expect(pictures["issue-comment"]).toContain("- [ ] deployed to production: waits in GitHub for ann, b&#95;b");
  expect(pictures["discord-card"]).toContain("Waits for ann, b_b");
  expect(pictures["discord-card"]).toContain("the deployment to production, which GitHub holds");
});

test("what was deployed is checked off before what was verified", () => {
  const fails = { url: "http://shop.example/version", ok: false, detail: "shows sha `x` @everyone, not the merge" };
  const { "issue-comment": comment = "" } = shown(deployed, { probes: [fails] });
  expect(comment).toContain("- [x] 2026-11-22 09:24 UTC · deployed to production");
  expect(comment).toContain("- [ ] verified in production");
});

test("what a stranger's server answers formats and mentions nothing", () => {
  const fails = { url: "http://shop.example/version", ok: false, detail: "shows sha `x` @everyone [a](b), not the merge" };
  const { "issue-comment": comment = "" } = shown(deployed, { probes: [fails] });
  expect(comment).toContain("not the merge");
  expect(comment).not.toMatch(/@everyone|\[a\]\(b\)/);
});
