package zienswijze

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/markdown"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/route"
)

// ViewState is how far a council is.
type ViewState string

// The states (domain 4.2).
const (
	Received  ViewState = "ontvangen"
	Scheduled ViewState = "geagendeerd"
	Adopted   ViewState = "vastgesteld"
	None      ViewState = "geen_zienswijze" // said explicitly (WGR-1)
	ViewSent  ViewState = "verzonden"
	Answered  ViewState = "beantwoord"
)

// Label is the state as a page shows it.
func (s ViewState) Label() string {
	return map[ViewState]string{
		Received: "Ontvangen", Scheduled: "Geagendeerd", Adopted: "Vastgesteld", None: "Geen zienswijze", ViewSent: "Verzonden", Answered: "Beantwoord",
	}[s]
}

// Open reports whether the board still waits for the council.
func (s ViewState) Open() bool { return s == Received || s == Scheduled || s == Adopted }

// View is what one council does with the draft.
type View struct {
	ID             id.View // empty while the procedure is in preparation
	OrganisationID id.Organisation
	BodyID         id.Body
	State          ViewState
	MeetingID      id.Meeting
	DecidedOn      *time.Time
	SentOn         *time.Time
	AnsweredOn     *time.Time
	ItemID         id.Item     // on the agenda of the council, where it came along a route
	DecisionID     id.Decision // of the council, where it was published here
	VotesFor       *int
	VotesAgainst   *int
	Version        int

	OrgKey      string
	OrgName     string
	Colour      string
	BodyName    string
	Step        Step
	ItemKey     string     // of the item, or of that of the decision; empty when the actor may not see it
	ItemSlug    string     // of its meeting
	DecisionNo  string     // number of the decision; empty when the actor may not read it
	MeetingSlug string     // of the meeting it is on the agenda of; empty when the actor may not see it
	MeetingOn   *time.Time // its day

	PapersDueDays *int
	Meetings      []time.Time // days on which the council meets, as far as the actor may know
	Recesses      []Span
}

// Step is the step by which the paper of the procedure went to the council, as far as the actor may see it.
type Step struct {
	Key     string
	State   route.StepState
	Reason  string
	Planned bool // for a day that was named
}

// Waits reports whether the paper lies in the in-tray of the council.
func (s Step) Waits() bool { return s.State == route.StepSent || s.State == route.StepExpired }

// OnAgenda reports whether the paper stands on an agenda of the council and nothing final was published of it.
func (s Step) OnAgenda() bool { return s.State == route.StepScheduled }

// Carries reports whether the agenda of the council says when it treats the paper: nobody has to say so once more.
func (s Step) Carries() bool { return s.Waits() || s.OnAgenda() }

// Council names the body with its organisation.
func (v View) Council() string {
	if v.BodyName == "" {
		return v.OrgName
	}
	return partner.HolderName(v.BodyName, v.OrgName)
}

// Calendar is when the council can decide.
func (v View) Calendar() Calendar {
	c := Calendar{Key: v.OrgKey, Name: v.OrgName, Meetings: v.Meetings, Recesses: v.Recesses}
	if v.PapersDueDays != nil {
		c.PapersDue = *v.PapersDueDays
	}
	return c
}

// Late reports whether the view came, or is to come, after the last day.
func (v View) Late(due, at time.Time) bool {
	switch {
	case due.IsZero() || v.State == None:
		return false
	case v.SentOn != nil:
		return v.SentOn.After(due)
	}
	return v.State != "" && dutch.Day(at).After(due)
}

// Unplanned reports whether the griffier still has to choose a meeting, or plans one that is too late.
func (v View) Unplanned() bool { return v.State == Received }

// Concern is what a griffier and a board should know of a council when its view is due on a day, the gravest first; empty
// when all is well.
func (v View) Concern(safe Safe, due, at time.Time) string {
	today := dutch.Day(at)
	switch {
	case due.IsZero() || v.State == None:
		return ""
	case v.SentOn != nil && v.Late(due, at):
		return "Te laat verzonden"
	case v.SentOn != nil:
		return ""
	case v.Late(due, at):
		return "De termijn is voorbij"
	case v.PlannedLate(due):
		return "De gekozen vergadering is te laat"
	case v.State == Scheduled || v.State == Adopted:
		return ""
	case safe.Meeting.IsZero() && safe.Extra.Before(today): // or there never was one
		return "Er is geen dag meer waarop de raad op tijd kan besluiten"
	case safe.Meeting.IsZero():
		return "Geen vergadering op tijd bekend: plan er een uiterlijk " + dutch.ShortDate(safe.Extra)
	case safe.Meeting.Before(today):
		return "De laatste vergadering op tijd is geweest"
	case v.PapersDueDays != nil && safe.Papers.Before(today):
		return "De stukken hadden er al moeten zijn"
	}
	return ""
}

