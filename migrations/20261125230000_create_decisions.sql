-- +goose Up
-- What a body decided on an item of its agenda. Of a joint meeting each body has its own. A draft is for who prepares the meetings
-- of the body; published it has its number and is as visible as the matter of its item. It is not changed any more: another one
-- takes its place, with the reason.
create table decisions (
  id                  uuid primary key,
  item_id             uuid not null references agenda_items,
  body_id             uuid not null references bodies,
  kind                text not null check (kind in ('adopted', 'adopted_amended', 'rejected', 'noted', 'deferred', 'withdrawn', 'formal_view', 'approval', 'appointment')),
  text                text not null default '',
  method              text not null default 'none' check (method in ('none', 'show_of_hands', 'roll_call', 'secret')),
  votes_for           int check (votes_for >= 0),
  votes_against       int check (votes_against >= 0),
  proposal_id         uuid references proposals,
  proposal_version    int not null default 0, -- the one that was treated; 0: no paper
  decided_on          date not null,
  number              text unique,
  published_at        timestamptz,
  published_by        text not null default '',
  replaces_id         uuid unique references decisions,
  reason              text not null default '', -- why it takes the place of another
  version             int not null default 1,
  updated_at          timestamptz not null,
  updated_by          text not null default '',
  visibility          text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  check (audience_bodies is null or visibility <> 'public'),
  check ((votes_for is null) = (votes_against is null)),
  check (method <> 'none' or votes_for is null),
  check ((number is null) = (published_at is null)),
  check ((replaces_id is null) = (reason = ''))
);
create index on decisions (item_id, body_id);
create index on decisions (proposal_id);
create unique index decisions_draft_key on decisions (item_id, body_id) where published_at is null;
create unique index decisions_first_key on decisions (item_id, body_id) where replaces_id is null;

alter table decisions enable row level security;
alter table decisions force row level security;
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
  execute format('create policy seen on decisions for select to regiogriffie_app using (%s)', seen);
  execute 'create policy added on decisions for insert to regiogriffie_app with check (true)';
  execute format('create policy changed on decisions for update to regiogriffie_app using (%s)', seen);
end $$;
-- +goose StatementEnd
grant select, insert, update on decisions to regiogriffie_app;

-- The last number of each series. The row is locked until the act that takes a number is through, so none is skipped.
create table number_series (
  series text primary key,
  last   int not null
);
grant select, insert, update on number_series to regiogriffie_app;

-- What the body decided on the paper, and the states before and after its way to the table.
alter table proposals
  add column decision_kind text not null default '' check (decision_kind in ('', 'adopted', 'adopted_amended', 'rejected', 'noted', 'deferred', 'withdrawn', 'formal_view', 'approval', 'appointment')),
  add column decided_on date,
  drop constraint proposals_state_check,
  add constraint proposals_state_check check (state in ('concept', 'ambtelijk_gereed', 'bestuurlijk_akkoord', 'aangeboden', 'geagendeerd', 'aangehouden', 'afgehandeld', 'teruggestuurd', 'ingetrokken'));

-- +goose Down
alter table proposals
  drop constraint proposals_state_check,
  add constraint proposals_state_check check (state in ('concept', 'aangeboden', 'geagendeerd', 'ingetrokken')),
  drop column decision_kind, drop column decided_on;
drop table number_series, decisions;
