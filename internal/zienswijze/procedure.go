// Package zienswijze is how councils give their view on one draft: the procedure that asks for it, its terms, what each
// council says, and what the board answers.
package zienswijze

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/proposal"
)

// Kind is on what sort of draft councils give their view.
type Kind string

// The kinds of procedure (domain 4.1).
const (
	Budget      Kind = "budget"
	Amendment   Kind = "budget_amendment"
	Arrangement Kind = "arrangement"
	Decision    Kind = "decision"
	Wishes      Kind = "wishes"
)

// Kinds in the order of forms.
var Kinds = []Kind{Budget, Amendment, Arrangement, Decision, Wishes}

// Label is the kind as Dutch says it; empty for what is no kind.
func (k Kind) Label() string {
	return map[Kind]string{
		Budget: "Begroting", Amendment: "Begrotingswijziging", Arrangement: "Regeling", Decision: "Besluit", Wishes: "Wensen en bedenkingen",
	}[k]
}

// termRule is the rule under which councils have their time.
func (k Kind) termRule() string {
	return map[Kind]string{Budget: "WGR-35.1", Amendment: "WGR-35.1", Arrangement: "WGR-1", Decision: "WGR-10.5", Wishes: "WGR-25/31a"}[k]
}

// boardRule is the rule by which the views must be in before the board meets.
func (k Kind) boardRule() string {
	return map[Kind]string{Budget: "WGR-35.3", Amendment: "WGR-35.3", Decision: "WGR-10.6", Wishes: "WGR-25/31a"}[k]
}

// boardDecides tells whether a board decides after the views. A draft arrangement goes to the councils' own college or mayor.
func (k Kind) boardDecides() bool { return k != Arrangement }

// setsTerm tells whether the arrangement, not the law, says how long councils have.
func (k Kind) setsTerm() bool { return k == Decision || k == Wishes }

// State of a procedure.
type State string

// The states.
const (
	Preparing State = "voorbereiding"
	Sent      State = "verzonden"
	Closed    State = "gesloten"
)

// Label is the state as a page shows it; empty for what is no state.
func (s State) Label() string {
	return map[State]string{Preparing: "In voorbereiding", Sent: "Loopt", Closed: "Gesloten"}[s]
}

// Facts are what is filled in of a procedure.
type Facts struct {
	Kind        Kind
	Subject     string
	Year        *int       // of a budget
	ABOn        *time.Time // the day on which the board decides
	ABMeetingID id.Meeting // the meeting of the board on that day, when it is known here
	ProposalID  id.Proposal
	RepliesDue  *time.Time // where the arrangement says how long councils have
}

// Procedure is a draft that goes along the councils of a collaboration.
type Procedure struct {
	ID              id.Procedure
	Key             string
	CollaborationID id.Collaboration
	OrganisationID  id.Organisation // that of the board
	State           State
	SentOn          *time.Time
	DueOn           *time.Time // the last day on which views count
	DueRule         string
	Version         int
	UpdatedAt       time.Time
	UpdatedBy       string
	MadeUp          bool // for practice: nobody is mailed of it
	Facts
	access.Audience

	CollaborationKey   string
	CollaborationName  string
	CollaborationShort string
	Form               collaboration.Form
	Colour             string     // of the organisation
	ABMeetingSlug      string     // empty when the actor may not see it
	ABMeetingOn        *time.Time // where that meeting is now
	ProposalKey        string     // empty when the actor may not see it
	ProposalSubject    string
	ProposalState      proposal.State
}

// Collaboration is what people call it.
func (p Procedure) Collaboration() string {
	return collaboration.Collaboration{Facts: collaboration.Facts{Name: p.CollaborationName, ShortName: p.CollaborationShort}}.Title()
}

// Moved reports whether the meeting of the board is no longer on the day that the terms were reckoned from.
func (p Procedure) Moved() bool {
	return p.ABOn != nil && p.ABMeetingOn != nil && !p.ABOn.Equal(*p.ABMeetingOn)
}

