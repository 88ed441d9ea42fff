-- What production shows, as it was last heard, and what Flux reported. Beside the events: an incident's history says what was made of it.
create table rig.signals (
  fingerprint text primary key,
  repository_id bigint not null,
  source text not null,
  name text not null,
  service text not null,
  severity text not null,
  firing boolean not null default false,
  since timestamptz not null default clock_timestamp(),
  changes timestamptz[] not null default '{}',
  failures int not null default 0,
  failing_since timestamptz,
  summary text not null,
  detail text not null,
  url text,
  heard_at timestamptz not null default clock_timestamp()
);
create index signals_repository_id on rig.signals (repository_id);
comment on table rig.signals is 'Of each thing that may be wrong in production, whether it is. The texts are a stranger''s words, without secrets.';
comment on column rig.signals.since is 'Since when it is as it is, as far as the source tells.';
comment on column rig.signals.changes is 'When it was heard that it began or stopped firing, by this clock, newest last; the last fifty.';
comment on column rig.signals.failures is 'Bad looks in a row.';
comment on column rig.signals.failing_since is 'When the first of them was, or when the source says that it began; null while all is well.';

create function rig.hear_signals(p_signals jsonb, p_jobs jsonb) returns setof text
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_told jsonb;
  v_before signals;
  v_now timestamptz;
  v_failures int;
  v_failing timestamptz;
  v_firing boolean;
  v_jobs jsonb := p_jobs;
begin
  -- In one order, so that two of these at once wait for each other and never for good.
  for v_told in select x.told from jsonb_array_elements(p_signals) with ordinality x(told, o) order by x.told ->> 'fingerprint', x.o
  loop
    if not coalesce((v_told ->> 'only_if_known')::boolean, false) then
      insert into signals (fingerprint, repository_id, source, name, service, severity, summary, detail)
      values (v_told ->> 'fingerprint', (v_told ->> 'repository_id')::bigint, v_told ->> 'source', v_told ->> 'name', v_told ->> 'service',
        v_told ->> 'severity', v_told ->> 'summary', v_told ->> 'detail')
      on conflict do nothing;
    end if;
    select * into v_before from signals s where s.fingerprint = v_told ->> 'fingerprint' for update;
    continue when not found;
    v_now := clock_timestamp(); -- after the lock: whoever waited for it comes later
    if not (v_told ->> 'firing')::boolean then
      v_failures := 0;
      v_failing := null;
      v_firing := false;
    else
      -- Bad looks with nothing heard between them for long are not in a row.
      if not v_before.firing and v_before.heard_at < v_now - (v_told ->> 'gap_ms')::float8 * interval '1 millisecond' then
        v_before.failures := 0;
        v_before.failing_since := null;
      end if;
      v_failures := v_before.failures + 1;
      v_failing := coalesce(v_before.failing_since, least((v_told ->> 'since')::timestamptz, v_now));
      v_firing := v_before.firing or (v_failures >= coalesce((v_told ->> 'failures')::int, 1)
        and v_failing <= v_now - coalesce((v_told ->> 'for_ms')::float8, 0) * interval '1 millisecond');
    end if;
    update signals s
    set name = v_told ->> 'name', service = v_told ->> 'service', severity = v_told ->> 'severity', summary = v_told ->> 'summary',
      detail = v_told ->> 'detail', url = v_told ->> 'url', failures = v_failures, failing_since = v_failing, firing = v_firing, heard_at = v_now,
      -- What ended never began again before it ended.
      since = case when v_firing = v_before.firing then s.since when v_firing and v_before.changes = '{}' then v_failing
        else greatest(case when v_firing then v_failing else least((v_told ->> 'since')::timestamptz, v_now) end, v_before.since) end,
      changes = case when v_firing = v_before.firing then s.changes else (s.changes || v_now)[greatest(cardinality(s.changes) - 48, 1):] end
    where s.fingerprint = v_before.fingerprint;
    if v_firing <> v_before.firing
      or (v_firing and (v_before.severity, v_before.summary) is distinct from (v_told ->> 'severity', v_told ->> 'summary')) then
      v_jobs := v_jobs || jsonb_build_array(v_told -> 'job');
      return next v_before.fingerprint;
    end if;
  end loop;
  delete from signals where not firing and heard_at < clock_timestamp() - interval '90 days';
  perform add_jobs(v_jobs);
end $$;
comment on function rig.hear_signals is 'Writes down what was heard of signals [{fingerprint, repository_id, source, name, service, severity, firing, since?, summary, detail, url?, failures?, for_ms?, gap_ms?, only_if_known?, job}]: firing once `failures` in a row were bad for `for_ms`, at once where neither is told. Adds the job of each of which something that matters changed, and p_jobs, in the same transaction; answers those fingerprints.';

create table rig.flux_reports (
  object text primary key,
  sha text,
  revision text not null,
  ready boolean not null,
  message text not null,
  at timestamptz not null,
  heard_at timestamptz not null default clock_timestamp()
);
comment on table rig.flux_reports is 'What Flux last reported of each object, also of one that no rig.yml names yet.';
comment on column rig.flux_reports.at is 'By Flux''s own clock, to the second.';

create function rig.hear_flux(p_report jsonb, p_signals jsonb, p_jobs jsonb) returns boolean
language plpgsql set search_path = rig, pg_temp as $$
begin
  insert into flux_reports as r (object, sha, revision, ready, message, at)
  values (p_report ->> 'object', p_report ->> 'sha', p_report ->> 'revision', (p_report ->> 'ready')::boolean, p_report ->> 'message', (p_report ->> 'at')::timestamptz)
  on conflict (object) do update
  set sha = excluded.sha, revision = excluded.revision, ready = excluded.ready, message = excluded.message, at = excluded.at, heard_at = clock_timestamp()
  -- That something of a revision is under way is no news once the revision is there.
  where excluded.at >= r.at and not ((p_report ->> 'progress')::boolean and r.ready and r.revision = excluded.revision);
  if not found then
    return false;
  end if;
  perform hear_signals(p_signals, p_jobs);
  return true;
end $$;
comment on function rig.hear_flux is 'Keeps a report of Flux {object, sha?, revision, ready, progress?, message, at} with what follows from it, in one transaction; false, and nothing, where a later report is there already.';

create table rig.watches (
  repository_id bigint primary key,
  held_until timestamptz not null
);
comment on table rig.watches is 'Whose production is being looked at, so that it is never looked at twice at once.';

create function rig.begin_watch(p_repository bigint, p_for interval) returns boolean
language plpgsql set search_path = rig, pg_temp as $$
begin
  insert into watches as w (repository_id, held_until) values (p_repository, clock_timestamp() + p_for)
  on conflict (repository_id) do update set held_until = excluded.held_until where w.held_until <= clock_timestamp();
  return found;
end $$;
comment on function rig.begin_watch is 'Whether the caller may look at a repository''s production now: nobody else does until it has ended, or for p_for if it never says so.';

revoke execute on function rig.hear_signals, rig.hear_flux, rig.begin_watch from public;
grant execute on function rig.hear_signals, rig.hear_flux, rig.begin_watch to rig_app;
grant select, insert, update, delete on rig.signals to rig_app;
grant select, insert, update on rig.flux_reports, rig.watches to rig_app;
