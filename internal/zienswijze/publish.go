package zienswijze

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/rule"
)

// Publish opens the procedure to everyone: its terms, its subjects and how far each council is. What a council says is opened
// by its own griffier. Publishing twice is publishing once.
func Publish(ctx context.Context, db postgres.DB, actor access.Actor, procedure id.Procedure) (Procedure, error) {
	return setOpen(ctx, db, actor, procedure, access.Public, "procedure.publish")
}

// Retract takes that back, with what the councils opened under it.
func Retract(ctx context.Context, db postgres.DB, actor access.Actor, procedure id.Procedure) (Procedure, error) {
	return setOpen(ctx, db, actor, procedure, access.Participants, "procedure.retract")
}

func setOpen(ctx context.Context, db postgres.DB, actor access.Actor, procedure id.Procedure, to access.Visibility, act string) (Procedure, error) {
	var p Procedure
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var err error
		if p, err = lock(ctx, tx, actor, procedure); err != nil {
			return err
		}
		if !CanPublish(actor, p) {
			return fault.Forbidden
		}
		if p.Visibility == to {
			return nil
		}
		if actor.MustConfirm() {
			return fault.Unconfirmed
		}
		p.Visibility = to
		if err := update(ctx, tx, actor, &p); err != nil {
			return err
		}
		if err := spread(ctx, tx, actor, p); err != nil {
			return err
		}
		if to != access.Public {
			if err := retractTexts(ctx, tx, actor, p.ID); err != nil {
				return err
			}
		}
		return audit.Note(ctx, tx, actor, act, string(p.ID), everyone(p), "")
	})
	return p, err
}

// Close ends a procedure: after its last day, or as soon as all councils have their answer. What came stays, and can still
// be answered. Closing twice is closing once.
func Close(ctx context.Context, db postgres.DB, actor access.Actor, procedure id.Procedure) (Procedure, error) {
	var p Procedure
	err := pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		var err error
		if p, err = lock(ctx, tx, actor, procedure); err != nil {
			return err
		}
		before := p
		if p.State == Closed {
			before.State = Sent
		}
		if !CanClose(actor, before) {
			return fault.Forbidden
		}
		if p.State == Closed {
			return nil
		}
		views, err := allViews(ctx, tx, actor, p.ID)
		if err != nil {
			return err
		}
		if why := closing(p, views, actor.At); why != "" {
			return fault.Because("%s", why)
		}
		p.State = Closed
		if err := update(ctx, tx, actor, &p); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, "procedure.close", string(p.ID), everyone(p), "")
	})
	return p, err
}

// AtStake are the findings of the procedures that a decision of the board hangs on: what it leaves to be done, each rule once.
func AtStake(stakes []Stake) rule.Findings {
	var found rule.Findings
	for _, s := range stakes {
		views := make([]View, len(s.States))
		for n := range s.States {
			views[n] = View{OrgName: s.Names[n], State: s.States[n]}
		}
		for _, f := range Findings(Procedure{State: s.State, Facts: Facts{Kind: s.Kind, Subject: s.Subject}}, views) {
			at := slices.IndexFunc(found, func(there rule.Finding) bool { return there.Rule == f.Rule && there.Grade == f.Grade })
			if at < 0 {
				found = append(found, f)
			} else {
				found[at].Text += " " + f.Text
			}
		}
	}
	return found
}
