-- +goose Up
-- Whose account, role, mandate or link an entry is about. He reads it, and so do the administrators of the place: those of the
-- installation all, those of an organisation what is of theirs. When someone signed in is for himself alone.
alter table audit_entries add column about uuid references persons;
create index on audit_entries (about, at) where about is not null;
create index on audit_entries (at) where about is not null;
alter policy seen on audit_entries using (
  org_ids && (select nullif(current_setting('regiogriffie.actor_clerk_organisations', true), '')::uuid[])
  or about = any((select nullif(current_setting('regiogriffie.actor_persons', true), '')::uuid[])::uuid[])
  or about is not null and act not in ('account.sign_in', 'account.sign_out', 'account.confirm') and (
    (select current_setting('regiogriffie.actor_admin', true) = 'true')
    or org_ids && (select nullif(current_setting('regiogriffie.actor_admin_organisations', true), '')::uuid[]))
);

-- +goose Down
alter policy seen on audit_entries using (
  org_ids && (select nullif(current_setting('regiogriffie.actor_clerk_organisations', true), '')::uuid[])
);
drop index audit_entries_at_idx;
alter table audit_entries drop column about;
