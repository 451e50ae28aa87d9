-- +goose Up
-- A mailing is what one act says to many; a message is its mail to one of them. Neither ever holds closed matter. Kept 90 days.
create table mailings (
  id         uuid primary key,
  -- The act, so that doing it twice mails once.
  cause      text not null constraint mailings_cause_key unique,
  title      text not null,
  object_id  uuid not null,
  org_ids    uuid[] not null,
  kept       boolean not null default false, -- never sent, only kept: of a meeting that is made up
  paused_at  timestamptz,
  created_at timestamptz not null default now()
);
create index on mailings (created_at);
create index on mailings (object_id);

create table messages (
  id            uuid primary key,
  mailing_id    uuid not null references mailings on delete cascade,
  person_id     uuid references persons,
  name          text not null,
  address       text not null,
  message_id    text not null unique,
  subject       text not null,
  text          text not null,
  html          text not null,
  calendar      bytea,
  method        text not null default '',
  state         text not null check (state in ('wacht', 'verzonden', 'uitgesteld', 'mislukt', 'bewaard')),
  attempts      int not null default 0,
  due_at        timestamptz not null default now(),
  claimed_until timestamptz, -- written before a mail goes out: until then nobody else sends it
  sent_at       timestamptz,
  last_error    text not null default '',
  created_at    timestamptz not null default now(),
  constraint messages_person_key unique (mailing_id, person_id)
);
create index messages_due on messages (due_at, id) where state in ('wacht', 'uitgesteld');
create index on messages (created_at, id);

grant select, insert, update, delete on mailings, messages to regiogriffie_app;

-- +goose Down
drop table messages, mailings;
