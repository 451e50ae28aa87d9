package route

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/proposal"
)

// Advance moves a paper and its route on after a decision about it; the room of meetings calls it in its own transaction and has checked
// the right. First the step is settled by which the body got the paper, then the paper itself: see proposal.Advance.
func Advance(ctx context.Context, tx pgx.Tx, actor access.Actor, d proposal.Settled) error {
	p, err := proposal.FindLocked(ctx, tx, actor, d.Proposal)
	if err != nil {
		return err
	}
	if err := advanceSteps(ctx, tx, actor, p, d); err != nil {
		return err
	}
	return proposal.Advance(ctx, tx, actor, p, d)
}

// advanceSteps settles the step by which the body got the paper on this item: everyone who follows the route reads what was
// decided and on which version, unless the decision is closed. One that was deferred waits in the in-tray again.
func advanceSteps(ctx context.Context, tx pgx.Tx, actor access.Actor, p proposal.Proposal, d proposal.Settled) error {
	steps, err := stepsOf(ctx, tx, actor, p.ID)
	if err != nil {
		return err
	}
	for _, s := range steps {
		if !s.settledBy(d) {
			continue
		}
		if s = s.settle(d, actor.At); s.State == StepSent && CanReceive(actor, s) {
			if err := keepLocal(ctx, tx, actor, s); err != nil {
				return err
			}
		}
		if err := updateStep(ctx, tx, actor, s); err != nil {
			return err
		}
		if err := noteStep(ctx, tx, actor, "route.settle", p, s, ""); err != nil {
			return err
		}
	}
	return nil
}

// settledBy reports whether the body got the paper by s on the item that was decided on. Of an item behind doors the step does not know:
// then it is the one that waits or was treated without an item.
func (s Step) settledBy(d proposal.Settled) bool {
	if s.BodyID != d.Body {
		return false
	}
	return s.ItemID == d.Item || d.BehindDoors && s.ItemID == "" && (s.waits() || s.State == StepTreated)
}

// settle is the step as it stands after the decision.
func (s Step) settle(d proposal.Settled, at time.Time) Step {
	day := dutch.Day(d.DecidedOn)
	s.State, s.SettledAt, s.DecidedOn, s.TreatedVersion = StepTreated, &at, &day, nil
	if d.Version > 0 {
		s.TreatedVersion = &d.Version
	}
	s.Outcome, s.OutcomeText, s.VotesFor, s.VotesAgainst = d.Kind, d.Text, d.VotesFor, d.VotesAgainst
	if d.Closed {
		s.Outcome, s.OutcomeText, s.VotesFor, s.VotesAgainst = "", "", nil, nil
	}
	if d.Kind == proposal.PutOff {
		// The item is remembered: a decision that takes the place of this one is about it.
		s.State, s.SettledAt = StepSent, nil
	}
	return s
}
