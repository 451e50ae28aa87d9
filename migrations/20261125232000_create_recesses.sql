-- +goose Up
-- When an organisation, or one of its bodies, does not meet. Public, like the days on which it does.
create table recesses (
  id              uuid primary key,
  organisation_id uuid not null references organisations,
  body_id         uuid references bodies, -- null: all bodies of the organisation
  name            text not null check (name <> ''),
  starts_on       date not null,
  last_on         date not null, -- the last day of it
  version         int not null default 1,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  updated_by      text not null default '',
  check (last_on >= starts_on)
);
-- The same recess twice is one.
create unique index recesses_same_key on recesses (organisation_id, coalesce(body_id, '00000000-0000-0000-0000-000000000000'), starts_on, last_on);
create index on recesses (body_id);
grant select, insert, update, delete on recesses to regiogriffie_app;

-- +goose Down
drop table recesses;
