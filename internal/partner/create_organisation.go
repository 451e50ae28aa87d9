package partner

import (
	"context"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

func (o Organisation) with(d OrganisationDraft) Organisation {
	o.Kind, o.OfficialName, o.ShortName, o.TooiURI, o.CBSCode, o.OIN = d.Kind, d.OfficialName, d.ShortName, d.TooiURI, d.CBSCode, d.OIN
	o.Website, o.Province, o.SafetyRegion, o.Inhabitants, o.Seats = d.Website, d.Province, d.SafetyRegion, d.Inhabitants, d.Seats
	o.FormerNames, o.SeatPlace, o.ValidFrom, o.ValidTo = d.FormerNames, d.SeatPlace, d.ValidFrom, d.ValidTo
	if d.Colour != "" {
		o.Colour = d.Colour
	}
	return o
}

// CreateOrganisation adds an organisation.
func CreateOrganisation(ctx context.Context, db postgres.DB, actor access.Actor, d OrganisationDraft) (Organisation, error) {
	var made Organisation
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if !CanCreateOrganisation(actor) {
			return fault.Forbidden
		}
		if err := d.Check(actor.At); err != nil {
			return err
		}
		o := Organisation{ID: id.New[id.Organisation](), Key: d.Key}
		if o.Key == "" {
			o.Key = Slug(d.OfficialName)
		}
		o.Colour = Colour(o.Key)
		var err error
		if made, err = insertOrganisation(ctx, tx, actor, o.with(d)); err != nil {
			return err
		}
		if err := setSuccessors(ctx, tx, actor, made.ID, d.Successors); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "organisation.create", string(made.ID), []id.Organisation{made.ID}, "")
	})
	return made, err
}

// ReviseOrganisation changes the facts of an organisation; its key stays. Another version than the one given is fault.Conflict.
func ReviseOrganisation(ctx context.Context, db postgres.DB, actor access.Actor, org id.Organisation, version int, d OrganisationDraft) (Organisation, error) {
	var made Organisation
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		o, err := organisationByID(ctx, tx, actor, org)
		if err != nil {
			return err
		}
		if !CanReviseOrganisation(actor, o.ID) {
			return fault.Forbidden
		}
		d.Key = o.Key
		if err := d.Check(actor.At); err != nil {
			return err
		}
		o.Version = version
		if made, err = updateOrganisation(ctx, tx, actor, o.with(d)); err != nil {
			return err
		}
		if err := setSuccessors(ctx, tx, actor, made.ID, d.Successors); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "organisation.revise", string(made.ID), []id.Organisation{made.ID}, "")
	})
	return made, err
}
