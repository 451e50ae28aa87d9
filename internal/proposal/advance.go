package proposal

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
)

// DecisionKind is what a body decided (domain 4.1).
type DecisionKind string

// The kinds of decision.
const (
	Adopted           DecisionKind = "adopted"
	AdoptedAmended    DecisionKind = "adopted_amended"
	Rejected          DecisionKind = "rejected"
	Noted             DecisionKind = "noted"
	PutOff            DecisionKind = "deferred"
	TakenBack         DecisionKind = "withdrawn"
	FormalView        DecisionKind = "formal_view"
	Approval          DecisionKind = "approval"
	PersonAppointment DecisionKind = "appointment"
)

// DecisionKinds in the order of forms.
var DecisionKinds = []DecisionKind{Adopted, AdoptedAmended, Rejected, Noted, FormalView, Approval, PersonAppointment, PutOff, TakenBack}

// Label is the Dutch word for the decision; empty for what is none.
func (k DecisionKind) Label() string {
	switch k {
	case Adopted:
		return "Vastgesteld"
	case AdoptedAmended:
		return "Gewijzigd vastgesteld"
	case Rejected:
		return "Verworpen"
	case Noted:
		return "Voor kennisgeving aangenomen"
	case PutOff:
		return "Aangehouden"
	case TakenBack:
		return "Ingetrokken tijdens de vergadering"
	case FormalView:
		return "Zienswijze vastgesteld"
	case Approval:
		return "Instemming verleend"
	case PersonAppointment:
		return "Benoemd"
	}
	return ""
}

// NeedsText tells whether the decision says something that its kind does not say yet.
func (k DecisionKind) NeedsText() bool {
	switch k {
	case Noted, PutOff, TakenBack, Rejected:
		return false
	}
	return true
}

// Positive tells whether a route may go on past a step that it depends on.
func (k DecisionKind) Positive() bool {
	return k.Label() != "" && k != PutOff && k != Rejected && k != TakenBack
}

// Settled is what a body made of a paper on its agenda.
type Settled struct {
	Proposal     id.Proposal
	Meeting      id.Meeting
	Item         id.Item
	Body         id.Body
	Kind         DecisionKind
	Text         string
	VotesFor     *int // nil when votes were not counted
	VotesAgainst *int
	Version      int // of the paper, as it was treated
	DecidedOn    time.Time
	Closed       bool // only the body itself may read what it decided
	BehindDoors  bool // decided on a closed agenda, and made public since: the paper did not show that it stood there
}

// Advance moves the paper on after a decision about it; the room of routes calls it in the transaction of the decision, which holds the
// paper, once the steps of its route are settled, and the room of meetings has checked the right. The paper is then settled, with the
// kind of decision, or deferred, free for another agenda. A decision that takes the place of an earlier one moves it again, as long as
// the paper has not gone elsewhere. The decision of a body that the paper was not meant for leaves it where it is.
func Advance(ctx context.Context, tx pgx.Tx, actor access.Actor, p Proposal, s Settled) error {
	p.DecidedBodyIDs = slices.DeleteFunc(slices.Clone(postgres.OrEmpty(p.DecidedBodyIDs)), func(b id.Body) bool { return b == s.Body })
	if s.Kind != PutOff {
		p.DecidedBodyIDs = append(p.DecidedBodyIDs, s.Body)
	}
	if p.TargetBodyID != s.Body || !p.settledBy(s) {
		return updateState(ctx, tx, actor, p)
	}
	day := dutch.Day(s.DecidedOn)
	act := WasSettled
	p.State, p.DecisionKind, p.DecidedOn, p.MeetingID = Done, s.Kind, &day, s.Meeting
	if s.Kind == PutOff {
		act, p.State, p.MeetingID = WasDeferred, Deferred, ""
	}
	return step(ctx, tx, actor, p, act, "", "proposal.advance", "")
}

// settledBy tells whether the decision is about the paper as it now stands, and not about an earlier round.
func (p Proposal) settledBy(s Settled) bool {
	switch p.State {
	case Offered:
		return s.BehindDoors
	case Scheduled, Done:
		return p.MeetingID == s.Meeting
	case Deferred:
		return p.DecidedOn == nil || !s.DecidedOn.Before(*p.DecidedOn)
	}
	return false
}
