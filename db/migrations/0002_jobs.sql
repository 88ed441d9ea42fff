-- Jobs are graphile-worker's; its own migrations ran before these.
grant usage on schema graphile_worker to rig_app;
grant all on all tables in schema graphile_worker to rig_app;
grant all on all sequences in schema graphile_worker to rig_app;
grant execute on all functions in schema graphile_worker to rig_app;
alter default privileges in schema graphile_worker grant all on tables to rig_app;
alter default privileges in schema graphile_worker grant all on sequences to rig_app;

-- graphile-worker turns row-level security on and gives no policies: without these the program's role sees no job.
create policy rig_app on graphile_worker._private_jobs to rig_app using (true) with check (true);
create policy rig_app on graphile_worker._private_tasks to rig_app using (true) with check (true);
create policy rig_app on graphile_worker._private_job_queues to rig_app using (true) with check (true);
create policy rig_app on graphile_worker._private_known_crontabs to rig_app using (true) with check (true);

create function rig.add_jobs(p_jobs jsonb) returns void
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_specs graphile_worker.job_spec[];
  v_keep boolean;
begin
  -- Of one key the last wins, as if they had been added one by one. Sorted, so that two transactions lock keys in one order.
  for v_specs, v_keep in
  select array_agg((j.task, j.payload, null, j.run_at, j.max_attempts, j.key, j.priority, null)::graphile_worker.job_spec order by j.key, j.o), j.keep
  from (
    select distinct on (coalesce(x.job ->> 'key', '#' || x.o)) x.o, coalesce((x.job ->> 'keep_run_at')::boolean, false) as keep,
      x.job ->> 'task' as task, (x.job -> 'payload')::json as payload, x.job ->> 'key' as key,
      coalesce((x.job ->> 'run_at')::timestamptz, clock_timestamp() + (x.job ->> 'delay_ms')::float8 * interval '1 millisecond') as run_at,
      (x.job ->> 'max_attempts')::smallint as max_attempts, (x.job ->> 'priority')::smallint as priority
    from jsonb_array_elements(p_jobs) with ordinality x(job, o)
    order by coalesce(x.job ->> 'key', '#' || x.o), x.o desc
  ) j
  group by j.keep
  order by j.keep
  loop
    perform graphile_worker.add_jobs(v_specs, v_keep);
  end loop;
end $$;
comment on function rig.add_jobs is 'Adds jobs [{task, payload, key?, run_at?, delay_ms?, keep_run_at?, priority?, max_attempts?}] in the caller''s transaction; a key replaces the job that waits under it, and keep_run_at leaves that one its time.';
revoke execute on function rig.add_jobs from public;
grant execute on function rig.add_jobs to rig_app;
