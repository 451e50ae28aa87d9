package route

import (
	"slices"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/proposal"
)

// Template is a way that many papers of one kind go.
type Template string

// The templates, one per kind of paper.
const (
	JointBudget   Template = "begroting"
	Arrangement   Template = "regeling"
	JointProposal Template = "raadsvoorstel"
	Information   Template = "informatie"
)

// Templates with what they ask, in the order of the form.
var Templates = []struct {
	Template    Template
	Label, Hint string
}{
	{JointBudget, "Begroting van een gemeenschappelijke regeling", "Alle raden tegelijk voor een zienswijze, daarna het bestuur voor het besluit."},
	{Arrangement, "Wijziging van een regeling", "Alle raden tegelijk voor een zienswijze, daarna alle raden voor toestemming."},
	{JointProposal, "Gezamenlijk raadsvoorstel", "Alle raden beeldvormend, daarna alle raden besluitvormend."},
	{Information, "Informatief stuk", "Alle raden tegelijk ter kennisname."},
}

// Receiver is an organisation that takes part, with the body that receives papers for it; without one BodyID is empty.
type Receiver struct {
	OrgID    id.Organisation
	OrgKey   string
	OrgName  string
	Colour   string
	BodyID   id.Body
	BodyName string
}

// replyDays is how long before its meeting a board wants the last view, so that it can answer in writing (WGR-35.4).
const replyDays = 14

// Plan is the choice that makes a route: a kind of paper, whose participants get it, and a day. CouncilsBy is the last day for
// the councils, BoardOn the meeting in which the board decides; of a budget one is enough.
type Plan struct {
	Template        Template
	CollaborationID id.Collaboration
	CouncilsBy      *time.Time
	BoardOn         *time.Time
}

// Check gathers what is wrong, by field.
func (p Plan) Check(now time.Time) error {
	f := fault.Fields{}
	f.Must(slices.ContainsFunc(Templates, func(t struct {
		Template    Template
		Label, Hint string
	},
	) bool {
		return t.Template == p.Template
	}), "template", "Kies wat voor voorstel het is.")
	f.Must(p.CollaborationID != "", "collaboration_id", "Kies de samenwerking. Haar deelnemers krijgen het voorstel.")
	f.Must(p.CouncilsBy != nil || p.BoardOn != nil && p.Template == JointBudget, "councils_by",
		"Vul de uiterste dag voor de raden in. Bij een begroting mag ook alleen de dag van het bestuur.")
	for name, day := range map[string]*time.Time{"councils_by": p.CouncilsBy, "board_on": p.BoardOn} {
		f.Must(day == nil || !dutch.Day(*day).Before(dutch.Day(now)), name, "Deze dag is al voorbij. Kies een latere dag.")
		f.Must(day == nil || day.Year() <= 2200, name, "Controleer het jaar.")
	}
	f.Must(p.CouncilsBy == nil || p.BoardOn == nil || p.CouncilsBy.Before(*p.BoardOn), "councils_by",
		"De uiterste dag voor de raden ligt niet vóór de dag van het bestuur. Kies een eerdere dag.")
	return f.Err()
}

// Steps are the steps of the plan along the receivers that have a body, in any order. The board is empty when the
// collaboration has none, and then has no step.
func (p Plan) Steps(receivers []Receiver, board id.Body) []StepDraft {
	var steps []StepDraft
	deadline := p.CouncilsBy
	if deadline == nil && p.BoardOn != nil {
		day := dutch.Day(*p.BoardOn).AddDate(0, 0, -replyDays)
		deadline = &day
	}
	councils := func(sequence int, t proposal.Treatment, authoritative bool, term string, by *time.Time) {
		for _, r := range receivers {
			if r.BodyID != "" {
				steps = append(steps, StepDraft{
					BodyID: r.BodyID, CollaborationID: p.CollaborationID, Sequence: sequence, Treatment: t,
					Authoritative: authoritative, TermRule: term, Deadline: by,
				})
			}
		}
	}
	switch p.Template {
	case JointBudget:
		councils(1, proposal.ForView, false, RuleBudgetTerm, deadline)
		if board != "" {
			steps = append(steps, StepDraft{
				BodyID: board, CollaborationID: p.CollaborationID, Sequence: 2, Treatment: proposal.Decisive, Authoritative: true, PlannedOn: p.BoardOn,
			})
		}
	case Arrangement:
		councils(1, proposal.ForView, false, RuleChangeTerm, deadline)
		councils(2, proposal.ForApproval, true, "", nil)
	case JointProposal:
		councils(1, proposal.Exploratory, false, "", nil)
		councils(2, proposal.Decisive, true, "", deadline)
	case Information:
		councils(1, proposal.Informative, false, "", deadline)
	}
	return steps
}
