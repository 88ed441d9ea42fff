import type { IncomingMessage, ServerResponse } from "node:http";
import { authorize, mayDo, type Needs, workflowFiles } from "../auth/authorize.ts";
import { appOf, authorOf, type Identity } from "../auth/identity.ts";
import { identify, tokenOf } from "../auth/tokens.ts";
import { runHttpBackend } from "../git/http.ts";
import { inTurn, readRefs } from "../git/store.ts";
import { refsMoved } from "../pushes/moved.ts";
import { refusedRefs } from "../pushes/refused.ts";
import type { Repository } from "../state/repository.ts";
import { findRepository, formerly, fullName, type World } from "../world.ts";
import { Refusal } from "./refusal.ts";

const reads: Needs = { app: { contents: "read" }, person: "read" };
const writes: Needs = { app: { contents: "write" }, person: "write" };

/** `/acme/till.git/info/refs` → the repository and the rest. */
function find(world: World, path: string): { readonly repository: Repository; readonly rest: string } {
  const [, owner = "", name = "", rest = ""] =
    /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))$/.exec(path) ?? [];
  const repository = findRepository(world, owner, name) ?? formerly(world, owner, name);
  if (!repository) throw new Refusal(404, "Repository not found.");
  return { repository, rest };
}

async function push(
  world: World,
  repository: Repository,
  identity: Identity,
  backend: (env: Record<string, string>) => Promise<void>,
): Promise<void> {
  await inTurn(repository.git, async () => {
    const before = new Map(repository.git.refs);
    await backend({
      REFUSED_REFS: refusedRefs(repository, authorOf(identity)).join(" "),
      MAY_PUSH_WORKFLOWS: mayDo(identity, repository, workflowFiles) ? "1" : "",
      DEFAULT_REF: `refs/heads/${repository.defaultBranch}`,
    });
    await refsMoved(world, repository, authorOf(identity), before, await readRefs(repository.git));
  });
}

/** git over smart HTTP, with the token as the password. */
export async function handleGit(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", world.origin);
  const service = url.searchParams.get("service") ?? url.pathname.split("/").at(-1);
  const isPush = service === "git-receive-pack";
  try {
    const identity = await identify(world, tokenOf(request.headers.authorization));
    const { repository, rest } = find(world, url.pathname);
    if (identity.kind === "anonymous" && (isPush || repository.private)) throw new Refusal(401, "Requires authentication");
    authorize(identity, repository, isPush ? writes : reads);
    if (isPush && repository.archived) throw new Refusal(403, "This repository was archived so it is read-only.");
    const backend = (env: Record<string, string>) =>
      runHttpBackend(repository.git.dir, rest, url.search.slice(1), request, response, { REMOTE_USER: "x", ...env });
    if (isPush && rest === "/git-receive-pack") {
      await push(world, repository, identity, backend);
      const app = appOf(identity);
      const actor = authorOf(identity).user.login;
      world.writes.push({
        at: world.now(),
        method: "POST",
        path: `/${fullName(repository)}.git`,
        operation: "git/push",
        actor,
        tokenKind: identity.kind,
        ...(app ? { appId: app.id } : {}),
        body: undefined,
        status: response.statusCode,
      });
    } else {
      await backend({});
    }
    response.end();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const headers: Record<string, string> = error.status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
    request.resume();
    response.writeHead(error.status, { "content-type": "text/plain", ...headers }).end(`remote: ${error.message}\n`);
  }
}
