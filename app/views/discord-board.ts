import type { DiscordMessage, Rendering } from "../domain/commands.ts";
import { cut, inDiscord } from "../domain/escape.ts";
import type { Incident } from "../domain/incident.ts";
import type { Issue } from "../domain/issue.ts";
import { ago, asked, needs } from "./people-needed.ts";

interface Named {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  readonly title: string;
}

/** The first of so many. */
interface Part<Row> {
  readonly first: readonly Row[];
  readonly total: number;
}

/** What the board draws: all repositories together. */
export interface BoardPicture {
  readonly queue: Part<Named & { readonly position: number; readonly priority: string; readonly approvedAt: Date; readonly why: string }>;
  readonly working: Part<Named & { readonly agentId: string; readonly since: Date }>;
  readonly waiting: Part<Named & { readonly issue: Issue }>;
  /** What is wrong in production, the newest first. */
  readonly incidents: readonly Incident[];
  /** What is wrong with the Rig itself. */
  readonly conditions: readonly { readonly name: string; readonly detail: string; readonly since: Date }[];
  readonly cto: readonly string[];
  readonly publicUrl: string;
  readonly now: Date;
}

const BLUE = 0x137cbd;
const AMBER = 0xd9822b;
const MOST_TITLE = 60;
const MOST_REASON = 120;
/** Each has a card of its own. */
const MOST_INCIDENTS = 2;
const MOST_NAME = 30;
/** Of a field's 1,024 characters, so that all of them stay within the 6,000 of a message. */
const MOST_VALUE = 900;

/** One message for all: who works, what comes next, and who is waited for. */
export function discordBoard({ queue, working, waiting, incidents, conditions, cto, publicUrl, now }: BoardPicture): Rendering {
  const link = ({ owner, repo, number }: Named) => `${publicUrl}/issues/${owner}/${repo}/${number}`;
  const entry = (row: Named) => `${link(row)} ${cut(row.title, MOST_TITLE)}`.trim();
  const people = waiting.first.flatMap((row) => needs(row.issue, cto).map((need) => ({ row, need })));
  const wanted = people.map(
    ({ row, need }) => `${link(row)} ${cut(need.what, MOST_REASON)} · ${cut(asked(need), MOST_REASON)} · since ${ago(need.since)}`,
  );
  const unread = waiting.total - waiting.first.length;
  return {
    surface: "discord-board",
    message: {
      title: "The board",
      url: `${publicUrl}/`,
      color: people.length > 0 || conditions.length > 0 || incidents.length > 0 ? AMBER : BLUE,
      description: `${people.length + unread} wait for you, ${working.total} in work, ${queue.total} queued. As of ${ago(now)}.`,
      fields: [
        ...section("Waiting for you", wanted, wanted.length + unread, 2),
        ...section(
          "Incidents",
          incidents
            .slice(0, MOST_INCIDENTS)
            .map(
              ({ severity, service, signal, startedAt }) =>
                `${severity} · ${cut(service, MOST_NAME)}: ${cut(signal, MOST_NAME)} · since ${ago(startedAt)}`,
            ),
          incidents.length,
          1,
        ),
        ...section(
          "In work",
          working.first.map((row) => `${row.agentId} · ${entry(row)} · since ${ago(row.since)}`),
          working.total,
          1,
        ),
        ...section(
          "Queue",
          queue.first.map(
            (row) => `${row.position}. ${entry(row)} · ${row.priority} · approved ${ago(row.approvedAt)} · ${cut(row.why, MOST_REASON)}`,
          ),
          queue.total,
          2,
        ),
        ...section(
          "The Rig itself",
          conditions.map(({ name, detail, since }) => `${name}: ${cut(detail, MOST_REASON)} · since ${ago(since)}`),
          conditions.length,
          1,
        ),
      ],
      mentions: [],
    },
  };
}

/** As many lines as so many fields have room for, and how many more there are. */
function section(name: string, lines: readonly string[], total: number, most: number): DiscordMessage["fields"] {
  const values: string[][] = [];
  let room = 0;
  let taken = 0;
  for (const line of lines) {
    const weight = shownLength(line) + 1;
    if (weight > room) {
      if (values.length === most) break;
      values.push([]);
      room = MOST_VALUE;
    }
    room -= weight;
    taken += 1;
    values.at(-1)?.push(line);
  }
  const more = total - taken;
  if (more > 0) values.at(-1)?.push(`and ${more} more`);
  // The first field bears the name, the others continue it.
  return values.map((value, index) => ({ name: index === 0 ? name : "", value: value.join("\n") }));
}

/** An upper bound: an address is shown as a link with its last part as the name. */
const shownLength = (line: string): number =>
  inDiscord(line).length + [...line.matchAll(/https?:\/\/\S+/g)].reduce((sum, [url]) => sum + inDiscord(url).length + 4, 0);
