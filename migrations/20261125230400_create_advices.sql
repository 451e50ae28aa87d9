-- +goose Up
-- Advice on a paper, asked of a person or of a body. Who prepares the paper and who was asked read it; it is never public.
create table advices (
  id                  uuid primary key,
  key                 text not null, -- of the form it came from, so that asking twice is asking once
  proposal_id         uuid not null references proposals,
  person_id           uuid references persons, -- one of these two is asked
  body_id             uuid references bodies,
  question            text not null check (question <> ''),
  asked_at            timestamptz not null,
  asked_by            text not null,
  due_on              date not null,
  opinion             text not null default '' check (opinion in ('', 'positief', 'positief_met_opmerkingen', 'negatief')),
  text                text not null default '',
  given_at            timestamptz,
  given_by            text not null default '',
  visibility          text not null default 'draft' check (visibility = 'draft'),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  constraint advices_key_key unique (proposal_id, key),
  check ((person_id is null) <> (body_id is null)),
  check ((opinion = '') = (given_at is null))
);
create index on advices (person_id) where given_at is null;
create index on advices (body_id) where given_at is null;

alter table advices enable row level security;
alter table advices force row level security;
-- +goose StatementBegin
do $$
declare
  seen text := $p$
    case
      when audience_bodies is null then org_ids && (select nullif(current_setting('regiogriffie.actor_clerk_organisations', true), '')::uuid[])
      else audience_bodies && (select nullif(current_setting('regiogriffie.actor_clerk_bodies', true), '')::uuid[])
    end
    or (writer_ids && (select nullif(current_setting('regiogriffie.actor_persons', true), '')::uuid[])
      and org_ids && (select nullif(current_setting('regiogriffie.actor_organisations', true), '')::uuid[]))$p$;
begin
  execute format('create policy seen on advices for select to regiogriffie_app using (%s)', seen);
  execute 'create policy added on advices for insert to regiogriffie_app with check (true)';
  execute format('create policy changed on advices for update to regiogriffie_app using (%s)', seen);
end $$;
-- +goose StatementEnd
grant select, insert, update on advices to regiogriffie_app;

-- Organisations that read an offered paper along because one of their bodies was asked for advice.
alter table proposals add column adviser_org_ids uuid[] not null default '{}';

-- +goose Down
alter table proposals drop column adviser_org_ids;
drop table advices;
