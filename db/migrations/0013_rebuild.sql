-- Projections compared with history and written again, many streams at a time.
create function rig.projection_differences(p_folded jsonb) returns table (stream text, part text)
language sql stable set search_path = rig, pg_temp as $$
  with given as materialized (
    select g.stream, g.p, g.p #> '{issue,repository_id}' as repository_id,
      coalesce((select x.version from events x where x.stream = g.stream order by x.version desc limit 1), 0) <> g.version as moved
    from jsonb_to_recordset(p_folded) g(stream text, version int, p jsonb)
  )
  select g.stream, 'moved' from given g where g.moved
  union all
  -- A document laid over the row it describes changes nothing: whatever else the row knows does not count.
  select g.stream, 'issue' from given g left join issues i on i.stream = g.stream
  where not g.moved and case when g.p is null then i.stream is not null
    else i.stream is null or jsonb_populate_record(i, g.p -> 'issue') is distinct from i end
  union all
  select g.stream, 'assignment' from given g left join assignments a on a.stream = g.stream
  where not g.moved and case when jsonb_typeof(g.p -> 'assignment') is distinct from 'object' then a.stream is not null
    else a.stream is null
      or jsonb_populate_record(a, g.p -> 'assignment' || jsonb_build_object('repository_id', g.repository_id)) is distinct from a end
  union all
  select g.stream, 'runs' from given g
  where not g.moved and (
    (select count(*) from runs r where r.stream = g.stream) <> coalesce(jsonb_array_length(g.p -> 'runs'), 0)
    or exists (
      select from jsonb_array_elements(g.p -> 'runs') d left join runs r on r.run_id = (d ->> 'run_id')::uuid
      where r.run_id is null
        or jsonb_populate_record(r, d || jsonb_build_object('stream', g.stream, 'repository_id', g.repository_id)) is distinct from r))
  union all
  select g.stream, 'gates' from given g
  where not g.moved and (
    (select count(*) from gates x where x.stream = g.stream) <> coalesce(jsonb_array_length(g.p -> 'gates'), 0)
    or exists (
      select from jsonb_array_elements(g.p -> 'gates') d left join gates x on x.stream = g.stream and x.gate = d ->> 'gate'
      where x.gate is null or jsonb_populate_record(x, d) is distinct from x))
$$;
comment on function rig.projection_differences is 'Where the tables do not show what [{stream, version, p}] were folded to: issue, assignment, runs or gates; moved: the stream has another version by now. Without p the stream shows nothing.';

create function rig.write_new_projections(p jsonb[]) returns void
language plpgsql set search_path = rig, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  -- Not (jsonb_populate_record(…)).*: that would read the document once for every column.
  insert into issues
  select i.* from unnest(p) d, jsonb_populate_record(null::issues, d -> 'issue' || jsonb_build_object('updated_at', clock_timestamp())) i;

  insert into assignments (stream, repository_id, agent_id, since)
  select d #>> '{issue,stream}', (d #>> '{issue,repository_id}')::bigint, d #>> '{assignment,agent_id}', (d #>> '{assignment,since}')::timestamptz
  from unnest(p) d where jsonb_typeof(d -> 'assignment') = 'object'
  on conflict do nothing;

  insert into runs (run_id, stream, repository_id, agent, agent_id, kind, attempt, base_sha, requested_at, starved_at, started_at, finished_at, outcome, fenced)
  select r.run_id, d #>> '{issue,stream}', (d #>> '{issue,repository_id}')::bigint, r.agent, r.agent_id, r.kind, r.attempt, r.base_sha, r.requested_at, r.starved_at,
    r.started_at, r.finished_at, r.outcome, r.fenced
  from unnest(p) d, jsonb_to_recordset(d -> 'runs') as r(run_id uuid, agent text, agent_id text, kind text, attempt int, base_sha text, requested_at timestamptz,
    starved_at timestamptz, started_at timestamptz, finished_at timestamptz, outcome text, fenced boolean);

  insert into gates (stream, gate, head_sha, state, since, approvers, decided_by)
  select d #>> '{issue,stream}', g.gate, g.head_sha, g.state, g.since, g.approvers, g.decided_by
  from unnest(p) d, jsonb_to_recordset(d -> 'gates') as g(gate text, head_sha text, state text, since timestamptz, approvers jsonb, decided_by text);
end $$;
comment on function rig.write_new_projections is 'write_projection for many streams of which the tables show nothing yet, at a tenth of the work.';

create function rig.rebuild_projections(p_folded jsonb) returns table (stream text, part text)
language plpgsql security definer set search_path = rig, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  v_new jsonb[];
  v_p jsonb;
  v_known boolean;
begin
  perform pg_advisory_xact_lock(1919510375); -- the append lock: nothing moves on while this writes
  for stream, part, v_p, v_known in
    select d.stream, d.parts, g.p, exists (select from issues i where i.stream = d.stream)
      or exists (select from assignments a where a.stream = d.stream) or exists (select from gates x where x.stream = d.stream)
      or exists (select from runs r where r.stream = d.stream) or exists (
        select from jsonb_array_elements(g.p -> 'runs') e join runs r on r.run_id = (e ->> 'run_id')::uuid)
    from (select x.stream, string_agg(x.part, ', ' order by x.part) as parts from projection_differences(p_folded) x group by x.stream) d
      join jsonb_to_recordset(p_folded) g(stream text, p jsonb) on g.stream = d.stream
    order by d.stream
  loop
    if part <> 'moved' and v_p is null then
      delete from issues i where i.stream = rebuild_projections.stream;
      delete from assignments a where a.stream = rebuild_projections.stream;
      delete from runs r where r.stream = rebuild_projections.stream;
      delete from gates x where x.stream = rebuild_projections.stream;
    elsif part <> 'moved' then
      if jsonb_typeof(v_p -> 'assignment') = 'object' then
        delete from assignments a where a.stream = holder_of(v_p); -- history decides, not the row that is being repaired
      end if;
      if v_known then
        perform write_projection(v_p);
      else
        v_new := array_append(v_new, v_p);
      end if;
    end if;
    return next;
  end loop;
  perform write_new_projections(v_new);
end $$;
comment on function rig.rebuild_projections is 'Writes again what streams add up to where the tables show something else, and answers where that was; moved: nothing was written, because the stream has moved on from the version that was folded.';

revoke execute on function rig.projection_differences, rig.write_new_projections, rig.rebuild_projections from public;
grant execute on function rig.projection_differences, rig.rebuild_projections to rig_app;
