-- +goose Up
-- A draft that goes along the councils of a collaboration, for their view on it.
create table zienswijze_procedures (
  id                  uuid primary key,
  key                 text not null constraint zienswijze_procedures_key_key unique,
  collaboration_id    uuid not null references collaborations,
  organisation_id     uuid not null references organisations, -- that of the board
  proposal_id         uuid references proposals,
  kind                text not null check (kind in ('budget', 'budget_amendment', 'arrangement', 'decision', 'wishes')),
  subject             text not null check (subject <> ''),
  year                int check (year between 1990 and 2200),
  ab_on               date, -- the day on which the board decides
  ab_meeting_id       uuid references meetings,
  replies_due         date, -- where the arrangement, not the law, says how long councils have
  state               text not null default 'voorbereiding' check (state in ('voorbereiding', 'verzonden', 'gesloten')),
  sent_on             date,
  due_on              date, -- fixed on sending, under due_rule
  due_rule            text not null default '',
  visibility          text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  version             int not null default 1,
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  updated_by          text not null default '',
  check ((state = 'voorbereiding') = (sent_on is null)),
  check (sent_on is null or due_on is not null),
  check (visibility <> 'public' or audience_bodies is null)
);
create index on zienswijze_procedures (collaboration_id, year);
create index on zienswijze_procedures (organisation_id);
create index on zienswijze_procedures (ab_meeting_id);
create index on zienswijze_procedures (proposal_id);

-- The points on which the councils are set beside each other.
create table zienswijze_subjects (
  id                  uuid primary key,
  procedure_id        uuid not null references zienswijze_procedures,
  number              int not null check (number > 0),
  title               text not null check (title <> ''),
  visibility          text not null check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  constraint zienswijze_subjects_number_key unique (procedure_id, number)
);

-- How far each council is. What it says stands apart, because fewer may read it.
create table zienswijzen (
  id                  uuid primary key,
  procedure_id        uuid not null references zienswijze_procedures,
  organisation_id     uuid not null references organisations,
  body_id             uuid references bodies, -- the council; null when it is not known here
  state               text not null default 'ontvangen' check (state in ('ontvangen', 'geagendeerd', 'vastgesteld', 'geen_zienswijze', 'verzonden', 'beantwoord')),
  meeting_id          uuid references meetings,
  decided_on          date,
  sent_on             date,
  answered_on         date,
  visibility          text not null check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  version             int not null default 1,
  updated_at          timestamptz not null,
  updated_by          text not null default '',
  constraint zienswijzen_council_key unique (procedure_id, organisation_id),
  check ((state in ('verzonden', 'beantwoord')) = (sent_on is not null)),
  check ((state = 'beantwoord') = (answered_on is not null))
);
create index on zienswijzen (organisation_id);
create index on zienswijzen (body_id, state);
create index on zienswijzen (meeting_id);

-- What a council says, and what it is answered: first for its own organisation, then for those it shares the draft with, once
-- sent for the board and all participants, once published for everyone.
create table zienswijze_texts (
  view_id             uuid primary key references zienswijzen,
  text                text not null default '',
  board_answer        text not null default '',
  shared_draft        boolean not null default false,
  visibility          text not null check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  version             int not null default 1,
  updated_at          timestamptz not null,
  updated_by          text not null default ''
);

create table zienswijze_stances (
  view_id             uuid not null references zienswijzen,
  subject_id          uuid not null references zienswijze_subjects,
  stance              text not null check (stance in ('eens', 'eens_mits', 'oneens', 'geen_standpunt')),
  passage             text not null default '',
  answer              text not null default '',
  visibility          text not null check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  primary key (view_id, subject_id)
);
create index on zienswijze_stances (subject_id);

-- The second wall, as for papers.
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
  foreach t in array array['zienswijze_procedures', 'zienswijze_subjects', 'zienswijzen', 'zienswijze_texts', 'zienswijze_stances'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy seen on %I for select to regiogriffie_app using (%s)', t, seen);
    execute format('create policy added on %I for insert to regiogriffie_app with check (true)', t);
    execute format('create policy changed on %I for update to regiogriffie_app using (%s)', t, seen);
    execute format('create policy removed on %I for delete to regiogriffie_app using (%s)', t, seen);
  end loop;
end $$;
-- +goose StatementEnd
grant select, insert, update on zienswijze_procedures, zienswijzen, zienswijze_texts to regiogriffie_app;
grant select, insert, update, delete on zienswijze_subjects, zienswijze_stances to regiogriffie_app;

-- +goose Down
drop table zienswijze_stances, zienswijze_texts, zienswijzen, zienswijze_subjects, zienswijze_procedures;
