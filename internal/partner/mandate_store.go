package partner

import (
	"context"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const mandateColumns = `m.id, m.person_id, m.body_id, m.function, m.on_behalf_of_org_id, m.party_group, m.portfolio, m.voting,
	m.vote_weight::float8 as vote_weight, m.depends_on_mandate_id, m.appointed_by_body_id, m.starts_on, m.ends_on, m.end_reason, m.version`

// InOffice is a person in a body, as a page shows it.
type InOffice struct {
	ID         id.Mandate
	BodyID     id.Body
	PersonID   id.Person
	Person     string
	Function   Function
	PartyGroup string
	Portfolio  []string
	Voting     bool
	StartsOn   time.Time
	EndsOn     *time.Time
	// On whose behalf; empty when the body is of that organisation itself.
	OrgKey, OrgName, OrgColour string
}

const inOfficeColumns = `m.id, m.body_id, m.person_id, p.display_name as person, m.function, m.party_group, m.portfolio, m.voting, m.starts_on, m.ends_on,
	coalesce(f.key, '') as org_key, coalesce(f.name, '') as org_name, coalesce(f.colour, '') as org_colour`

// InOfficeInto asks who sit in the bodies of the organisation with this key on the day of asking, by function and name.
func InOfficeInto(dst *[]InOffice, actor access.Actor, organisation string) postgres.Query {
	return inOfficeInto(dst, actor, organisation, `b.organisation_id = (select id from organisations where key = @key)`)
}

// CollaborationInOfficeInto is InOfficeInto for the bodies of the collaboration with this key.
func CollaborationInOfficeInto(dst *[]InOffice, actor access.Actor, collaboration string) postgres.Query {
	return inOfficeInto(dst, actor, collaboration, `b.collaboration_id = (select id from collaborations where key = @key)`)
}

func inOfficeInto(dst *[]InOffice, actor access.Actor, key, condition string) postgres.Query {
	return postgres.AllInto(dst, `
		select `+inOfficeColumns+`
		from mandates m join persons p on p.id = m.person_id join bodies b on b.id = m.body_id left join organisations f on f.id = m.on_behalf_of_org_id
		where `+condition+` and daterange(m.starts_on, m.ends_on) @> @today::date
		order by array_position(@functions::text[], m.function), lower(p.family), p.initials`,
		postgres.Args{"key": key, "today": dutch.Day(actor.At), "functions": Functions}.As(actor))
}

// MandateInto asks for a mandate in the body with this key.
func MandateInto(dst *InOffice, actor access.Actor, body string, m id.Mandate) postgres.Query {
	return postgres.OneInto(dst, `
		select `+inOfficeColumns+`
		from mandates m join persons p on p.id = m.person_id join bodies b on b.id = m.body_id left join organisations f on f.id = m.on_behalf_of_org_id
		where b.key = @key and m.id = @id`, postgres.Args{"key": body, "id": m}.As(actor))
}

// MandateOption is an office that another can rest on.
type MandateOption struct {
	ID           id.Mandate
	Person       string
	Function     Function
	Organisation string
}

// OfficesFor asks for the offices in councils and executives that a mandate in the body with this key may rest on: those of
// the organisation itself, or of whoever takes part in the collaboration of the body.
func OfficesFor(dst *[]MandateOption, actor access.Actor, body string) postgres.Query {
	return postgres.AllInto(dst, `
		select m.id, p.display_name as person, m.function, o.name as organisation
		from bodies x join bodies b on b.id <> x.id
			and (b.organisation_id = x.organisation_id or exists (select from participations q
				where q.collaboration_id = x.collaboration_id and q.organisation_id = b.organisation_id and (q.left_on is null or q.left_on > @today::date)))
		join mandates m on m.body_id = b.id and (m.ends_on is null or m.ends_on > @today::date)
		join persons p on p.id = m.person_id join organisations o on o.id = b.organisation_id
		where x.key = @key and m.function in ('councillor', 'alderman', 'mayor', 'member', 'chair')
		order by lower(p.family), p.initials, organisation`, postgres.Args{"key": body, "today": dutch.Day(actor.At)}.As(actor))
}

// lockMandate returns the mandate, held until the end of the transaction.
func lockMandate(ctx context.Context, db postgres.DB, actor access.Actor, m id.Mandate) (Mandate, error) {
	return postgres.One[Mandate](ctx, db, `select `+mandateColumns+` from mandates m where m.id = @id for update`, postgres.Args{"id": m}.As(actor))
}

// overlapping are the mandates of this person in this function in this body on any day of the period.
func overlapping(ctx context.Context, db postgres.DB, actor access.Actor, m Mandate) ([]Mandate, error) {
	return postgres.All[Mandate](ctx, db, `
		select `+mandateColumns+` from mandates m
		where m.person_id = @person and m.body_id = @body and m.function = @function
		  and daterange(m.starts_on, m.ends_on) && daterange(@starts_on::date, @ends_on::date)
		order by m.starts_on`,
		postgres.Args{"person": m.PersonID, "body": m.BodyID, "function": m.Function, "starts_on": m.StartsOn, "ends_on": m.EndsOn}.As(actor))
}

// sitting is how many people sit in the body on the busiest day of the period of m, with m. Who serves the body or stands in
// does not sit; the chair of a council is not one of its members.
func sitting(ctx context.Context, db postgres.DB, actor access.Actor, b Body, m Mandate) (int, error) {
	seated := []Function{Councillor, Member, CitizenMember, Alderman}
	if b.Kind != Council && b.Kind != ProvincialCouncil {
		seated = append(seated, Chair, ViceChair, Mayor)
	}
	return postgres.One[int](ctx, db, `
		with seated as (
			select person_id, daterange(starts_on, ends_on) as period from mandates where body_id = @body and function = any(@seated::text[])
		), days as (
			select @starts_on::date as day
			union select lower(period) from seated where daterange(@starts_on::date, @ends_on::date) @> lower(period)
		)
		select case when @function::text = any(@seated::text[]) then coalesce(max(n), 0)::int else 0 end
		from (select (select count(distinct person_id) from (
				select person_id from seated where period @> day union select @person::uuid) x) as n from days) counts`,
		postgres.Args{
			"body": b.ID, "seated": seated, "starts_on": m.StartsOn, "ends_on": m.EndsOn, "function": m.Function, "person": m.PersonID,
		}.As(actor))
}

func insertMandate(ctx context.Context, db postgres.DB, actor access.Actor, m Mandate) (Mandate, error) {
	portfolio := m.Portfolio
	if portfolio == nil {
		portfolio = []string{}
	}
	return postgres.One[Mandate](ctx, db, `
		insert into mandates as m (id, person_id, body_id, function, on_behalf_of_org_id, party_group, portfolio, voting, vote_weight,
			depends_on_mandate_id, appointed_by_body_id, starts_on, ends_on, created_at, updated_at)
		values (@id, @person_id, @body_id, @function, @on_behalf_of_org_id, @party_group, @portfolio, @voting, @vote_weight,
			@depends_on_mandate_id, @appointed_by_body_id, @starts_on, @ends_on, @now, @now)
		returning `+mandateColumns,
		postgres.Args{
			"id": m.ID, "person_id": m.PersonID, "body_id": m.BodyID, "function": m.Function, "on_behalf_of_org_id": m.OnBehalfOfOrgID,
			"party_group": m.PartyGroup, "portfolio": portfolio, "voting": m.Voting, "vote_weight": m.VoteWeight,
			"depends_on_mandate_id": m.DependsOnMandateID, "appointed_by_body_id": m.AppointedByBodyID, "starts_on": m.StartsOn,
			"ends_on": m.EndsOn, "now": actor.At,
		}.As(actor))
}

// ended is a mandate that has just got its end, with the organisation of its body.
type ended struct {
	ID             id.Mandate
	PersonID       id.Person
	OrganisationID id.Organisation
}

// endMandates ends a mandate and every one that rests on it, however deep, as far as they would last longer. One that would
// begin later never counts.
func endMandates(ctx context.Context, db postgres.DB, actor access.Actor, m id.Mandate, on time.Time, reason string) ([]ended, error) {
	return postgres.All[ended](ctx, db, `
		with recursive below as (
			select id from mandates where id = @id
			union select c.id from mandates c join below on c.depends_on_mandate_id = below.id
		)
		update mandates m set ends_on = greatest(m.starts_on, @on::date), end_reason = @reason, version = m.version + 1, updated_at = @now
		from below, bodies b
		where m.id = below.id and b.id = m.body_id and (m.ends_on is null or m.ends_on > greatest(m.starts_on, @on::date))
		returning m.id, m.person_id, b.organisation_id`,
		postgres.Args{"id": m, "on": on, "reason": reason, "now": actor.At}.As(actor))
}
