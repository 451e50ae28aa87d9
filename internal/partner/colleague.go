package partner

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Colleague is someone with a function or a role in an organisation, on the day of asking.
type Colleague struct {
	ID   id.Person
	Name string
}

// Colleagues lists who works for or sits in the organisation.
func Colleagues(dst *[]Colleague, actor access.Actor, org id.Organisation) postgres.Query {
	return postgres.AllInto(dst, `
		select w.id, w.display_name as name from persons w where w.id in (
		  select m.person_id from mandates m join bodies b on b.id = m.body_id where b.organisation_id = @org and daterange(m.starts_on, m.ends_on) @> @day::date
		  union
		  select g.person_id from role_grants g left join bodies b on b.id = g.body_id
		  where coalesce(b.organisation_id, g.organisation_id) = @org and g.role <> 'admin' and daterange(g.valid_from, g.valid_to) @> @day::date)
		order by w.family, w.id limit 500`, postgres.Args{"org": org, "day": actor.At}.As(actor))
}

// Stellers lists the stellers of the organisation.
func Stellers(dst *[]Colleague, actor access.Actor, org id.Organisation) postgres.Query {
	return postgres.AllInto(dst, `
		select w.id, w.display_name as name from persons w where w.id in (
		  select g.person_id from role_grants g left join bodies b on b.id = g.body_id
		  where g.role = 'author' and coalesce(b.organisation_id, g.organisation_id) = @org and daterange(g.valid_from, g.valid_to) @> @day::date)
		order by w.family, w.id limit 200`, postgres.Args{"org": org, "day": actor.At}.As(actor))
}

// PortfolioHolders lists who holds a portfolio in the organisation, as identity gives that role from mandates and grants.
func PortfolioHolders(dst *[]Colleague, actor access.Actor, org id.Organisation) postgres.Query {
	return postgres.AllInto(dst, `
		select p.id, p.display_name as name from persons p
		where p.id in (
		  select m.person_id from mandates m join bodies b on b.id = m.body_id
		  where b.organisation_id = @org and daterange(m.starts_on, m.ends_on) @> @day::date
		    and (m.function in ('alderman', 'mayor') or m.function in ('chair', 'vice_chair', 'member') and b.kind in ('daily_board', 'provincial_executive'))
		  union
		  select g.person_id from role_grants g left join bodies b on b.id = g.body_id
		  where g.role = 'portfolio_holder' and coalesce(b.organisation_id, g.organisation_id) = @org and daterange(g.valid_from, g.valid_to) @> @day::date)
		order by p.family, p.id limit 200`, postgres.Args{"org": org, "day": actor.At}.As(actor))
}

// MembersOf are who sits in one of the bodies or in its griffie.
func MembersOf(ctx context.Context, db postgres.DB, actor access.Actor, bodies []id.Body) ([]id.Person, error) {
	return postgres.All[id.Person](ctx, db, `
		select m.person_id from mandates m where m.body_id = any(@ids::uuid[]) and daterange(m.starts_on, m.ends_on) @> @day::date
		union
		select g.person_id from role_grants g where g.body_id = any(@ids::uuid[]) and g.role = 'clerk_staff' and daterange(g.valid_from, g.valid_to) @> @day::date`,
		postgres.Args{"ids": append([]id.Body{}, bodies...), "day": actor.At}.As(actor))
}

// Tie is a person with an organisation that he works for or sits in.
type Tie struct {
	Person id.Person
	Org    id.Organisation
}

// TiesOf are the organisations that each of these people works for now.
func TiesOf(ctx context.Context, db postgres.DB, actor access.Actor, people []id.Person) ([]Tie, error) {
	return postgres.All[Tie](ctx, db, `
		select m.person_id as person, b.organisation_id as org from mandates m join bodies b on b.id = m.body_id
		where m.person_id = any(@people::uuid[]) and daterange(m.starts_on, m.ends_on) @> @day::date
		union
		select g.person_id, coalesce(b.organisation_id, g.organisation_id) from role_grants g left join bodies b on b.id = g.body_id
		where g.person_id = any(@people::uuid[]) and g.role <> 'admin' and daterange(g.valid_from, g.valid_to) @> @day::date
		  and coalesce(b.organisation_id, g.organisation_id) is not null`,
		postgres.Args{"people": append([]id.Person{}, people...), "day": actor.At}.As(actor))
}
