// Package route is the way of a paper along bodies: its steps, what lies in the in-tray of each griffie, and how far it is.
package route

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/rule"
	"regiogriffie/internal/term"
)

// StepTreatments are what a step of a route can ask of its body, in the order of forms.
var StepTreatments = append(slices.Clone(proposal.Treatments), proposal.ForAdvice, proposal.ForWishes, proposal.ForView, proposal.ForApproval)

// StepState is how far a step of a route is (domain 4.2).
type StepState string

// The states. Planned is the owner's alone; Sent lies in the in-tray of the receiving griffier.
const (
	StepPlanned   StepState = "gepland"
	StepSent      StepState = "verzonden"
	StepScheduled StepState = "geagendeerd"
	StepTreated   StepState = "behandeld"
	StepRefused   StepState = "geweigerd"
	StepSkipped   StepState = "overgeslagen"
	StepExpired   StepState = "verlopen"
)

// StepStates in the order of the life.
var StepStates = []StepState{StepPlanned, StepSent, StepScheduled, StepTreated, StepRefused, StepSkipped, StepExpired}

// Label is the state as a page shows it; empty for what is no state.
func (s StepState) Label() string {
	switch s {
	case StepPlanned:
		return "Nog niet verzonden"
	case StepSent:
		return "Wacht op agendering"
	case StepScheduled:
		return "Geagendeerd"
	case StepTreated:
		return "Behandeld"
	case StepRefused:
		return "Geweigerd"
	case StepSkipped:
		return "Overgeslagen"
	case StepExpired:
		return "Termijn verlopen"
	}
	return ""
}

// Settled tells whether the body is done with the step, one way or another.
func (s StepState) Settled() bool {
	return s == StepTreated || s == StepRefused || s == StepSkipped || s == StepExpired
}

// Step is one body on the way of a paper, as far as the rules look at it.
type Step struct {
	ID             id.Step
	Key            string
	ProposalID     id.Proposal
	Sequence       int
	BodyID         id.Body
	Treatment      proposal.Treatment
	Authoritative  bool
	TermRule       string
	PlannedOn      *time.Time
	Deadline       *time.Time
	State          StepState
	SentAt         *time.Time
	SentVersion    *int
	PlannedFor     *time.Time
	Reason         string
	MeetingID      id.Meeting
	ItemID         id.Item
	Outcome        proposal.DecisionKind
	OutcomeText    string
	VotesFor       *int
	VotesAgainst   *int
	DecidedOn      *time.Time
	TreatedVersion *int
	SettledAt      *time.Time
	Version        int
	UpdatedAt      time.Time
	UpdatedBy      string

	BodyName  string
	BodyKey   string
	OrgID     id.Organisation
	OrgKey    string
	OrgName   string
	OrgColour string
}

// Body names the receiving body with its organisation.
func (s Step) Body() string { return partner.BodyName(s.BodyName, s.OrgName) }

// Due is the day by which the body should have treated the paper; nil when none was set.
func (s Step) Due() *time.Time {
	if s.Deadline != nil {
		return s.Deadline
	}
	return s.PlannedOn
}

// Overdue is the first day by which the step should have been settled, planned_on or deadline, when that lies before the day of
// asking; nil when it does not.
func (s Step) Overdue(now time.Time) *time.Time {
	var first *time.Time
	for _, day := range []*time.Time{s.PlannedOn, s.Deadline} {
		if day != nil && dutch.Day(*day).Before(dutch.Day(now)) && (first == nil || day.Before(*first)) {
			first = day
		}
	}
	if s.State.Settled() {
		return nil
	}
	return first
}

// Late tells whether there is such a day.
func (s Step) Late(now time.Time) bool { return s.Overdue(now) != nil }

// Sendable tells whether the step can be sent as it is: it never was, or it came back refused.
func (s Step) Sendable() bool { return s.State == StepPlanned || s.State == StepRefused }

// passed tells whether the route may go on past the step without more.
func (s Step) passed() bool {
	if s.Authoritative {
		return s.State == StepTreated && s.Outcome.Positive()
	}
	return s.State.Settled()
}

// Stopped are the steps that end the route for all behind them: the body had the last word, and it was no.
func Stopped(steps []Step) []Step {
	return inOrder(slices.DeleteFunc(slices.Clone(steps), func(s Step) bool {
		return !s.Authoritative || s.State != StepTreated || s.Outcome == "" || s.Outcome.Positive()
	}))
}

// Next are the steps whose turn it is: those of the lowest sequence that can still be sent.
func Next(steps []Step) []Step {
	open := inOrder(slices.DeleteFunc(slices.Clone(steps), func(s Step) bool { return s.State != StepPlanned }))
	for n, s := range open {
		if s.Sequence != open[0].Sequence {
			return open[:n]
		}
	}
	return open
}

