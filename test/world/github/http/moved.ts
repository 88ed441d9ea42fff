import { mayKnow } from "../auth/authorize.ts";
import type { Identity } from "../auth/identity.ts";
import type { Repository } from "../state/repository.ts";
import { findRepository, formerly, type World } from "../world.ts";
import { notFound, Refusal } from "./refusal.ts";

/** What stands elsewhere now. Only 307 makes a client send a write again as the write it was. */
function moved(method: string, location: string): Refusal {
  return new Refusal(method === "get" ? 301 : 307, "Moved Permanently", [], { location });
}

interface Asked {
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  readonly url: URL;
}

/** A repository that was renamed or transferred answers under its old name with where it is now. */
export function repositoryOf(world: World, { method, params, url }: Asked): Repository {
  const { owner = "", repo = "" } = params;
  const found = findRepository(world, owner, repo);
  if (found) return found;
  const now = formerly(world, owner, repo);
  if (!now) throw notFound();
  throw moved(method, `${world.apiUrl}/repositories/${now.id}${url.href.slice(`${world.apiUrl}/repos/${owner}/${repo}`.length)}`);
}

/** An issue that was transferred answers with where it is now, one that was deleted with 410. */
export function refuseIfGone(world: World, repository: Repository, identity: Identity, { method, params, url }: Asked): void {
  const gone = repository.gone.get(Number(params.issue_number));
  if (!gone) return;
  if (gone === "deleted") throw new Refusal(410, "This issue was deleted");
  const there = world.repositories.get(gone.repositoryId);
  if (!there || there.deleted || !mayKnow(identity, there)) throw notFound();
  const rest = url.href.split(`/issues/${params.issue_number}`).slice(1).join(`/issues/${params.issue_number}`);
  throw moved(method, `${world.apiUrl}/repositories/${there.id}/issues/${gone.number}${rest}`);
}
