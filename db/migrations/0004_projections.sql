-- What the history adds up to, for looking things up; and what is known live of runs, agents and repositories.
create table rig.repositories (
  id bigint primary key,
  owner text not null,
  name text not null,
  installation_id bigint not null,
  default_branch text not null,
  private boolean not null,
  policy jsonb,
  policy_sha text,
  policy_read_sha text,
  policy_errors jsonb,
  updated_at timestamptz not null default clock_timestamp()
);
create index repositories_name on rig.repositories (lower(owner), lower(name));
comment on table rig.repositories is 'Repositories the App is installed in, by GitHub''s numeric id: names change (F31).';
comment on column rig.repositories.policy is 'The last good .github/rig.yml of the default branch; null before one was read.';
comment on column rig.repositories.policy_sha is 'The commit the policy in force was read at.';
comment on column rig.repositories.policy_read_sha is 'The commit the file was last looked at.';
comment on column rig.repositories.policy_errors is 'Why the file at policy_read_sha is not in force: [{line, message}]; null when it is.';

create table rig.issues (
  stream text primary key,
  installation_id bigint not null,
  repository_id bigint not null,
  owner text not null,
  repo text not null,
  number int not null,
  title text not null,
  state text not null,
  priority text not null,
  approved_at timestamptz,
  attempts int not null,
  strikes int not null,
  branch text,
  pr_number int,
  head_sha text,
  merge_sha text,
  usd numeric not null,
  why text not null,
  updated_at timestamptz not null default clock_timestamp()
) with (fillfactor = 80);
create index issues_number on rig.issues (repository_id, number);
create index issues_pr on rig.issues (repository_id, pr_number) where pr_number is not null;
create index issues_branch on rig.issues (repository_id, branch) where branch is not null;
create index issues_head on rig.issues (repository_id, head_sha) where head_sha is not null;
create index issues_state on rig.issues (state, repository_id);
comment on table rig.issues is 'One row an issue, folded from its stream.';
comment on column rig.issues.owner is 'The name when the row was written; rig.repositories has the present one.';
comment on column rig.issues.why is 'The sentence people see: why nothing happens, and what would move it.';

create table rig.assignments (
  stream text primary key,
  repository_id bigint not null,
  agent_id text not null,
  since timestamptz not null,
  unique (repository_id, agent_id)
);
comment on table rig.assignments is 'An issue has at most one agent instance, an agent instance at most one issue: two unique keys, nothing to lock.';

create table rig.runs (
  run_id uuid primary key,
  stream text not null,
  repository_id bigint not null,
  agent text not null,
  agent_id text not null,
  kind text not null,
  base_sha text not null,
  requested_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  outcome text,
  fenced boolean not null,
  workflow_run_id bigint,
  workflow_run_url text,
  claimed_by text,
  capability_hash text,
  capability_expires_at timestamptz,
  publish_granted_at timestamptz,
  last_seen_at timestamptz,
  input_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cache_read_tokens bigint not null default 0,
  cache_write_tokens bigint not null default 0,
  usd numeric not null default 0
) with (fillfactor = 70);
create index runs_stream on rig.runs (stream);
create unique index runs_capability on rig.runs (capability_hash) where capability_hash is not null;
comment on table rig.runs is 'Runs of agents. Up to fenced: folded from the stream. From workflow_run_id on: live, never rebuilt.';
comment on column rig.runs.fenced is 'Something newer took its place: its late words change nothing (F21).';
comment on column rig.runs.claimed_by is 'Workflow run id and attempt that hold the capability, as 4242/1.';
comment on column rig.runs.capability_hash is 'SHA-256 of the run''s bearer; the bearer itself is kept nowhere.';
comment on column rig.runs.usd is 'Counted by the model gateway while it answers.';

create table rig.usage_days (
  repository_id bigint not null,
  day date not null,
  usd numeric not null,
  primary key (repository_id, day)
);
comment on table rig.usage_days is 'What a repository''s runs have spent on a day (UTC).';

