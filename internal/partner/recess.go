package partner

import (
	"strings"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
)

// Recess is when an organisation, or one of its bodies, does not meet.
type Recess struct {
	ID             id.Recess
	OrganisationID id.Organisation
	BodyID         id.Body // empty: all bodies
	Name           string
	StartsOn       time.Time
	LastOn         time.Time // the last day
	Version        int
	UpdatedAt      time.Time
	UpdatedBy      string
}

// Past reports whether the recess is over at the moment at.
func (r Recess) Past(at time.Time) bool { return r.LastOn.Before(dutch.Day(at)) }

// RecessDraft is what someone fills in.
type RecessDraft struct {
	OrganisationID id.Organisation // only when it is made
	BodyID         id.Body
	Name           string
	StartsOn       *time.Time
	LastOn         *time.Time
}

// longestRecess in days; more is a slip of the year.
const longestRecess = 120

// Check gathers every fault by field.
func (d RecessDraft) Check(time.Time) error {
	f := fault.Fields{}
	f.Must(strings.TrimSpace(d.Name) != "", "name", "Vul de naam in, bijvoorbeeld Zomerreces 2027.")
	f.Must(d.StartsOn != nil, "starts_on", "Vul de eerste dag van het reces in.")
	f.Must(d.LastOn != nil, "last_on", "Vul de laatste dag van het reces in.")
	if d.StartsOn != nil && d.LastOn != nil {
		from, until := dutch.Day(*d.StartsOn), dutch.Day(*d.LastOn)
		f.Must(!until.Before(from), "last_on", "De laatste dag ligt voor de eerste. Pas een van de twee aan.")
		f.Must(until.Before(from.AddDate(0, 0, longestRecess)), "last_on", "Een reces duurt hoogstens 120 dagen. Controleer het jaar.")
		f.Must(from.Year() >= 1990 && from.Year() <= 2200, "starts_on", "Controleer het jaar.")
	}
	lines(f, map[string]string{"name": d.Name})
	return f.Err()
}
