-- +goose Up
-- What organisations write together to invite people to a meeting. Only who prepares it and who signs it see this table; readers
-- see what was published.
create table invitations (
  id                  uuid primary key,
  key                 text not null unique,
  meeting_id          uuid not null references meetings,
  title               text not null check (title <> ''),
  content             jsonb not null default '{}',
  body_ids            uuid[] not null default '{}', -- whose members it is for
  state               text not null default 'concept' check (state in ('concept', 'ter_ondertekening', 'gepubliceerd', 'geannuleerd')),
  published_at        timestamptz, -- the last time
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
  updated_by          text not null default ''
);
-- A meeting has one invitation at a time.
create unique index invitations_meeting_key on invitations (meeting_id) where state <> 'geannuleerd';
create index on invitations using gin (org_ids);

create table invitation_organisers (
  invitation_id   uuid not null references invitations,
  sequence        int not null,
  organisation_id uuid not null references organisations,
  primary key (invitation_id, organisation_id)
);
create index on invitation_organisers (organisation_id);

-- A signature is of one text: it holds as long as the digest of the text is the one that was signed, and until somebody
-- changes the invitation.
create table invitation_signers (
  id              uuid primary key,
  invitation_id   uuid not null references invitations,
  organisation_id uuid not null references organisations,
  sequence        int not null,
  person_id       uuid not null references persons,
  capacity        text not null,
  signed_at       timestamptz,
  signed_by       text not null default '', -- who gave the signature, where that was someone else
  signed_digest   text not null default '',
  lapsed_at       timestamptz,
  constraint invitation_signers_key unique (invitation_id, organisation_id, person_id)
);

create table invitation_remarks (
  id                  uuid primary key,
  invitation_id       uuid not null references invitations,
  author              text not null,
  organisation_id     uuid references organisations,
  text                text not null check (text <> ''),
  made_at             timestamptz not null,
  visibility          text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[]
);
create index on invitation_remarks (invitation_id, made_at);

-- What readers get: the invitation as it was when all had signed it. A later one takes its place.
create table invitation_publications (
  invitation_id       uuid not null references invitations,
  number              int not null,
  key                 text not null,
  meeting_id          uuid not null references meetings,
  title               text not null,
  content             jsonb not null,
  body_ids            uuid[] not null,
  organisers          jsonb not null,
  signers             jsonb not null,
  published_at        timestamptz not null,
  made_up             boolean not null,
  visibility          text not null default 'public' check (visibility in ('draft', 'org', 'participants', 'public')),
  org_ids             uuid[] not null,
  participant_org_ids uuid[] not null default '{}',
  writer_ids          uuid[] not null default '{}',
  audience_bodies     uuid[],
  primary key (invitation_id, number)
);
create index on invitation_publications (key, number desc);
create index on invitation_publications (meeting_id, number desc);

-- A mailing of its own, as soon as the day is known.
create table save_the_dates (
  id              uuid primary key,
  meeting_id      uuid not null references meetings,
  organisation_id uuid not null references organisations,
  text            text not null default '',
  body_ids        uuid[] not null,
  sent_at         timestamptz not null,
  sent_by         text not null
);
create index on save_the_dates (meeting_id, sent_at);

alter table attachments drop constraint attachments_object_kind_check,
  add constraint attachments_object_kind_check check (object_kind in ('proposal', 'item', 'meeting', 'invitation'));

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
  foreach t in array array['invitations', 'invitation_remarks', 'invitation_publications'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy seen on %I for select to regiogriffie_app using (%s)', t, seen);
    execute format('create policy added on %I for insert to regiogriffie_app with check (true)', t);
    execute format('create policy changed on %I for update to regiogriffie_app using (%s)', t, seen);
  end loop;
end $$;
-- +goose StatementEnd

grant select, insert, update on invitations, invitation_remarks to regiogriffie_app;
grant select, insert on invitation_publications, save_the_dates to regiogriffie_app;
grant select, insert, update, delete on invitation_organisers, invitation_signers to regiogriffie_app;

-- +goose Down
drop table save_the_dates, invitation_publications, invitation_remarks, invitation_signers, invitation_organisers, invitations;
delete from attachments where object_kind = 'invitation';
alter table attachments drop constraint attachments_object_kind_check,
  add constraint attachments_object_kind_check check (object_kind in ('proposal', 'item', 'meeting'));
