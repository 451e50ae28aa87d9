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

// SetInnerSteps says whether papers of the organisation need official and political consent before they are offered. Setting what
// is set already changes nothing.
func SetInnerSteps(ctx context.Context, db postgres.DB, actor access.Actor, org id.Organisation, on bool) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		o, err := organisationByID(ctx, tx, actor, org)
		if err != nil {
			return err
		}
		if !CanSetInnerSteps(actor, o.ID) {
			return fault.Forbidden
		}
		if o.InnerSteps == on {
			return nil
		}
		if err := updateInnerSteps(ctx, tx, actor, o.ID, on); err != nil {
			return err
		}
		reason := map[bool]string{true: "aan", false: "uit"}[on]
		return audit.Note(ctx, tx, actor, "organisation.steps", string(o.ID), []id.Organisation{o.ID}, reason)
	})
}
