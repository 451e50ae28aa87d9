package partner

import (
	"context"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

const recessColumns = `r.id, r.organisation_id, r.body_id, r.name, r.starts_on, r.last_on, r.version, r.updated_at, r.updated_by`

// RecessesInto asks for the recesses of the organisation with this key and of its bodies, in their order, the most recent
// and those to come: what ended more than a year ago stays out.
func RecessesInto(dst *[]Recess, actor access.Actor, organisation string) postgres.Query {
	return postgres.AllInto(dst, `select `+recessColumns+` from recesses r join organisations o on o.id = r.organisation_id
		where o.key = @key and r.last_on >= @since order by r.starts_on, r.last_on, r.id`,
		postgres.Args{"key": organisation, "since": dutch.Day(actor.At).AddDate(-1, 0, 0)}.As(actor))
}

// RecessInto asks for one recess of the organisation with this key.
func RecessInto(dst *Recess, actor access.Actor, organisation string, r id.Recess) postgres.Query {
	return postgres.OneInto(dst, `select `+recessColumns+` from recesses r join organisations o on o.id = r.organisation_id
		where o.key = @key and r.id = @id`, postgres.Args{"key": organisation, "id": r}.As(actor))
}

func lockRecess(ctx context.Context, db postgres.DB, actor access.Actor, r id.Recess) (Recess, error) {
	return postgres.One[Recess](ctx, db, `select `+recessColumns+` from recesses r where r.id = @id for update`, postgres.Args{"id": r}.As(actor))
}

func recessArgs(r Recess, actor access.Actor) postgres.Args {
	return postgres.Args{
		"id": r.ID, "org": r.OrganisationID, "body": r.BodyID, "name": r.Name, "starts": r.StartsOn, "last": r.LastOn,
		"version": r.Version, "now": actor.At, "by": actor.Name,
	}.As(actor)
}

// insertRecess answers the one that is there already when it is the same.
func insertRecess(ctx context.Context, db postgres.DB, actor access.Actor, r Recess) (made Recess, fresh bool, err error) {
	args := recessArgs(r, actor)
	n, err := postgres.Exec(ctx, db, `
		insert into recesses (id, organisation_id, body_id, name, starts_on, last_on, created_at, updated_at, updated_by)
		values (@id, @org, @body, @name, @starts, @last, @now, @now, @by) on conflict do nothing`, args)
	if err != nil {
		return made, false, err
	}
	made, err = postgres.One[Recess](ctx, db, `select `+recessColumns+` from recesses r
		where r.organisation_id = @org and r.body_id is not distinct from @body::uuid and r.starts_on = @starts and r.last_on = @last`, args)
	return made, n > 0, err
}

func updateRecess(ctx context.Context, db postgres.DB, actor access.Actor, r Recess) (Recess, error) {
	made, err := changed(postgres.One[Recess](ctx, db, `
		update recesses r set body_id = @body, name = @name, starts_on = @starts, last_on = @last, version = r.version + 1,
			updated_at = @now, updated_by = @by
		where r.id = @id and r.version = @version returning `+recessColumns, recessArgs(r, actor)))
	if postgres.Violates(err, "recesses_same_key") {
		return made, fault.Fields{"starts_on": "Dit reces staat er al. Kies andere dagen of verwijder het andere."}
	}
	return made, err
}

func deleteRecess(ctx context.Context, db postgres.DB, actor access.Actor, r Recess) error {
	n, err := postgres.Exec(ctx, db, `delete from recesses where id = @id and version = @version`, postgres.Args{"id": r.ID, "version": r.Version}.As(actor))
	if err == nil && n == 0 {
		return fault.Conflict
	}
	return err
}

// ownsBody reports whether a body is one of the organisation; none is.
func ownsBody(ctx context.Context, db postgres.DB, actor access.Actor, o id.Organisation, b id.Body) (bool, error) {
	if b == "" {
		return true, nil
	}
	return postgres.One[bool](ctx, db, `select exists (select from bodies where id = @body and organisation_id = @org)`,
		postgres.Args{"body": b, "org": o}.As(actor))
}