// Unready says why the paper of the procedure cannot go to the councils; empty when it can, or there is none.
func (p Procedure) Unready() string {
	switch {
	case p.ProposalKey == "":
	case p.ProposalState.Inner():
		return "Het voorstel bij deze procedure is nog niet aangeboden. Bied het eerst aan: dan staat de tekst vast die naar de raden gaat."
	case p.ProposalState == proposal.Withdrawn:
		return "Het voorstel bij deze procedure is ingetrokken. Kies een ander voorstel."
	}
	return ""
}

// Board is what the organ is called that decides.
func (p Procedure) Board() string { return BoardName(p.Form) }

// Dispatch is the day the draft went out, or the last one on which it can: none when nothing decides that.
func (p Procedure) Dispatch() *time.Time {
	if p.SentOn != nil {
		return p.SentOn
	}
	if p.ABOn == nil || p.Kind != Budget && p.Kind != Amendment {
		return nil
	}
	last := LatestDispatch(*p.ABOn)
	return &last
}

// Due is when views must be in: the day that was fixed on sending, or what it would be when the draft is sent on the last
// possible day, or today when nothing decides that.
func (p Procedure) Due(at time.Time) (due time.Time, id string) {
	if p.DueOn != nil {
		return *p.DueOn, p.DueRule
	}
	sent := dutch.Day(at)
	if last := p.Dispatch(); last != nil && last.After(sent) {
		sent = *last
	}
	return p.DueWhenSent(sent)
}

// DueWhenSent is when views must be in if the draft is sent on a day.
func (p Procedure) DueWhenSent(sent time.Time) (due time.Time, id string) {
	return Due(p.Kind, sent, zero(p.ABOn), zero(p.RepliesDue))
}

func zero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

// Draft is what someone fills in. Subjects are the points on which councils are set beside each other.
type Draft struct {
	Key             string           // of a procedure to be opened; the same key twice is one procedure
	CollaborationID id.Collaboration // of a procedure to be opened
	MadeUp          bool             // of a procedure to be opened
	Facts
	Subjects []string
}

const (
	longestSubject = 250
	longestText    = 100_000
	longestPassage = 4_000
	mostSubjects   = 30
)

// Check gathers every fault by field.
func (d Draft) Check(time.Time) error {
	f := fault.Fields{}
	f.Must(d.CollaborationID != "", "collaboration_id", "Kies de samenwerking.")
	f.Must(d.Kind.Label() != "", "kind", "Kies waarover de raden een zienswijze geven.")
	f.Must(strings.TrimSpace(d.Subject) != "", "subject", "Vul een onderwerp in, bijvoorbeeld Ontwerpbegroting 2028.")
	f.Must(!tooLong(d.Subject, longestSubject), "subject", "Maak het onderwerp korter: hoogstens 250 tekens.")
	f.Must(d.Kind != Budget && d.Kind != Amendment || d.Year != nil, "year", "Vul het begrotingsjaar in, bijvoorbeeld 2028.")
	f.Must(d.Year == nil || *d.Year >= 1990 && *d.Year <= 2200, "year", "Controleer het jaar.")
	f.Must(!d.Kind.setsTerm() || d.RepliesDue != nil, "replies_due", "Vul in tot en met welke dag de raden kunnen reageren. Dat staat in de regeling.")
	f.Must(d.Kind.setsTerm() || d.RepliesDue == nil, "replies_due", "Deze termijn volgt uit de wet. Maak dit veld leeg.")
	f.Must(d.ABOn == nil || d.ABOn.Year() >= 1990 && d.ABOn.Year() <= 2200, "ab_on", "Controleer het jaar.")
	f.Must(d.RepliesDue == nil || d.ABOn == nil || dutch.Day(*d.RepliesDue).Before(dutch.Day(*d.ABOn)), "replies_due",
		"Deze dag ligt niet vóór de vergadering van het bestuur. Pas een van de twee aan.")
	f.Must(len(d.Subjects) <= mostSubjects, "subjects", "Noem hoogstens 30 onderdelen.")
	f.Must(!slices.ContainsFunc(d.Subjects, func(s string) bool { return tooLong(s, longestSubject) }), "subjects",
		"Maak elk onderdeel korter: hoogstens 250 tekens.")
	return f.Err()
}

func tooLong(s string, limit int) bool { return utf8.RuneCountInString(s) > limit }

// Subject is a point of the draft on which councils are set beside each other.
type Subject struct {
	ID     id.Subject
	Number int
	Title  string
}
