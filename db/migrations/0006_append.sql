-- The only way in. Every function takes the append lock first and holds it to the end of the transaction: positions are gapless and in commit order.
-- Plans made while the tables were empty would become sequential scans for ever, hence the two settings.
create function rig.append_one(p_stream text, p_expected int, p_type text, p_data jsonb, p_actor jsonb, p_causation text, p_correlation text,
  p_dedupe text, p_occurred timestamptz, out status text, out version int, out pos bigint)
language plpgsql security definer set search_path = rig, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(1919510375); -- the append lock; a statement of its own, so that the next one sees what was committed before
  if p_dedupe is not null then
    select x.position into pos from events x where x.dedupe_key = p_dedupe;
    if found then
      status := 'duplicate';
      return;
    end if;
  end if;
  version := coalesce((select x.version from events x where x.stream = p_stream order by x.version desc limit 1), 0);
  if p_expected <> version then
    status := 'conflict';
    return;
  end if;
  version := version + 1;
  status := 'accepted';
  with moved as (
    update head h set position = h.position + 1 where one returning h.position
  )
  insert into events (position, id, stream, version, type, data, actor, causation_id, correlation_id, dedupe_key, occurred_at)
  select m.position, event_id(p_stream, version), p_stream, version, p_type, p_data, p_actor, p_causation, p_correlation, p_dedupe, coalesce(p_occurred, clock_timestamp()) from moved m
  returning events.position into pos;
  perform pg_notify('rig_events', pos::text);
end $$;
comment on function rig.append_one is 'Appends one event that carries nothing else: no arrays.';

create function rig.append_plain(p_stream text[], p_expected int[], p_type text[], p_data jsonb[], p_actor jsonb[], p_causation text[],
  p_correlation text[], p_dedupe text[], p_occurred timestamptz[])
returns table (status text, version int, pos bigint, taken_by text)
language plpgsql security definer set search_path = rig, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(1919510375); -- the append lock; a statement of its own, so that the next one sees what was committed before
  return query
  with asked as materialized (
    select u.*, (select x.position from events x where x.dedupe_key = u.dedupe) as known,
      coalesce((select x.version from events x where x.stream = u.stream order by x.version desc limit 1), 0) as current
    from unnest(p_stream, p_expected, p_type, p_data, p_actor, p_causation, p_correlation, p_dedupe, p_occurred) with ordinality
      u(stream, expected, type, data, actor, causation, correlation, dedupe, occurred, o)
  ), judged as materialized (
    select a.*, h.position + count(*) filter (where known is null and (expected = current) is not false) over (order by o) as position,
      case when known is not null then 'duplicate' when expected <> current then 'conflict' else 'accepted' end as verdict
    from asked a, head h where h.one
  ), moved as (
    update head h set position = m.last from (select max(position) as last from judged where verdict = 'accepted') m where m.last is not null
    returning pg_notify('rig_events', m.last::text)
  ), appended as (
    insert into events (position, id, stream, version, type, data, actor, causation_id, correlation_id, dedupe_key, occurred_at)
    select position, event_id(stream, current + 1), stream, current + 1, type, data, actor, causation, correlation, dedupe, coalesce(occurred, clock_timestamp())
    from judged where verdict = 'accepted'
  )
  select verdict, current + (verdict = 'accepted')::int, case verdict when 'accepted' then position when 'duplicate' then known end, null::text
  from judged order by o;
end $$;
comment on function rig.append_plain is 'Appends one event to each of many distinct streams in one statement: what most appends need, at a third of the work of append_batch.';

-- Many requests in one transaction (group commit in the program); each is accepted, a duplicate, in conflict or taken on its own.
--   p_streams     the distinct streams of the batch
--   per request:  p_stream (index into p_streams), p_expected (null: any version), p_count (its events), p_more (null, or {projection?, commands, jobs})
--   per event, in the order of the requests: p_type … p_occurred
create function rig.append_batch(p_streams text[], p_stream int[], p_expected int[], p_count int[], p_more jsonb[],
  p_type text[], p_data jsonb[], p_actor jsonb[], p_causation text[], p_correlation text[], p_dedupe text[], p_occurred timestamptz[])
