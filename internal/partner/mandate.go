package partner

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/rule"
)

// Function is what someone is in a body; one of Functions.
type Function string

// The functions.
const (
	Chair         Function = "chair"
	ViceChair     Function = "vice_chair"
	Member        Function = "member"
	Substitute    Function = "substitute"
	Councillor    Function = "councillor"
	Alderman      Function = "alderman"
	Mayor         Function = "mayor"
	Clerk         Function = "clerk"
	Secretary     Function = "secretary"
	Director      Function = "director"
	Adviser       Function = "adviser"
	CitizenMember Function = "citizen_member"
)

// Functions in the order in which a body lists its people.
var Functions = []Function{
	Chair, ViceChair, Mayor, Alderman, Councillor, Member, CitizenMember, Substitute, Clerk, Secretary, Director, Adviser,
}

// Label is the function as Dutch says it.
func (f Function) Label() string {
	return map[Function]string{
		Chair: "Voorzitter", ViceChair: "Plaatsvervangend voorzitter", Member: "Lid", Substitute: "Plaatsvervangend lid",
		Councillor: "Raadslid", Alderman: "Wethouder", Mayor: "Burgemeester", Clerk: "Griffier", Secretary: "Secretaris",
		Director: "Directeur", Adviser: "Adviseur", CitizenMember: "Burgerlid",
	}[f]
}

// votes tells the functions that sit in a body from those that serve it.
func (f Function) votes() bool {
	return !slices.Contains([]Function{Clerk, Secretary, Director, Adviser}, f)
}

// Mandate is a function of a person in a body, from a day until a day.
type Mandate struct {
	ID                 id.Mandate
	PersonID           id.Person
	BodyID             id.Body
	Function           Function
	OnBehalfOfOrgID    id.Organisation
	PartyGroup         string
	Portfolio          []string
	Voting             bool
	VoteWeight         float64
	DependsOnMandateID id.Mandate
	AppointedByBodyID  id.Body
	StartsOn           time.Time
	EndsOn             *time.Time // the first day it no longer counts
	EndReason          string
	Version            int
}

// In tells whether the mandate counts at the moment at.
func (m Mandate) In(at time.Time) bool {
	day := dutch.Day(at)
	return !m.StartsOn.After(day) && (m.EndsOn == nil || m.EndsOn.After(day))
}

// MandateDraft is what someone fills in.
type MandateDraft struct {
	PersonID           id.Person
	BodyID             id.Body
	Function           Function
	OnBehalfOfOrgID    id.Organisation
	PartyGroup         string
	Portfolio          []string
	NonVoting          bool
	VoteWeight         float64    // 0 counts as 1
	DependsOnMandateID id.Mandate // the office it rests on: ends with it (WGR-13.2)
	AppointedByBodyID  id.Body
	StartsOn           time.Time
	EndsOn             *time.Time
	Reasons            map[string]string // by rule
}

// Check gathers every fault by field.
func (d MandateDraft) Check(time.Time) error {
	faults := fault.Fields{}
	faults.Must(d.PersonID != "", "person_id", "Kies een persoon.")
	faults.Must(slices.Contains(Functions, d.Function), "function", "Kies een functie.")
	faults.Must(!d.StartsOn.IsZero(), "starts_on", "Vul de dag in waarop de functie begint.")
	faults.Must(d.StartsOn.IsZero() || d.EndsOn == nil || dutch.Day(*d.EndsOn).After(dutch.Day(d.StartsOn)), "ends_on",
		"De functie moet later eindigen dan de eerste dag. Pas een van de twee aan.")
	faults.Must(d.VoteWeight >= 0 && d.VoteWeight <= 1_000_000, "vote_weight", "Vul een gewicht in van 0 of meer.")
	faults.Must(len(d.Portfolio) <= longestList, "portfolio", "Noem hoogstens 50 onderwerpen.")
	lines(faults, map[string]string{"party_group": d.PartyGroup, "portfolio": strings.Join(d.Portfolio, " ")})
	return faults.Err()
}

// SeatsRule is the house rule that a body has no more members than seats; a reason cures it.
const SeatsRule = "ZETELS"

// seatRules finds that with this mandate more people sit in the body than it has seats.
func seatRules(b Body, sitting int) rule.Findings {
	if b.SeatsTotal == nil || sitting <= *b.SeatsTotal {
		return nil
	}
	return rule.Findings{{Rule: SeatsRule, Grade: rule.Warn, Text: fmt.Sprintf(
		"%s heeft %d zetels. Met deze functie erbij zijn er %d leden. Beëindig eerst een andere functie, of geef de reden.", b.Name, *b.SeatsTotal, sitting)}}
}
