/** What is wrong with the Rig itself, or waits longer than it should, read from the tables; each with the way out. */
import type { Pool } from "pg";
import { rows } from "./query.ts";

export interface Condition {
  readonly name: string;
  readonly since: Date;
  readonly detail: string;
  readonly wayOut: string;
  /** The repository (`owner/name`) or issue (`owner/repo#number`) it is about; null: the Rig as a whole. */
  readonly subject: string | null;
}

/** What a check's query answers. `words` is whatever its sentence needs. */
interface Found {
  readonly since: Date;
  readonly subject: string | null;
  readonly count: number;
  readonly words: string;
}

interface Check {
  readonly name: string;
  /** Selects since, subject, count and words; no row: all is well. */
  readonly sql: string;
  readonly detail: (found: Found) => string;
  readonly wayOut: string;
}

const many = (count: number, one: string, several: string): string => (count === 1 ? `1 ${one}` : `${count} ${several}`);

const TO_DISCORD = "(e.kind = 'NOTIFY' or (e.kind = 'SHOW' and e.payload #>> '{rendering,surface}' like 'discord-%'))";
// What died for an issue that is done, or was drawn again since, troubles nobody any more.
export const STILL_MISSED = `e.state = 'dead' and e.settled_at > clock_timestamp() - interval '7 days'
  and not exists (select from rig.issues i where i.stream = e.stream and i.state = 'done')
  and not exists (select from rig.effects n where n.lane = e.lane and n.kind = 'SHOW' and n.id > e.id and n.state = 'confirmed')`;
const gathered = (condition: string, since: string) =>
  `select min(${since}), case when count(distinct e.stream) = 1 then min(e.stream) end, count(*)::int,
     (array_agg(e.kind || coalesce(': ' || e.error, '') order by e.id desc))[1]
   from rig.effects e where ${condition} having count(*) > 0`;

