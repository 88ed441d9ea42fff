-- What the Rig does to the world: each effect once for ever by its key (R-Q2), finished by its present holder only (R-Q3).
create table rig.effects (
  id bigint generated always as identity primary key,
  key text not null unique,
  stream text not null,
  kind text not null,
  lane text,
  payload jsonb not null,
  cause bigint not null,
  state text not null default 'planned' check (state in ('planned', 'sent', 'confirmed', 'dead', 'superseded')),
  attempts int not null default 0,
  epoch int not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz,
  response jsonb,
  error text,
  planned_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz
) with (fillfactor = 70);
create index effects_stream on rig.effects (stream, id);
create index effects_lane on rig.effects (lane, id) where state in ('planned', 'sent');
create index effects_open on rig.effects (due_at) where state in ('planned', 'sent');
comment on table rig.effects is 'What is to happen outside the database. graphile-worker runs it; this row says that it happens once.';
comment on column rig.effects.key is 'The event''s id and the command''s kind: planned once, for ever.';
comment on column rig.effects.lane is 'Of one lane one effect is under way at a time, in order of id; null: no order wanted.';
comment on column rig.effects.cause is 'Position of the event it follows from.';
comment on column rig.effects.state is 'sent: somebody holds it until lease_until; after that the outcome is unknown and the world is probed before it is repeated.';
comment on column rig.effects.epoch is 'Fencing number: goes up with every claim, and who settles must name the present one.';
comment on column rig.effects.due_at is 'Not before this time: a planned delay or a retry.';

create function rig.effect_job(p_key text, p_due timestamptz) returns jsonb
language sql immutable as $$
  select jsonb_build_object('task', 'effect', 'key', 'effect:' || p_key, 'payload', jsonb_build_object('key', p_key), 'run_at', p_due)
$$;
comment on function rig.effect_job is 'The job that carries an effect out.';

create function rig.plan_effects(p_stream text, p_commands jsonb, p_cause bigint) returns jsonb
language plpgsql set search_path = rig, pg_temp as $$
declare
  jobs jsonb;
begin
  -- Only the newest picture of a surface matters: older ones that nobody has begun to draw are dropped.
  update effects e set state = 'superseded', settled_at = clock_timestamp()
  from jsonb_to_recordset(p_commands) as c(kind text, lane text)
  where c.kind = 'SHOW' and e.lane = c.lane and e.kind = 'SHOW' and e.state = 'planned';

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
comment on function rig.plan_effects is 'Plans commands [{key, kind, lane?, data, delay_ms?}] and answers the jobs to add for those that are new.';

create function rig.claim_effect(p_key text, p_lease interval, out outcome text, out wait_ms float8, out unknown boolean, out effect rig.effects)
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_lane text;
  v_until timestamptz;
  v_ahead timestamptz;
  v_now timestamptz;
begin
  select e.lane into v_lane from effects e where e.key = p_key;
  if not found then
    outcome := 'missing';
    return;
  end if;
  if v_lane is not null then
    perform pg_advisory_xact_lock(hashtextextended(v_lane, 77)); -- else a head that settles at this moment and we could each leave the lane to the other
  end if;
  select e.* into effect from effects e where e.key = p_key for update;
  v_now := clock_timestamp();
  if effect.state not in ('planned', 'sent') then
    outcome := 'settled';
    return;
  end if;

  v_until := case effect.state when 'sent' then effect.lease_until else effect.due_at end;
  if v_until <= v_now and v_lane is not null then
    select case e.state when 'sent' then e.lease_until else e.due_at end into v_ahead
    from effects e where e.lane = v_lane and e.id < effect.id and e.state in ('planned', 'sent') order by e.id limit 1;
    if found then
      v_until := least(greatest(v_ahead, v_now + interval '1 second'), v_now + interval '1 minute');
    end if;
  end if;
  if v_until > v_now then
    outcome := 'wait';
    wait_ms := extract(epoch from v_until - v_now) * 1000;
    perform add_jobs(jsonb_build_array(effect_job(p_key, v_until)));
    return;
  end if;

  outcome := 'claimed';
  unknown := effect.state = 'sent';
  update effects e set state = 'sent', epoch = e.epoch + 1, attempts = e.attempts + 1, lease_until = v_now + p_lease
  where e.id = effect.id returning e.* into effect;
end $$;
comment on function rig.claim_effect is 'Takes an effect for the length of a lease. wait: another holds it or its lane is taken, and its job is planned for then. unknown: its last holder was lost, so probe before repeating.';

create function rig.settle_effect(p_key text, p_epoch int, p_state text, p_response jsonb, p_error text, p_retry interval, p_surface jsonb, p_run jsonb, p_jobs jsonb)
returns boolean
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_lane text;
  v_due timestamptz;
  v_jobs jsonb := p_jobs;
begin
  select e.lane into v_lane from effects e where e.key = p_key;
  if v_lane is not null then
    perform pg_advisory_xact_lock(hashtextextended(v_lane, 77));
  end if;
  v_due := clock_timestamp() + p_retry;
  update effects e set
    state = p_state, response = coalesce(p_response, e.response), error = p_error,
    due_at = coalesce(v_due, e.due_at), lease_until = case when p_state = 'sent' then v_due end,
    settled_at = case when p_state in ('confirmed', 'dead') then clock_timestamp() end
  where e.key = p_key and e.epoch = p_epoch and e.state = 'sent';
  if not found then
    return false;
  end if;

  if p_surface is not null then
    insert into surfaces as s (stream, surface, hash, external_id)
    values (p_surface ->> 'stream', p_surface ->> 'surface', p_surface ->> 'hash', p_surface ->> 'external_id')
    on conflict (stream, surface) do update
    set hash = excluded.hash, external_id = coalesce(excluded.external_id, s.external_id), shown_at = clock_timestamp();
  end if;
  if p_run is not null then
    update runs r set workflow_run_id = (p_run ->> 'workflow_run_id')::bigint, workflow_run_url = p_run ->> 'workflow_run_url'
    where r.run_id = (p_run ->> 'run_id')::uuid;
  end if;

  if p_state in ('planned', 'sent') then
    v_jobs := v_jobs || effect_job(p_key, v_due);
  elsif v_lane is not null then
    select v_jobs || effect_job(e.key, e.due_at) into v_jobs
    from effects e where e.lane = v_lane and e.state = 'planned' order by e.id limit 1;
  end if;
  perform add_jobs(coalesce(v_jobs, p_jobs));
  return true;
end $$;
comment on function rig.settle_effect is 'Ends a claim: confirmed, dead, planned (known not done, again after p_retry) or sent (outcome unknown, probe after p_retry). False: the claim was lost to another.';

create function rig.revive_effects(p_idle interval) returns int
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_jobs jsonb;
begin
  select coalesce(jsonb_agg(effect_job(e.key, clock_timestamp())), '[]') into v_jobs
  from effects e
  where e.state in ('planned', 'sent')
    and greatest(e.due_at, e.lease_until) < clock_timestamp() - p_idle
    and not exists (select from graphile_worker._private_jobs j where j.key = 'effect:' || e.key and j.attempts < j.max_attempts);
  perform add_jobs(v_jobs);
  return jsonb_array_length(v_jobs);
end $$;
comment on function rig.revive_effects is 'Gives a new job to open effects whose job is gone or has failed for good, so that no effect and no lane is stuck.';

revoke execute on function rig.effect_job, rig.plan_effects, rig.claim_effect, rig.settle_effect, rig.revive_effects from public;
grant execute on function rig.effect_job, rig.claim_effect, rig.settle_effect, rig.revive_effects to rig_app;
grant select, update on rig.effects to rig_app;
