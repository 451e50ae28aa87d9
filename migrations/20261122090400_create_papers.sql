-- +goose Up
-- Five columns say who may see a row of a table that can carry confidentiality; internal/access reads them too.
--   visibility          draft < org < participants < public
--   org_ids             the organisations it belongs to
--   participant_org_ids organisations it was sent to
--   writer_ids          the persons who write it, as long as they work for one of org_ids
--   audience_bodies     null: not closed; else only these bodies read it
create table proposals (
  id                  uuid primary key,
  key                 text not null unique,
  owner_org_id        uuid not null references organisations,
  target_body_id      uuid references bodies,
  meeting_id          uuid, -- the meeting it is meant for; references below
  dated_on            date,
  reference           text not null default '',
  subject             text not null check (subject <> ''),
  public_title        text not null default '',
  treatment           text not null check (treatment in ('informative', 'exploratory', 'opinion', 'judgement', 'decisive')),
  authors             jsonb not null default '[]',
  portfolio_holders   jsonb not null default '[]',
  organiser_ids       uuid[] not null default '{}',
  summary             text not null default '',
  explanation         text not null default '',
  explanation_na      boolean not null default false,
  communication       text not null default '',
  communication_na    boolean not null default false,
  financial           text not null default '',
  financial_na        boolean not null default false,
  legal               text not null default '',
  legal_na            boolean not null default false,
  risks               text not null default '',
  risks_na            boolean not null default false,
  decision_points     text[] not null default '{}',
  follow_up           text not null default '',
  follow_up_na        boolean not null default false,
  follow_up_on        text not null default '',
  follow_up_on_na     boolean not null default false,
  attachments_na      boolean not null default false,
  minutes             int check (minutes between 0 and 1440),
  ground              text not null default '',
  state               text not null default 'concept' check (state in ('concept', 'aangeboden', 'geagendeerd', 'ingetrokken')),
  offered_at          timestamptz,
  withdrawn_at        timestamptz,
  withdrawn_reason    text not null default '',
  made_up             boolean not null default false,
  visibility          text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  version             int not null default 1,
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  updated_by          text not null default '',
  check (audience_bodies is null or (ground <> '' and public_title <> '' and visibility <> 'public'))
);
create index on proposals (target_body_id, state);
create index on proposals using gin (org_ids);
create index on proposals (dated_on desc nulls last, updated_at desc, id desc);

create table proposal_versions (
  proposal_id         uuid not null references proposals,
  number              int not null,
  fields              jsonb not null,
  made_at             timestamptz not null,
  made_by             text not null,
  visibility          text not null,
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  primary key (proposal_id, number)
);

create table meetings (
  id                  uuid primary key,
  slug                text not null unique check (slug ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z0-9-]+$'),
  kind                text not null check (kind in ('council', 'committee', 'general_board', 'daily_board', 'joint_organ', 'agenda_committee', 'consultation', 'information_evening', 'conference', 'theme_meeting', 'kickoff_day', 'council_meetup', 'members_assembly')),
  title               text not null default '',
  description         text not null default '',
  host_org_id         uuid not null references organisations,
  starts_at           timestamptz not null,
  ends_at             timestamptz not null,
  location            text not null default '',
  online_url          text not null default '',
  open                boolean not null default true,
  chair               text not null default '',
  clerk               text not null default '',
  state               text not null default 'concept' check (state in ('concept', 'gepland', 'opgeroepen', 'geannuleerd')),
  sequence            int not null default 0, -- of its calendar entry
  notice_delivered_at timestamptz,
  published_at        timestamptz,
  changed_at          timestamptz, -- of what readers had seen already
  composed_at         timestamptz, -- the agenda's last change of any kind; for those who prepare it alone
  moved_from          timestamptz,
  moved_reason        text not null default '',
  cancelled_reason    text not null default '',
  made_up             boolean not null default false,
  visibility          text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  version             int not null default 1,
  created_at          timestamptz not null,
  updated_at          timestamptz not null,
  updated_by          text not null default '',
  check (ends_at > starts_at),
  -- A closed meeting shows day, time and place; anything else could say more.
  check (open or (title = '' and description = '' and online_url = '' and chair = '' and clerk = ''))
);
create index on meetings (starts_at);
alter table proposals add foreign key (meeting_id) references meetings;

