-- What the measures and the metrics read that nothing else does.
create index events_deployed on rig.events (occurred_at) where type = 'DEPLOYED_PRODUCTION';

create table rig.coordination (
  one boolean primary key default true check (one),
  succeeded_at timestamptz not null
);
comment on table rig.coordination is 'One row: when the five-minute pass last went through everything, by the database''s clock; no row before its first time.';
grant select, insert, update on rig.coordination to rig_app;
