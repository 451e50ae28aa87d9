package zienswijze

import (
	"context"

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

// AtStake are the findings for a meeting of the board: what it leaves to be done of the procedures it decides on, as far as
// the actor may see them. Whoever records a decision there asks this.
func AtStake(ctx context.Context, db postgres.DB, actor access.Actor, meeting id.Meeting) (found rule.Findings, err error) {
	procedures, err := postgres.All[Procedure](ctx, db, `select `+columns+tables+`where p.ab_meeting_id = @meeting and `+access.Seen("p")+` order by p.id`,
		postgres.Args{"meeting": meeting}.As(actor))
	if err != nil || len(procedures) == 0 {
		return nil, err
	}
	type ofProcedure struct {
		ProcedureID id.Procedure
		OrgName     string
		State       ViewState
	}
	views, err := postgres.All[ofProcedure](ctx, db, `select v.procedure_id, o.name as org_name, v.state from zienswijzen v
		join zienswijze_procedures p on p.id = v.procedure_id join organisations o on o.id = v.organisation_id
		where p.ab_meeting_id = @meeting and `+access.Seen("p")+` and `+access.Seen("v")+` order by o.name`, postgres.Args{"meeting": meeting}.As(actor))
	if err != nil {
		return nil, err
	}
	for _, p := range procedures {
		var own []View
		for _, v := range views {
			if v.ProcedureID == p.ID {
				own = append(own, View{OrgName: v.OrgName, State: v.State})
			}
		}
		found = append(found, Findings(p, own)...)
	}
	return found, nil
}