returns table (status text, version int, pos bigint, taken_by text)
language plpgsql security definer set search_path = rig, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  n int := cardinality(p_type);
  e int := 0;
  si int;
  k int;
  v_more jsonb;
  v_known text[];
  v_cur int[];
  v_base bigint;
  v_next bigint;
  v_si int[] := array_fill(null::int, array[n]);
  v_version int[] := array_fill(null::int, array[n]);
  v_position bigint[] := array_fill(null::bigint, array[n]);
  v_jobs jsonb := '[]';
begin
  perform pg_advisory_xact_lock(1919510375);
  select h.position into v_base from head h where one;
  v_next := v_base;
  v_known := array(select x.dedupe_key from events x where x.dedupe_key = any (p_dedupe));
  v_cur := array(select coalesce((select x.version from events x where x.stream = u.stream order by x.version desc limit 1), 0) from unnest(p_streams) with ordinality u(stream, o) order by u.o);

  for q in 1 .. cardinality(p_stream) loop
    si := p_stream[q];
    k := p_count[q];
    v_more := p_more[q];
    version := v_cur[si];
    pos := null;
    taken_by := null;
    if v_known && p_dedupe[e + 1 : e + k] then
      status := 'duplicate';
      pos := (select min(x.position) from events x where x.dedupe_key = any (p_dedupe[e + 1 : e + k]));
    elsif p_expected[q] <> v_cur[si] then
      status := 'conflict';
    else
      status := 'accepted';
      if jsonb_typeof(v_more -> 'projection' -> 'assignment') = 'object' then
        taken_by := holder_of(v_more -> 'projection');
        if taken_by is not null then
          status := 'taken';
        end if;
      end if;
    end if;

    if status = 'accepted' then
      for i in e + 1 .. e + k loop
        v_next := v_next + 1;
        version := version + 1;
        v_si[i] := si;
        v_version[i] := version;
        v_position[i] := v_next;
      end loop;
      v_cur[si] := version;
      pos := case when k > 0 then v_next else coalesce((select x.position from events x where x.stream = p_streams[si] and x.version = v_cur[si]), 0) end;
      if v_more is not null then
        if v_more ? 'projection' then
          perform write_projection(v_more -> 'projection');
        end if;
        v_jobs := v_jobs || plan_effects(p_streams[si], v_more -> 'commands', pos) || (v_more -> 'jobs');
      end if;
    end if;
    e := e + k;
    return next;
  end loop;

  if v_next > v_base then
    update head h set position = v_next where one;
    insert into events (position, id, stream, version, type, data, actor, causation_id, correlation_id, dedupe_key, occurred_at)
    select u.position, event_id(p_streams[u.si], u.version), p_streams[u.si], u.version, u.type, u.data, u.actor, u.causation, u.correlation, u.dedupe, coalesce(u.occurred, clock_timestamp())
    from unnest(v_position, v_si, v_version, p_type, p_data, p_actor, p_causation, p_correlation, p_dedupe, p_occurred)
      u(position, si, version, type, data, actor, causation, correlation, dedupe, occurred)
    where u.position is not null;
    perform pg_notify('rig_events', v_next::text);
  end if;
  if v_jobs <> '[]' then
    perform add_jobs(v_jobs);
  end if;
end $$;
comment on function rig.append_batch is 'Appends the events of many requests with their projections, effects and jobs. A request that did not get to append did not get to plan.';

create function rig.rebuild_projection(p_stream text, p_version int, p jsonb) returns boolean
language plpgsql security definer set search_path = rig, pg_temp as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(1919510375);
  if coalesce((select x.version from events x where x.stream = p_stream order by x.version desc limit 1), 0) <> p_version then
    return false;
  end if;
  if p is null then
    delete from issues where stream = p_stream;
    delete from assignments where stream = p_stream;
    delete from runs where stream = p_stream;
    delete from gates where stream = p_stream;
  else
    delete from assignments where stream = holder_of(p); -- history decides, not the row that is being repaired
    perform write_projection(p);
  end if;
  return true;
end $$;
comment on function rig.rebuild_projection is 'Writes again what a stream adds up to, unless it has moved on from the version that was folded. Null: this stream shows nothing.';

revoke execute on function rig.append_one, rig.append_plain, rig.append_batch, rig.rebuild_projection from public;
grant execute on function rig.append_one, rig.append_plain, rig.append_batch, rig.rebuild_projection to rig_app;
