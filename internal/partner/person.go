package partner

import (
	"regexp"
	"strings"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
)

// Person is someone with a name; what he may do follows from mandates and grants.
type Person struct {
	ID          id.Person
	Initials    string
	Given       string
	Infix       string
	Family      string
	Prefix      string
	Suffix      string
	DisplayName string
	Aliases     []string // spellings found in documents
	WorkEmail   string   // empty for whoever does not administer people
	Version     int
	UpdatedAt   time.Time
	UpdatedBy   string // empty: from before this was kept
}

// PersonDraft is what someone fills in. Without a display name it gets one from the other names.
type PersonDraft struct {
	Initials    string
	Given       string
	Infix       string
	Family      string
	Prefix      string
	Suffix      string
	DisplayName string
	Aliases     []string
	WorkEmail   string
}

// Draft is what the person holds, to be changed.
func (p Person) Draft() PersonDraft {
	return PersonDraft{p.Initials, p.Given, p.Infix, p.Family, p.Prefix, p.Suffix, p.DisplayName, p.Aliases, p.WorkEmail}
}

// emailPattern refuses what is surely no address; only mail itself proves one.
var emailPattern = regexp.MustCompile(`^[^\s@<>",;:]+@[^\s@<>",;:]+\.[^\s@<>",;:]+$`)

// Check gathers every fault by field.
func (d PersonDraft) Check(time.Time) error {
	faults := fault.Fields{}
	faults.Must(d.Family != "", "family", "Vul de achternaam in.")
	faults.Must(d.WorkEmail == "" || len(d.WorkEmail) <= 254 && emailPattern.MatchString(d.WorkEmail), "work_email",
		"Dit is geen e-mailadres. Vul een adres in zoals a.jansen@heemstede.nl.")
	faults.Must(len(d.Aliases) <= longestList, "aliases", "Vul hoogstens 50 andere schrijfwijzen in.")
	lines(faults, map[string]string{
		"initials": d.Initials, "given": d.Given, "infix": d.Infix, "family": d.Family, "prefix": d.Prefix, "suffix": d.Suffix,
		"display_name": d.DisplayName, "aliases": strings.Join(d.Aliases, " "),
	})
	return faults.Err()
}

func (d PersonDraft) displayName() string {
	if d.DisplayName != "" {
		return d.DisplayName
	}
	first := d.Initials
	if first == "" {
		first = d.Given
	}
	return dutch.PersonName(first, d.Infix, d.Family)
}
