/** What people are told of a repository's events. A command's key is its event's id and its kind, as everywhere. */
import type { DiscordMessage, PlannedCommand } from "../../domain/commands.ts";
import type { EventType, RigEvent } from "../../domain/events.ts";

const AMBER = 0xd9822b;
const GREEN = 0x2e8540;
const RED = 0xc23030;

interface Notice {
  readonly channel: "admin" | "conductor-e";
  readonly title: string;
  readonly color: number;
  readonly description: string;
  readonly fields?: DiscordMessage["fields"];
  readonly url?: string;
}

/** Whom a notice may have to call. */
export interface Callable {
  /** R16: what is said takes away what was there: it is escalated. */
  readonly drifted: boolean;
  readonly cto: readonly string[];
  /** Their ids in Discord. */
  readonly mentions: readonly string[];
}

const notices: { readonly [T in EventType]?: (data: RigEvent<T>["data"], repository: string, callable: Callable) => Notice } = {
  REPOSITORY_PAUSED: ({ reason }, repository) => ({ channel: "admin", title: `${repository} is paused`, color: RED, description: reason }),
  REPOSITORY_RESUMED: ({ reason }, repository) => ({
    channel: "admin",
    title: `${repository} goes on`,
    color: GREEN,
    description: reason,
  }),
  SETTINGS_DRIFTED: ({ findings }, repository, { drifted, cto }) => ({
    channel: "admin",
    title: `${repository}: the default branch is not protected as ${drifted ? "it was" : "the Rig relies on"}`,
    color: drifted ? RED : AMBER,
    description: `${drifted ? "Every check is red, and nothing merges until it is again. " : ""}Change the repository's rulesets: \`rig doctor\` says how.`,
    fields: [
      ...(drifted ? [{ name: "Who is asked", value: cto.join(", ") || "Nobody: RIG_CTO names nobody" }] : []),
      ...findings.slice(0, 20).map(({ name, detail }) => ({ name, value: detail })),
    ],
  }),
  SETTINGS_RESTORED: (_, repository) => ({
    channel: "admin",
    title: `${repository}: the default branch is protected`,
    color: GREEN,
    description: "Its rules are what the Rig relies on.",
  }),
  MILESTONE_COMPLETE: ({ milestone, issueCount }, repository) => ({
    channel: "conductor-e",
    title: `${repository}: ${milestone} is complete`,
    color: GREEN,
    description: issueCount === 1 ? "Its one issue is done." : `All its ${issueCount} issues are done.`,
  }),
  PROPOSAL_CREATED: ({ issueNumber, kind, title, complexity, url }, repository) => ({
    channel: "conductor-e",
    title: `${repository}: Architect-E proposes #${issueNumber}`,
    color: AMBER,
    description: `${title} (${kind}, ${complexity}). A person hands it over with the label, or closes it.`,
    ...(url ? { url } : {}),
  }),
};

export function noticeOf(event: RigEvent, eventId: string, repository: string, callable: Callable): readonly PlannedCommand[] {
  const notice = notices[event.type] as ((data: RigEvent["data"], repository: string, callable: Callable) => Notice) | undefined;
  if (!notice) return [];
  const { channel, fields = [], ...message } = notice(event.data, repository, callable);
  const mentions = event.type === "SETTINGS_DRIFTED" && callable.drifted ? [...callable.mentions] : [];
  return [{ key: `${eventId}:NOTIFY`, kind: "NOTIFY", data: { channel, message: { ...message, fields, mentions } } }];
}
