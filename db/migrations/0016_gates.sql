-- People's pull requests stand beside the issues, in the same row of numbers; and what is wrong with a repository's own protection.
alter table rig.issues add column kind text not null default 'issue' check (kind in ('issue', 'pull_request'));
comment on column rig.issues.kind is 'pull_request: a person''s own, of which the Rig holds the gates and nothing else.';
create index issues_watched on rig.issues (repository_id, state) where kind = 'pull_request';

alter table rig.repositories add column drift text;
comment on column rig.repositories.drift is 'Why the protection of the default branch is not what it was, as its history says; null where it is. No gate is green meanwhile.';
