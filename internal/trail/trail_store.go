package trail

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// lines joins what an entry is about. The casts stand within a case: only the id of such a thing is one.
const lines = `
	select e.id, e.at, e.act, coalesce(w.display_name, '') as who, e.person_id as who_id, p.display_name as whom, e.reason,
		coalesce(m.function, '') as function, coalesce(g.role, '') as role, coalesce(b.name, '') as body, coalesce(o.name, '') as organisation,
		coalesce(b.key, '') as body_key, coalesce(o.key, '') as organisation_key,
		coalesce(m.starts_on, g.valid_from) as "from", coalesce(m.ends_on, g.valid_to) as "to"
	from audit_entries e join persons p on p.id = e.about left join persons w on w.id = e.person_id
		left join mandates m on m.id = case when e.act like 'mandate.%' then e.thing::uuid end
		left join role_grants g on g.id = case when e.act like 'grant.%' then e.thing::uuid end
		left join glass_breaks k on k.id = case when e.act like 'glass.%' then e.thing::uuid end
		left join bodies b on b.id = coalesce(m.body_id, g.body_id, k.body_id)
		left join organisations o on o.id = coalesce(b.organisation_id, g.organisation_id)`

// seen is the condition under which the actor in the arguments reads entry e: what is about himself, and what is of the place he
// administers, but for when others signed in. Row security holds the same comparison (migrations, policy "seen").
const seen = `e.about is not null and (e.about = any(@actor_persons)
	or e.act not in ('account.sign_in', 'account.sign_out', 'account.confirm') and (@actor_admin::boolean or e.org_ids && @actor_admin_organisations))`

// List asks for a page of the trail, newest first; one more than PageSize when there are more.
func List(dst *[]Line, actor access.Actor, f Filter) postgres.Query {
	return postgres.PageInto(dst, lines+`
		where `+seen+postgres.When(f.About != "", `e.about = (select person_id from accounts where id = @of)`)+
		postgres.When(f.Organisation != "", `@org = any(e.org_ids)`)+`
		order by e.at desc, e.id desc`,
		postgres.Args{"of": f.About, "org": f.Organisation}.As(actor), f.Page, PageSize)
}

// Told is the act that a mail tells, read as he reads it whom it is about.
func Told(ctx context.Context, db postgres.DB, t Telling) (Line, error) {
	return postgres.One[Line](ctx, db, lines+` where e.id = @id`, postgres.Args{"id": t.Entry}.As(access.Actor{Person: t.About}))
}

// Addressee is whom to write to. For the worker: no page shows it.
type Addressee struct {
	PersonID id.Person
	Name     string
	Email    string
}

// Addressees are the owner and the griffier of the bodies. A body without one: those of its organisation; one without: the
// administrators of the installation. Who did it himself need not hear of it, unless it is his own account. They are reached at
// the address that two stand for: an administrator who changes a work address does not lead these mails away. For the worker.
func Addressees(ctx context.Context, db postgres.DB, t Telling, l Line) ([]Addressee, error) {
	bodies, orgs := t.Bodies, t.OrgIDs
	if bodies == nil {
		bodies = []id.Body{}
	}
	if orgs == nil {
		orgs = []id.Organisation{}
	}
	return postgres.All[Addressee](ctx, db, `
		with here as (
			select id from bodies where id = any(@bodies::uuid[]) union select parent_body_id from bodies where id = any(@bodies::uuid[])
		), serving as (
			select m.person_id, case when m.body_id in (select id from here) then 1 else 2 end as turn
			from mandates m join bodies b on b.id = m.body_id
			where (m.body_id in (select id from here) or b.organisation_id = any(@orgs::uuid[])) and daterange(m.starts_on, m.ends_on) @> @day::date
				and (m.function = 'clerk' or m.function in ('secretary', 'director') and b.kind in ('general_board', 'daily_board', 'operations_board', 'joint_organ'))
			union select g.person_id, 3 from role_grants g where g.role = 'admin' and g.organisation_id is null and daterange(g.valid_from, g.valid_to) @> @day::date
		), first as (
			select s.person_id from serving s
			where s.person_id <> @about and s.turn = (select min(turn) from serving where person_id <> @about)
		), told as (
			select person_id from first where person_id is distinct from @by::uuid
			union select @about::uuid where not @knows
		)
		select p.id as person_id, p.display_name as name,
			coalesce((select a.email from accounts a where a.person_id = p.id and a.state = 'active' and a.vouched), nullif(trim(p.work_email), ''),
				(select a.email from accounts a where a.person_id = p.id), '') as email
		from told join persons p on p.id = told.person_id order by p.family, p.id`,
		postgres.Args{
			"bodies": bodies, "orgs": orgs, "day": dutch.DateKey(l.At), "about": t.About, "by": l.WhoID, "knows": t.OwnerKnows,
		}.As(access.Actor{}))
}

// Place is where someone has a function or a role, now or to come.
type Place struct {
	Bodies []id.Body
	OrgIDs []id.Organisation
	Any    bool // there is one; the installation as well
}

// PlaceOf asks where the person has a function or a role that has not ended.
func PlaceOf(ctx context.Context, db postgres.DB, actor access.Actor, p id.Person) (Place, error) {
	return postgres.One[Place](ctx, db, `
		select coalesce(array_agg(distinct body_id) filter (where body_id is not null), '{}') as bodies,
			coalesce(array_agg(distinct organisation_id) filter (where organisation_id is not null), '{}') as org_ids, count(*) > 0 as any
		from (
			select m.body_id, b.organisation_id from mandates m join bodies b on b.id = m.body_id
			where m.person_id = @id and (m.ends_on is null or m.ends_on > @day::date)
			union select g.body_id, coalesce(b.organisation_id, g.organisation_id) from role_grants g left join bodies b on b.id = g.body_id
			where g.person_id = @id and (g.valid_to is null or g.valid_to > @day::date)) x`,
		postgres.Args{"id": p, "day": dutch.DateKey(actor.At)}.As(actor))
}
