-- +goose Up
-- Who read what is closed: an item, a paper, a decision, the agenda of a closed meeting, a file. One row per person, thing and
-- place where it was shown within a quarter of an hour (of a title in a list: within a day); a row without a period is one
-- opening by itself. The rows that were there, of files, stay.
alter table closed_readings
  alter column attachment_id drop not null, -- the program of yesterday writes it; thing_id takes its place
  add column kind text not null default 'file' check (kind in ('meeting', 'item', 'proposal', 'decision', 'file')),
  add column thing_id uuid,
  add column surface text not null default 'bestand' check (surface in ('pagina', 'agenda', 'titel', 'bestand')),
  add column period timestamptz,
  add column last_at timestamptz,
  add column times int not null default 1 check (times > 0),
  add column audience_bodies uuid[]; -- those of the thing at that moment

-- Of files that are open by now: the bodies that the thing they belong to was for.
update closed_readings r set thing_id = a.id, last_at = r.at, audience_bodies = coalesce(a.audience_bodies,
    (select array[p.target_body_id] from proposals p where p.id = a.object_id and p.target_body_id is not null),
    (select array_agg(mo.body_id order by mo.sequence) from meeting_organisers mo where mo.body_id is not null
      and mo.meeting_id in (select i.meeting_id from agenda_items i where i.id = a.object_id union all select a.object_id)), '{}')
  from attachments a where a.id = r.attachment_id;

alter table closed_readings
  alter column thing_id set not null,
  alter column last_at set not null,
  alter column audience_bodies set not null,
  add constraint closed_readings_key unique (thing_id, person_id, surface, period, audience_bodies);
create index on closed_readings (person_id);

-- As long as the program of yesterday runs, it writes as it did.
-- +goose StatementBegin
create function fill_closed_reading() returns trigger language plpgsql as $$
begin
  if new.thing_id is null then
    new.thing_id := new.attachment_id;
    new.last_at := new.at;
    new.audience_bodies := coalesce((select a.audience_bodies from attachments a where a.id = new.attachment_id), '{}');
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger fill_closed_reading before insert on closed_readings for each row execute function fill_closed_reading();

-- Who read adds his own row, and reads it back; others' are for the griffier of a body in the audience. Nothing is taken away.
alter table closed_readings enable row level security;
alter table closed_readings force row level security;
-- +goose StatementBegin
do $$
declare
  own text := $p$person_id = any ((select nullif(current_setting('regiogriffie.actor_persons', true), '')::uuid[])::uuid[])$p$;
begin
  execute format($f$create policy seen on closed_readings for select to regiogriffie_app
    using (%s or audience_bodies && (select nullif(current_setting('regiogriffie.actor_griffier_bodies', true), '')::uuid[]))$f$, own);
  execute format('create policy added on closed_readings for insert to regiogriffie_app with check (%s)', own);
  execute format('create policy changed on closed_readings for update to regiogriffie_app using (%s)', own);
end $$;
-- +goose StatementEnd
grant update (last_at, times) on closed_readings to regiogriffie_app;

-- +goose Down
revoke update (last_at, times) on closed_readings from regiogriffie_app;
drop policy seen on closed_readings;
drop policy added on closed_readings;
drop policy changed on closed_readings;
alter table closed_readings no force row level security;
alter table closed_readings disable row level security;
drop trigger fill_closed_reading on closed_readings;
drop function fill_closed_reading();
delete from closed_readings where kind <> 'file';
update closed_readings set attachment_id = thing_id;
drop index closed_readings_person_id_idx;
alter table closed_readings
  drop constraint closed_readings_key,
  alter column attachment_id set not null,
  drop column kind, drop column thing_id, drop column surface, drop column period, drop column last_at, drop column times, drop column audience_bodies;
