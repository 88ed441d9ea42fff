import { evolve } from "../domain/evolve.ts";
import { IssueNumber, RepositoryId, StreamId, type Subject } from "../domain/ids.ts";
import { newIssue } from "../domain/issue.ts";
import { project } from "../domain/projection.ts";
import type { Fold } from "../store/rebuild.ts";
import type { Repository } from "../store/repositories.ts";

/** `why` follows from what GitHub shows, which is not in the history: it is kept, and where there is none the next look says it. */
const NOT_LOOKED = "It has not been looked at since its row was written again: the next look says why.";

/** What the tables have to show of a stream, as the app itself writes it. */
export function foldWith(repositories: readonly Repository[]): Fold {
  const named = new Map(repositories.map((repository) => [`${repository.owner}/${repository.name}`.toLowerCase(), repository]));
  // A stream keeps the name its repository had when it was first seen.
  const first = new Map(repositories.map((repository) => [repository.stream.replace(/^repo\//, "").toLowerCase(), repository]));

  function subjectOf(stream: string): Subject | undefined {
    const [, owner = "", repo = "", number, id] = /^([^/]+)\/([^/#]+)#(\d+)(?:\/(\d+))?$/.exec(stream) ?? [];
    const name = `${owner}/${repo}`.toLowerCase();
    // Where another repository had the name before, the stream says whose it is.
    const repository = id ? repositories.find((one) => one.id === Number(id)) : (first.get(name) ?? named.get(name));
    if (!repository || !number) return undefined;
    return {
      stream: StreamId.parse(stream),
      installationId: repository.installationId,
      repositoryId: RepositoryId.parse(repository.id),
      owner: repository.owner,
      repo: repository.name,
      number: IssueNumber.parse(Number(number)),
    };
  }

  return (events, shown) => {
    const subject = shown ?? subjectOf(events[0]?.stream ?? "");
    if (!subject) return undefined;
    const issue = events.reduce((before, event) => evolve(before, event, event.occurredAt), newIssue);
    return project(subject, issue, shown?.why ?? NOT_LOOKED);
  };
}
