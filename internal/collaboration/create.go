package collaboration

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
)

// Create adds a collaboration.
func Create(ctx context.Context, db postgres.DB, actor access.Actor, d Draft) (Collaboration, error) {
	var made Collaboration
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if !CanCreate(actor, d.OrganisationID) {
			return fault.Forbidden
		}
		if err := d.Check(actor.At); err != nil {
			return err
		}
		c := Collaboration{ID: id.New[id.Collaboration](), Key: d.Key, RegisterCode: registerCodes[d.Form], Facts: d.Facts}
		if c.Key == "" {
			c.Key = partner.Slug(d.Name)
		}
		var err error
		if made, err = insert(ctx, tx, actor, c); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "collaboration.create", string(made.ID), orgs(made), "")
	})
	return made, err
}

// Revise changes a collaboration; its key stays. Another version than the one given is fault.Conflict.
func Revise(ctx context.Context, db postgres.DB, actor access.Actor, collaboration id.Collaboration, version int, d Draft) (Collaboration, error) {
	var made Collaboration
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		c, err := lock(ctx, tx, actor, collaboration)
		if err != nil {
			return err
		}
		// Nor may it be moved to an organisation where the actor may not, or taken over by one who takes part.
		if !CanRevise(actor, c) || d.OrganisationID != c.OrganisationID && !(CanManage(actor, c) && CanCreate(actor, d.OrganisationID)) {
			return fault.Forbidden
		}
		d.Key = c.Key
		if err := d.Check(actor.At); err != nil {
			return err
		}
		other := c.Form != d.Form
		c.Facts, c.RegisterCode, c.Version = d.Facts, registerCodes[d.Form], version
		// The register names other organs than colleges in a few operations organisations; their other facts can still be changed.
		if other {
			if err := formFits(ctx, tx, actor, c); err != nil {
				return err
			}
		}
		if made, err = update(ctx, tx, actor, c); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "collaboration.revise", string(made.ID), orgs(made), "")
	})
	return made, err
}

// orgs are whose griffiers may read what was done to a collaboration.
func orgs(c Collaboration) []id.Organisation {
	if c.OrganisationID == "" {
		return slices.Clip(c.Participants)
	}
	return []id.Organisation{c.OrganisationID}
}
