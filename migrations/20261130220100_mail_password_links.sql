-- +goose Up
-- A mail about an account is for its reader alone: nobody reads its text in the outbox, and nobody holds it back. A code in it
-- opens the thing named here; it is made while the mail leaves, and only its hash is kept.
alter table mailings
  add column private boolean not null default false,
  add column opens uuid;
create table mail_codes (
  code_hash text primary key,
  opens     uuid not null,
  made_at   timestamptz not null default now()
);
create index on mail_codes (opens);
create index on mail_codes (made_at);
grant select, insert, delete on mail_codes to regiogriffie_app;

alter table password_links
  add column id uuid not null default gen_random_uuid(),
  add column shown boolean not null default false, -- on the screen of who made it, because no mail leaves
  add column noticed_at timestamptz; -- when the owner said that he read so
create unique index password_links_id_key on password_links (id);
create index password_links_unnoticed on password_links (account_id) where shown and noticed_at is null;

-- +goose Down
alter table password_links drop column noticed_at, drop column shown, drop column id;
drop table mail_codes;
alter table mailings drop column opens, drop column private;
