-- +goose Up
create table accounts (
  id            uuid primary key,
  person_id     uuid not null unique references persons,
  email         text not null constraint accounts_email_key unique check (email = lower(email) and email like '%@%'),
  password_hash text not null default '',
  state         text not null default 'active' check (state in ('active', 'closed')),
  version       int not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now()
);

-- The token itself is never stored, only its hash (the session manager hashes it).
create table sessions (
  token_hash   text primary key,
  account_id   uuid references accounts,
  data         bytea not null,
  created_at   timestamptz not null default now(),
  seen_at      timestamptz not null default now(),
  confirmed_at timestamptz not null default now(),
  expires_at   timestamptz not null
);
create index on sessions (account_id);
create index on sessions (expires_at);

-- Log-in data: kept six months (domain 3.10).
create table login_attempts (
  id           uuid primary key,
  account_name text not null, -- hash of the address that was typed: people type passwords there too
  address      text not null,
  succeeded    boolean not null,
  at           timestamptz not null
);
create index on login_attempts (account_name, at);
create index on login_attempts (address, at);

-- A one-time link to set a password: a capability for one account, dies with its purpose.
create table password_links (
  token_hash text primary key,
  account_id uuid not null references accounts,
  made_by    uuid references accounts,
  made_at    timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);

grant select, insert, update on accounts, password_links to regiogriffie_app;
grant select, insert, update, delete on sessions, login_attempts to regiogriffie_app;

-- +goose Down
drop table password_links, login_attempts, sessions, accounts;
