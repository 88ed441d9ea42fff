/** Identifiers with types of their own, so that a pull request's number is never taken for an issue's. */
import { createHash } from "node:crypto";
import { z } from "zod";

export const Sha = z
  .string()
  .regex(/^[0-9a-f]{40}$/, "a 40-digit commit SHA")
  .brand<"Sha">();
export const IssueNumber = z.number().int().positive().brand<"IssueNumber">();
export const PrNumber = z.number().int().positive().brand<"PrNumber">();
/** GitHub's numeric id of a repository: survives renames and transfers. */
export const RepositoryId = z.number().int().positive().brand<"RepositoryId">();
export const RunId = z.uuid().brand<"RunId">();
/** An instance of an agent: `dev-e-1`. */
export const AgentId = z.string().min(1).max(60).brand<"AgentId">();
export const StreamId = z.string().min(3).max(300).brand<"StreamId">();

export type Sha = z.infer<typeof Sha>;
export type IssueNumber = z.infer<typeof IssueNumber>;
export type PrNumber = z.infer<typeof PrNumber>;
export type RepositoryId = z.infer<typeof RepositoryId>;
export type RunId = z.infer<typeof RunId>;
export type AgentId = z.infer<typeof AgentId>;
export type StreamId = z.infer<typeof StreamId>;

/** An issue the Rig looks at, a person's pull request, which GitHub numbers with the issues, or an agent's round, which has the number 0; with what is needed to reach it. */
export interface Subject {
  /** Absent: an issue. */
  readonly kind?: "issue" | "pull_request" | "round";
  readonly stream: StreamId;
  readonly installationId: number;
  readonly repositoryId: RepositoryId;
  readonly owner: string;
  readonly repo: string;
  readonly number: IssueNumber;
}

/** Where an effect belongs: an issue, a repository, or neither (the board in Discord), then without a name. */
export interface Place {
  readonly stream: string;
  readonly installationId?: number;
  readonly repositoryId?: RepositoryId;
  readonly owner: string;
  readonly repo: string;
  readonly number?: IssueNumber;
}

/** How a job finds a subject that has no row yet. */
export const placeIn = ({ repositoryId, number, kind }: Subject) => ({
  repositoryId,
  number,
  ...(kind === "pull_request" ? { kind } : {}),
});

/** `owner/repo#12`: the name people read, and the stream an issue keeps even when its repository is renamed later. */
export const issueStream = (owner: string, repo: string, number: number): StreamId => StreamId.parse(`${owner}/${repo}#${number}`);

/** `repo/owner/name`: what a repository's own history is called from the day it was first seen. */
export const repositoryStream = (owner: string, name: string): StreamId => StreamId.parse(`repo/${owner}/${name}`);

/** `incident/<fingerprint>`: everything about one thing that goes wrong in production, each time it does. */
export const incidentStream = (fingerprint: string): StreamId => StreamId.parse(`incident/${fingerprint}`);

/** `agent/<agent>/<repository>/<key>`: a run of an agent that has no issue. The same key is the same round. */
export const roundStream = (agent: string, repositoryId: number, key: string): StreamId =>
  StreamId.parse(`agent/${agent}/${repositoryId}/${key}`);

const ROUND = /^agent\/([^/]+)\/(\d+)\/.+$/;

/** Whose round a stream is; undefined: it is no round's. */
export function roundIn(stream: string): { readonly agent: string; readonly repositoryId: number } | undefined {
  const [, agent, repositoryId] = ROUND.exec(stream) ?? [];
  return agent === undefined ? undefined : { agent, repositoryId: Number(repositoryId) };
}

/** The number that a round has in place of an issue's: GitHub gives none such. */
export const NO_ISSUE = 0 as IssueNumber;

/** The one board in Discord, which no issue and no repository owns. */
export const BOARD = "board";

/** An event's id follows from its place, so that deciding twice names the same event, and its effects, the same. */
export const eventId = (stream: string, version: number): string => uuidFrom(`${stream}@${version}`);

/** A run's id follows from the event that asks for it. */
export const runIdFor = (stream: string, version: number): RunId => RunId.parse(uuidFrom(`run:${stream}@${version}`));

/** A version 8 UUID (RFC 9562) made of the SHA-256 of a name. */
function uuidFrom(name: string): string {
  const hex = createHash("sha256").update(name).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
