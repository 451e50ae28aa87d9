-- +goose Up
-- Sight by an account counts only when two stand for the address it answers to: who set it, and another. Accounts that were
-- there came in before.
alter table accounts add column vouched boolean not null default true;
alter table persons add column work_email_by uuid references persons; -- who last set it; null: the program, or before this was kept

-- An address that one administrator set and that waits for a second, and what became of it.
create table account_email_changes (
  id         uuid primary key,
  account_id uuid not null references accounts,
  before     text not null default '', -- the address that counted
  fresh      boolean not null, -- the address is there to sign in with already, without rights: the account is new, or gave none
  email      text not null check (email = lower(email) and email like '%@%'),
  asked_by   uuid not null references accounts,
  asked_at   timestamptz not null,
  settled_by uuid references accounts,
  settled_at timestamptz,
  outcome    text not null default '' check (outcome in ('', 'confirmed', 'refused', 'replaced')),
  check ((settled_at is null) = (outcome = ''))
);
create unique index account_email_changes_open_key on account_email_changes (account_id) where settled_at is null;
create index on account_email_changes (account_id, asked_at);
grant select, insert, update on account_email_changes to regiogriffie_app;

-- +goose Down
drop table account_email_changes;
alter table persons drop column work_email_by;
alter table accounts drop column vouched;
