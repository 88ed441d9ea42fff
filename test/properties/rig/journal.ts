/** What a story is judged by: every append of the Rig beside what the world was at that moment, and every act of a person. */
import type { PlannedCommand } from "../../../app/domain/commands.ts";
import type { EventData, EventType } from "../../../app/domain/events.ts";
import type { IssueState } from "../../../app/domain/state.ts";
import type { AppendRequest, NewEvent } from "../../../app/store/append.ts";
import type { AssignmentRow, IssueRow } from "../../../app/store/issues.ts";
import { type GitHub, headOf, type Role } from "../github/state.ts";

/** The issue at GitHub at the moment of an append. */
export interface Facts {
  readonly title: string;
  readonly body: string;
  readonly open: boolean;
  readonly gone: boolean;
  readonly labels: readonly string[];
  /** What the Rig wrote there, where it opened the issue for an incident and the repository wants that handed over. */
  readonly filed?: { readonly title: string; readonly body: string };
  readonly roles: ReadonlyMap<string, Role>;
  /** Numbers of the issues that are open. */
  readonly openIssues: ReadonlySet<number>;
}

export interface Entry {
  readonly nth: number;
  readonly at: Date;
  readonly stream: string;
  readonly number: number;
  readonly cause: string;
  readonly events: readonly NewEvent[];
  readonly commands: readonly PlannedCommand[];
  readonly state: IssueState | undefined;
  readonly why: string;
  readonly facts: Facts | undefined;
  /** Of every pull request, the last commit. */
  readonly heads: ReadonlySet<string>;
  /** The queue and who works, as they were just before. */
  readonly queue: readonly IssueRow[];
  readonly taken: readonly AssignmentRow[];
}

/** A person did something that may hand an issue over, or may decide about it. */
export interface Deed {
  readonly nth: number;
  readonly at: Date;
  readonly issue: number;
  readonly by: string;
  readonly person: boolean;
  readonly what: string;
  readonly title: string;
  readonly body: string;
}

export interface Journal {
  readonly entries: Entry[];
  readonly deeds: Deed[];
  /** Entries and deeds are counted in one series. */
  count: number;
}

export const createJournal = (): Journal => ({ entries: [], deeds: [], count: 0 });

export function append(
  journal: Journal,
  github: GitHub,
  { stream, events, commands = [], projection }: AppendRequest,
  before: Pick<Entry, "queue" | "taken">,
): void {
  const number = Number(/#(\d+)/.exec(stream)?.[1] ?? 0);
  journal.count += 1;
  journal.entries.push({
    ...{ nth: journal.count, at: github.now(), stream, number, events, commands, ...before },
    cause: events[0]?.causationId ?? "",
    state: projection?.issue.state as IssueState | undefined,
    why: projection?.issue.why ?? "",
    facts: factsOf(github, number),
    heads: new Set([...github.pulls.values()].map(headOf)),
  });
}

export function deed(journal: Journal, github: GitHub, one: Pick<Deed, "issue" | "by" | "person" | "what">): void {
  const { title = "", body = "" } = github.issues.get(one.issue) ?? {};
  journal.count += 1;
  journal.deeds.push({ ...one, nth: journal.count, at: github.now(), title, body });
}

function factsOf(github: GitHub, number: number): Facts | undefined {
  const issue = github.issues.get(number);
  if (!issue) return undefined;
  const filed = github.filed.get(number);
  return {
    ...{ title: issue.title, body: issue.body, open: issue.open, gone: issue.gone !== undefined, labels: [...issue.labels] },
    ...(filed?.wanted ? { filed } : {}),
    roles: new Map(github.permissions),
    openIssues: new Set([...github.issues.values()].filter(({ open: isOpen, gone }) => isOpen && !gone).map((one) => one.number)),
  };
}

export interface Happened<T extends EventType> {
  readonly entry: Entry;
  readonly data: EventData<T>;
  readonly at: Date;
}

/** Events of one type, each with its entry. */
export const eventsOf = <T extends EventType>({ entries }: Pick<Journal, "entries">, type: T): readonly Happened<T>[] =>
  entries.flatMap((entry) =>
    entry.events
      .filter((event) => event.type === type)
      .map((event) => ({ entry, data: event.data as EventData<T>, at: event.occurredAt ?? entry.at })),
  );
