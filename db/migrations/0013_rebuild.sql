-- Projections compared with history and written again, many streams at a time.
create function rig.projection_differences(p_folded jsonb) returns table (stream text, part text, p jsonb)
language sql stable set search_path = rig, pg_temp as $$
  with given as materialized (
    select g.stream, g.p, g.p #> '{issue,repository_id}' as repository_id,
      coalesce((select x.version from events x where x.stream = g.stream order by x.version desc limit 1), 0) <> g.version as moved
    from jsonb_to_recordset(p_folded) g(stream text, version int, p jsonb)
  )
  select g.stream, 'moved', g.p from given g where g.moved
  union all
  -- A document laid over the row it describes changes nothing: whatever else the row knows does not count.
  select g.stream, 'issue', g.p from given g left join issues i on i.stream = g.stream
  where not g.moved and case when g.p is null then i.stream is not null
    else i.stream is null or jsonb_populate_record(i, g.p -> 'issue') is distinct from i end
  union all
  select g.stream, 'assignment', g.p from given g left join assignments a on a.stream = g.stream
  where not g.moved and case when jsonb_typeof(g.p -> 'assignment') is distinct from 'object' then a.stream is not null
    else a.stream is null
      or jsonb_populate_record(a, g.p -> 'assignment' || jsonb_build_object('repository_id', g.repository_id)) is distinct from a end
  union all
  select g.stream, 'runs', g.p from given g
  where not g.moved and (
    (select count(*) from runs r where r.stream = g.stream) <> coalesce(jsonb_array_length(g.p -> 'runs'), 0)
    or exists (
      select from jsonb_array_elements(g.p -> 'runs') d left join runs r on r.run_id = (d ->> 'run_id')::uuid
      where r.run_id is null
        or jsonb_populate_record(r, d || jsonb_build_object('stream', g.stream, 'repository_id', g.repository_id)) is distinct from r))
  union all
  select g.stream, 'gates', g.p from given g
  where not g.moved and (
    (select count(*) from gates x where x.stream = g.stream) <> coalesce(jsonb_array_length(g.p -> 'gates'), 0)
    or exists (
      select from jsonb_array_elements(g.p -> 'gates') d left join gates x on x.stream = g.stream and x.gate = d ->> 'gate'
      where x.gate is null or jsonb_populate_record(x, d) is distinct from x))
$$;
comment on function rig.projection_differences is 'Where the tables do not show what [{stream, version, p}] were folded to: issue, assignment, runs or gates; moved: the stream has another version by now. Without p the stream shows nothing.';

create function rig.write_projections(p jsonb[]) returns void
language plpgsql set search_path = rig, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  v_streams text[] := array(select d #>> '{issue,stream}' from unnest(p) d);
begin
  delete from issues i where i.stream = any (v_streams);
  -- Not (jsonb_populate_record(…)).*: that would read the document once for every column.
  insert into issues
  select i.* from unnest(p) d, jsonb_populate_record(null::issues, d -> 'issue' || jsonb_build_object('updated_at', clock_timestamp())) i;

  -- Whoever has an agent instance that history gives to another loses it, also when theirs is repaired only later.
  delete from assignments a using unnest(p) d
  where a.stream = d #>> '{issue,stream}'
    or (a.repository_id = (d #>> '{issue,repository_id}')::bigint and a.agent_id = d #>> '{assignment,agent_id}');
  insert into assignments (stream, repository_id, agent_id, since)
  select d #>> '{issue,stream}', (d #>> '{issue,repository_id}')::bigint, d #>> '{assignment,agent_id}', (d #>> '{assignment,since}')::timestamptz
  from unnest(p) d where jsonb_typeof(d -> 'assignment') = 'object'
  on conflict do nothing;

  delete from runs r where r.stream = any (v_streams)
    and r.run_id not in (select (e ->> 'run_id')::uuid from unnest(p) d, jsonb_array_elements(d -> 'runs') e);
  insert into runs (run_id, stream, repository_id, agent, agent_id, kind, attempt, base_sha, requested_at, starved_at, started_at, finished_at, outcome, fenced)
  select r.run_id, d #>> '{issue,stream}', (d #>> '{issue,repository_id}')::bigint, r.agent, r.agent_id, r.kind, r.attempt, r.base_sha, r.requested_at, r.starved_at,
    r.started_at, r.finished_at, r.outcome, r.fenced
  from unnest(p) d, jsonb_to_recordset(d -> 'runs') as r(run_id uuid, agent text, agent_id text, kind text, attempt int, base_sha text, requested_at timestamptz,
    starved_at timestamptz, started_at timestamptz, finished_at timestamptz, outcome text, fenced boolean)
  on conflict (run_id) do update set
    stream = excluded.stream, repository_id = excluded.repository_id, agent = excluded.agent, agent_id = excluded.agent_id, kind = excluded.kind,
    attempt = excluded.attempt, base_sha = excluded.base_sha, requested_at = excluded.requested_at, starved_at = excluded.starved_at,
    started_at = excluded.started_at, finished_at = excluded.finished_at, outcome = excluded.outcome, fenced = excluded.fenced;

  delete from gates g where g.stream = any (v_streams);
  insert into gates (stream, gate, head_sha, state, since, approvers, decided_by)
  select d #>> '{issue,stream}', g.gate, g.head_sha, g.state, g.since, g.approvers, g.decided_by
  from unnest(p) d, jsonb_to_recordset(d -> 'gates') as g(gate text, head_sha text, state text, since timestamptz, approvers jsonb, decided_by text);
end $$;
comment on function rig.write_projections is 'write_projection for many streams at a time, at a fraction of the work for each.';

create function rig.rebuild_projections(p_shown jsonb, p_missing jsonb) returns table (stream text, part text)
language plpgsql security definer set search_path = rig, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  v_p jsonb;
  v_gone text[];
  v_wrong jsonb[];
begin
  perform pg_advisory_xact_lock(1919510375); -- the append lock: nothing moves on while this writes
  for stream, part, v_p in
    select d.stream, string_agg(d.part, ', ' order by d.part), (array_agg(d.p))[1] from projection_differences(p_shown) d group by d.stream
    union all
    select g.stream, case when g.version is distinct from (select max(x.version) from events x where x.stream = g.stream) then 'moved' else 'issue' end, g.p
    from jsonb_to_recordset(p_missing) g(stream text, version int, p jsonb)
  loop
    if part <> 'moved' and v_p is null then
      v_gone := array_append(v_gone, stream);
    elsif part <> 'moved' then
      v_wrong := array_append(v_wrong, v_p);
    end if;
    return next;
  end loop;
  delete from issues i where i.stream = any (v_gone);
  delete from assignments a where a.stream = any (v_gone);
  delete from runs r where r.stream = any (v_gone);
  delete from gates g where g.stream = any (v_gone);
  if v_wrong is not null then
    perform write_projections(v_wrong);
  end if;
end $$;
comment on function rig.rebuild_projections is 'Writes again what streams [{stream, version, p}] add up to where the tables show something else, and answers where that was; moved: nothing was written, because the stream has moved on from the version that was folded. What is known to be missing is not compared.';

revoke execute on function rig.projection_differences, rig.write_projections, rig.rebuild_projections from public;
grant execute on function rig.projection_differences, rig.rebuild_projections to rig_app;
