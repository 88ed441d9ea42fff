import type { Command, CommandData, CommandKind, Surface } from "../domain/commands.ts";
import type { Place } from "../domain/ids.ts";
import type { Octokit } from "../observe/github.ts";
import type { Discord } from "./discord.ts";

/** What an executor may reach. */
export interface Hands {
  readonly octokit: Octokit;
  readonly subject: Place;
  /** A client of the App that reviews, which is the Rig's own where there is no second one. */
  readonly reviewer?: () => Promise<Octokit | undefined>;
  /** Undefined where no Discord is configured. */
  readonly discord?: Discord;
  /** Our own accounts: the bot user's id and the App's id. */
  readonly identities: { readonly rig: number; readonly rigAppId: number; readonly review?: number; readonly reviewAppId?: number };
  /** R20: takes every secret out of a text. */
  readonly redact: (text: string) => string;
  /** Keeps what a later attempt needs to know, before this one has ended. It throws where another has taken the command over. */
  readonly remember: (response: Readonly<Record<string, unknown>>) => Promise<void>;
  /** What is known of the command's own past. */
  readonly attempt: Attempt;
}

export interface Attempt {
  readonly key: string;
  readonly plannedAt: Date;
  /** An earlier attempt may have been carried out: look for it before doing it again (R-Q2). */
  readonly unknown: boolean;
  /** What an earlier attempt remembered. */
  readonly remembered?: unknown;
  /** Where a surface was shown the last time. */
  readonly externalId?: string;
  /** The message that this one replaces. */
  readonly predecessor?: string;
  /** The workflow run behind the run that a command names, where it is known. */
  readonly workflowRunId?: number;
}

/** What a command came to, to be remembered with it. */
export interface Done {
  readonly response: Readonly<Record<string, unknown>>;
  readonly surface?: { readonly surface: Surface; readonly hash: string; readonly externalId?: string };
  readonly run?: { readonly runId: string; readonly workflowRunId: number; readonly workflowRunUrl: string };
}

export type Executor<K extends CommandKind> = (data: CommandData<K>, hands: Hands) => Promise<Done>;

export type Executors = { readonly [K in CommandKind]: Executor<K> };

export const carryOut = (executors: Executors, { kind, data }: Command, hands: Hands): Promise<Done> =>
  (executors[kind] as Executor<typeof kind>)(data as CommandData<typeof kind>, hands);

/** `owner` and `repo` of a place, as every call wants them. */
export const repositoryOf = ({ owner, repo }: Place) => ({ owner, repo });

/** The number; a command about an issue has no business elsewhere. */
export function numberOf({ stream, number }: Place): number {
  if (number === undefined) throw new Error(`${stream} is not an issue.`);
  return number;
}
