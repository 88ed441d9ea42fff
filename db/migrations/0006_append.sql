-- The only way in. Both functions take the append lock first and hold it to the end of the transaction: positions are gapless and in commit order.
-- Plans made while the tables were empty would become sequential scans for ever, hence the two settings.
create function rig.append_one(p_stream text, p_expected int, p_type text, p_data jsonb, p_actor jsonb, p_causation text, p_correlation text,
  p_dedupe text, p_occurred timestamptz, out status text, out version int, out pos bigint)
language plpgsql security definer set search_path = rig, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(1919510375); -- the append lock
  if p_dedupe is not null then
    select e.position into pos from events e where e.dedupe_key = p_dedupe;
    if found then
      status := 'duplicate';
      return;
    end if;
  end if;
  if coalesce(p_expected, 0) = 0 then
    insert into streams as s (stream, version) values (p_stream, 1)
    on conflict (stream) do update set version = s.version + 1 where p_expected is null
    returning s.version into version;
  else
    update streams s set version = s.version + 1 where s.stream = p_stream and s.version = p_expected returning s.version into version;
  end if;
  if version is null then
    status := 'conflict';
    version := coalesce((select s.version from streams s where s.stream = p_stream), 0);
    return;
  end if;
  update head h set position = h.position + 1 where one returning h.position into pos;
  insert into events (position, stream, version, type, data, actor, causation_id, correlation_id, dedupe_key, occurred_at)
  values (pos, p_stream, version, p_type, p_data, p_actor, p_causation, p_correlation, p_dedupe, coalesce(p_occurred, clock_timestamp()));
  perform pg_notify('rig_events', pos::text);
  status := 'accepted';
end $$;
comment on function rig.append_one is 'Appends one event that carries nothing else: no arrays, about a third of the work of a batch.';

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
  v_old int[];
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
  v_old := array(select coalesce(s.version, 0) from unnest(p_streams) with ordinality u(stream, o) left join streams s on s.stream = u.stream order by u.o);
  v_cur := v_old;

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
    insert into streams as s (stream, version)
    select u.stream, u.cur from unnest(p_streams, v_cur, v_old) u(stream, cur, old) where u.cur > u.old
    on conflict (stream) do update set version = excluded.version;
    insert into events (position, stream, version, type, data, actor, causation_id, correlation_id, dedupe_key, occurred_at)
    select u.position, p_streams[u.si], u.version, u.type, u.data, u.actor, u.causation, u.correlation, u.dedupe, coalesce(u.occurred, clock_timestamp())
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
  if coalesce((select version from streams where stream = p_stream), 0) <> p_version then
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

revoke execute on function rig.append_one, rig.append_batch, rig.rebuild_projection from public;
grant execute on function rig.append_one, rig.append_batch, rig.rebuild_projection to rig_app;
