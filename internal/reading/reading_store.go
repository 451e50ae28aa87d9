package reading

import (
	"cmp"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres"
)

func compare(a, b Thing) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Surface, b.Surface))
}

// noting writes one row per thing and surface, or counts on in the row of this stretch, and says how many of the things the actor
// may see. The order keeps two answers to one person from waiting for each other.
var noting = `
	with shown as (
	  select * from unnest(@kinds::text[], @ids::text[]::uuid[], @keys::text[], @surfaces::text[]) s(kind, id, key, surface)
	), found as (
	  select s.kind, s.surface, t.id, t.audience_bodies from shown s join proposals t on t.id = s.id or t.key = s.key
	  where s.kind = 'proposal' and ` + access.Seen("t") + `
	  union all
	  select s.kind, s.surface, t.item_id, t.audience_bodies from shown s join agenda_item_matters t on t.item_id = s.id
	  where s.kind = 'item' and ` + access.Seen("t") + `
	  union all
	  select s.kind, s.surface, t.id, t.audience_bodies from shown s join decisions t on t.id = s.id
	  where s.kind = 'decision' and ` + access.Seen("t") + `
	  union all
	  select s.kind, s.surface, t.id, t.audience_bodies from shown s join attachments t on t.id = s.id
	  where s.kind = 'file' and ` + access.Seen("t") + `
	  union all
	  select s.kind, s.surface, t.id, case when not t.open then ` + bodiesOf("t") + ` end from shown s join meetings t on t.id = s.id
	  where s.kind = 'meeting' and ` + access.Seen("t") + `
	), noted as (
	  insert into closed_readings as r (id, kind, thing_id, audience_bodies, person_id, surface, period, at, last_at)
	  select gen_random_uuid(), f.kind, f.id, f.audience_bodies, @person, f.surface,
	    date_bin(case f.surface when 'titel' then interval '1 day' else interval '15 minutes' end, @at::timestamptz, 'epoch'), @at, @at
	  from (select distinct kind, id, surface, audience_bodies from found where audience_bodies is not null) f order by f.id, f.surface
	  on conflict on constraint closed_readings_key do update set last_at = greatest(r.last_at, excluded.last_at), times = r.times + 1
	)
	select count(*)::int from found`

// bodiesOf are those that hold a meeting by the word of their own griffie: for whom another wrote it down, reads nothing of it.
func bodiesOf(meeting string) string {
	return `array(select mo.body_id from meeting_organisers mo where mo.meeting_id = ` + meeting +
		`.id and mo.body_id is not null and mo.agreed_with = '' order by mo.sequence)`
}

// wasClosedFor are the bodies that a thing was closed for when it was read, as far as the actor may see that.
const wasClosedFor = `array(select distinct unnest(r.audience_bodies) from closed_readings r where r.thing_id = `

// subjects are the things of a place as far as the actor may see them, in order.
func subjects() string {
	files := func(of string) string {
		return `
	  select 2 as place, a.number, 'file' as kind, a.id, a.title as name, coalesce(a.audience_bodies, ` + wasClosedFor + `a.id)) as bodies
	  from attachments a join ` + of + ` o on o.id = a.object_id where ` + access.Seen("a")
	}
	return `
	with meeting as (
	  select m.id, m.open from meetings m where m.slug = @meeting and @item = '' and ` + access.Seen("m") + `
	), item as (
	  select i.id, x.title, x.audience_bodies from agenda_items i join meetings m on m.id = i.meeting_id join agenda_item_matters x on x.item_id = i.id
	  where m.slug = @meeting and i.key = @item and ` + access.Seen("m") + ` and ` + access.Seen("i") + ` and ` + access.Seen("x") + `
	), paper as (
	  select p.id, p.subject, p.audience_bodies from proposals p where p.key = @proposal and ` + access.Seen("p") + `
	), subject as (
	  select 0 as place, 0 as number, 'meeting' as kind, m.id, 'De agenda' as name, case when m.open
	    then ` + wasClosedFor + `m.id) else ` + bodiesOf("m") + ` end as bodies
	  from meeting m
	  union all select 0, 0, 'item', i.id, i.title, coalesce(i.audience_bodies, ` + wasClosedFor + `i.id)) from item i
	  union all select 0, 0, 'proposal', p.id, p.subject, coalesce(p.audience_bodies, ` + wasClosedFor + `p.id)) from paper p
	  union all select 1, row_number() over (order by d.published_at nulls last, d.id)::int, 'decision', d.id,
	    b.name || ' ' || o.name || coalesce(', ' || d.number, ''),
	    coalesce(d.audience_bodies, ` + wasClosedFor + `d.id))
	  from decisions d join item i on i.id = d.item_id join bodies b on b.id = d.body_id join organisations o on o.id = b.organisation_id
	    where ` + access.Seen("d") + `
	  union all` + files("meeting") + `
	  union all` + files("item") + `
	  union all` + files("paper") + `
	)`
}

func (p Place) args(actor access.Actor) postgres.Args {
	return postgres.Args{"meeting": p.Meeting, "item": p.Item, "proposal": p.Proposal}.As(actor)
}

func subjectsInto(dst *[]Subject, actor access.Actor, at Place) postgres.Query {
	return postgres.AllInto(dst, subjects()+` select s.id::text, s.kind, s.name, s.bodies from subject s order by s.place, s.number, s.id`, at.args(actor))
}

// readersInto asks who read, the first reader of each thing first; each keeps the stretches apart.
func readersInto(dst *[]Reader, actor access.Actor, at Place, each bool) postgres.Query {
	args := at.args(actor)
	args["each"] = each
	return postgres.AllInto(dst, subjects()+`
		select s.id::text as thing_id, r.person_id, p.display_name as name, r.surface, min(r.at) as first_at, max(r.last_at) as last_at, sum(r.times)::int as times
		from subject s join closed_readings r on r.thing_id = s.id join persons p on p.id = r.person_id
		where r.audience_bodies && @actor_griffier_bodies
		group by s.place, s.number, s.id, r.person_id, p.display_name, r.surface, case when @each then r.id end
		order by s.place, s.number, s.id, first_at, name, r.surface`, args)
}
