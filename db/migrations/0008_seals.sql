-- Tamper evidence off the append path: closed blocks of positions, hashed and chained (R-ES2). Publish the last hash outside.
create table rig.seals (
  to_position bigint primary key,
  from_position bigint not null,
  hash bytea not null,
  sealed_at timestamptz not null default clock_timestamp()
);
comment on table rig.seals is 'Sealed blocks of events; each hash covers its events and the hash before it.';
create trigger append_only before update or delete or truncate on rig.seals for each statement execute function rig.deny();
alter table rig.seals enable always trigger append_only;

create function rig.block_hash(p_from bigint, p_to bigint, p_previous bytea) returns bytea
language sql stable set search_path = rig, pg_temp as $$
  select sha256(p_previous || convert_to(coalesce(string_agg(
    jsonb_build_array(e.position, e.id, e.stream, e.version, e.type, e.schema_version, e.data, e.actor, e.causation_id, e.correlation_id, e.dedupe_key,
      extract(epoch from e.occurred_at), extract(epoch from e.recorded_at))::text, E'\n' order by e.position), ''), 'UTF8'))
  from events e where e.position between p_from and p_to
$$;
comment on function rig.block_hash is 'SHA-256 of the block before and of every column of every event of this one.';

create function rig.seal(p_block int) returns bigint
language plpgsql security definer set search_path = rig, pg_temp as $$
declare
  v_last seals;
  v_from bigint;
  v_to bigint;
begin
  perform pg_advisory_xact_lock(1919510376);
  select * into v_last from seals order by to_position desc limit 1;
  v_from := coalesce(v_last.to_position, 0) + 1;
  v_to := least(v_from + p_block - 1, (select h.position from head h));
  if v_to < v_from then
    return null;
  end if;
  insert into seals (to_position, from_position, hash) values (v_to, v_from, block_hash(v_from, v_to, coalesce(v_last.hash, '\x00')));
  return v_to;
end $$;
comment on function rig.seal is 'Seals up to p_block events that are not sealed yet; answers the last position, or null when there is nothing to seal.';

create function rig.verify() returns table (from_position bigint, to_position bigint, intact boolean)
language sql stable set search_path = rig, pg_temp as $$
  select s.from_position, s.to_position,
    s.from_position = lag(s.to_position, 1, 0) over w + 1
      and s.hash = block_hash(s.from_position, s.to_position, lag(s.hash, 1, '\x00') over w)
  from seals s window w as (order by s.to_position)
  order by s.to_position
$$;
comment on function rig.verify is 'Every sealed block, and whether its events still are what was sealed.';

revoke execute on function rig.block_hash, rig.seal, rig.verify from public;
grant execute on function rig.block_hash, rig.seal, rig.verify to rig_app;
grant select on rig.seals to rig_app;
