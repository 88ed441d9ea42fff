import { atLeast, roleOf } from "../auth/authorize.ts";
import { readCommit } from "../git/commit.ts";
import { diffText, patchText } from "../git/diff.ts";
import { inTurn } from "../git/store.ts";
import { invalid, Refusal } from "../http/refusal.ts";
import { closeIssue, editText, reopenIssue } from "../issues/issue.ts";
import { forkPoint, pullCommits, pullFiles } from "../pulls/content.ts";
import { tendSoon } from "../pulls/merge-queue.ts";
import { changeBase, openPull } from "../pulls/open.ts";
import { showCommit, showFile } from "../shapes/commit.ts";
import { isPull, showPull, showPullAlone } from "../shapes/pull.ts";
import { created, type Endpoint, noContent, ok, onRepository } from "./endpoint.ts";
import { findPull } from "./find.ts";
import { listed } from "./pages.ts";
import { acceptable } from "./text.ts";
import { unsupported } from "./unsupported.ts";

const reads = { app: { pull_requests: "read" }, person: "read" } as const;
const writes = { app: { pull_requests: "write" }, person: "read" } as const;
const MOST_FILES = 3000;
const MOST_FILES_IN_DIFF = 300;
const MOST_COMMITS = 250;

export const pullEndpoints: readonly Endpoint[] = [
  onRepository("pulls/list", reads, (call) => {
    const { world, repository, query } = call;
    const [owner, branch] = query.head?.includes(":") ? query.head.split(/:(.*)/s) : [];
    const found = [...repository.issues.values()]
      .filter(isPull)
      .filter(({ state }) => query.state === "all" || state === (query.state ?? "open"))
      // GitHub pays no heed to a `head` without its owner.
      .filter(
        ({ pull }) => branch === undefined || (pull.headBranch === branch && owner?.toLowerCase() === repository.owner.login.toLowerCase()),
      )
      .filter(({ pull }) => !query.base || pull.baseBranch === query.base);
    const ascending = query.direction ? query.direction === "asc" : query.sort !== undefined && query.sort !== "created";
    return listed(call, ascending ? found : found.reverse(), (issue) => showPull(world, repository, issue));
  }),
  onRepository("pulls/create", { app: { pull_requests: "write" }, person: "read" }, async ({ world, repository, author, body }) => {
    unsupported(body, "issue", "head_repo");
    // The repository setting that would let it is off unless somebody turns it on.
    if (author().byJob) throw new Refusal(403, "GitHub Actions is not permitted to create or approve pull requests.");
    if (!body.title) throw invalid({ resource: "PullRequest", field: "title", code: "missing_field" });
    const text = acceptable("PullRequest", body.body ?? "", true) || null;
    const wanted = { title: body.title, body: text, head: body.head, base: body.base, draft: body.draft ?? false };
    return inTurn(repository.git, async () =>
      created(await showPullAlone(world, repository, await openPull(world, repository, author(), wanted))),
    );
  }),
  onRepository("pulls/get", reads, async ({ world, repository, params, accept }) => {
    const issue = findPull(repository, params.pull_number);
    const asText = /application\/vnd\.github(?:\.v3)?\.(diff|patch)/.exec(accept)?.[1];
    if (asText) {
      if ((await pullFiles(repository, issue.pull)).length > MOST_FILES_IN_DIFF) {
        throw new Refusal(406, `Sorry, the diff exceeded the maximum number of files (${MOST_FILES_IN_DIFF}).`, [
          { resource: "PullRequest", field: "diff", code: "too_large" },
        ]);
      }
      const read = asText === "diff" ? diffText : patchText;
      const content = await read(repository.git, await forkPoint(repository, issue.pull), issue.pull.headSha);
      return { status: 200, raw: { type: `application/vnd.github.${asText}; charset=utf-8`, content } };
    }
    return ok(await showPullAlone(world, repository, issue));
  }),
  onRepository("pulls/update", writes, async ({ world, repository, author, params, body }) => {
    const issue = findPull(repository, params.pull_number);
    const by = author();
    const wish = body ?? {};
    if (!by.app && by.user.id !== issue.author.user.id && !atLeast(roleOf(repository, by.user), "write"))
      throw new Refusal(403, "Must have write rights to Repository.");
    await editText(world, repository, issue, by, {
      ...(wish.title === undefined ? {} : { title: wish.title }),
      ...(wish.body === undefined ? {} : { body: acceptable("PullRequest", wish.body, true) }),
    });
    const { base } = wish;
    if (base) await inTurn(repository.git, () => changeBase(world, repository, issue, by, base));
    if (wish.state === "closed") {
      await closeIssue(world, repository, issue, by);
      tendSoon(world, repository);
    }
    if (wish.state === "open") {
      if (issue.pull.mergedAt || !repository.git.refs.has(`refs/heads/${issue.pull.headBranch}`))
        throw invalid({ resource: "PullRequest", field: "state", code: "invalid" });
      await reopenIssue(world, repository, issue, by);
    }
    return ok(await showPullAlone(world, repository, issue));
  }),
  onRepository("pulls/list-files", reads, async (call) => {
    const { world, repository } = call;
    const { pull } = findPull(repository, call.params.pull_number);
    return listed(call, (await pullFiles(repository, pull)).slice(0, MOST_FILES), (file) =>
      showFile(world, repository, pull.headSha, file),
    );
  }),
  onRepository("pulls/list-commits", reads, async (call) => {
    const { world, repository } = call;
    const shas = (await pullCommits(repository, findPull(repository, call.params.pull_number).pull)).slice(0, MOST_COMMITS);
    return listed(call, shas, async (sha) => showCommit(world, repository, await readCommit(repository.git, sha)));
  }),
  onRepository("pulls/check-if-merged", reads, ({ repository, params }) => {
    if (!findPull(repository, params.pull_number).pull.mergedAt) throw new Refusal(404, "Not Found");
    return noContent;
  }),
];
