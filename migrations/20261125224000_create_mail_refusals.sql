-- +goose Up
-- Mail that may be stopped has a topic, and the address of the page at which that is done, still without its code. Mail that
-- someone must get, such as a convocation, has neither.
alter table mailings
  add column topic text not null default '',
  add column stop_url text not null default '',
  add constraint mailings_topic_check check ((topic = '') = (stop_url = ''));

alter table messages
  add column calendar_name text not null default '', -- of the attachment
  drop constraint messages_state_check,
  add constraint messages_state_check check (state in ('wacht', 'verzonden', 'uitgesteld', 'mislukt', 'bewaard', 'afgemeld'));
create index on messages (mailing_id, state);

-- Who wants no mail of a topic at an address. A row stays as long as the refusal holds.
create table mail_refusals (
  address    text not null check (address = lower(address)),
  topic      text not null check (topic <> ''),
  person_id  uuid references persons,
  refused_at timestamptz not null,
  primary key (address, topic)
);

-- What the code in a mail can do: stop this topic at this address. The code itself is in the mail alone.
create table stop_links (
  code_hash text primary key,
  address   text not null,
  topic     text not null,
  person_id uuid references persons,
  made_at   timestamptz not null default now()
);
create index on stop_links (made_at);

grant select, insert, delete on mail_refusals, stop_links to regiogriffie_app;

-- +goose Down
drop table stop_links, mail_refusals;
drop index messages_mailing_id_state_idx;
update messages set state = 'mislukt' where state = 'afgemeld';
alter table messages
  drop column calendar_name,
  drop constraint messages_state_check,
  add constraint messages_state_check check (state in ('wacht', 'verzonden', 'uitgesteld', 'mislukt', 'bewaard'));
alter table mailings drop constraint mailings_topic_check, drop column topic, drop column stop_url;
