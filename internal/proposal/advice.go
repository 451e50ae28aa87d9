package proposal

import (
	"slices"
	"strings"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/term"
)

// AdvisoryOpinion is what an adviser thinks of a paper.
type AdvisoryOpinion string

// The opinions.
const (
	Positive             AdvisoryOpinion = "positief"
	PositiveWithComments AdvisoryOpinion = "positief_met_opmerkingen"
	Negative             AdvisoryOpinion = "negatief"
)

// AdvisoryOpinions in the order of forms.
var AdvisoryOpinions = []AdvisoryOpinion{Positive, PositiveWithComments, Negative}

// Label is the Dutch word; empty for what is no opinion.
func (o AdvisoryOpinion) Label() string {
	switch o {
	case Positive:
		return "Positief"
	case PositiveWithComments:
		return "Positief, met opmerkingen"
	case Negative:
		return "Negatief"
	}
	return ""
}

// Advice is what was asked of a person or a body about a paper, and what he or it answered.
type Advice struct {
	ID         id.Advice
	ProposalID id.Proposal
	PersonID   id.Person // one of these two is asked
	BodyID     id.Body
	Question   string
	AskedAt    time.Time
	AskedBy    string
	DueOn      time.Time // the last day of the term
	Opinion    AdvisoryOpinion
	Text       string
	GivenAt    *time.Time
	GivenBy    string

	PersonName string
	BodyName   string
	OrgName    string
}

// Asked names who was asked.
func (a Advice) Asked() string {
	if a.PersonID != "" {
		return a.PersonName
	}
	return partner.BodyName(a.BodyName, a.OrgName)
}

// Late tells whether the advice came, or did not come, after the last day of its term. It is told, and keeps nobody from anything.
func (a Advice) Late(at time.Time) bool {
	if a.GivenAt != nil {
		at = *a.GivenAt
	}
	return dutch.Day(at).After(dutch.Day(a.DueOn))
}

// AdviceDraft is what is filled in to ask for advice: of a person or of a body, on what, and within which term.
type AdviceDraft struct {
	Key      string // of the form
	Person   id.Person
	Body     id.Body
	Question string
	Days     *int
	Working  bool // the days are working days
}

// Check gathers what is wrong, by field.
func (d AdviceDraft) Check() error {
	f := fault.Fields{}
	f.Must((d.Person != "") != (d.Body != ""), "person_id", "Kies een persoon of een gremium, en niet allebei.")
	f.Must(strings.TrimSpace(d.Question) != "", "question", "Vul in waarover u advies vraagt.")
	f.Must(!tooLong(d.Question, 4000), "question", "Maak de vraag korter: hoogstens 4.000 tekens.")
	f.Must(d.Days != nil && *d.Days >= 1 && *d.Days <= 365, "days", "Vul een aantal dagen in van 1 tot 365.")
	return f.Err()
}

// Due is the last day of the term. One in days that ends in a weekend or on a holiday runs to the next working day.
func (d AdviceDraft) Due(at time.Time) time.Time {
	if d.Working {
		return term.WorkingDays(at, *d.Days)
	}
	return term.Forward(at, *d.Days)
}

// CanAskAdvice reports whether the actor may ask for advice on p: who writes it or prepares papers of its owner, until it is settled
// or withdrawn.
func CanAskAdvice(a access.Actor, p Proposal) bool {
	return p.State != Done && p.State != Withdrawn && (writes(a, p) || prepares(a, p.OwnerOrgID))
}

// CanGiveAdvice reports whether the actor may give the advice: the person who was asked, or the griffie of the body that was.
func CanGiveAdvice(a access.Actor, v Advice) bool {
	if v.GivenAt != nil {
		return false
	}
	if v.PersonID != "" {
		return v.PersonID == a.Person
	}
	return a.IsFor(access.Clerk, v.BodyID) || a.IsFor(access.ClerkStaff, v.BodyID)
}

// adviceAudience is who reads an advice on p: who writes and prepares it, and who was asked. Org is that of the body.
func adviceAudience(p Proposal, person id.Person, body id.Body, org id.Organisation) access.Audience {
	a := talk(p)
	if person != "" && !slices.Contains(a.WriterIDs, person) {
		a.WriterIDs = append(a.WriterIDs, person)
	}
	if org != "" && !slices.Contains(a.OrgIDs, org) {
		a.OrgIDs = append(slices.Clone(a.OrgIDs), org)
	}
	if p.Closed() && body != "" {
		a.AudienceBodies = []id.Body{body}
	}
	return a
}
