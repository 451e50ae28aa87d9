-- +goose Up
-- Which version of a paper someone said to have read last. It is his own affair: nobody else sees the row.
create table proposal_readings (
  person_id   uuid not null references persons,
  proposal_id uuid not null references proposals,
  version     int not null check (version > 0),
  at          timestamptz not null,
  primary key (person_id, proposal_id)
);
alter table proposal_readings enable row level security;
alter table proposal_readings force row level security;
create policy own on proposal_readings to regiogriffie_app
  using (person_id = any ((select nullif(current_setting('regiogriffie.actor_persons', true), '')::uuid[])::uuid[]))
  with check (person_id = any ((select nullif(current_setting('regiogriffie.actor_persons', true), '')::uuid[])::uuid[]));
grant select, insert, update on proposal_readings to regiogriffie_app;

-- Who decided on the paper already, other than to put it off. Who changes it afterwards says whether they must treat it anew.
alter table proposals add column decided_body_ids uuid[] not null default '{}';
alter table proposal_versions
  add column renewal text not null default '' check (renewal in ('', 'ja', 'nee')),
  add column renewal_reason text not null default '';

-- +goose Down
alter table proposal_versions drop column renewal, drop column renewal_reason;
alter table proposals drop column decided_body_ids;
drop table proposal_readings;
