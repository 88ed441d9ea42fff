-- Which processes live. graphile-worker alone would leave a killed process's jobs locked for four hours.
create table rig.workers (
  pool_id text primary key,
  host text not null,
  pid int not null,
  started_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz not null
);
comment on table rig.workers is 'One row a running worker pool; it holds its jobs while its lease lasts (R-Q1), by the database''s clock.';
comment on column rig.workers.pool_id is 'graphile-worker''s name of the pool: the locked_by of its jobs.';

create function rig.free_pools(p_pools text[]) returns void
language plpgsql set search_path = rig, pg_temp as $$
begin
  -- What they held is free at once, and its outcome unknown; a holder that was only asleep is fenced by the epoch.
  update effects e set lease_until = clock_timestamp()
  from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
  where j.locked_by = any (p_pools) and t.identifier = 'effect' and e.key = j.payload ->> 'key' and e.state = 'sent';
  perform graphile_worker.force_unlock_workers(p_pools);
  delete from workers where pool_id = any (p_pools);
end $$;
comment on function rig.free_pools is 'Ends the leases of these pools and frees the jobs and effects they held.';

create function rig.unlock_dead(p_grace interval) returns text[]
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_dead text[];
begin
  -- The grace covers a pool that took a job before its first lease was written.
  v_dead := array(
    select distinct j.locked_by from graphile_worker._private_jobs j
    where j.locked_by is not null and j.locked_at < clock_timestamp() - p_grace
      and not exists (select from workers w where w.pool_id = j.locked_by and w.lease_until > clock_timestamp()));
  if cardinality(v_dead) > 0 then
    perform free_pools(v_dead);
  end if;
  delete from workers where lease_until < clock_timestamp() - interval '1 day';
  return v_dead;
end $$;
comment on function rig.unlock_dead is 'Frees the jobs, and the effects they held, of pools without a lease (G5), and answers their names.';

revoke execute on function rig.free_pools, rig.unlock_dead from public;
grant execute on function rig.free_pools, rig.unlock_dead to rig_app;
grant select, insert, update, delete on rig.workers to rig_app;