// Undecided are the calendars of the councils that still have to decide. One that chose its meeting decides there: its griffie
// has the paper.
func Undecided(views []View) []Calendar {
	var all []Calendar
	for _, v := range views {
		if v.ID != "" && v.State != Received && v.State != Scheduled {
			continue
		}
		c := v.Calendar()
		if v.State == Scheduled && v.MeetingOn != nil {
			c.Meetings, c.PapersDue = []time.Time{*v.MeetingOn}, 0
		}
		all = append(all, c)
	}
	return all
}

// Stance is what a council holds of a subject.
type Stance string

// The stances.
const (
	Agrees    Stance = "eens"
	Provided  Stance = "eens_mits"
	Disagrees Stance = "oneens"
	Silent    Stance = "geen_standpunt"
)

// Stances in the order of forms.
var Stances = []Stance{Agrees, Provided, Disagrees, Silent}

// Label is the stance as Dutch says it; empty for what is none.
func (s Stance) Label() string {
	return map[Stance]string{Agrees: "Eens", Provided: "Eens, mits", Disagrees: "Oneens", Silent: "Geen standpunt"}[s]
}

// Opinion is the stance of a council on a subject, the passage of its view that says so, and the answer of the board.
type Opinion struct {
	ViewID    id.View
	SubjectID id.Subject
	Number    int    // of the subject
	Title     string // of the subject
	Stance    Stance
	Passage   string
	Answer    string
}

// Text is what a council says, and what it is answered.
type Text struct {
	ViewID      id.View
	Text        string
	BoardAnswer string
	SharedDraft bool
	Version     int
	UpdatedAt   time.Time
	UpdatedBy   string
	access.Audience
}

// TextDraft is what the griffie fills in. Version is zero for a first text.
type TextDraft struct {
	Text     string
	Shared   bool
	Opinions []Opinion // SubjectID, Stance and Passage
	Version  int
}

// Check gathers every fault by field; those of a subject stand under its number.
func (d TextDraft) Check(time.Time) error {
	f := fault.Fields{}
	f.Must(len(d.Text) <= markdown.MaxBytes && !tooLong(d.Text, longestText), "text", "Deze tekst is te lang. Kort de tekst in.")
	checkOpinions(f, d.Opinions)
	return f.Err()
}

func checkOpinions(f fault.Fields, all []Opinion) {
	f.Must(len(all) <= mostSubjects, "text", "Een ontwerp heeft hoogstens 30 onderdelen.")
	for _, o := range all {
		f.Must(o.Stance == "" || slices.Contains(Stances, o.Stance), fmt.Sprintf("stance-%d", o.Number), "Kies een standpunt uit de lijst.")
		f.Must(o.Stance != "" || strings.TrimSpace(o.Passage) == "", fmt.Sprintf("stance-%d", o.Number), "Kies het standpunt dat in deze passage staat.")
		f.Must(!tooLong(o.Passage, longestPassage), fmt.Sprintf("passage-%d", o.Number), "Maak de passage korter: hoogstens 4.000 tekens.")
		f.Must(!tooLong(o.Answer, longestPassage), fmt.Sprintf("answer-%d", o.Number), "Maak het antwoord korter: hoogstens 4.000 tekens.")
	}
}

// AnswerDraft is what the board answers a council. The stances may be set here too: the nota van beantwoording orders what
// the council wrote.
type AnswerDraft struct {
	Answer   string
	Opinions []Opinion // SubjectID, Stance, Passage and Answer
	Version  int       // of the text
}

// Check gathers every fault by field.
func (d AnswerDraft) Check(time.Time) error {
	f := fault.Fields{}
	f.Must(strings.TrimSpace(d.Answer) != "", "board_answer", "Schrijf wat het bestuur van de zienswijze vindt, met de redenen.")
	f.Must(!tooLong(d.Answer, longestText), "board_answer", "Deze tekst is te lang. Kort de tekst in.")
	checkOpinions(f, d.Opinions)
	for _, o := range d.Opinions {
		f.Must(o.Stance != "" || strings.TrimSpace(o.Answer) == "", fmt.Sprintf("stance-%d", o.Number), "Kies het standpunt waarop dit antwoord slaat.")
	}
	return f.Err()
}