create table rig.gates (
  stream text not null,
  gate text not null,
  head_sha text not null,
  state text not null,
  since timestamptz not null,
  approvers jsonb not null,
  decided_by text,
  primary key (stream, gate)
);
comment on table rig.gates is 'Human gates of an issue''s pull request, folded from its stream.';

create table rig.agents (
  repository_id bigint not null,
  agent_id text not null,
  status text not null,
  run_id uuid,
  progress jsonb not null,
  seen_at timestamptz not null,
  primary key (repository_id, agent_id)
);
comment on table rig.agents is 'The latest heartbeat of each agent instance.';

create table rig.surfaces (
  stream text not null,
  surface text not null,
  hash text not null,
  external_id text,
  shown_at timestamptz not null default clock_timestamp(),
  primary key (stream, surface)
);
comment on table rig.surfaces is 'What each surface of an issue shows now, as a hash of its rendering.';
comment on column rig.surfaces.external_id is 'The comment, check run or message that is edited in place.';

create function rig.write_projection(p jsonb) returns void
language plpgsql set search_path = rig, pg_temp as $$
#variable_conflict use_column
declare
  v_stream text := p -> 'issue' ->> 'stream';
  v_repository bigint := (p -> 'issue' ->> 'repository_id')::bigint;
begin
  insert into issues as i
  select (jsonb_populate_record(null::issues, p -> 'issue' || jsonb_build_object('updated_at', clock_timestamp()))).*
  on conflict (stream) do update set
    installation_id = excluded.installation_id, repository_id = excluded.repository_id, owner = excluded.owner, repo = excluded.repo,
    number = excluded.number, title = excluded.title, state = excluded.state, priority = excluded.priority,
    approved_at = excluded.approved_at, attempts = excluded.attempts, strikes = excluded.strikes, branch = excluded.branch,
    pr_number = excluded.pr_number, head_sha = excluded.head_sha, merge_sha = excluded.merge_sha, usd = excluded.usd,
    why = excluded.why, updated_at = excluded.updated_at;

  if jsonb_typeof(p -> 'assignment') = 'object' then
    insert into assignments (stream, repository_id, agent_id, since)
    values (v_stream, v_repository, p -> 'assignment' ->> 'agent_id', (p -> 'assignment' ->> 'since')::timestamptz)
    on conflict (stream) do update set repository_id = excluded.repository_id, agent_id = excluded.agent_id, since = excluded.since
    where (assignments.repository_id, assignments.agent_id, assignments.since) is distinct from (excluded.repository_id, excluded.agent_id, excluded.since);
  else
    delete from assignments where stream = v_stream;
  end if;

  insert into runs (run_id, stream, repository_id, agent, agent_id, kind, base_sha, requested_at, started_at, finished_at, outcome, fenced)
  select r.run_id, v_stream, v_repository, r.agent, r.agent_id, r.kind, r.base_sha, r.requested_at, r.started_at, r.finished_at, r.outcome, r.fenced
  from jsonb_to_recordset(p -> 'runs') as r(run_id uuid, agent text, agent_id text, kind text, base_sha text, requested_at timestamptz,
    started_at timestamptz, finished_at timestamptz, outcome text, fenced boolean)
  on conflict (run_id) do update set
    stream = excluded.stream, repository_id = excluded.repository_id, agent = excluded.agent, agent_id = excluded.agent_id, kind = excluded.kind,
    base_sha = excluded.base_sha, requested_at = excluded.requested_at, started_at = excluded.started_at, finished_at = excluded.finished_at,
    outcome = excluded.outcome, fenced = excluded.fenced
  where (runs.stream, runs.repository_id, runs.agent, runs.agent_id, runs.kind, runs.base_sha, runs.requested_at, runs.started_at, runs.finished_at, runs.outcome, runs.fenced)
    is distinct from (excluded.stream, excluded.repository_id, excluded.agent, excluded.agent_id, excluded.kind, excluded.base_sha, excluded.requested_at,
      excluded.started_at, excluded.finished_at, excluded.outcome, excluded.fenced);
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
comment on function rig.write_projection is 'Makes the tables show one issue''s document (IssueProjection in app/domain/projection.ts).';

