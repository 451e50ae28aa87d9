package collaboration

import (
	"slices"
	"time"
	"unicode/utf8"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
)

// Participant is an organisation in a collaboration, as a page shows it.
type Participant struct {
	ID              id.Participation
	OrganisationID  id.Organisation
	Key             string // of the organisation
	Name            string
	Colour          string
	Kind            partner.Kind
	Organs          []string
	JoinedOn        *time.Time
	LeftOn          *time.Time // the first day it no longer takes part
	VoteWeight      *float64
	ContributionKey string
	Version         int
}

// In reports whether it takes part at the moment at.
func (p Participant) In(at time.Time) bool {
	day := dutch.Day(at)
	return (p.JoinedOn == nil || !p.JoinedOn.After(day)) && (p.LeftOn == nil || p.LeftOn.After(day))
}

// ParticipationDraft lets an organisation take part.
type ParticipationDraft struct {
	CollaborationID id.Collaboration
	OrganisationID  id.Organisation
	Organs          []string
	JoinedOn        *time.Time
	LeftOn          *time.Time
	VoteWeight      *float64
	ContributionKey string
}

// Check gathers every fault by field.
func (d ParticipationDraft) Check(time.Time) error {
	faults := fault.Fields{}
	faults.Must(d.OrganisationID != "", "organisation_id", "Kies een organisatie.")
	faults.Must(Organs.hasAll(d.Organs), "organs", "Kies uit de lijst.")
	faults.Must(d.JoinedOn == nil || d.LeftOn == nil || dutch.Day(*d.LeftOn).After(dutch.Day(*d.JoinedOn)), "left_on",
		"De deelname moet later eindigen dan de eerste dag. Pas een van de twee aan.")
	faults.Must(d.VoteWeight == nil || *d.VoteWeight >= 0 && *d.VoteWeight <= 1_000_000, "vote_weight", "Vul een gewicht in van 0 of meer.")
	faults.Must(utf8.RuneCountInString(d.ContributionKey) <= longestLine, "contribution_key", "Deze tekst is te lang: hoogstens 250 tekens. Kort de tekst in.")
	return faults.Err()
}

// executives are the organs that may conclude a bedrijfsvoeringsorganisatie (Wgr art. 8(3)): colleges, and what a province
// and a water authority have for one.
var executives = []string{"college", "gs", "db"}

// admits reports whether a form lets these organs in. None is unknown, which is no ground to refuse what the register holds.
func (f Form) admits(organs []string) bool {
	return f != OperationsOrg || !slices.ContainsFunc(organs, func(o string) bool { return !slices.Contains(executives, o) })
}
