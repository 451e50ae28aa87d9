-- +goose Up
create table organisations (
  id            uuid primary key,
  key           text not null unique check (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ref           text unique,
  kind          text not null check (kind in ('municipality', 'province', 'water_authority', 'joint_org', 'state', 'association', 'company', 'foundation', 'other')),
  official_name text not null check (official_name <> ''),
  short_name    text not null default '',
  former_names  text[] not null default '{}',
  -- What a page calls it: a municipality goes by its short name, anything else by its full one.
  name          text generated always as (case when kind = 'municipality' and short_name <> '' then short_name else official_name end) stored,
  tooi_uri      text not null default '',
  cbs_code      text not null default '',
  oin           text not null default '',
  roo_id        text not null default '',
  website       text not null default '',
  province      text not null default '',
  safety_region text not null default '',
  inhabitants   int check (inhabitants >= 0),
  seats         int check (seats >= 0),
  seat_place    text not null default '',
  colour        text not null default '#0b5a56' check (colour ~ '^#[0-9a-f]{6}$'),
  valid_from    date,
  valid_to      date,
  version       int not null default 1,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  check (valid_to is null or valid_from is null or valid_to >= valid_from)
);
create index on organisations (kind, official_name);

create table organisation_successors (
  organisation_id uuid not null references organisations,
  successor_id    uuid not null references organisations,
  primary key (organisation_id, successor_id),
  check (organisation_id <> successor_id)
);

create table collaborations (
  id                 uuid primary key,
  key                text not null unique check (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  roo_id             text unique,
  name               text not null check (name <> ''),
  short_name         text not null default '',
  form               text not null check (form in ('public_body', 'joint_organ', 'operations_org', 'lead_municipality', 'plain_arrangement', 'covenant', 'service_agreement', 'company', 'foundation', 'network', 'programme')),
  register_code      text not null default '' check (register_code in ('', 'OL', 'GO', 'BVO', 'RZM')),
  organisation_id    uuid references organisations,
  character          text not null default '' check (character in ('', 'regional_strategic', 'political', 'policy_services', 'administrative')),
  domains            text[] not null default '{}',
  fields             text[] not null default '{}',
  bbv_category       text not null default '' check (bbv_category in ('', 'arrangement', 'company', 'foundation', 'other')),
  council_role       text not null default '' check (council_role in ('', 'direct', 'via_executive')),
  legal_bases        text[] not null default '{}',
  delegation         text[] not null default '{}',
  public_interest    text not null default '',
  purpose            text not null default '',
  seat_place         text not null default '',
  contact            text not null default '',
  regeling_url       text not null default '',
  in_force_on        date,
  ended_on           date,
  zienswijze_subjects text[] not null default '{}',
  participation_rule text not null default '',
  evaluation_rule    text not null default '',
  next_evaluation_on date,
  exit_notice_months int check (exit_notice_months >= 0),
  exit_text          text not null default '',
  version            int not null default 1,
  created_at         timestamptz not null default now(),
  updated_at         timestamptz not null default now(),
  check (ended_on is null or in_force_on is null or ended_on >= in_force_on)
);
create index on collaborations (form, name);
create index on collaborations (organisation_id);

create table participations (
  id               uuid primary key,
  collaboration_id uuid not null references collaborations,
  organisation_id  uuid not null references organisations,
  organs           text[] not null default '{}',
  joined_on        date,
  left_on          date,
  vote_weight      numeric(10, 3),
  contribution_key text not null default '',
  version          int not null default 1,
  check (left_on is null or joined_on is null or left_on >= joined_on)
);
-- No overlap per organisation: one open participation at a time.
create unique index participations_open_key on participations (collaboration_id, organisation_id) where left_on is null;
create index on participations (organisation_id);

create table bodies (
  id                uuid primary key,
  organisation_id   uuid not null references organisations,
  collaboration_id  uuid references collaborations,
  key               text not null unique check (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  kind              text not null check (kind in ('council', 'executive', 'mayor', 'council_committee', 'agenda_committee', 'provincial_council', 'provincial_executive', 'kings_commissioner', 'general_board', 'daily_board', 'chair', 'operations_board', 'joint_organ', 'advisory_committee', 'joint_advisory_committee', 'management_team', 'circle', 'working_group')),
  name              text not null check (name <> ''),
  abbreviation      text not null default '',
  seats_total       int check (seats_total > 0),
  parent_body_id    uuid references bodies,
  public_by_default boolean not null default true,
  notice_days       int check (notice_days >= 0),
  papers_due_days   int check (papers_due_days >= 0),
  min_meetings_year int check (min_meetings_year >= 0),
  ended_on          date,
  version           int not null default 1,
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  unique (organisation_id, name)
);

create table persons (
  id           uuid primary key,
  initials     text not null default '',
  given        text not null default '',
  infix        text not null default '',
  family       text not null check (family <> ''),
  prefix       text not null default '',
  suffix       text not null default '',
  display_name text not null check (display_name <> ''),
  aliases      text[] not null default '{}',
  work_email   text not null default '',
  version      int not null default 1,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now()
);
create index on persons (family);

create table mandates (
  id                    uuid primary key,
  person_id             uuid not null references persons,
  body_id               uuid not null references bodies,
  function              text not null check (function in ('chair', 'vice_chair', 'member', 'substitute', 'councillor', 'alderman', 'mayor', 'clerk', 'secretary', 'director', 'adviser', 'citizen_member')),
  on_behalf_of_org_id   uuid references organisations,
  party_group           text not null default '',
  portfolio             text[] not null default '{}',
  voting                boolean not null default true,
  vote_weight           numeric(10, 3) not null default 1 check (vote_weight >= 0),
  depends_on_mandate_id uuid references mandates,
  appointed_by_body_id  uuid references bodies,
  starts_on             date not null,
  ends_on               date,
  end_reason            text not null default '',
  version               int not null default 1,
  created_at            timestamptz not null default now(),
  updated_at            timestamptz not null default now(),
  check (ends_on is null or ends_on >= starts_on)
);
create index on mandates (person_id);
create index on mandates (body_id);
create unique index mandates_open_key on mandates (person_id, body_id, function) where ends_on is null;

create table role_grants (
  id              uuid primary key,
  person_id       uuid not null references persons,
  role            text not null check (role in ('clerk_staff', 'author', 'organiser', 'partnership_manager', 'controller', 'archivist', 'admin')),
  organisation_id uuid references organisations,
  body_id         uuid references bodies,
  valid_from      date not null,
  valid_to        date,
  granted_by      uuid references persons,
  version         int not null default 1,
  check (valid_to is null or valid_to >= valid_from),
  -- Only the administrator of the whole installation has no organisation.
  check (organisation_id is not null or role = 'admin'),
  check (role <> 'clerk_staff' or body_id is not null)
);
create index on role_grants (person_id);

grant select, insert, update on organisations, collaborations, bodies, persons, mandates, role_grants to regiogriffie_app;
grant select, insert, update, delete on organisation_successors, participations to regiogriffie_app;

-- +goose Down
drop table role_grants, mandates, persons, bodies, participations, collaborations, organisation_successors, organisations;