create function rig.holder_of(p jsonb) returns text
language sql stable set search_path = rig, pg_temp as $$
  select a.stream from assignments a
  where a.repository_id = (p -> 'issue' ->> 'repository_id')::bigint
    and a.agent_id = p -> 'assignment' ->> 'agent_id'
    and a.stream <> p -> 'issue' ->> 'stream'
$$;
comment on function rig.holder_of is 'The other issue that has the agent instance this document wants, or null.';

create function rig.claim_run(p_run uuid, p_workflow_run bigint, p_attempt int, p_url text, p_capability_hash text, p_expires timestamptz) returns text
language plpgsql set search_path = rig, pg_temp as $$
declare
  r runs;
begin
  select * into r from runs where run_id = p_run for update;
  if not found or r.workflow_run_id <> p_workflow_run then
    return 'unknown';
  end if;
  if r.fenced or r.finished_at is not null then
    return 'fenced';
  end if;
  if split_part(r.claimed_by, '/', 2)::int >= p_attempt then
    return 'already';
  end if;
  update runs
  set workflow_run_id = p_workflow_run, workflow_run_url = p_url, claimed_by = p_workflow_run || '/' || p_attempt,
    capability_hash = p_capability_hash, capability_expires_at = p_expires, last_seen_at = clock_timestamp()
  where run_id = p_run;
  return 'claimed';
end $$;
comment on function rig.claim_run is 'Hands a run to a workflow run attempt: claimed, already (this or a later attempt has it), fenced (superseded or over), unknown (no such run, or another workflow run''s).';

create function rig.add_usage(p_run uuid, p_input bigint, p_output bigint, p_cache_read bigint, p_cache_write bigint, p_usd numeric)
returns table (run float8, issue float8, day float8)
language plpgsql set search_path = rig, pg_temp as $$
#variable_conflict use_column
declare
  r runs;
  v_day numeric;
begin
  update runs set input_tokens = input_tokens + p_input, output_tokens = output_tokens + p_output, cache_read_tokens = cache_read_tokens + p_cache_read,
    cache_write_tokens = cache_write_tokens + p_cache_write, usd = usd + p_usd, last_seen_at = clock_timestamp()
  where run_id = p_run returning * into r;
  if not found then
    return;
  end if;
  insert into usage_days as d (repository_id, day, usd) values (r.repository_id, (clock_timestamp() at time zone 'utc')::date, p_usd)
  on conflict (repository_id, day) do update set usd = d.usd + excluded.usd
  returning d.usd into v_day;
  return query select r.usd::float8, (select sum(x.usd)::float8 from runs x where x.stream = r.stream), v_day::float8;
end $$;
comment on function rig.add_usage is 'Counts what a run used and answers the dollars spent by the run, by its issue and by its repository today.';

create function rig.seen(p_run uuid, p_agent text, p_status text, p_progress jsonb) returns void
language sql set search_path = rig, pg_temp as $$
  with seen as (
    update runs set last_seen_at = clock_timestamp() where run_id = p_run returning repository_id, last_seen_at
  )
  insert into agents as a (repository_id, agent_id, status, run_id, progress, seen_at)
  select repository_id, p_agent, p_status, p_run, p_progress, last_seen_at from seen
  on conflict (repository_id, agent_id) do update
  set status = excluded.status, run_id = excluded.run_id, progress = excluded.progress, seen_at = excluded.seen_at
$$;
comment on function rig.seen is 'Keeps an agent''s heartbeat.';

revoke execute on function rig.write_projection, rig.holder_of, rig.claim_run, rig.add_usage, rig.seen from public;
grant execute on function rig.claim_run, rig.add_usage, rig.seen to rig_app;
grant select, insert, update on rig.repositories, rig.usage_days, rig.agents, rig.surfaces to rig_app;
grant select on rig.issues, rig.assignments, rig.runs, rig.gates to rig_app;
grant update (workflow_run_id, workflow_run_url, claimed_by, capability_hash, capability_expires_at, publish_granted_at, last_seen_at,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, usd) on rig.runs to rig_app;
