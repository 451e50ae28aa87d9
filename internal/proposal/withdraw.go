package proposal

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// Withdraw takes the paper back, with a reason that whoever sees the paper reads. Once its body begins with it, it stays: fault.Forbidden.
// What was public stays public, marked as withdrawn. A second time changes nothing.
func Withdraw(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, reason string) error {
	reason = strings.TrimSpace(reason)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := findLocked(ctx, tx, actor, proposal)
		if err != nil {
			return err
		}
		before := p
		if p.State == Withdrawn {
			before.State = Offered // a second time is asked of the same people
		}
		if !CanWithdraw(actor, before) {
			return fault.Forbidden
		}
		if p.State == Withdrawn {
			return nil
		}
		if !p.State.Inner() && actor.MustConfirm() {
			return fault.Unconfirmed
		}
		f := fault.Fields{}
		f.Must(reason != "", "reason", "Vul in waarom u het voorstel intrekt. Wie het voorstel ziet, leest deze reden.")
		f.Must(!tooLong(reason, 2000), "reason", "Maak de reden korter: hoogstens 2.000 tekens.")
		if err := f.Err(); err != nil {
			return err
		}
		p.State, p.WithdrawnAt, p.WithdrawnReason = Withdrawn, &actor.At, reason
		if err := updateState(ctx, tx, actor, p); err != nil {
			return err
		}
		if err := moved(ctx, tx, actor, p, WasTaken, reason); err != nil {
			return err
		}
		if p.Routed {
			if err := tellWithdrawn(ctx, tx, actor, p); err != nil {
				return err
			}
		}
		if p.Closed() {
			reason = "" // the trail is read by more people than a closed paper
		}
		return audit.Note(ctx, tx, actor, "proposal.withdraw", string(p.ID), noted(p), reason)
	})
}

// tellWithdrawn writes to the griffies that have the paper in their in-tray or on an agenda.
func tellWithdrawn(ctx context.Context, tx pgx.Tx, actor access.Actor, p Proposal) error {
	steps, err := stepsOf(ctx, tx, actor, p.ID)
	if err != nil {
		return err
	}
	return tellRoute(ctx, tx, actor, TellWithdrawn, p.ID, slices.DeleteFunc(steps, func(s Step) bool { return !s.waits() && s.State != StepScheduled }))
}
