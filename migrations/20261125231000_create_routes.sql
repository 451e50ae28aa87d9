-- +goose Up
-- What is asked of a body along a route is more than a paper alone can ask; its agenda item says the same.
alter table agenda_item_matters drop constraint agenda_item_matters_treatment_check;
alter table agenda_item_matters add constraint agenda_item_matters_treatment_check check (treatment in
  ('', 'informative', 'exploratory', 'opinion', 'judgement', 'decisive', 'advice', 'wishes', 'formal_view', 'approval'));

-- Whether the body a paper is meant for gets it by a step of its route: then offering alone puts it on no list there.
alter table proposals add column by_route boolean not null default false;

-- The route of a paper along bodies. Steps of one sequence go side by side; a higher one waits for the lower.
-- A step that was not sent is the owner's alone. Once sent, all who received the paper read it; it is public from the
-- moment the agenda with it is. An outcome is written when the decision is published, never before.
create table route_steps (
  id                  uuid primary key,
  key                 text not null unique,
  proposal_id         uuid not null references proposals,
  sequence            int not null check (sequence between 1 and 50),
  body_id             uuid not null references bodies,
  collaboration_id    uuid references collaborations, -- through which the body is reached
  treatment           text not null check (treatment in ('informative', 'exploratory', 'opinion', 'judgement', 'decisive', 'advice', 'wishes', 'formal_view', 'approval')),
  authoritative       boolean not null default false,
  term_rule           text not null default '' check (term_rule in ('', 'WGR-1', 'WGR-35.1')), -- what the law gives the body at least
  planned_on          date,
  deadline            date,
  state               text not null default 'gepland' check (state in ('gepland', 'verzonden', 'geagendeerd', 'behandeld', 'geweigerd', 'overgeslagen', 'verlopen')),
  sent_at             timestamptz,
  sent_version        int,
  planned_for         date, -- when the receiver means to treat it
  reason              text not null default '', -- of a refusal or a skip
  meeting_id          uuid references meetings,
  item_id             uuid references agenda_items,
  outcome             text not null default '',
  outcome_text        text not null default '',
  votes_for           int check (votes_for >= 0),
  votes_against       int check (votes_against >= 0),
  decided_on          date,
  treated_version     int,
  settled_at          timestamptz,
  visibility          text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  version             int not null default 1,
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  updated_by          text not null default '',
  constraint route_steps_body_key unique (proposal_id, sequence, body_id),
  check (audience_bodies is null or visibility <> 'public'),
  check (sent_at is not null or state in ('gepland', 'overgeslagen')),
  check (state <> 'geagendeerd' or item_id is not null and meeting_id is not null),
  check (state not in ('geweigerd', 'overgeslagen') or reason <> '')
);
create index on route_steps (body_id, state);
create index on route_steps (meeting_id);
create index on route_steps (item_id);
create index on route_steps (deadline) where state in ('verzonden', 'geagendeerd');

-- What the receiving body makes of it, before it stands on an agenda: for those who prepare its meetings.
create table route_step_locals (
  step_id             uuid primary key references route_steps on delete cascade,
  title               text not null default '',
  treatment           text not null default '' check (treatment in ('', 'informative', 'exploratory', 'opinion', 'judgement', 'decisive', 'advice', 'wishes', 'formal_view', 'approval')),
  portfolio_holders   jsonb not null default '[]',
  covering_note       text not null default '',
  visibility          text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  version             int not null default 1,
  updated_at          timestamptz not null,
  updated_by          text not null default ''
);

-- Questions of the receiver to the owner, beside the state of the step.
create table route_questions (
  id                  uuid primary key,
  key                 text not null unique,
  step_id             uuid not null references route_steps on delete cascade,
  question            text not null check (question <> ''),
  asked_at            timestamptz not null,
  asked_by            text not null,
  answer              text not null default '',
  answered_at         timestamptz,
  answered_by         text not null default '',
  visibility          text not null default 'participants' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  check ((answered_at is null) = (answer = ''))
);
create index on route_questions (step_id);

-- +goose StatementBegin
do $$
declare
  t text;
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
  foreach t in array array['route_steps', 'route_step_locals', 'route_questions'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy seen on %I for select to regiogriffie_app using (%s)', t, seen);
    execute format('create policy added on %I for insert to regiogriffie_app with check (true)', t);
    execute format('create policy changed on %I for update to regiogriffie_app using (%s)', t, seen);
    execute format('create policy removed on %I for delete to regiogriffie_app using (%s)', t, seen);
  end loop;
end $$;
-- +goose StatementEnd

grant select, insert, update, delete on route_steps, route_step_locals to regiogriffie_app;
grant select, insert, update on route_questions to regiogriffie_app;

-- +goose Down
drop table route_questions, route_step_locals, route_steps;
alter table proposals drop column by_route;
update agenda_item_matters set treatment = 'opinion' where treatment in ('advice', 'wishes', 'formal_view', 'approval');
alter table agenda_item_matters drop constraint agenda_item_matters_treatment_check;
alter table agenda_item_matters add constraint agenda_item_matters_treatment_check check (treatment in
  ('', 'informative', 'exploratory', 'opinion', 'judgement', 'decisive'));
