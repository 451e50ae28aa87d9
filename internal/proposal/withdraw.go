package proposal

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/job"
	"regiogriffie/internal/postgres"
)

// Withdraw takes the paper back, with a reason that whoever sees the paper reads. Once its body begins with it, it stays: fault.Forbidden.
// What was public stays public, marked as withdrawn. A second time changes nothing.
func Withdraw(ctx context.Context, db postgres.DB, actor access.Actor, proposal id.Proposal, reason string) error {
	reason = strings.TrimSpace(reason)
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := FindLocked(ctx, tx, actor, proposal)
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
		return takeBack(ctx, tx, actor, p, reason)
	})
}

// takeBack writes the withdrawal, and tells whoever along the route has the paper.
func takeBack(ctx context.Context, tx pgx.Tx, actor access.Actor, p Proposal, reason string) error {
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
	return audit.Note(ctx, tx, actor, "proposal.withdraw", string(p.ID), InTrailOf(p), reason)
}

// TellWithdrawn is the kind of job that tells the griffies along the route of a paper that it was withdrawn.
const TellWithdrawn = "route.withdrawn"

// Withdrawal is what such a job holds: the steps that lay in an in-tray or stood on an agenda at the moment of the act. The withdrawal
// writes none of them: whoever asks what waits asks for papers that were not withdrawn, so all in-trays are rid of it at once.
type Withdrawal struct {
	Proposal id.Proposal
	At       time.Time
	Desks    []WithdrawnStep
}

// WithdrawnStep is a step with the body that had the paper.
type WithdrawnStep struct {
	Step         id.Step
	Body         id.Body
	Organisation id.Organisation
}

func tellWithdrawn(ctx context.Context, tx pgx.Tx, actor access.Actor, p Proposal) error {
	steps, err := postgres.All[WithdrawnStep](ctx, tx, `
		select s.id as step, s.body_id as body, b.organisation_id as organisation from route_steps s join bodies b on b.id = s.body_id
		  join organisations o on o.id = b.organisation_id
		where s.proposal_id = @id and s.state in ('verzonden', 'verlopen', 'geagendeerd') and `+access.Seen("s")+` order by s.sequence, lower(o.name), b.name, s.id`,
		postgres.Args{"id": p.ID}.As(actor))
	if err != nil || len(steps) == 0 {
		return err
	}
	return job.Enqueue(ctx, tx, TellWithdrawn, Withdrawal{Proposal: p.ID, At: actor.At, Desks: steps})
}
