import { evolve } from "../domain/evolve.ts";
import { IssueNumber, NO_ISSUE, RepositoryId, roundIn, StreamId, type Subject } from "../domain/ids.ts";
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
    const round = roundIn(stream);
    if (round)
      return subject(
        stream,
        repositories.find(({ id }) => id === round.repositoryId),
        NO_ISSUE,
      );
    const [, owner = "", repo = "", number, id] = /^([^/]+)\/([^/#]+)#(\d+)(?:\/(\d+))?$/.exec(stream) ?? [];
    const name = `${owner}/${repo}`.toLowerCase();
    // Where another repository had the name before, the stream says whose it is.
    const repository = id ? repositories.find((one) => one.id === Number(id)) : (first.get(name) ?? named.get(name));
    return number ? subject(stream, repository, IssueNumber.parse(Number(number))) : undefined;
  }

  return (events, shown) => {
    const subject = shown ?? subjectOf(events[0]?.stream ?? "");
    if (!subject) return undefined;
    const issue = events.reduce((before, event) => evolve(before, event, event.occurredAt), newIssue);
    return project(subject, issue, shown?.why ?? NOT_LOOKED);
  };
}

function subject(stream: string, repository: Repository | undefined, number: IssueNumber): Subject | undefined {
  if (!repository) return undefined;
  const { id, installationId, owner, name: repo } = repository;
  return { stream: StreamId.parse(stream), installationId, repositoryId: RepositoryId.parse(id), owner, repo, number };
}
