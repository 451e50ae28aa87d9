package identity

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
)

// GlassTime is how long broken glass gives sight (security 9). The table holds the same bound.
const GlassTime = 30 * time.Minute

const longestReason = 1000

// Glass is a time in which an administrator reads the closed matter of a body, in an emergency.
type Glass struct {
	ID             id.Glass
	AccountID      id.Account
	Name           string // of who broke it
	BodyID         id.Body
	OrganisationID id.Organisation
	Reason         string
	BrokenAt       time.Time
	EndsAt         time.Time
	EndedAt        *time.Time // before its time
	EndedBy        string     // name
}

// Open reports whether it still gives sight at the moment.
func (g Glass) Open(at time.Time) bool { return g.EndedAt == nil && g.EndsAt.After(at) }

// BreakGlass lets an administrator read the closed matter of one body for GlassTime, and tells its griffier at once. While it is
// open already, breaking it again is the same breaking.
func BreakGlass(ctx context.Context, db postgres.DB, actor access.Actor, body id.Body, reason string) error {
	reason = strings.TrimSpace(reason)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		org, err := lockBody(ctx, tx, actor, body)
		if err != nil {
			return err
		}
		if !CanBreakGlass(actor, org) {
			return fault.Forbidden
		}
		faults := fault.Fields{}
		faults.Must(reason != "", "reason", "Vul in waarom dit nodig is. De griffier leest deze reden.")
		faults.Must(len([]rune(reason)) <= longestReason, "reason", "Deze reden is te lang: hoogstens 1.000 tekens. Kort de tekst in.")
		if err := faults.Err(); err != nil {
			return err
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		open, err := openGlass(ctx, tx, actor, body)
		if err != nil || open {
			return err
		}
		glass, err := insertGlass(ctx, tx, actor, body, reason)
		if err != nil {
			return err
		}
		return trail.Note(ctx, tx, actor, trail.Act{
			Name: "glass.break", Thing: string(glass), About: actor.Person, Bodies: []id.Body{body}, OrgIDs: []id.Organisation{org}, Reason: reason, OwnerKnows: true,
		})
	})
}

// EndGlass ends it before its time; with the next request nothing is seen any more. Twice is once.
func EndGlass(ctx context.Context, db postgres.DB, actor access.Actor, body id.Body, glass id.Glass) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		g, err := findGlass(ctx, tx, actor, body, glass)
		if err != nil {
			return err
		}
		if !CanSeeGlass(actor, g.OrganisationID, g.BodyID) {
			return fault.NotFound
		}
		if !CanEndGlass(actor, g.Glass) {
			return fault.Because("De griffier van dit gremium of wie de noodtoegang nam, beëindigt haar. Vraag het een van hen.")
		}
		if !g.Open(actor.At) {
			return nil
		}
		if err := endGlass(ctx, tx, actor, glass); err != nil {
			return err
		}
		return trail.Note(ctx, tx, actor, trail.Act{
			Name: "glass.end", Thing: string(glass), About: g.PersonID, Bodies: []id.Body{body}, OrgIDs: []id.Organisation{g.OrganisationID}, Quiet: true,
		})
	})
}
