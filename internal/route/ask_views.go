package route

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/rule"
)

// ViewsAsked says who give their view on a paper, and until when.
type ViewsAsked struct {
	Bodies          []id.Body
	CollaborationID id.Collaboration
	Due             time.Time
}

// viewStep is the step by which a view is asked of the body: of several the last.
func viewStep(steps []Step, body id.Body) (Step, bool) {
	for _, s := range slices.Backward(inOrder(slices.Clone(steps))) {
		if s.BodyID == body && s.Treatment == proposal.ForView {
			return s, true
		}
	}
	return Step{}, false
}

// viewSteps are the steps by which views will be asked: those of the route that can be sent, and new ones, which go beside
// the last steps that left. A body that the owner left out stays out; one that has the paper for its view keeps it.
func viewSteps(steps []Step, bodies []id.Body) (sending, added []Step) {
	beside := 1
	for _, s := range steps {
		if s.State != StepPlanned {
			beside = max(beside, s.Sequence)
		}
	}
	for _, body := range bodies {
		there, ok := viewStep(steps, body)
		switch {
		case ok && there.Sendable():
			sending = append(sending, there)
		case !ok:
			next := Step{BodyID: body, Treatment: proposal.ForView, State: StepPlanned, Sequence: beside}
			for slices.ContainsFunc(steps, func(s Step) bool { return s.BodyID == body && s.Sequence == next.Sequence }) {
				next.Sequence++
			}
			added = append(added, next)
		}
	}
	return sending, added
}

// ViewFindings are what stands between a route and asking these bodies their view: the order of the route alone, since the
// procedure that asks has its own terms.
func ViewFindings(steps []Step, bodies []id.Body, now time.Time) rule.Findings {
	sending, added := viewSteps(steps, bodies)
	others := slices.DeleteFunc(slices.Clone(steps), func(s Step) bool { // what leaves together waits not for each other
		return slices.ContainsFunc(sending, func(each Step) bool { return each.ID == s.ID })
	})
	return slices.DeleteFunc(SendFindings(others, append(sending, added...), now), func(f rule.Finding) bool {
		return f.Rule != RuleOrder && f.Rule != RuleAuthoritative && f.Rule != RuleSkipped
	})
}

// AskViews sends the paper to bodies that give their view on it; the room of zienswijzen calls it in its own transaction and
// has checked the terms. Steps that stand in the route are used. Those that run get the day as their last one. Asking twice is
// asking once. What stands in the way comes back as fault.Fields; the reasons given are those for the order of the route.
func AskViews(ctx context.Context, tx pgx.Tx, actor access.Actor, paper id.Proposal, asked ViewsAsked, reasons map[string]string) error {
	return routing(ctx, tx, actor, paper, "route.send", func(tx pgx.Tx, p proposal.Proposal, steps []Step) (string, error) {
		switch {
		case p.Closed():
			return "", closedRoute
		case p.State.Inner():
			return "", notOffered
		}
		found := ViewFindings(steps, asked.Bodies, actor.At)
		if err := found.Unmet(reasons); err != nil {
			return "", err
		}
		if steps, err := withViewSteps(ctx, tx, actor, p, steps, asked); err != nil {
			return "", err
		} else if sending, _ := viewSteps(steps, asked.Bodies); len(sending) > 0 {
			return found.Reasons(reasons), sendSteps(ctx, tx, actor, p, sending)
		}
		return "", nil
	})
}

// withViewSteps gives the route with the steps that were missing, and with the day on those that run.
func withViewSteps(ctx context.Context, tx pgx.Tx, actor access.Actor, p proposal.Proposal, steps []Step, asked ViewsAsked) ([]Step, error) {
	_, added := viewSteps(steps, asked.Bodies)
	var drafts []StepDraft
	for _, s := range added {
		drafts = append(drafts, StepDraft{
			BodyID: s.BodyID, CollaborationID: asked.CollaborationID, Sequence: s.Sequence, Treatment: proposal.ForView, Deadline: &asked.Due,
		})
	}
	if len(drafts) > 0 {
		if _, err := add(ctx, tx, actor, p, steps, drafts); err != nil {
			return nil, err
		}
	}
	var moved []id.Step
	for _, body := range asked.Bodies {
		s, ok := viewStep(steps, body)
		if !ok || s.State == StepTreated || s.State == StepSkipped || dutch.SameDay(s.Deadline, &asked.Due) {
			continue
		}
		s.Deadline, moved = &asked.Due, append(moved, s.ID)
		if s.PlannedOn != nil && s.PlannedOn.After(asked.Due) {
			s.PlannedOn = nil
		}
		if s.State == StepExpired && !s.dueBefore(actor.At) {
			s.State, s.SettledAt = StepSent, nil
		}
		if err := updateStep(ctx, tx, actor, s); err != nil {
			return nil, err
		}
	}
	if len(moved) > 0 {
		if err := keepTerms(ctx, tx, actor, moved); err != nil {
			return nil, err
		}
	}
	if len(moved)+len(drafts) == 0 {
		return steps, nil
	}
	return stepsOf(ctx, tx, actor, p.ID)
}

// TreatByHand settles the step by which a view was asked of the body, where its council decided without an item on an agenda
// here. One that stands on an agenda waits for the decision there. The caller holds the paper and has checked the right.
func TreatByHand(ctx context.Context, tx pgx.Tx, actor access.Actor, paper id.Proposal, body id.Body, kind proposal.DecisionKind, on time.Time) error {
	p, err := proposal.FindLocked(ctx, tx, actor, paper)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	steps, err := stepsOf(ctx, tx, actor, paper)
	if err != nil {
		return err
	}
	s, ok := viewStep(steps, body)
	if !ok || !s.waits() && s.State != StepRefused {
		return nil
	}
	day := dutch.Day(on)
	s.State, s.Outcome, s.SettledAt, s.DecidedOn, s.TreatedVersion = StepTreated, kind, &actor.At, &day, s.SentVersion
	if err := updateStep(ctx, tx, actor, s); err != nil {
		return err
	}
	return noteStep(ctx, tx, actor, "route.settle", p, s, "")
}

// Of asks for the steps of a paper that the actor may see, as far as the rules look at them.
func Of(dst *[]Step, actor access.Actor, paper id.Proposal) postgres.Query {
	return postgres.AllInto(dst, `select `+stepColumns+stepTables+`where s.proposal_id = @id and `+access.Seen("s")+stepOrder,
		postgres.Args{"id": paper}.As(actor))
}
