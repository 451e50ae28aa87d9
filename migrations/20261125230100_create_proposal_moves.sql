-- +goose Up
-- Two steps within an organisation before a paper is offered: official and political consent. Off unless its griffier or secretaris
-- sets them.
alter table organisations add column inner_steps boolean not null default false;

alter table proposals
  add column holder_id uuid references persons, -- the portfolio holder whose consent was asked
  add column returned_reason text not null default '';

-- The steps of a paper on its way. Each is as visible as the paper was when it was made, and never more: what happened inside stays
-- inside when the paper is published.
create table proposal_moves (
  id                  uuid primary key,
  proposal_id         uuid not null references proposals,
  act                 text not null check (act in ('ready', 'agree', 'return', 'reopen', 'offer', 'schedule', 'unschedule', 'publish', 'tighten', 'defer', 'settle', 'withdraw')),
  state               text not null,
  at                  timestamptz not null,
  made_by             text not null default '',
  reason              text not null default '',
  visibility          text not null check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  check (audience_bodies is null or visibility <> 'public')
);
create index on proposal_moves (proposal_id, id);

alter table proposal_moves enable row level security;
alter table proposal_moves force row level security;
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
  execute format('create policy seen on proposal_moves for select to regiogriffie_app using (%s)', seen);
  execute 'create policy added on proposal_moves for insert to regiogriffie_app with check (true)';
  execute format('create policy changed on proposal_moves for update to regiogriffie_app using (%s)', seen);
end $$;
-- +goose StatementEnd
grant select, insert, update on proposal_moves to regiogriffie_app;

-- +goose Down
drop table proposal_moves;
alter table proposals drop column holder_id, drop column returned_reason;
alter table organisations drop column inner_steps;
