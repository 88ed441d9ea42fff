import { invalid, notFound, Refusal } from "../http/refusal.ts";
import { addLabels, changeLabel, defineLabel, findLabel, forgetLabel, removeLabel, setLabels } from "../issues/labels.ts";
import { showLabel } from "../shapes/issue.ts";
import type { Issue } from "../state/issue.ts";
import type { Repository } from "../state/repository.ts";
import type { World } from "../world.ts";
import { created, type Endpoint, noContent, ok, onRepository } from "./endpoint.ts";
import { findIssue } from "./find.ts";
import { listed } from "./pages.ts";

const reads = { app: { issues: "read" }, person: "read", pullsToo: true } as const;
const writes = { app: { issues: "write" }, person: "triage", pullsToo: true } as const;
const defines = { app: [{ issues: "write" }, { pull_requests: "write" }], person: "write" } as const;

const show = (world: World, repository: Repository, { labels }: Issue) => ok(labels.map((label) => showLabel(world, repository, label)));

/** The body may be `{labels: […]}` or, as in GitHub's older clients, the list itself. */
function namesIn(body: unknown): string[] {
  const list = Array.isArray(body) ? body : ((body as { labels?: unknown[] } | undefined)?.labels ?? []);
  return list.map((label: unknown) => (typeof label === "string" ? label : String((label as { name?: unknown }).name)));
}

export const labelEndpoints: readonly Endpoint[] = [
  onRepository("issues/list-labels-on-issue", reads, (call) => {
    const { world, repository, params } = call;
    return listed(call, findIssue(repository, params.issue_number).labels, (label) => showLabel(world, repository, label));
  }),
  onRepository("issues/add-labels", writes, async ({ world, repository, author, params, body }) => {
    const issue = findIssue(repository, params.issue_number);
    await addLabels(world, repository, issue, author(), namesIn(body));
    return show(world, repository, issue);
  }),
  onRepository("issues/set-labels", writes, async ({ world, repository, author, params, body }) => {
    const issue = findIssue(repository, params.issue_number);
    await setLabels(world, repository, issue, author(), namesIn(body));
    return show(world, repository, issue);
  }),
  onRepository("issues/remove-label", writes, async ({ world, repository, author, params }) => {
    const issue = findIssue(repository, params.issue_number);
    if (!(await removeLabel(world, repository, issue, author(), params.name))) throw new Refusal(404, "Label does not exist");
    return show(world, repository, issue);
  }),
  onRepository("issues/remove-all-labels", writes, async ({ world, repository, author, params }) => {
    await setLabels(world, repository, findIssue(repository, params.issue_number), author(), []);
    return noContent;
  }),
  onRepository("issues/list-labels-for-repo", { app: [{ issues: "read" }, { pull_requests: "read" }], person: "read" }, (call) =>
    listed(call, [...call.repository.labels.values()], (label) => showLabel(call.world, call.repository, label)),
  ),
  onRepository(
    "issues/get-label",
    { app: [{ issues: "read" }, { pull_requests: "read" }], person: "read" },
    ({ world, repository, params }) => {
      const label = findLabel(repository, params.name);
      if (!label) throw notFound();
      return ok(showLabel(world, repository, label));
    },
  ),
  onRepository("issues/create-label", defines, ({ world, repository, body }) => {
    if (findLabel(repository, body.name)) throw invalid({ resource: "Label", field: "name", code: "already_exists" });
    if (body.color !== undefined && !/^[0-9a-f]{6}$/i.test(body.color))
      throw invalid({ resource: "Label", field: "color", code: "invalid" });
    if ((body.description?.length ?? 0) > 100)
      throw invalid({
        resource: "Label",
        field: "description",
        code: "invalid",
        message: "description is too long (maximum is 100 characters)",
      });
    return created(
      showLabel(world, repository, defineLabel(world, repository, body.name, body.color?.toLowerCase(), body.description ?? null)),
    );
  }),
  onRepository("issues/update-label", defines, ({ world, repository, params, body }) => {
    const label = findLabel(repository, params.name);
    if (!label) throw notFound();
    const { new_name: name, color, description } = body ?? {};
    changeLabel(repository, label, {
      ...(name ? { name } : {}),
      ...(color ? { color } : {}),
      ...(description === undefined ? {} : { description }),
    });
    return ok(showLabel(world, repository, label));
  }),
  onRepository("issues/delete-label", defines, async ({ world, repository, author, params }) => {
    const label = findLabel(repository, params.name);
    if (!label) throw notFound();
    await forgetLabel(world, repository, author(), label);
    return noContent;
  }),
];
