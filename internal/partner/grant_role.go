package partner

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
)

// GrantRole gives a person a role; the administrator of the place may. A role that the person has there already on the
// first day is given once: its id comes back.
func GrantRole(ctx context.Context, db postgres.DB, actor access.Actor, d RoleDraft) (id.Grant, error) {
	var grant id.Grant
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if d.BodyID != "" {
			b, err := postgres.One[Body](ctx, tx, `select `+bodyColumns+` from bodies b where b.id = @id`, postgres.Args{"id": d.BodyID}.As(actor))
			if err != nil {
				return err
			}
			d.OrganisationID = b.OrganisationID
		}
		if !CanGrant(actor, d.Role, d.OrganisationID) {
			return fault.Forbidden
		}
		if Himself(actor, d.PersonID) {
			return fault.Fields{"role": "U geeft uzelf geen rol. Vraag een andere beheerder om dat te doen."}
		}
		if err := d.Check(actor.At); err != nil {
			return err
		}
		there, err := granted(ctx, tx, actor, d)
		if err != nil {
			return err
		}
		if len(there) > 0 {
			grant = there[0]
			return nil
		}
		grant = id.New[id.Grant]()
		if err := insertGrant(ctx, tx, actor, grant, d); err != nil {
			return err
		}
		act := trail.Act{Name: "grant.create", Thing: string(grant), About: d.PersonID, OrgIDs: orgOf(d.OrganisationID), Reason: string(d.Role)}
		if d.BodyID != "" {
			act.Bodies = []id.Body{d.BodyID}
		}
		return trail.Note(ctx, tx, actor, act)
	})
	return grant, err
}

// EndRole ends a role on a day, the first on which it no longer counts. A role that ends earlier already stays so.
func EndRole(ctx context.Context, db postgres.DB, actor access.Actor, grant id.Grant, on time.Time) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		g, err := postgres.One[storedGrant](ctx, tx, `select id, person_id, role, organisation_id, valid_from from role_grants where id = @id for update`,
			postgres.Args{"id": grant}.As(actor))
		if err != nil {
			return err
		}
		if !CanGrant(actor, g.Role, g.OrganisationID) {
			return fault.Forbidden
		}
		ended, err := endGrant(ctx, tx, actor, grant, dutch.Day(on))
		if err != nil || !ended {
			return err
		}
		return trail.Note(ctx, tx, actor, trail.Act{
			Name: "grant.end", Thing: string(grant), About: g.PersonID, OrgIDs: orgOf(g.OrganisationID), Reason: string(g.Role), Quiet: true,
		})
	})
}

func orgOf(o id.Organisation) []id.Organisation {
	if o == "" {
		return nil
	}
	return []id.Organisation{o}
}
