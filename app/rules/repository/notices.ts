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
}

const notices: { readonly [T in EventType]?: (data: RigEvent<T>["data"], repository: string) => Notice } = {
  REPOSITORY_PAUSED: ({ reason }, repository) => ({ channel: "admin", title: `${repository} is paused`, color: RED, description: reason }),
  REPOSITORY_RESUMED: ({ reason }, repository) => ({
    channel: "admin",
    title: `${repository} goes on`,
    color: GREEN,
    description: reason,
  }),
  SETTINGS_DRIFTED: ({ findings }, repository) => ({
    channel: "admin",
    title: `${repository}: the default branch is not protected as the Rig relies on`,
    color: AMBER,
    description: "Change the repository's rulesets.",
    fields: findings.slice(0, 20).map(({ name, detail }) => ({ name, value: detail })),
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
};

export function noticeOf(event: RigEvent, eventId: string, repository: string): readonly PlannedCommand[] {
  const notice = notices[event.type] as ((data: RigEvent["data"], repository: string) => Notice) | undefined;
  if (!notice) return [];
  const { channel, fields = [], ...message } = notice(event.data, repository);
  return [{ key: `${eventId}:NOTIFY`, kind: "NOTIFY", data: { channel, message: { ...message, fields, mentions: [] } } }];
}
