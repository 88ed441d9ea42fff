-- Budgets in tokens beside dollars, and the work in progress that an interrupted run leaves to the next one.
alter table rig.usage_days add column tokens bigint not null default 0;
comment on column rig.usage_days.tokens is 'All of them: input, output, read from and written to the cache.';

create function rig.spent(p_run uuid)
returns table (run float8, issue float8, day float8, run_tokens float8, issue_tokens float8, day_tokens float8)
language sql stable set search_path = rig, pg_temp as $$
  select r.usd::float8, i.usd::float8, coalesce(d.usd, 0)::float8,
    (r.input_tokens + r.output_tokens + r.cache_read_tokens + r.cache_write_tokens)::float8, i.tokens::float8, coalesce(d.tokens, 0)::float8
  from runs r
  cross join lateral (
    select sum(x.usd) as usd, sum(x.input_tokens + x.output_tokens + x.cache_read_tokens + x.cache_write_tokens) as tokens
    from runs x where x.stream = r.stream
  ) i
  left join usage_days d on d.repository_id = r.repository_id and d.day = (clock_timestamp() at time zone 'utc')::date
  where r.run_id = p_run
$$;
comment on function rig.spent is 'Dollars and tokens spent by a run, by its issue and by its repository today (UTC).';

drop function rig.add_usage;
create function rig.add_usage(p_run uuid, p_input bigint, p_output bigint, p_cache_read bigint, p_cache_write bigint, p_usd numeric)
returns table (run float8, issue float8, day float8, run_tokens float8, issue_tokens float8, day_tokens float8)
language plpgsql set search_path = rig, pg_temp as $$
#variable_conflict use_column
declare
  v_repository bigint;
begin
  update runs set input_tokens = input_tokens + p_input, output_tokens = output_tokens + p_output, cache_read_tokens = cache_read_tokens + p_cache_read,
    cache_write_tokens = cache_write_tokens + p_cache_write, usd = usd + p_usd, last_seen_at = clock_timestamp()
  where run_id = p_run returning repository_id into v_repository;
  if not found then
    return;
  end if;
  insert into usage_days as d (repository_id, day, usd, tokens)
  values (v_repository, (clock_timestamp() at time zone 'utc')::date, p_usd, p_input + p_output + p_cache_read + p_cache_write)
  on conflict (repository_id, day) do update set usd = d.usd + excluded.usd, tokens = d.tokens + excluded.tokens;
  return query select * from spent(p_run);
end $$;
comment on function rig.add_usage is 'Counts what a run used and answers what is spent now.';

create table rig.checkpoints (
  run_id uuid primary key,
  stream text not null,
  base_sha text not null,
  sha text not null,
  bytes bytea not null,
  created_at timestamptz not null default clock_timestamp()
);
create index checkpoints_stream on rig.checkpoints (stream);
-- git has compressed it already.
alter table rig.checkpoints alter column bytes set storage external;
comment on table rig.checkpoints is 'Work in progress of runs that were interrupted, until the next run of the issue leaves its own, for a month at most.';
comment on column rig.checkpoints.sha is 'The commit with all the work, on top of base_sha; base_sha itself where there was none.';
comment on column rig.checkpoints.bytes is 'A git bundle of that commit; empty where there was no work.';

create function rig.save_checkpoint(p_run uuid, p_base text, p_sha text, p_bytes bytea) returns boolean
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_stream text;
begin
  select stream into v_stream from runs where run_id = p_run and not fenced for share;
  if not found then
    return false;
  end if;
  insert into checkpoints (run_id, stream, base_sha, sha, bytes) values (p_run, v_stream, p_base, p_sha, p_bytes)
  on conflict (run_id) do update set base_sha = excluded.base_sha, sha = excluded.sha, bytes = excluded.bytes, created_at = excluded.created_at;
  delete from checkpoints
  where run_id <> p_run and ((stream = v_stream and p_bytes <> '') or created_at < clock_timestamp() - interval '30 days');
  return true;
end $$;
comment on function rig.save_checkpoint is 'Keeps a run''s work in progress. False: the run is unknown or fenced, and nothing was kept.';

revoke execute on function rig.spent, rig.add_usage, rig.save_checkpoint from public;
grant execute on function rig.spent, rig.add_usage, rig.save_checkpoint to rig_app;
grant select, insert, update, delete on rig.checkpoints to rig_app;
