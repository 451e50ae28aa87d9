-- +goose Up
-- The parts of an agenda are as visible as the line of an item in them: of a closed meeting for its bodies alone, of a draft for
-- who prepares it.
alter table agenda_sections
  add column visibility text not null default 'draft' check (visibility in ('draft', 'org', 'participants', 'public')),
  add column org_ids uuid[] not null default '{}',
  add column participant_org_ids uuid[] not null default '{}',
  add column writer_ids uuid[] not null default '{}',
  add column audience_bodies uuid[],
  add check (audience_bodies is null or visibility <> 'public');

update agenda_sections s set org_ids = m.org_ids,
    visibility = case when m.published_at is null then 'draft' when m.open then 'public' else 'org' end,
    audience_bodies = case when not m.open then
      array(select mo.body_id from meeting_organisers mo where mo.meeting_id = m.id and mo.body_id is not null order by mo.sequence) end
  from meetings m where m.id = s.meeting_id;

alter table agenda_sections enable row level security;
alter table agenda_sections force row level security;
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
  execute format('create policy seen on agenda_sections for select to regiogriffie_app using (%s)', seen);
  execute 'create policy added on agenda_sections for insert to regiogriffie_app with check (true)';
  execute format('create policy changed on agenda_sections for update to regiogriffie_app using (%s)', seen);
  execute format('create policy removed on agenda_sections for delete to regiogriffie_app using (%s)', seen);
end $$;
-- +goose StatementEnd

-- +goose Down
drop policy seen on agenda_sections;
drop policy added on agenda_sections;
drop policy changed on agenda_sections;
drop policy removed on agenda_sections;
alter table agenda_sections no force row level security;
alter table agenda_sections disable row level security;
alter table agenda_sections drop column visibility, drop column org_ids, drop column participant_org_ids, drop column writer_ids, drop column audience_bodies;