// inOrder sorts steps as a route shows them, whatever the order in which they were added.
func inOrder(steps []Step) []Step {
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.Sequence, b.Sequence), cmp.Compare(strings.ToLower(a.OrgName), strings.ToLower(b.OrgName)),
			cmp.Compare(a.BodyName, b.BodyName), cmp.Compare(a.ID, b.ID))
	})
	return steps
}

// The ids of the rules of a route.
const (
	RuleOrder         = "ROUTE-VOLGORDE" // serial steps need the former settled
	RuleAuthoritative = "ROUTE-BINDEND"  // the route goes on only after a positive decision
	RuleSkipped       = "ROUTE-OVERGESLAGEN"
	RulePast          = "ROUTE-TERMIJN"
	RuleBudgetTerm    = "WGR-35.1"
	RuleChangeTerm    = "WGR-1"
)

// SendFindings are what stands between a route and the sending of some of its steps at a moment: pure, so that the page
// shows them beforehand and the verb asks them again. Steps is the whole route, the sending ones among them.
func SendFindings(steps, sending []Step, now time.Time) rule.Findings {
	var unsettled, binding, skipped, past, short, shortChange []string
	first := 0
	for _, s := range sending {
		if first = max(first, s.Sequence); s.Deadline == nil {
			continue
		}
		day := dutch.Day(*s.Deadline)
		switch {
		case day.Before(dutch.Day(now)):
			past = append(past, s.Body())
		case s.TermRule == RuleBudgetTerm && day.Before(dutch.Day(dutch.Day(now).AddDate(0, 0, 84))):
			short = append(short, s.Body())
		case s.TermRule == RuleChangeTerm && day.Before(dutch.Day(term.Forward(now, 56).In(dutch.Zone))):
			shortChange = append(shortChange, s.Body())
		}
	}
	for _, s := range inOrder(slices.Clone(steps)) {
		if s.Sequence >= first || s.passed() {
			continue
		}
		switch {
		case s.Authoritative && (s.State == StepSkipped || s.State == StepTreated && s.Outcome == ""):
			skipped = append(skipped, s.Body())
		case s.Authoritative:
			binding = append(binding, s.Body()+" ("+strings.ToLower(s.standing())+")")
		default:
			unsettled = append(unsettled, s.Body())
		}
	}
	var found rule.Findings
	add := func(id string, grade rule.Grade, who []string, text string) {
		if len(who) > 0 {
			found = append(found, rule.Finding{Rule: id, Grade: grade, Text: fmt.Sprintf(text, some(who))})
		}
	}
	add(RuleAuthoritative, rule.Hard, binding, "De route gaat pas verder na een positief besluit van: %s.")
	add(RuleOrder, rule.Warn, unsettled, "Een eerdere stap is nog niet klaar: %s. Wacht daarop, of geef een reden om nu al te verzenden.")
	add(RuleSkipped, rule.Warn, skipped, "Een stap waarvan het vervolg afhangt, is overgeslagen of besloten behandeld: %s. Geef een reden om toch door te gaan.")
	add(RulePast, rule.Warn, past, "De uiterste dag is al voorbij voor: %s. Wijzig de dag, of geef een reden.")
	add(RuleBudgetTerm, rule.Warn, short,
		"Een raad krijgt twaalf weken voor een zienswijze op de ontwerpbegroting. Dat haalt u niet voor: %s. Wijzig de uiterste dag, of geef een reden.")
	add(RuleChangeTerm, rule.Remind, shortChange, "Een raad heeft acht weken voor een zienswijze op een ontwerpregeling. De uiterste dag ligt eerder voor: %s.")
	return found
}

// standing is how a step stands, with its outcome where there is one.
func (s Step) standing() string {
	if word := s.OutcomeLabel(); word != "" {
		return word
	}
	return s.State.Label()
}

// OutcomeLabel is what the body decided, in the words of what was asked; empty as long as it did not.
func (s Step) OutcomeLabel() string {
	switch {
	case s.State != StepTreated:
		return ""
	case s.Outcome == "":
		return "Besloten behandeld"
	case s.Treatment == proposal.ForView && s.Outcome == proposal.Noted:
		return "Geen zienswijze"
	case s.Treatment == proposal.ForApproval && s.Outcome == proposal.Rejected:
		return "Instemming geweigerd"
	}
	return s.Outcome.Label()
}

// some names the first of many.
func some(names []string) string {
	const most = 5
	if len(names) > most+1 {
		return strings.Join(names[:most], ", ") + " en " + dutch.Number(len(names)-most) + " andere"
	}
	return dutch.List(names)
}

