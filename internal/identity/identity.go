// Package identity keeps accounts and signing in: it turns an e-mail address and a password, or the token of a session,
// into an access.Actor with the rights of this moment.
package identity

import (
	"strings"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
)

// State is where an account stands.
type State string

// The states. A closed account keeps its history and opens nothing.
const (
	Active State = "active"
	Closed State = "closed"
)

// Account is the way in for one person, however many mandates he has.
type Account struct {
	ID          id.Account
	PersonID    id.Person
	Name        string // display name of the person
	Email       string
	State       State
	HasPassword bool
	Vouched     bool // two stand for the address; until then it opens nothing but what everyone sees
	Version     int
	CreatedAt   time.Time
	UpdatedAt   time.Time
	UpdatedBy   string
}

// Draft is a new account. Without Password the account waits for a link to choose one.
type Draft struct {
	PersonID id.Person
	Email    string
	Password string
}

// Check gathers what is wrong with the draft.
func (d Draft) Check() error {
	faults := fault.Fields{}
	faults.Must(d.PersonID != "", "person", "Kies voor wie dit account is.")
	checkEmail(faults, d.Email)
	if d.Password != "" {
		checkPassword(faults, d.Password, d.Email)
	}
	return faults.Err()
}

// TidyEmail writes an address the one way in which it is stored and compared.
func TidyEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func checkEmail(faults fault.Fields, email string) {
	faults.Must(email != "", "email", "Vul een e-mailadres in.")
	name, domain, found := strings.Cut(email, "@")
	faults.Must(found && name != "" && strings.Contains(strings.Trim(domain, "."), ".") && !strings.ContainsAny(email, " \t\n\r,;<>\"()") &&
		!strings.Contains(domain, "@") && len(email) <= 254, "email", "Dit is geen e-mailadres. Vul een adres in zoals a.jansen@heemstede.nl.")
}

// The duties under which a command without a person behind it makes accounts.
const (
	DutyAdmin access.Duty = "admin.create" // the first administrator of an empty installation
	DutySeed  access.Duty = "seed"         // the sample region
)
