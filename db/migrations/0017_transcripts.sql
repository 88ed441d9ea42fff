-- What was said and done in a run, note by note, so that people can read it without GitHub's artifact.
create table rig.transcripts (
  run_id uuid not null,
  nth int not null,
  note text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (run_id, nth)
);
create index transcripts_recorded_at on rig.transcripts (recorded_at);
comment on table rig.transcripts is 'The transcripts of runs without secrets, one note a row, for ninety days. Beside the events: nothing is decided by them.';
comment on column rig.transcripts.nth is 'From 0, without a gap.';
comment on column rig.transcripts.note is 'One JSON object as the runtime wrote it, redacted once more.';

create function rig.append_transcript(p_run uuid, p_from int, p_notes text[], p_most bigint) returns int
language plpgsql set search_path = rig, pg_temp as $$
declare
  v_next int;
  v_size bigint;
begin
  -- A batch sent twice, because its answer was lost, waits for the first one.
  perform from runs where run_id = p_run for update;
  if not found then
    return null;
  end if;
  select coalesce(max(nth) + 1, 0), coalesce(sum(octet_length(note)), 0) into v_next, v_size from transcripts where run_id = p_run;
  if p_from <= v_next and v_size < p_most then
    insert into transcripts (run_id, nth, note)
    select p_run, p_from + ordinality - 1, note from unnest(p_notes) with ordinality as given (note, ordinality)
    on conflict do nothing;
    v_next := greatest(v_next, p_from + cardinality(p_notes));
  end if;
  delete from transcripts where recorded_at < clock_timestamp() - interval '90 days';
  return v_next;
end $$;
comment on function rig.append_transcript is 'Keeps notes from the given number on and answers the number that comes next; null for an unknown run. What is kept already, or would be beyond the most bytes of a run, is passed over.';

revoke execute on function rig.append_transcript from public;
grant execute on function rig.append_transcript to rig_app;
grant select, insert, delete on rig.transcripts to rig_app;
