-- +goose Up
-- Who did what to which thing, and why. The application may add and read, never change or remove.
create table audit_entries (
  id         uuid primary key,
  at         timestamptz not null, -- the moment the act counts for
  written_at timestamptz not null default clock_timestamp(), -- the real moment
  account_id uuid references accounts,
  person_id  uuid references persons,
  duty       text not null default '',
  act        text not null,
  thing      text not null,
  org_ids    uuid[] not null default '{}',
  reason     text not null default ''
);
create index on audit_entries (thing, at);
alter table audit_entries enable row level security;
alter table audit_entries force row level security;
create policy added on audit_entries for insert to regiogriffie_app with check (true);
create policy seen on audit_entries for select to regiogriffie_app using (
  org_ids && (select nullif(current_setting('regiogriffie.actor_clerk_organisations', true), '')::uuid[])
);
grant select, insert on audit_entries to regiogriffie_app;

-- +goose Down
drop table audit_entries;
