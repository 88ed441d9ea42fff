-- Rounds of agents: runs without an issue. They stand in the row of issues, so that runs, budgets and transcripts find them, with the number 0.
alter table rig.issues drop constraint issues_kind_check;
alter table rig.issues add constraint issues_kind_check check (kind in ('issue', 'pull_request', 'round')),
  add constraint issues_number_check check ((kind = 'round') = (number = 0));
comment on column rig.issues.kind is 'pull_request: a person''s own, of which the Rig holds the gates and nothing else. round: an agent was asked to look and to say something; no list of issues shows it.';
comment on column rig.issues.number is '0 of a round, which has no issue.';
create index issues_rounds on rig.issues (repository_id, state) where kind = 'round';
