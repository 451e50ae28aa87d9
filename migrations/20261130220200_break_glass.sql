-- +goose Up
-- An administrator who must get at the closed matter of one body: why, and until when. The rights are computed from it.
create table glass_breaks (
  id         uuid primary key,
  account_id uuid not null references accounts,
  body_id    uuid not null references bodies,
  reason     text not null check (reason <> ''),
  broken_at  timestamptz not null,
  ends_at    timestamptz not null,
  ended_at   timestamptz,
  ended_by   uuid references accounts,
  check (ends_at > broken_at and ends_at <= broken_at + interval '30 minutes')
);
create index on glass_breaks (account_id, ends_at);
create index on glass_breaks (body_id, broken_at);
grant select, insert, update on glass_breaks to regiogriffie_app;

-- +goose Down
drop table glass_breaks;
