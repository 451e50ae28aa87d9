package route

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
)

// routing runs an act of the owner on the route of a paper: the paper is held, the right is asked, the act is done, what
// hangs on it follows and a note is left.
func routing(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal, act string,
	do func(tx pgx.Tx, p proposal.Proposal, steps []Step) (reason string, err error),
) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		p, err := proposal.FindLocked(ctx, tx, actor, paper)
		if err != nil {
			return err
		}
		if !proposal.CanRoute(actor, p) {
			return fault.Forbidden
		}
		if p.State == proposal.Withdrawn {
			return fault.Because("Dit voorstel is ingetrokken. De route ligt stil.")
		}
		steps, err := stepsOf(ctx, tx, actor, paper)
		if err != nil {
			return err
		}
		reason, err := do(tx, p, steps)
		if err != nil {
			return err
		}
		if err := proposal.CountByRoute(ctx, tx, actor, paper); err != nil {
			return err
		}
		return audit.Note(ctx, tx, actor, act, string(p.ID), proposal.InTrailOf(p), reason)
	})
}

// LayOut lays out a whole route by one choice: nothing leaves yet. Bodies that stand in a step already stay as they are,
// so planning twice is planning once. It says how many steps are new.
func LayOut(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal, plan Plan) (added int64, err error) {
	if err := plan.Check(actor.At); err != nil {
		return 0, err
	}
	err = routing(ctx, db, actor, paper, "route.plan", func(tx pgx.Tx, p proposal.Proposal, steps []Step) (string, error) {
		var choices []Collaboration
		var receivers []Receiver
		if err := postgres.Read(ctx, tx, CollaborationsOf(&choices, actor, p.OwnerOrgID),
			Receivers(&receivers, actor, []id.Collaboration{plan.CollaborationID})); err != nil {
			return "", err
		}
		if !slices.ContainsFunc(choices, func(c Collaboration) bool { return c.ID == plan.CollaborationID }) {
			return "", fault.Fields{"collaboration_id": "Kies een samenwerking uit de lijst."}
		}
		chief, err := board(ctx, tx, actor, plan.CollaborationID)
		if err != nil {
			return "", err
		}
		drafts := plan.Steps(receivers, chief)
		if len(drafts) == 0 {
			return "", fault.Fields{"collaboration_id": "Van geen van de deelnemers is een raad bekend. Laat de beheerder de raden toevoegen bij Organisaties."}
		}
		added, err = add(ctx, tx, actor, p, steps, drafts)
		return string(plan.Template), err
	})
	return added, err
}

// AddStep puts one more body on the route; nothing leaves yet. A body that stands in that step already stays as it is.
func AddStep(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal, d StepDraft) error {
	if err := d.Check(actor.At); err != nil {
		return err
	}
	return routing(ctx, db, actor, paper, "route.add", func(tx pgx.Tx, p proposal.Proposal, steps []Step) (string, error) {
		_, err := add(ctx, tx, actor, p, steps, []StepDraft{d})
		return "", err
	})
}

func add(ctx context.Context, tx postgres.DB, actor access.Actor, p proposal.Proposal, steps []Step, drafts []StepDraft) (int64, error) {
	if p.Closed() {
		return 0, closedRoute
	}
	if len(steps)+len(drafts) > maxSteps {
		return 0, fault.Because("Een route heeft hoogstens 1.000 stappen.")
	}
	var bodies []id.Body
	for _, d := range drafts {
		if !slices.Contains(bodies, d.BodyID) {
			bodies = append(bodies, d.BodyID)
		}
	}
	there, err := existing(ctx, tx, actor, bodies)
	if err != nil {
		return 0, err
	}
	if len(there) != len(bodies) {
		return 0, fault.Fields{"body_id": "Kies een gremium uit de lijst."}
	}
	return insertSteps(ctx, tx, actor, p, drafts)
}

// planned runs a change of one step of the route.
func planned(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal, key, act string,
	do func(tx pgx.Tx, s Step) (reason string, err error),
) error {
	return routing(ctx, db, actor, paper, act, func(tx pgx.Tx, _ proposal.Proposal, steps []Step) (string, error) {
		for _, s := range steps {
			if s.Key == key {
				return do(tx, s)
			}
		}
		return "", fault.NotFound
	})
}

// ReviseStep changes what is asked of a body and when. Of a step that was sent only the days change: what was asked stands.
func ReviseStep(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal, key string, d StepDraft) error {
	return planned(ctx, db, actor, paper, key, "route.revise", func(tx pgx.Tx, s Step) (string, error) {
		d.BodyID = s.BodyID
		if s.State != StepPlanned {
			d.Sequence, d.Treatment, d.Authoritative = s.Sequence, s.Treatment, s.Authoritative
		}
		if err := d.Check(actor.At); err != nil {
			return "", err
		}
		if s.Version != d.Version {
			if s.Sequence == d.Sequence && s.Treatment == d.Treatment && s.Authoritative == d.Authoritative &&
				dutch.SameDay(s.PlannedOn, d.PlannedOn) && dutch.SameDay(s.Deadline, d.Deadline) {
				return "", nil
			}
			return "", fault.Conflict
		}
		if s.State == StepTreated || s.State == StepSkipped {
			return "", fault.Because("Deze stap is klaar en verandert niet meer.")
		}
		s.Sequence, s.Treatment, s.Authoritative, s.PlannedOn, s.Deadline = d.Sequence, d.Treatment, d.Authoritative, d.PlannedOn, d.Deadline
		if s.State == StepExpired && !s.dueBefore(actor.At) {
			s.State, s.SettledAt = StepSent, nil // the owner gives more time
		}
		if err := updateStep(ctx, tx, actor, s); err != nil {
			return "", err
		}
		return s.Body(), keepTerms(ctx, tx, actor, []id.Step{s.ID})
	})
}

// dueBefore tells whether the last day of the step has passed.
func (s Step) dueBefore(now time.Time) bool {
	return s.Deadline != nil && dutch.Day(*s.Deadline).Before(dutch.Day(now))
}

// RemoveStep takes a step off the route as long as it was not sent. A second time changes nothing.
func RemoveStep(ctx context.Context, db postgres.DB, actor access.Actor, paper id.Proposal, key string) error {
	return planned(ctx, db, actor, paper, key, "route.remove", func(tx pgx.Tx, s Step) (string, error) {
		if s.State != StepPlanned {
			return "", fault.Because("Deze stap is al verzonden en blijft in de route. Sla de stap over als dit gremium er niet meer bij hoort.")
		}
		return s.Body(), deleteStep(ctx, tx, actor, s.ID)
	})
}
