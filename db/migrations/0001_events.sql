-- The history: streams of events, one global order, nothing ever changed.
do $$
begin
  if not exists (select from pg_roles where rolname = 'rig_app') then
    create role rig_app nologin;
  end if;
exception
  when duplicate_object or unique_violation then null; -- another database of this server was migrated at the same moment
  when insufficient_privilege then
    raise exception 'The role rig_app is missing and % may not create it.', current_user
      using hint = format('As a superuser: create role rig_app nologin; grant rig_app to %I;', current_user);
end $$;

do $$
begin
  -- Since version 16 whoever creates a role is a member of it and may not take it on.
  if not pg_has_role(current_user, 'rig_app', case when current_setting('server_version_num')::int >= 160000 then 'set' else 'member' end) then
    execute format('grant rig_app to %I', current_user);
  end if;
end $$;

-- node-pg-migrate has made the schema already: its table of migrations lives in it.
grant usage on schema rig to rig_app;
comment on schema rig is 'The Engineering Rig: its history, what it shows of it, and what it does to the world.';
comment on role rig_app is 'What the program works as: it appends through functions and cannot rewrite history.';

create function rig.event_id(stream text, version int) returns uuid
language plpgsql immutable strict parallel safe as $$
declare
  h bytea := sha256(convert_to(stream || '@' || version, 'UTF8'));
begin
  h := set_byte(h, 6, get_byte(h, 6) & 15 | 128);
  h := set_byte(h, 8, get_byte(h, 8) & 63 | 128);
  return encode(substring(h from 1 for 16), 'hex')::uuid;
end $$;
comment on function rig.event_id is 'The version 8 UUID of the SHA-256 of stream@version: the same as eventId in app/domain/ids.ts, so that an event has its name before it is written.';

create table rig.head (
  one boolean primary key default true check (one),
  position bigint not null
) with (fillfactor = 10);
insert into rig.head values (true, 0);
comment on table rig.head is 'One row: the last position given out. It moves under the append lock only, so positions are gapless and their order is the order of commits.';

create table rig.events (
  position bigint primary key,
  id uuid not null,
  stream text not null,
  version int not null,
  type text not null,
  schema_version smallint not null default 1,
  data jsonb not null,
  actor jsonb not null,
  causation_id text not null,
  correlation_id text not null,
  dedupe_key text,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  unique (stream, version)
);
create unique index events_dedupe on rig.events (dedupe_key) where dedupe_key is not null;
alter table rig.events set (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
-- No check constraints and no generated column: Postgres would parse their expressions again with every append (a third of its work).
comment on table rig.events is 'What happened, append-only (R-ES2). The only way in is append_plain and append_batch.';
comment on column rig.events.position is 'Gapless and in commit order over all streams: a reader of position > n never misses a row (R-ES3).';
comment on column rig.events.id is 'event_id(stream, version).';
comment on column rig.events.version is 'Contiguous from 1 within the stream.';
comment on column rig.events.schema_version is 'The shape of data; higher when the shape of this type changes.';
comment on column rig.events.actor is 'Who caused it: {kind, login, id}.';
comment on column rig.events.causation_id is 'The delivery, command or run that brought it.';
comment on column rig.events.dedupe_key is 'The natural key of the fact, such as merged:4242:207, so that a webhook and the coordination pass record it once.';
comment on column rig.events.occurred_at is 'GitHub''s time where GitHub knows it.';

create function rig.deny() returns trigger language plpgsql as $$
begin
  raise exception 'rig.% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = '42501';
end $$;
create trigger append_only before update or delete or truncate on rig.events for each statement execute function rig.deny();
alter table rig.events enable always trigger append_only;

grant select on rig.head, rig.events to rig_app;
