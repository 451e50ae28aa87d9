package meeting

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/rule"
	"regiogriffie/internal/zienswijze"
)

// VoteMethod is how the votes were taken (domain 3.2).
type VoteMethod string

// The methods. NoVote is a proposal on which nobody asked for a vote (GW-32.3).
const (
	NoVote      VoteMethod = "none"
	ShowOfHands VoteMethod = "show_of_hands"
	RollCall    VoteMethod = "roll_call"
	SecretVote  VoteMethod = "secret"
)

// VoteMethods in the order of forms.
var VoteMethods = []VoteMethod{NoVote, ShowOfHands, RollCall, SecretVote}

// Label is the Dutch name of the method; empty for what is none.
func (m VoteMethod) Label() string {
	switch m {
	case NoVote:
		return "Zonder stemming"
	case ShowOfHands:
		return "Handopsteken"
	case RollCall:
		return "Hoofdelijk"
	case SecretVote:
		return "Schriftelijk en geheim"
	}
	return ""
}

// Vote is the summary of a vote: how, and with how many for and against where they were counted. Nothing says who voted what.
type Vote struct {
	Method       VoteMethod
	VotesFor     *int
	VotesAgainst *int
}

// Counted tells whether the numbers are known.
func (v Vote) Counted() bool { return v.VotesFor != nil && v.VotesAgainst != nil }

// Cast is how many votes were cast, as far as counted.
func (v Vote) Cast() int {
	if !v.Counted() {
		return 0
	}
	return *v.VotesFor + *v.VotesAgainst
}

// Decision is what one body decided on an item. Until it is published it is a draft, which only who prepares the meetings of
// the body reads.
type Decision struct {
	ID              id.Decision
	ItemID          id.Item
	BodyID          id.Body
	Kind            proposal.DecisionKind
	Text            string
	ProposalID      id.Proposal
	ProposalVersion int // as it was treated; 0: no paper, or none was kept
	DecidedOn       time.Time
	Number          string
	PublishedAt     *time.Time
	PublishedBy     string
	ReplacesID      id.Decision
	Reason          string // why it takes the place of another
	Version         int
	UpdatedAt       time.Time
	UpdatedBy       string
	Vote
	access.Audience

	BodyName       string
	BodyKey        string
	OrgName        string
	ReplacesNumber string
	ReplacedBy     string // number of the decision that took its place
}

// Published tells a decision from a draft.
func (d Decision) Published() bool { return d.PublishedAt != nil }

// Body names the body with its organisation.
func (d Decision) Body() string { return partner.BodyName(d.BodyName, d.OrgName) }

// DecisionDraft is what the griffie fills in of a decision.
type DecisionDraft struct {
	Body            id.Body
	Kind            proposal.DecisionKind
	Text            string
	ProposalVersion int
	DecidedOn       *time.Time
	Replaces        id.Decision // the published decision it takes the place of
	Reason          string      // for that
	Version         int         // of the draft that it revises; 0: a new one
	Vote
}

// Check gathers what is wrong, by field. What the votes say of the outcome is left to VoteFindings.
func (d DecisionDraft) Check(m Meeting, now time.Time) error {
	f := fault.Fields{}
	f.Must(d.Body != "", "body", "Kies het gremium dat besloot.")
	f.Must(d.Kind.Label() != "", "kind", "Kies wat er is besloten.")
	f.Must(strings.TrimSpace(d.Text) != "" || !d.Kind.NeedsText(), "text", "Vul de tekst van het besluit in, zoals die op de besluitenlijst komt.")
	f.Must(utf8.RuneCountInString(d.Text) <= 20_000, "text", "Maak de tekst korter: hoogstens 20.000 tekens.")
	f.Must(d.Method.Label() != "", "method", "Kies hoe er is gestemd.")
	counted := d.VotesFor != nil || d.VotesAgainst != nil
	f.Must(!counted || d.Counted(), "votes_against", "Vul ook de andere stemmen in, of laat beide leeg. Waren er geen? Vul 0 in.")
	f.Must(d.Method != NoVote || !counted, "votes_for", "Zonder stemming zijn er geen stemmen. Maak deze velden leeg, of kies hoe er is gestemd.")
	f.Must(d.Method != RollCall || counted, "votes_for", "Bij een hoofdelijke stemming is elke stem geteld. Vul in hoeveel er voor en tegen waren.")
	for name, n := range map[string]*int{"votes_for": d.VotesFor, "votes_against": d.VotesAgainst} {
		f.Must(n == nil || *n >= 0 && *n <= 1_000_000, name, "Vul een aantal in van 0 of meer.")
	}
	f.Must(d.DecidedOn != nil, "decided_on", "Vul de dag van het besluit in, bijvoorbeeld "+dutch.FormDate(m.StartsAt)+".")
	if d.DecidedOn != nil {
		first, last, day := dutch.DateKey(m.StartsAt), dutch.DateKey(now), dutch.DateKey(*d.DecidedOn)
		f.Must(day >= first, "decided_on", "Deze dag ligt vóór de vergadering, die op "+dutch.Date(m.StartsAt)+" begon.")
		f.Must(day <= last, "decided_on", "Deze dag moet nog komen. Vul de dag in waarop het gremium besloot.")
	}
	f.Must(d.Replaces == "" || strings.TrimSpace(d.Reason) != "", "reason",
		"Vul in waarom dit besluit in de plaats komt van het eerdere. Wie het besluit leest, leest ook deze reden.")
	f.Must(utf8.RuneCountInString(d.Reason) <= 2000, "reason", "Maak de reden korter: hoogstens 2.000 tekens.")
	return f.Err()
}

