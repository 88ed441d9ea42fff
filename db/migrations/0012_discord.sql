-- A message that waits says nothing once a newer one about the same matter is there, and whoever replaces a message finds the one that arrived.
create or replace function rig.plan_effects(p_stream text, p_commands jsonb, p_cause bigint) returns jsonb
language plpgsql set search_path = rig, pg_temp as $$
declare
  jobs jsonb;
begin
  -- Only the newest picture of a surface, and the newest message about a matter, is wanted: older ones that nobody has begun are dropped.
  update effects e set state = 'superseded', settled_at = clock_timestamp()
  from jsonb_to_recordset(p_commands) as c(key text, kind text, lane text, data jsonb)
  where e.lane = c.lane and e.kind = c.kind and e.key <> c.key and e.state = 'planned'
    and (c.kind = 'SHOW' or (c.kind = 'NOTIFY' and c.data ? 'about' and e.payload ->> 'about' = c.data ->> 'about'));

  with planned as (
    insert into effects (key, stream, kind, lane, payload, cause, due_at)
    select c.key, p_stream, c.kind, c.lane, c.data, p_cause, clock_timestamp() + coalesce(c.delay_ms, 0) * interval '1 millisecond'
    from jsonb_to_recordset(p_commands) as c(key text, kind text, lane text, data jsonb, delay_ms float8)
    on conflict (key) do nothing
    returning key, due_at
  )
  select coalesce(jsonb_agg(effect_job(key, due_at)), '[]') into jobs from planned;
  return jobs;
end $$;

create function rig.message_of(p_key text) returns text
language sql stable set search_path = rig, pg_temp as $$
  with recursive notices as (
    select e.id, e.payload ->> 'replaces' as replaces, e.response ->> 'messageId' as message from effects e where e.key = p_key
    union all
    select e.id, e.payload ->> 'replaces', e.response ->> 'messageId' from notices n join effects e on e.key = n.replaces where n.message is null
  )
  select message from notices where message is not null
$$;
comment on function rig.message_of is 'The message that a notice became. Where it became none, it is the one that the notice was to replace: that one still stands there.';

revoke execute on function rig.message_of from public;
grant execute on function rig.message_of to rig_app;