// Counts counts how far a route is.
type Counts struct {
	Total, Planned, Waiting, Scheduled, Treated, Refused, Skipped, Expired, Late int
}

// Count counts the steps.
func Count(steps []Step, now time.Time) Counts {
	p := Counts{Total: len(steps)}
	for _, s := range steps {
		switch s.State {
		case StepPlanned:
			p.Planned++
		case StepSent:
			p.Waiting++
		case StepScheduled:
			p.Scheduled++
		case StepTreated:
			p.Treated++
		case StepRefused:
			p.Refused++
		case StepSkipped:
			p.Skipped++
		case StepExpired:
			p.Expired++
		}
		if s.Late(now) {
			p.Late++
		}
	}
	return p
}

// String tells the counts in words, what is done first.
func (p Counts) String() string {
	var parts []string
	add := func(n int, word string) {
		if n > 0 {
			parts = append(parts, dutch.Number(n)+" "+word)
		}
	}
	add(p.Treated, "behandeld")
	add(p.Scheduled, "geagendeerd")
	add(p.Waiting, "nog niet op een agenda")
	add(p.Planned, "nog niet verzonden")
	add(p.Refused, "geweigerd")
	add(p.Skipped, "overgeslagen")
	add(p.Expired, "termijn verlopen")
	return strings.Join(parts, " · ")
}

// LastSafe is the last day on which a body can still put the paper on an agenda in time: the day its papers must be in for
// its last meeting before the deadline. Meeting is that meeting's start, nil when none is known; then it is the deadline.
func LastSafe(deadline, meeting *time.Time, papersDueDays int) *time.Time {
	if meeting == nil {
		return deadline
	}
	day := dutch.Day(*meeting).AddDate(0, 0, -papersDueDays)
	return &day
}

// StepDraft is what the owner fills in of a step. Version is that of the step it was made from.
type StepDraft struct {
	BodyID          id.Body
	CollaborationID id.Collaboration
	Sequence        int
	Treatment       proposal.Treatment
	Authoritative   bool
	TermRule        string
	PlannedOn       *time.Time
	Deadline        *time.Time
	Version         int
}

// maxSteps bounds a route; the country has 342 councils.
const maxSteps = 1000

// Check gathers what is wrong with the draft, by field.
func (d StepDraft) Check(_ time.Time) error {
	f := fault.Fields{}
	f.Must(d.BodyID != "", "body_id", "Kies het gremium dat het voorstel krijgt.")
	f.Must(d.Sequence >= 1 && d.Sequence <= 50, "sequence", "Vul een stap in van 1 tot en met 50.")
	f.Must(slices.Contains(StepTreatments, d.Treatment), "treatment", "Kies wat u van het gremium vraagt.")
	for name, day := range map[string]*time.Time{"planned_on": d.PlannedOn, "deadline": d.Deadline} {
		f.Must(day == nil || day.Year() >= 1900 && day.Year() <= 2200, name, "Controleer het jaar.")
	}
	f.Must(d.PlannedOn == nil || d.Deadline == nil || !d.PlannedOn.After(*d.Deadline), "planned_on",
		"De geplande dag ligt na de uiterste dag. Kies een eerdere dag.")
	return f.Err()
}

// Local is what a receiving body makes of the paper before it stands on its agenda. What is empty is as the paper has it.
type Local struct {
	Title            string
	Treatment        proposal.Treatment
	PortfolioHolders []proposal.Holder
	CoveringNote     string // oplegger
	Version          int
	UpdatedAt        *time.Time
	UpdatedBy        string
}

// Check gathers what is wrong, by field.
func (l Local) Check() error {
	f := fault.Fields{}
	f.Must(utf8.RuneCountInString(l.Title) <= 300, "title", "Maak de titel korter: hoogstens 300 tekens.")
	f.Must(l.Treatment == "" || slices.Contains(StepTreatments, l.Treatment), "treatment", "Kies een behandeling uit de lijst.")
	f.Must(len(l.PortfolioHolders) <= 20, "portfolio_holders", "Noem hoogstens 20 portefeuillehouders.")
	f.Must(!slices.ContainsFunc(l.PortfolioHolders, func(h proposal.Holder) bool { return utf8.RuneCountInString(h.String()) > 200 }), "portfolio_holders",
		"Zet op elke regel één naam, van hoogstens 200 tekens.")
	f.Must(utf8.RuneCountInString(l.CoveringNote) <= 20_000, "covering_note", "Maak de oplegger korter, of voeg hem als bijlage toe aan het agendapunt.")
	return f.Err()
}
