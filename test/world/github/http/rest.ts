import { authorize, type Needs } from "../auth/authorize.ts";
import { authorOf, type Identity } from "../auth/identity.ts";
import type { Answer, AnyCall, Caller } from "../rest/endpoint.ts";
import type { Repository } from "../state/repository.ts";
import { fullName, type World } from "../world.ts";
import { refuseIfGone, repositoryOf } from "./moved.ts";
import { Refusal } from "./refusal.ts";
import type { Matched } from "./router.ts";

export interface Asked {
  readonly identity: Identity;
  readonly matched: Matched;
  readonly url: URL;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly accept: string;
}

function refuseCaller(identity: Identity, caller: Caller): void {
  if (caller === "anybody") return;
  if (identity.kind === "anonymous") throw new Refusal(401, "Requires authentication");
  if (caller === "app" && identity.kind !== "app") throw new Refusal(401, "A JSON web token could not be decoded");
  if (caller !== "app" && identity.kind === "app") throw new Refusal(401, "A JSON web token could not be decoded");
}

/** Where the issue is a pull request, the permission of pull requests will do as well. */
function needsHere(repository: Repository, needs: Needs, params: Readonly<Record<string, unknown>>): Needs {
  if (!needs.pullsToo) return needs;
  const number = params.issue_number ?? repository.comments.get(Number(params.comment_id))?.issueNumber;
  const [level] = Object.values(needs.app) as ("read" | "write")[];
  if (!level || !repository.issues.get(Number(number))?.pull) return needs;
  return { ...needs, app: [needs.app as { issues: "read" | "write" }, { pull_requests: level }] };
}

/** The handler of this call, when the caller may call it. */
function allowed(world: World, { identity, matched, url }: Asked): (call: AnyCall) => Answer | Promise<Answer> {
  const { endpoint } = matched.route;
  if ("caller" in endpoint) {
    refuseCaller(identity, endpoint.caller);
    return endpoint.handle;
  }
  const { method } = matched.route.operation;
  const asked = { method, params: matched.params, url };
  const repository = repositoryOf(world, asked);
  authorize(identity, repository, needsHere(repository, endpoint.needs, matched.params));
  refuseIfGone(world, repository, identity, asked);
  if (repository.archived && method !== "get" && !endpoint.needs.archivedToo)
    throw new Refusal(403, "Repository was archived so is read-only.");
  return (call) => endpoint.handle({ ...call, repository, author: () => authorOf(identity) });
}

/** Follows one call: who may, does it agree with the description, what is the answer. */
export async function serve(world: World, asked: Asked): Promise<Answer> {
  const { identity, matched, url, accept, body } = asked;
  const { operation } = matched.route;
  const { operationId } = operation;
  const handle = allowed(world, asked);
  const { errors, query, params } = world.contract.request(operation, { params: matched.params, query: asked.query, body });
  if (errors.length) {
    world.violations.push({ side: "request", operation: operationId, path: url.pathname, errors, content: { query: asked.query, body } });
    throw new Refusal(422, `Invalid request.\n\n${errors.join("\n")}`);
  }
  const answer = await handle({ world, identity, params, query, body, url, accept });
  if (answer.raw || answer.status === 302) return answer;
  const wrong = world.contract.response(operation, answer.status, answer.status === 204 ? null : answer.body);
  if (wrong.length)
    world.violations.push({ side: "response", operation: operationId, path: url.pathname, errors: wrong, content: answer.body });
  return answer;
}

/** `/repositories/42/issues` → the same under the repository's name. GitHub redirects to such addresses. */
export function byName(world: World, path: string): string {
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = id && world.repositories.get(Number(id));
  return repository && !repository.deleted ? `/repos/${fullName(repository)}${rest}` : path;
}
