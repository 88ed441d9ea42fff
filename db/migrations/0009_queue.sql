-- The queue as the assignment reads it, runs that no runner takes, repositories that rest, and GitHub's limit on writes.
alter table rig.issues
  add column ready boolean not null default false,
  add column set_aside boolean not null default false,
  add column waiting_on text[] not null default '{}',
  add column milestone text,
  add column avoids text;
-- Exactly the order in which issues get their turn: the first rows of this index are the answer, however long the queue is.
create index issues_ready on rig.issues (repository_id, array_position(array['critical', 'high', 'normal'], priority), (not set_aside), approved_at, number)
  where state = 'queued' and ready;
create index issues_waiting_on on rig.issues using gin (waiting_on) where waiting_on <> '{}';
create index issues_milestone on rig.issues (repository_id, milestone) where milestone is not null;
comment on column rig.issues.ready is 'Queued, and no other issue has to be done first.';
comment on column rig.issues.set_aside is 'It was interrupted: it goes before the others of its class.';
comment on column rig.issues.waiting_on is 'Open issues that have to be done first, as owner/repo#number.';
comment on column rig.issues.avoids is 'The agent instance that failed at it: another one gets the next attempt.';

alter table rig.runs
  add column attempt int not null default 1,
  add column starved_at timestamptz;
create index runs_workflow_run on rig.runs (repository_id, workflow_run_id) where workflow_run_id is not null;
create index runs_day on rig.runs (repository_id, requested_at);
comment on column rig.runs.starved_at is 'Since when it is known that no runner takes it; null once one did.';

alter table rig.repositories add column paused_because text, add column stream text;
update rig.repositories set stream = 'repo/' || owner || '/' || name;
alter table rig.repositories alter column stream set not null;
create unique index repositories_stream on rig.repositories (stream);
comment on column rig.repositories.stream is 'Its own history, by the name it had when it was first seen: a rename keeps it.';
comment on column rig.repositories.paused_because is 'Why nothing may be done there now, as REPOSITORY_PAUSED says; null where all is well.';

create or replace function rig.write_projection(p jsonb) returns void
language plpgsql set search_path = rig, pg_temp as $$
#variable_conflict use_column
declare
  v_stream text := p -> 'issue' ->> 'stream';
  v_repository bigint := (p -> 'issue' ->> 'repository_id')::bigint;