// VoteFindings are what the votes say of the outcome: pure, and all warnings, since the rules of a joint body may differ
// (VR-1) and the chair judges. Members is how many voting members the body has; 0: not known.
func VoteFindings(kind proposal.DecisionKind, v Vote, members int) rule.Findings {
	if !v.Counted() {
		return nil
	}
	var found rule.Findings
	warn := func(id, text string, args ...any) {
		found = append(found, rule.Finding{Rule: id, Grade: rule.Warn, Text: fmt.Sprintf(text, args...)})
	}
	carried := slices.Contains([]proposal.DecisionKind{proposal.Adopted, proposal.AdoptedAmended, proposal.FormalView, proposal.Approval}, kind)
	switch tied := *v.VotesFor == *v.VotesAgainst && v.Cast() > 0; {
	case tied && kind != proposal.PutOff:
		warn("GW-32.4", "De stemmen staken: %s voor en %s tegen. In de regel wordt het besluit dan aangehouden tot de volgende vergadering; "+
			"is de vergadering voltallig, dan is het voorstel verworpen. Controleer de stemmen of schrijf waarom dit klopt.",
			dutch.Number(*v.VotesFor), dutch.Number(*v.VotesAgainst))
	case carried && *v.VotesFor <= *v.VotesAgainst:
		warn("GW-30", "Er is geen meerderheid: %s voor en %s tegen. Controleer de stemmen of schrijf waarom het voorstel toch is aangenomen.",
			dutch.Number(*v.VotesFor), dutch.Number(*v.VotesAgainst))
	case kind == proposal.Rejected && *v.VotesFor > *v.VotesAgainst:
		warn("GW-30", "Er is een meerderheid vóór: %s voor en %s tegen. Controleer de stemmen of schrijf waarom het voorstel toch is verworpen.",
			dutch.Number(*v.VotesFor), dutch.Number(*v.VotesAgainst))
	}
	if members > 0 && v.Cast() > members {
		warn("STEMMEN", "Er zijn %s stemmen geteld, en het gremium heeft %s. Controleer de stemmen, of schrijf waarom dit klopt, bijvoorbeeld omdat "+
			"stemmen worden gewogen.",
			dutch.Number(v.Cast()), dutch.Count(members, "stemhebbend lid", "stemhebbende leden"))
	}
	if members > 0 && 2*v.Cast() <= members {
		warn("GW-29", "Er deden %s mee aan de stemming. Dat is niet meer dan de helft van de %s, en dan is de stemming in de regel ongeldig. "+
			"Controleer de stemmen of schrijf waarom de stemming toch geldt.",
			dutch.Count(v.Cast(), "lid", "leden"), dutch.Count(members, "stemhebbend lid", "stemhebbende leden"))
	}
	return found
}

// DecisionFindings are what the votes say of the outcome, and what the board leaves to be done of the procedures that its decision
// hangs on. Members is how many voting members the body has; 0: not known.
func DecisionFindings(d Decision, members int, stakes []zienswijze.Stake) rule.Findings {
	found := VoteFindings(d.Kind, d.Vote, members)
	switch d.Kind {
	case proposal.PutOff, proposal.TakenBack, proposal.Noted:
		return found // nothing was decided on the draft
	}
	return append(found, zienswijze.AtStake(stakes)...)
}

// CanRecordDecision reports whether the actor may write down what the body of o decided: its griffier or griffiemedewerker,
// once a convened meeting has begun.
func CanRecordDecision(a access.Actor, m Meeting, o Organiser) bool {
	return o.BodyID != "" && o.Agreed() && m.State == Convened && !a.At.Before(m.StartsAt) &&
		(a.IsFor(access.Clerk, o.BodyID) || a.IsFor(access.ClerkStaff, o.BodyID))
}

// CanPublishDecision reports whether the actor may make a decision of the body of o final: its griffier alone.
func CanPublishDecision(a access.Actor, m Meeting, o Organiser) bool {
	return CanRecordDecision(a, m, o) && a.IsFor(access.Clerk, o.BodyID)
}

// settledState is what an item has become when the bodies decided these, the last decision of each.
func settledState(kinds []proposal.DecisionKind) ItemState {
	if len(kinds) == 0 {
		return ItemPlanned
	}
	if slices.ContainsFunc(kinds, func(k proposal.DecisionKind) bool { return k != proposal.PutOff }) {
		return ItemTreated
	}
	return ItemDeferred
}

// decisionNumber is the number of a decision; closed ones count by themselves, so that the others show no gap.
func decisionNumber(body string, year, n int, closed bool) string {
	letter := ""
	if closed {
		letter = "B"
	}
	return fmt.Sprintf("%s-%d-%s%03d", body, year, letter, n)
}

// draftAudience is who reads a decision before it is published: who prepares the meetings of the body.
func draftAudience(o Organiser, closed bool) access.Audience {
	a := access.Audience{Visibility: access.Draft, OrgIDs: []id.Organisation{o.OrganisationID}}
	if closed {
		a.AudienceBodies = []id.Body{o.BodyID}
	}
	return a
}
