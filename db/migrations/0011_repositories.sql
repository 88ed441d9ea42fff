-- The life of repositories beyond their names, and what the five-minute pass remembers of GitHub's own record of deliveries.
alter table rig.repositories add column readable boolean not null default true;
comment on column rig.repositories.readable is 'False while GitHub refuses to show it: deleted, suspended, uninstalled, or without the permissions to read. Its issues are then held unseen.';
comment on column rig.repositories.private is 'As it was when the Rig last decided about it: a change to public pauses the repository.';

create function rig.save_repository(p_id bigint, p_owner text, p_name text, p_installation bigint, p_default_branch text, p_private boolean,
  p_readable boolean, p_paused text, p_jobs jsonb) returns boolean
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_before repositories;
begin
  select * into v_before from repositories where id = p_id for update;
  update repositories r
  set owner = p_owner, name = p_name, installation_id = p_installation, default_branch = p_default_branch, private = p_private,
    readable = p_readable, paused_because = p_paused, updated_at = clock_timestamp()
  where r.id = p_id and (r.owner, r.name, r.installation_id, r.default_branch, r.private, r.readable, r.paused_because)
    is distinct from (p_owner, p_name, p_installation, p_default_branch, p_private, p_readable, p_paused);
  if (v_before.readable, v_before.paused_because) is not distinct from (p_readable, p_paused) then
    return false;
  end if;
  perform add_jobs(p_jobs);
  return true;
end $$;
comment on function rig.save_repository is 'Writes down what a repository''s history and GitHub say of it now. Where that pauses it or lets it go on, the jobs are added in the same transaction, and the answer is true.';

create table rig.redeliveries (
  guid uuid primary key,
  asked_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz
);
comment on table rig.redeliveries is 'Deliveries that GitHub was asked to send again (F2): each once, and the row is there before the question.';
comment on column rig.redeliveries.answered_at is 'Null: it is not known whether GitHub heard the question.';

create function rig.ask_redelivery(p_guid uuid, p_within interval) returns text
language plpgsql set search_path = rig, pg_temp as $$
begin
  insert into redeliveries as r (guid) values (p_guid)
  on conflict (guid) do update set asked_at = clock_timestamp()
    where r.answered_at is null and r.asked_at < clock_timestamp() - p_within;
  if found then
    return 'ask';
  end if;
  return (select case when r.answered_at is null then 'open' else 'answered' end from redeliveries r where r.guid = p_guid);
end $$;
comment on function rig.ask_redelivery is 'ask: the caller may ask GitHub for a delivery again, for nobody did, or whoever wanted to has not said for p_within that it was done. open: somebody else is about to. answered: GitHub was asked.';

create table rig.delivery_cursor (
  one boolean primary key default true check (one),
  confirmed_until timestamptz not null
);
comment on table rig.delivery_cursor is 'GitHub''s record of its deliveries was gone through up to this time, by GitHub''s clock.';

revoke execute on function rig.save_repository, rig.ask_redelivery from public;
grant execute on function rig.save_repository, rig.ask_redelivery to rig_app;
grant select, insert, update on rig.redeliveries, rig.delivery_cursor to rig_app;