begin
  insert into issues as i
  -- Not (jsonb_populate_record(…)).*: that would read the document once for every column.
  select r.* from jsonb_populate_record(null::issues, p -> 'issue' || jsonb_build_object('updated_at', clock_timestamp())) r
  on conflict (stream) do update set
    installation_id = excluded.installation_id, repository_id = excluded.repository_id, owner = excluded.owner, repo = excluded.repo,
    number = excluded.number, title = excluded.title, state = excluded.state, priority = excluded.priority,
    approved_at = excluded.approved_at, attempts = excluded.attempts, strikes = excluded.strikes, branch = excluded.branch,
    pr_number = excluded.pr_number, head_sha = excluded.head_sha, merge_sha = excluded.merge_sha, usd = excluded.usd,
    why = excluded.why, updated_at = excluded.updated_at, ready = excluded.ready, set_aside = excluded.set_aside,
    waiting_on = excluded.waiting_on, milestone = excluded.milestone, avoids = excluded.avoids;

  if jsonb_typeof(p -> 'assignment') = 'object' then
    insert into assignments (stream, repository_id, agent_id, since)
    values (v_stream, v_repository, p -> 'assignment' ->> 'agent_id', (p -> 'assignment' ->> 'since')::timestamptz)
    on conflict (stream) do update set repository_id = excluded.repository_id, agent_id = excluded.agent_id, since = excluded.since
    where (assignments.repository_id, assignments.agent_id, assignments.since) is distinct from (excluded.repository_id, excluded.agent_id, excluded.since);
  else
    delete from assignments where stream = v_stream;
  end if;

  insert into runs (run_id, stream, repository_id, agent, agent_id, kind, attempt, base_sha, requested_at, starved_at, started_at, finished_at, outcome, fenced)
  select r.run_id, v_stream, v_repository, r.agent, r.agent_id, r.kind, r.attempt, r.base_sha, r.requested_at, r.starved_at, r.started_at, r.finished_at, r.outcome, r.fenced
  from jsonb_to_recordset(p -> 'runs') as r(run_id uuid, agent text, agent_id text, kind text, attempt int, base_sha text, requested_at timestamptz,
    starved_at timestamptz, started_at timestamptz, finished_at timestamptz, outcome text, fenced boolean)
  on conflict (run_id) do update set
    stream = excluded.stream, repository_id = excluded.repository_id, agent = excluded.agent, agent_id = excluded.agent_id, kind = excluded.kind,
    attempt = excluded.attempt, base_sha = excluded.base_sha, requested_at = excluded.requested_at, starved_at = excluded.starved_at,
    started_at = excluded.started_at, finished_at = excluded.finished_at, outcome = excluded.outcome, fenced = excluded.fenced
  where (runs.stream, runs.repository_id, runs.agent, runs.agent_id, runs.kind, runs.attempt, runs.base_sha, runs.requested_at, runs.starved_at,
      runs.started_at, runs.finished_at, runs.outcome, runs.fenced)
    is distinct from (excluded.stream, excluded.repository_id, excluded.agent, excluded.agent_id, excluded.kind, excluded.attempt, excluded.base_sha,
      excluded.requested_at, excluded.starved_at, excluded.started_at, excluded.finished_at, excluded.outcome, excluded.fenced);
  delete from runs where stream = v_stream
    and run_id <> all (array(select (r ->> 'run_id')::uuid from jsonb_array_elements(p -> 'runs') r));

  insert into gates (stream, gate, head_sha, state, since, approvers, decided_by)
  select v_stream, g.gate, g.head_sha, g.state, g.since, g.approvers, g.decided_by
  from jsonb_to_recordset(p -> 'gates') as g(gate text, head_sha text, state text, since timestamptz, approvers jsonb, decided_by text)
  on conflict (stream, gate) do update set
    head_sha = excluded.head_sha, state = excluded.state, since = excluded.since, approvers = excluded.approvers, decided_by = excluded.decided_by;
  delete from gates where stream = v_stream
    and gate <> all (array(select g ->> 'gate' from jsonb_array_elements(p -> 'gates') g));
end $$;

create table rig.content_writes (
  installation_id bigint not null,
  at timestamptz not null
);
create index content_writes_window on rig.content_writes (installation_id, at);
comment on table rig.content_writes is 'When content was created at GitHub in the last hour, so that no window of a minute or an hour holds more than GitHub lets through (R5).';

create function rig.take_writes(p_installation bigint, p_count int, p_minute int, p_hour int) returns float8
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_now timestamptz;
  v_wait interval;
begin
  perform pg_advisory_xact_lock(hashtextextended('content_writes', p_installation));
  v_now := clock_timestamp();
  delete from content_writes where installation_id = p_installation and at < v_now - interval '1 hour';
  -- The write that has to leave its window before these fit into it.
  select greatest(
    (select at + interval '1 minute' - v_now from content_writes where installation_id = p_installation and at > v_now - interval '1 minute'
      order by at desc offset greatest(p_minute - p_count, 0) limit 1),
    (select at + interval '1 hour' - v_now from content_writes where installation_id = p_installation order by at desc offset greatest(p_hour - p_count, 0) limit 1)
  ) into v_wait;
  if v_wait > interval '0' then
    return extract(epoch from v_wait) * 1000;
  end if;
  insert into content_writes select p_installation, v_now from generate_series(1, p_count);
  return 0;
end $$;
comment on function rig.take_writes is 'Takes p_count writes out of an installation''s budget and answers 0, or answers in how many milliseconds that will be possible. p_minute and p_hour are the most in any window of that length.';

create index effects_dead on rig.effects (settled_at) where state = 'dead';
create index runs_live on rig.runs (requested_at) where finished_at is null and not fenced;

revoke execute on function rig.write_projection, rig.take_writes from public;
grant execute on function rig.take_writes to rig_app;
grant select, insert, delete on rig.content_writes to rig_app;
