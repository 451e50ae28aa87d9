package identity

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const glassColumns = `k.id, k.account_id, p.display_name as name, k.body_id, b.organisation_id, k.reason, k.broken_at, k.ends_at, k.ended_at,
	coalesce((select q.display_name from accounts y join persons q on q.id = y.person_id where y.id = k.ended_by), '') as ended_by`

const glassFrom = ` from glass_breaks k join bodies b on b.id = k.body_id join accounts a on a.id = k.account_id join persons p on p.id = a.person_id`

// lockBody gives the organisation of a body; the glass of one body is broken by one at a time.
func lockBody(ctx context.Context, db postgres.DB, actor access.Actor, body id.Body) (id.Organisation, error) {
	return postgres.One[id.Organisation](ctx, db, `select organisation_id from bodies where id = @id for update`, postgres.Args{"id": body}.As(actor))
}

func openGlass(ctx context.Context, db postgres.DB, actor access.Actor, body id.Body) (bool, error) {
	return postgres.One[bool](ctx, db, `
		select exists (select from glass_breaks where body_id = @body and account_id = @self and ended_at is null and ends_at > @at)`,
		postgres.Args{"body": body, "self": actor.Account, "at": actor.At}.As(actor))
}

func insertGlass(ctx context.Context, db postgres.DB, actor access.Actor, body id.Body, reason string) (id.Glass, error) {
	glass := id.New[id.Glass]()
	_, err := postgres.Exec(ctx, db, `
		insert into glass_breaks (id, account_id, body_id, reason, broken_at, ends_at) values (@id, @self, @body, @reason, @at, @ends)`,
		postgres.Args{"id": glass, "self": actor.Account, "body": body, "reason": reason, "at": actor.At, "ends": actor.At.Add(GlassTime)}.As(actor))
	return glass, err
}

type brokenGlass struct {
	Glass
	PersonID id.Person
}

func findGlass(ctx context.Context, db postgres.DB, actor access.Actor, body id.Body, glass id.Glass) (brokenGlass, error) {
	return postgres.One[brokenGlass](ctx, db, `select `+glassColumns+`, a.person_id`+glassFrom+` where k.id = @id and k.body_id = @body for update of k`,
		postgres.Args{"id": glass, "body": body}.As(actor))
}

func endGlass(ctx context.Context, db postgres.DB, actor access.Actor, glass id.Glass) error {
	_, err := postgres.Exec(ctx, db, `update glass_breaks set ended_at = @at, ended_by = @self where id = @id and ended_at is null`,
		postgres.Args{"id": glass, "at": actor.At, "self": actor.Account}.As(actor))
	return err
}

// GlassOf asks when the glass of the body with this key was broken, newest first, at most 200. The griffier of the body sees it,
// and who administers its organisation.
func GlassOf(dst *[]Glass, actor access.Actor, body string) postgres.Query {
	return postgres.AllInto(dst, `select `+glassColumns+glassFrom+`
		where b.key = @key and (b.id = any(@clerk::uuid[]) or @actor_admin::boolean or b.organisation_id = any(@actor_admin_organisations))
		order by k.broken_at desc, k.id desc limit 200`, postgres.Args{"key": body, "clerk": actor.GriffierBodies()}.As(actor))
}
