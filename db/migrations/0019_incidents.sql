-- Which incidents there are, and of which repository: their streams, incident/<fingerprint>, say everything else.
create table rig.incidents (
  fingerprint text primary key,
  repository_id bigint not null,
  open boolean not null default true,
  noted_at timestamptz not null default clock_timestamp()
);
create index incidents_repository_id on rig.incidents (repository_id);
create index incidents_open on rig.incidents (repository_id) where open;
comment on table rig.incidents is 'One row an incident. It is there before the first event of its stream is, so that whatever follows from that event finds its repository.';
comment on column rig.incidents.open is 'False where the stream''s last events say that it is over. It is a hint where to look: the stream is what counts.';

grant select, insert, update on rig.incidents to rig_app;
