-- +goose Up
-- Of the writers of a paper, those who only read along: the portfolio holder who was asked, advisers.
alter table proposals add column reader_ids uuid[] not null default '{}';

-- What is said while a paper is prepared, among who writes it, its portfolio holder and the griffie of its owner. Of a closed paper
-- among who writes it alone: audience_bodies is then empty, not null.
create table comments (
  id                  uuid primary key,
  key                 text not null, -- of the form it came from, so that sending it twice is saying it once
  proposal_id         uuid not null references proposals,
  person_id           uuid not null references persons,
  text                text not null check (text <> ''),
  at                  timestamptz not null,
  visibility          text not null default 'draft' check (visibility = 'draft'),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  constraint comments_key_key unique (proposal_id, person_id, key)
);
create index on comments (proposal_id, id);

alter table comments enable row level security;
alter table comments force row level security;
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
  execute format('create policy seen on comments for select to regiogriffie_app using (%s)', seen);
  execute 'create policy added on comments for insert to regiogriffie_app with check (true)';
  execute format('create policy changed on comments for update to regiogriffie_app using (%s)', seen);
end $$;
-- +goose StatementEnd
grant select, insert, update on comments to regiogriffie_app;

-- +goose Down
drop table comments;
alter table proposals drop column reader_ids;
