-- How far a repository's comments were read, so that a command whose delivery was lost is heard all the same (F1).
alter table rig.repositories add column comments_since timestamptz not null default date_trunc('second', clock_timestamp());
comment on column rig.repositories.comments_since is 'Comments changed before this were looked at for commands. It starts when the repository is first seen, and then follows GitHub''s clock, which has whole seconds.';

create function rig.read_comments(p_repository bigint, p_until timestamptz, p_jobs jsonb) returns void
language plpgsql set search_path = rig, pg_temp as $$
begin
  perform add_jobs(p_jobs);
  update repositories set comments_since = p_until where id = p_repository and comments_since < p_until;
end $$;
comment on function rig.read_comments is 'Adds the jobs that a repository''s comments up to p_until ask for, and notes that these were read.';

revoke execute on function rig.read_comments from public;
grant execute on function rig.read_comments to rig_app;
