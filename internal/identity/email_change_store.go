package identity

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// spokenFor reports whether the address is the work address of the person, set there by someone else than the actor or by the
// program: then two stand for it already.
func spokenFor(ctx context.Context, db postgres.DB, actor access.Actor, p id.Person, email string) (bool, error) {
	return postgres.One[bool](ctx, db, `
		select exists (select from persons where id = @id and lower(trim(work_email)) = @email and work_email_by is distinct from @by::uuid)`,
		postgres.Args{"id": p, "email": email, "by": actor.Person}.As(actor))
}

func freeEmail(ctx context.Context, db postgres.DB, actor access.Actor, email string) error {
	taken, err := postgres.One[bool](ctx, db, `select exists (select from accounts where email = @email)`, postgres.Args{"email": email}.As(actor))
	if err == nil && taken {
		err = fault.Fields{"email": takenEmail}
	}
	return err
}

// insertChange keeps an address that was set; what waited for a second before is replaced. One that two stand for is settled
// at once.
func insertChange(ctx context.Context, db postgres.DB, actor access.Actor, c EmailChange, settled bool) (id.EmailChange, error) {
	change := id.New[id.EmailChange]()
	if !actor.SignedIn() {
		return "", nil
	}
	args := postgres.Args{
		"id": change, "account": c.AccountID, "before": c.Before, "email": c.Email, "fresh": c.Fresh, "by": actor.Account, "at": actor.At, "settled": settled,
	}.As(actor)
	if _, err := postgres.Exec(ctx, db, `
		update account_email_changes set settled_at = @at, settled_by = @by, outcome = 'replaced' where account_id = @account
		  and settled_at is null`, args); err != nil {
		return "", err
	}
	_, err := postgres.Exec(ctx, db, `
		insert into account_email_changes (id, account_id, before, email, fresh, asked_by, asked_at, settled_at, outcome)
		values (@id, @account, @before, @email, @fresh, @by, @at, case when @settled then @at::timestamptz end, case when @settled
		  then 'confirmed' else '' end)`, args)
	return change, err
}

// changeColumns are those of change c of account a of person p.
const changeColumns = `c.id, c.account_id, a.person_id, p.display_name as name, c.before, c.email, c.fresh, c.asked_by, c.asked_at,
	(select q.display_name from accounts x join persons q on q.id = x.person_id where x.id = c.asked_by) as asked_name,
	coalesce(f.bodies, '{}') as bodies, coalesce(f.org_ids, '{}') as org_ids, trim(p.work_email) as work`

// changes joins to a change where its person has a function or role, now or to come. The griffier serves what hangs below his body.
const changes = `
	from account_email_changes c join accounts a on a.id = c.account_id join persons p on p.id = a.person_id
	cross join lateral (
		select array_agg(distinct y.body_id) filter (where y.body_id is not null) as bodies,
			array_agg(distinct y.organisation_id) filter (where y.organisation_id is not null) as org_ids
		from (
			select v.id as body_id, b.organisation_id
			from mandates m join bodies b on b.id = m.body_id cross join lateral (values (b.id), (b.parent_body_id)) v(id)
			where m.person_id = a.person_id and (m.ends_on is null or m.ends_on > @day::date)
			union
			select v.id, coalesce(b.organisation_id, g.organisation_id)
			from role_grants g left join bodies b on b.id = g.body_id cross join lateral (values (b.id), (b.parent_body_id)) v(id)
			where g.person_id = a.person_id and (g.valid_to is null or g.valid_to > @day::date)
		) y
	) f
	where c.settled_at is null`

func lockChange(ctx context.Context, db postgres.DB, actor access.Actor, change id.EmailChange) (EmailChange, error) {
	return postgres.One[EmailChange](ctx, db, `select `+changeColumns+changes+` and c.id = @id for update of c`,
		postgres.Args{"id": change, "day": dutch.DateKey(actor.At)}.As(actor))
}

// EmailChanges asks for the addresses that wait for a second, as far as the actor may stand for them or set them himself; those of
// one account when it is given. At most 200, the oldest first.
func EmailChanges(dst *[]EmailChange, actor access.Actor, account id.Account) postgres.Query {
	return postgres.AllInto(dst, `select `+changeColumns+changes+`
		and (@account::uuid is null or c.account_id = @account)
		and (@actor_admin::boolean or c.asked_by = @self or c.account_id = @self and not c.fresh or f.bodies && @clerk::uuid[])
		order by c.asked_at, c.id limit 200`,
		postgres.Args{"account": account, "self": actor.Account, "clerk": actor.GriffierBodies(), "day": dutch.DateKey(actor.At)}.As(actor))
}

func settleChange(ctx context.Context, db postgres.DB, actor access.Actor, change id.EmailChange, outcome string) error {
	_, err := postgres.Exec(ctx, db, `
		update account_email_changes set settled_at = @at, settled_by = @by, outcome = @outcome where id = @id and settled_at is null`,
		postgres.Args{"id": change, "at": actor.At, "by": actor.Account, "outcome": outcome}.As(actor))
	return err
}

// OldAddress is the address that counted before a change, for the mail that tells so; empty when there was none. For the worker.
func OldAddress(ctx context.Context, db postgres.DB, change id.EmailChange) (string, error) {
	return postgres.One[string](ctx, db, `select coalesce((select before from account_email_changes where id = @id), '')`, postgres.Args{"id": change})
}