-- Who organises: bodies of one or several organisations, or organisations without a body (a conference).
create table meeting_organisers (
  meeting_id      uuid not null references meetings on delete cascade,
  sequence        int not null,
  organisation_id uuid not null references organisations,
  body_id         uuid references bodies,
  primary key (meeting_id, sequence)
);
create unique index meeting_organisers_key on meeting_organisers (meeting_id, organisation_id, coalesce(body_id, '00000000-0000-0000-0000-000000000000'));
create index on meeting_organisers (body_id);
create index on meeting_organisers (organisation_id);

create table agenda_sections (
  id           uuid primary key,
  meeting_id   uuid not null references meetings on delete cascade,
  sequence     int not null,
  letter       text not null check (letter ~ '^[A-Z]?$'),
  title        text not null check (title <> ''),
  first_number int not null default 1 check (first_number between 1 and 999)
);
create index on agenda_sections (meeting_id);

-- What whoever may see the agenda may see of an item: of a closed one its label, neutral title and planned time.
create table agenda_items (
  id                  uuid primary key,
  key                 text not null unique,
  meeting_id          uuid not null references meetings on delete cascade,
  section_id          uuid not null references agenda_sections,
  sequence            int not null,
  label               text not null,
  public_title        text not null,
  minutes             int not null default 0 check (minutes between 0 and 1440),
  closed              boolean not null default false,
  added_later         boolean not null default false,
  state               text not null default 'gepland' check (state in ('gepland', 'behandeld', 'aangehouden', 'vervallen')),
  visibility          text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  version             int not null default 1,
  constraint agenda_items_label_key unique (meeting_id, label) deferrable initially deferred,
  constraint agenda_items_sequence_key unique (meeting_id, sequence) deferrable initially deferred
);

-- The matter of an item: what is closed with it. One row per item.
create table agenda_item_matters (
  item_id             uuid primary key references agenda_items on delete cascade,
  title               text not null,
  explanation         text not null default '',
  treatment           text not null default '' check (treatment in ('', 'informative', 'exploratory', 'opinion', 'judgement', 'decisive')),
  debate_kind         text not null default 'none' check (debate_kind in ('consent', 'debate', 'none')),
  portfolio_holders   jsonb not null default '[]',
  proposal_id         uuid references proposals,
  ground              text not null default '',
  attachments_na      boolean not null default false,
  visibility          text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  check (audience_bodies is null or visibility <> 'public')
);
create index on agenda_item_matters (proposal_id);

-- The random names under which bytes lie on disk, and nothing more: the sweep of the disk must know them all, and may
-- see no attachment.
create table attachment_files (
  disk_name text primary key
);

create table attachments (
  id                  uuid primary key,
  key                 text not null unique,
  object_kind         text not null check (object_kind in ('proposal', 'item', 'meeting')),
  object_id           uuid not null,
  number              int not null,
  title               text not null check (title <> ''),
  file_name           text not null,
  mime                text not null,
  bytes               bigint not null check (bytes >= 0),
  sha256              text not null,
  disk_name           text not null unique references attachment_files,
  removed_at          timestamptz,
  created_at          timestamptz not null,
  created_by          text not null default '',
  visibility          text not null check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  constraint attachments_number_key unique (object_id, number),
  check (audience_bodies is null or visibility <> 'public')
);

-- Every opening of a closed file is noted: who, which, when.
create table closed_readings (
  id            uuid primary key,
  attachment_id uuid not null references attachments,
  person_id     uuid not null references persons,
  at            timestamptz not null
);

-- The second wall (security rule 10). The settings live only inside a transaction; without them only public rows show.
-- The comparison is the one of access.Seen, on plain columns.
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
  foreach t in array array['proposals', 'proposal_versions', 'meetings', 'agenda_items', 'agenda_item_matters', 'attachments'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy seen on %I for select to regiogriffie_app using (%s)', t, seen);
    execute format('create policy added on %I for insert to regiogriffie_app with check (true)', t);
    execute format('create policy changed on %I for update to regiogriffie_app using (%s)', t, seen);
    execute format('create policy removed on %I for delete to regiogriffie_app using (%s)', t, seen);
  end loop;
end $$;
-- +goose StatementEnd

grant select, insert, update on proposals, proposal_versions, meetings, attachments to regiogriffie_app;
grant select, insert, update, delete on meeting_organisers, agenda_sections, agenda_items, agenda_item_matters to regiogriffie_app;
grant select, insert on closed_readings, attachment_files to regiogriffie_app;

-- +goose Down
drop table closed_readings, attachments, attachment_files, agenda_item_matters, agenda_items, agenda_sections, meeting_organisers;
alter table proposals drop constraint proposals_meeting_id_fkey;
drop table meetings, proposal_versions, proposals;
