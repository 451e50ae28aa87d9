package partner

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/gone"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

func (r Recess) with(d RecessDraft) Recess {
	r.BodyID, r.Name, r.StartsOn, r.LastOn = d.BodyID, strings.TrimSpace(d.Name), dutch.Day(*d.StartsOn), dutch.Day(*d.LastOn)
	return r
}

func recessFits(ctx context.Context, tx pgx.Tx, actor access.Actor, o id.Organisation, d RecessDraft) error {
	if err := d.Check(actor.At); err != nil {
		return err
	}
	owned, err := ownsBody(ctx, tx, actor, o, d.BodyID)
	if err != nil {
		return err
	}
	f := fault.Fields{}
	f.Must(owned, "body_id", "Kies een gremium van deze organisatie.")
	f.Must(!owned || CanKeepRecess(actor, o, d.BodyID), "body_id", "U houdt de recessen van dit gremium niet bij. Kies een ander gremium.")
	return f.Err()
}

// CreateRecess adds a recess. The same twice is one recess.
func CreateRecess(ctx context.Context, db postgres.DB, actor access.Actor, d RecessDraft) (Recess, error) {
	var made Recess
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		o, err := organisationByID(ctx, tx, actor, d.OrganisationID)
		if err != nil {
			return err
		}
		if !MayKeepRecesses(actor, o.ID) {
			return fault.Forbidden
		}
		if err := recessFits(ctx, tx, actor, o.ID, d); err != nil {
			return err
		}
		var fresh bool
		if made, fresh, err = insertRecess(ctx, tx, actor, Recess{ID: id.New[id.Recess](), OrganisationID: o.ID}.with(d)); err != nil || !fresh {
			return err
		}
		return audit.Note(ctx, tx, actor, "recess.create", string(made.ID), []id.Organisation{o.ID}, "")
	})
	return made, err
}

// ReviseRecess corrects a recess. Another version than the one given is fault.Conflict.
func ReviseRecess(ctx context.Context, db postgres.DB, actor access.Actor, recess id.Recess, version int, d RecessDraft) (Recess, error) {
	var made Recess
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		r, err := lockRecess(ctx, tx, actor, recess)
		if err != nil {
			return err
		}
		if !CanKeepRecess(actor, r.OrganisationID, r.BodyID) {
			return fault.Forbidden
		}
		if err := recessFits(ctx, tx, actor, r.OrganisationID, d); err != nil {
			return err
		}
		r = r.with(d)
		r.Version = version
		if made, err = updateRecess(ctx, tx, actor, r); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "recess.revise", string(r.ID), []id.Organisation{r.OrganisationID}, "")
	})
	return made, err
}

// RemoveRecess takes a recess of the organisation away. Another version than the one given is fault.Conflict; one that is
// gone already is gone, for whoever keeps recesses there.
func RemoveRecess(ctx context.Context, db postgres.DB, actor access.Actor, o id.Organisation, recess id.Recess, version int) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		r, err := lockRecess(ctx, tx, actor, recess)
		if errors.Is(err, fault.NotFound) && MayKeepRecesses(actor, o) {
			return gone.Once(ctx, tx, actor, o, recess)
		}
		if err != nil {
			return err
		}
		if r.OrganisationID != o {
			return fault.NotFound
		}
		if !CanKeepRecess(actor, r.OrganisationID, r.BodyID) {
			return fault.Forbidden
		}
		r.Version = version
		if err := deleteRecess(ctx, tx, actor, r); err != nil {
			return err
		}
		if err := gone.Note(ctx, tx, actor, r.OrganisationID, recess); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "recess.remove", string(r.ID), []id.Organisation{r.OrganisationID}, "")
	})
}
