// Package register is a table of facts on who works together in the Netherlands: municipalities, provinces, water authorities
// and joint organisations, the arrangements between them, and who takes part in which.
package register

import (
	"embed"
	"io/fs"
	"os"
	"time"
)

// Table is the whole register. Every reference in it leads to a row in it.
type Table struct {
	Organisations  []Organisation
	Arrangements   []Arrangement
	Participations []Participation
	Abolished      []Abolished
}

// Organisation is a partner: one that takes part, or the joint organisation that an arrangement made. What the register does not
// hold is empty, nil or the zero time.
type Organisation struct {
	Ref          string // the last part of the TOOI address, gm0397, or else roo- and RooID
	Key          string // for use in an address; of all organisations only one has it
	Kind         string // one of Kinds
	OfficialName string
	ShortName    string // never empty; not unique: a municipality and a province may be called Utrecht
	TOOI         string
	CBSCode      string // four digits, municipalities only
	OIN          string
	RooID        string
	Province     string // short name, of municipalities and of the province itself
	SafetyRegion string // municipalities only
	Inhabitants  *int   // as the register holds it, which may lag behind
	Seats        *int   // of the council, as the register holds it; 64 are even, which the number by law never is: no basis for a quorum
	Website      string
	SeatPlace    string    // joint organisations only
	ValidFrom    time.Time // zero: unknown
	ValidTo      time.Time // the last day; zero: not ended, no end known
}

// Collective reports whether o stands for a group that the register has a page on ("Veiligheidsregio's") and is no organisation.
func (o Organisation) Collective() bool {
	return o.Kind == JointOrg && o.TOOI == "" && o.ValidFrom.IsZero()
}

// EndedBefore reports whether o no longer existed on day.
func (o Organisation) EndedBefore(day time.Time) bool {
	return !o.ValidTo.IsZero() && o.ValidTo.Before(day)
}

// Arrangement is a collaboration under the Wet gemeenschappelijke regelingen.
type Arrangement struct {
	RooID        string
	Key          string // for use in an address; of all arrangements only one has it, an organisation may have the same
	Name         string
	ShortName    string
	Form         string // one of Forms
	RegisterCode string // OL, GO, BVO or RZM
	JointOrg     string // Ref of the organisation it made, or empty
	Holder       string // Ref of the organisation responsible for the entry, or empty
	InForceOn    time.Time
	Delegation   []string // of Delegations
	Policy       []string // fields of policy, the narrowest names
	LegalBases   []string // names of acts
	URL          string   // the text in force in CVDR, or empty
}

// Participation is the part of one organisation in one arrangement.
type Participation struct {
	Arrangement     string    // RooID
	Participant     string    // Ref
	JoinedOn        time.Time // zero: unknown
	Organs          []string  // of Organs; empty: unknown
	ContributionKey string    // a percentage with a decimal point, or empty
}

// Abolished is a municipality (or borough of Amsterdam) that is no more. It need not be among the organisations.
type Abolished struct {
	CBSCode string // four digits, or empty
	Name    string // without "Gemeente"
	EndedOn time.Time
	TOOI    string
}

// The kinds of organisation.
const (
	Municipality   = "municipality"
	Province       = "province"
	WaterAuthority = "water_authority"
	JointOrg       = "joint_org"
	State          = "state"
	Association    = "association"
	Company        = "company"
	Foundation     = "foundation"
	Other          = "other"
)

// Kinds, Forms, RegisterCodes, Delegations and Organs are the words that the columns of those names may hold.
var (
	Kinds         = []string{Municipality, Province, WaterAuthority, JointOrg, State, Association, Company, Foundation, Other}
	Forms         = []string{"plain_arrangement", "lead_municipality", "joint_organ", "operations_org", "public_body"}
	RegisterCodes = []string{"RZM", "GO", "BVO", "OL"}
	Delegations   = []string{"mandaat", "delegatie", "attributie"}
	Organs        = []string{"raad", "college", "burgemeester", "ps", "gs", "cdk", "ab", "db", "voorzitter", "minister"}
)

// formsOf are the forms that go with a code of the register, which knows no lead municipality.
var formsOf = map[string][]string{
	"RZM": {"plain_arrangement", "lead_municipality"}, "GO": {"joint_organ"}, "BVO": {"operations_org"}, "OL": {"public_body"},
}

//go:embed table/*.csv
var embedded embed.FS

// Default returns the table that the program carries. Each call makes a new one.
func Default() (Table, error) {
	folder, err := fs.Sub(embedded, "table")
	if err != nil {
		return Table{}, err
	}
	return read(folder)
}

// Load reads a table from a folder with the same four files. What is wrong with them comes back as Faults.
func Load(folder string) (Table, error) {
	return read(os.DirFS(folder))
}
