-- +goose Up
-- A body holds a meeting only by the word of its own griffie. Until then it is asked: a row here, and no organiser, so that no page,
-- calendar or mail names it and nothing that is meant for it can be touched. Read by who prepares papers at the organisers, and at
-- the one that is asked.
create table organiser_requests (
  id                  uuid primary key,
  meeting_id          uuid not null references meetings on delete cascade,
  organisation_id     uuid not null references organisations,
  body_id             uuid references bodies,
  asked_at            timestamptz not null,
  asked_by            text not null,
  declined_at         timestamptz,
  declined_by         text not null default '',
  reason              text not null default '', -- of declining
  visibility          text not null default 'draft' check (visibility = 'draft'),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  check ((declined_at is null) = (reason = ''))
);
create unique index organiser_requests_key on organiser_requests (meeting_id, organisation_id, coalesce(body_id, '00000000-0000-0000-0000-000000000000'));
create index on organiser_requests (body_id);
create index on organiser_requests (organisation_id);

alter table organiser_requests enable row level security;
alter table organiser_requests force row level security;
-- +goose StatementBegin
do $$
declare
  seen text := $p$
    case
      when audience_bodies is null then
        case visibility
          when 'public' then true
          when 'participants' then org_ids && (select nullif(current_setting('regiogriffie.actor_organisations', true), '')::uuid[])
            or participant_org_ids && (select nullif(current_setting('regiogriffie.actor_organisations', true), '')::uuid[])
          when 'org' then org_ids && (select nullif(current_setting('regiogriffie.actor_organisations', true), '')::uuid[])
          else org_ids && (select nullif(current_setting('regiogriffie.actor_clerk_organisations', true), '')::uuid[])
        end
      when visibility = 'draft' then audience_bodies && (select nullif(current_setting('regiogriffie.actor_clerk_bodies', true), '')::uuid[])
      else audience_bodies && (select nullif(current_setting('regiogriffie.actor_bodies', true), '')::uuid[])
    end
    or (writer_ids && (select nullif(current_setting('regiogriffie.actor_persons', true), '')::uuid[])
      and org_ids && (select nullif(current_setting('regiogriffie.actor_organisations', true), '')::uuid[]))$p$;
begin
  execute format('create policy seen on organiser_requests for select to regiogriffie_app using (%s)', seen);
  execute 'create policy added on organiser_requests for insert to regiogriffie_app with check (true)';
  execute format('create policy changed on organiser_requests for update to regiogriffie_app using (%s)', seen);
  execute format('create policy removed on organiser_requests for delete to regiogriffie_app using (%s)', seen);
end $$;
-- +goose StatementEnd
grant select, insert, update, delete on organiser_requests to regiogriffie_app;

-- What one griffie wrote down for a body for which nobody acts here; empty: the body's own griffie gave its word. What stands counts
-- as agreed.
alter table meeting_organisers
  add column agreed_with text not null default '',
  add column recorded_by text not null default '';

-- +goose Down
alter table meeting_organisers drop column agreed_with, drop column recorded_by;
drop table organiser_requests;
