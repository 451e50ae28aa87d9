package identity

import (
	"context"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// rights lists role, organisation and body of account x on @day, and for broken glass at @at (domain 4.4). The griffier and his staff serve a body with
// what hangs below it; who is secretary or director of a joint board holds the griffier's rights for that board alone.
const rights = `
	select r.role, b.organisation_id, b.id as body_id
	from mandates m join bodies b on b.id = m.body_id
	cross join lateral (
		select 'clerk' where m.function = 'clerk'
			or m.function in ('secretary', 'director') and b.kind in ('general_board', 'daily_board', 'operations_board', 'joint_organ')
		union all
		select 'secretary' where m.function = 'secretary' and b.kind in ('executive', 'provincial_executive')
		union all
		select 'member' where m.function in ('chair', 'vice_chair', 'member', 'substitute', 'councillor', 'alderman', 'mayor', 'citizen_member')
		union all
		select 'portfolio_holder' where m.function in ('alderman', 'mayor')
			or m.function in ('chair', 'vice_chair', 'member') and b.kind in ('daily_board', 'provincial_executive')
	) r(role)
	where m.person_id = x.person_id and daterange(m.starts_on, m.ends_on) @> @day::date
	union
	select 'clerk', c.organisation_id, c.id
	from mandates m join bodies c on c.parent_body_id = m.body_id
	where m.person_id = x.person_id and m.function = 'clerk' and daterange(m.starts_on, m.ends_on) @> @day::date
	union
	select g.role, coalesce(b.organisation_id, g.organisation_id), b.id
	from role_grants g left join bodies b on b.id = g.body_id or (g.role = 'clerk_staff' and b.parent_body_id = g.body_id)
	where g.person_id = x.person_id and daterange(g.valid_from, g.valid_to) @> @day::date
	union
	select 'glass_reader', b.organisation_id, b.id
	from glass_breaks k join bodies b on b.id = k.body_id
	where k.account_id = x.id and k.ended_at is null and k.broken_at <= @at::timestamptz and k.ends_at > @at::timestamptz
		and exists (select from role_grants g where g.person_id = x.person_id and g.role = 'admin' and daterange(g.valid_from, g.valid_to) @> @day::date
			and (g.organisation_id is null or g.organisation_id = b.organisation_id))`

// grantsOf is rights as one column, for the account called x. As long as nobody but who set its address stands for that, it gives
// none: else whoever makes accounts would make one for the griffier, and be the griffier (access.go).
const grantsOf = `case when not x.vouched then '[]' else (select coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'organisation',
		g.organisation_id, 'body', g.body_id)
		order by g.role, g.organisation_id, g.body_id), '[]')
	from (` + rights + `) g) end`

type who struct {
	AccountID id.Account
	PersonID  id.Person
	Name      string
	Grants    []access.Grant
}

func (w who) actor(at, confirmed time.Time) access.Actor {
	return access.Actor{Account: w.AccountID, Person: w.PersonID, Name: w.Name, At: at, Grants: w.Grants, Confirmed: confirmed}
}

// ActorOf is who comes in by the account at this moment, with the rights of that day. A closed account is fault.NotFound.
func ActorOf(ctx context.Context, db postgres.DB, account id.Account, at time.Time) (access.Actor, error) {
	w, err := postgres.One[who](ctx, db, `
		select x.id as account_id, x.person_id, p.display_name as name, `+grantsOf+` as grants
		from accounts x join persons p on p.id = x.person_id
		where x.id = @account and x.state = 'active'`,
		postgres.Args{"account": account, "day": dutch.DateKey(at), "at": at})
	if err != nil {
		return access.Actor{}, err
	}
	return w.actor(at, at), nil
}

// Function is what a person does somewhere: a mandate, or a role that was granted.
type Function struct {
	Function     string      // of a mandate, such as "councillor"; empty for a granted role
	Role         access.Role // granted; empty for a mandate
	Grant        id.Grant
	BodyKind     string
	Body         string // name; empty for a role of a whole organisation
	Organisation string // name; empty for the administrator of the installation
	Colour       string
	From         string // days, as 2018-06-28; To, the first on which it no longer counts, is empty while open
	To           string
}

// functionsOf lists the mandates and granted roles in force on @day, and the roles still to come, of the person.
func functionsOf(person string) string {
	return `(select coalesce(jsonb_agg(to_jsonb(f) order by f."Organisation", f."Body", f."Function", f."Role", f."From"), '[]') from (
		select m.function as "Function", '' as "Role", '' as "Grant", b.kind as "BodyKind", b.name as "Body",
			o.name as "Organisation", o.colour as "Colour", m.starts_on as "From", m.ends_on as "To"
		from mandates m join bodies b on b.id = m.body_id join organisations o on o.id = b.organisation_id
		where m.person_id = ` + person + ` and daterange(m.starts_on, m.ends_on) @> @day::date
		union all
		select '', g.role, g.id::text, coalesce(b.kind, ''), coalesce(b.name, ''),
			coalesce(o.name, ''), coalesce(o.colour, ''), g.valid_from, g.valid_to
		from role_grants g left join bodies b on b.id = g.body_id
			left join organisations o on o.id = coalesce(b.organisation_id, g.organisation_id)
		where g.person_id = ` + person + ` and (g.valid_to is null or g.valid_to > greatest(@day::date, g.valid_from))
	) f)`
}

// Functions asks what the person does on the day of asking; only for himself and for who manages accounts.
func Functions(dst *[]Function, actor access.Actor, account id.Account) postgres.Query {
	return postgres.OneInto(dst, `
		select `+functionsOf("a.person_id")+` from accounts a where a.id = @id and (@manages or a.id = @self)`,
		merged(findArgs(actor, account), "day", dutch.DateKey(actor.At)))
}

func merged(args postgres.Args, name string, value any) postgres.Args {
	args[name] = value
	return args
}
