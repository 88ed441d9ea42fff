-- What GitHub sent, as it sent it.
create table rig.deliveries (
  guid uuid primary key,
  event text not null,
  headers jsonb not null,
  raw bytea,
  state text not null default 'stored' check (state in ('stored', 'handled', 'ignored', 'dead')),
  attempts int not null default 0,
  error text,
  received_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz
);
create index deliveries_received on rig.deliveries using brin (received_at);
create index deliveries_unsettled on rig.deliveries (received_at) where state in ('stored', 'dead');
comment on table rig.deliveries is 'Webhook deliveries (R-ES1): a delivery is acknowledged if and only if its row is committed.';
comment on column rig.deliveries.guid is 'X-GitHub-Delivery; kept for ever, so that a redelivery is known years later.';
comment on column rig.deliveries.raw is 'The body''s bytes as signed: jsonb refuses authentic payloads. Null once pruned.';
comment on column rig.deliveries.state is 'stored: to be looked at; ignored: of no interest; dead: given up after repeated failure (R-Q4).';

create function rig.store_deliveries(p_guid uuid[], p_event text[], p_headers jsonb[], p_raw bytea[], p_task text[]) returns setof uuid
language plpgsql set search_path = rig, pg_temp as $$
begin
  return query
  with given as (
    select * from unnest(p_guid, p_event, p_headers, p_raw, p_task) g(guid, event, headers, raw, task)
  ), stored as (
    insert into deliveries (guid, event, headers, raw) select g.guid, g.event, g.headers, g.raw from given g on conflict do nothing
    returning deliveries.guid
  ), jobs as (
    select graphile_worker.add_jobs(
      array_agg((g.task, json_build_object('guid', s.guid), null, null, null, null, null, null)::graphile_worker.job_spec)
    ) as added
    from stored s join (select distinct on (given.guid) given.guid, given.task from given) g using (guid)
    having count(*) > 0
  )
  select s.guid from stored s left join jobs on true;
end $$;
comment on function rig.store_deliveries is 'Stores deliveries and their jobs together, and answers those that are new.';

create function rig.settle_delivery(p_guid uuid, p_state text, p_error text, p_jobs jsonb) returns boolean
language plpgsql set search_path = rig, pg_temp as $$
begin
  update deliveries
  set state = p_state, error = p_error, attempts = attempts + 1, settled_at = case when p_state <> 'stored' then clock_timestamp() end
  where guid = p_guid;
  if not found then
    return false;
  end if;
  perform add_jobs(p_jobs);
  return true;
end $$;
comment on function rig.settle_delivery is 'Notes what became of a delivery and adds the jobs it asks for. State stored: a failed attempt that will be repeated.';

revoke execute on function rig.store_deliveries, rig.settle_delivery from public;
grant execute on function rig.store_deliveries, rig.settle_delivery to rig_app;
grant select, insert, update on rig.deliveries to rig_app;