const checks: readonly Check[] = [
  {
    name: "runner-starvation",
    sql: `select min(r.starved_at), coalesce(p.owner || '/' || p.name, r.repository_id::text), count(*)::int, string_agg(r.stream, ', ' order by r.starved_at)
          from rig.runs r left join rig.repositories p on p.id = r.repository_id
          where r.starved_at is not null and r.started_at is null and r.finished_at is null and not r.fenced group by r.repository_id, p.owner, p.name`,
    detail: ({ count, words }) => `${many(count, "run waits", "runs wait")} for a runner that does not come: ${words}.`,
    wayOut:
      "See that a runner with the workflow's labels is online and free (Settings → Actions → Runners). The runs start as soon as one is.",
  },
  {
    name: "repository-paused",
    sql: "select p.updated_at, p.owner || '/' || p.name, 1, p.paused_because from rig.repositories p where p.paused_because is not null",
    detail: ({ words }) => `Nothing starts there: ${words}`,
    wayOut: "Undo what the reason names. The coordination looks again every five minutes and resumes the repository.",
  },
  {
    name: "configuration-invalid",
    sql: `select p.updated_at, p.owner || '/' || p.name, jsonb_array_length(p.policy_errors),
            (select string_agg('line ' || (x ->> 'line') || ': ' || (x ->> 'message'), '; ') from jsonb_array_elements(p.policy_errors) x)
          from rig.repositories p where jsonb_typeof(p.policy_errors) = 'array'`,
    detail: ({ words }) => `The .github/rig.yml of the default branch is not valid, and the last good one stays in force: ${words}`,
    wayOut: "Correct the file on the default branch; docs/rig-yml.md lists every key.",
  },
  {
    name: "effects-dead",
    sql: gathered(`${STILL_MISSED} and not ${TO_DISCORD}`, "e.settled_at"),
    detail: ({ count, words }) => `${many(count, "act was", "acts were")} given up. The last one: ${words}`,
    wayOut: "Cure what the error names (most often a missing permission), then give the issue back with /rig retry.",
  },
  {
    name: "deliveries-dead",
    // GitHub redelivers for three days; after that the coordination alone has to find what they said.
    sql: `select min(d.received_at), null, count(*)::int, (array_agg(d.event || ': ' || coalesce(d.error, 'no reason') order by d.received_at desc))[1]
          from rig.deliveries d where d.state = 'dead' and d.received_at > clock_timestamp() - interval '3 days' having count(*) > 0`,
    detail: ({ count, words }) => `${many(count, "delivery", "deliveries")} of GitHub could not be used. The last one: ${words}`,
    wayOut: "Look for the deliveries in the log, and have them sent again with `rig deliveries redeliver` once the cause is cured.",
  },
  {
    name: "deliveries-waiting",
    sql: `select min(d.received_at), null, count(*)::int, '' from rig.deliveries d
          where d.state = 'stored' and d.received_at < clock_timestamp() - interval '5 minutes' having count(*) > 0`,
    detail: ({ count }) => `${many(count, "delivery has", "deliveries have")} waited for more than five minutes.`,
    wayOut: "See in /readyz and in the log that a worker runs and reaches GitHub. What is stored is worked off in its order.",
  },
  {
    name: "notices-waiting",
    sql: gathered(`${TO_DISCORD} and e.state in ('planned', 'sent') and e.error is not null`, "e.planned_at"),
    detail: ({ count, words }) => `${many(count, "message waits", "messages wait")} for Discord. The last one: ${words}`,
    wayOut:
      "Nothing else waits for Discord. If it lasts, check DISCORD_BOT_TOKEN, DISCORD_CHANNELS and the bot's rights in those channels.",
  },
  {
    name: "notices-dead",
    sql: gathered(`${STILL_MISSED} and ${TO_DISCORD} and e.settled_at > clock_timestamp() - interval '1 day'`, "e.settled_at"),
    detail: ({ count, words }) => `${many(count, "message", "messages")} never reached Discord. The last one: ${words}`,
    wayOut:
      "Check DISCORD_BOT_TOKEN, DISCORD_CHANNELS and the bot's rights in those channels. What they asked for stands on the issue as well.",
  },
  {
    name: "writes-put-off",
    // An effect that was tried, has no error and is not due yet was sent back by the budget.
    sql: gathered(
      "e.state = 'planned' and e.attempts > 0 and e.error is null and e.due_at > clock_timestamp() and e.planned_at < clock_timestamp() - interval '1 minute'",
      "e.planned_at",
    ),
    detail: ({ count }) =>
      `${many(count, "write waits", "writes wait")} for GitHub's limit on content: the budget of the last minute or hour is used up.`,
    wayOut:
      "They go out as the window moves on, urgent ones first. If it happens every day, fewer issues at once need fewer writes (queue.maxConcurrent).",
  },
  {
    name: "people-awaited",
    sql: `select waits.since, waits.stream, waits.count, waits.why from (
            select i.stream, i.why, (count(*) over ())::int as count,
              coalesce(
                (select min(g.since) from rig.gates g where g.stream = i.stream and g.state = 'waiting' and g.head_sha = i.head_sha),
                (select max(e.occurred_at) from rig.events e where e.stream = i.stream and e.type in ('ESCALATED', 'ISSUE_WAITING', 'QUESTION_ASKED', 'BUDGET_EXCEEDED', 'APPROVAL_STALE')),
                i.updated_at) as since
            from rig.issues i where i.state in ('waiting', 'failed') order by since, i.stream limit 1) waits`,
    detail: ({ count, words }) => `${many(count, "issue waits", "issues wait")} for a person; this one the longest: ${words}`,
    wayOut: "Do what the sentence says, on the issue or the pull request it names.",
  },
];

export const conditionsOf = (pool: Pool) => ({
  /** Everything that wants somebody's attention, what has lasted longest first. */
  async conditions(): Promise<Condition[]> {
    const asked = checks.map(({ sql }, index) => `select ${index} as check, x.* from (${sql}) x (since, subject, count, words)`);
    const found = await rows<Found & { readonly check: number }>(pool, `${asked.join("\nunion all\n")}\norder by since`);
    return found.flatMap(({ check, ...about }) => {
      const asks = checks[check];
      if (!asks) return [];
      const { name, detail, wayOut } = asks;
      return [{ name, since: about.since, detail: detail(about), wayOut, subject: about.subject }];
    });
  },
});
