package partner

import (
	"slices"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
)

// grantable are the roles that do not follow from a mandate.
var grantable = []access.Role{
	access.ClerkStaff, access.Author, access.Organiser, access.PartnershipManager, access.Controller, access.Archivist, access.Admin,
}

// RoleDraft gives a person a role at an organisation, or at a body of it. An administrator without either administers the
// installation. ValidTo is the first day the role no longer counts.
type RoleDraft struct {
	PersonID       id.Person
	Role           access.Role
	OrganisationID id.Organisation // filled in from the body when there is one
	BodyID         id.Body
	ValidFrom      time.Time
	ValidTo        *time.Time
}

// Check gathers every fault by field.
func (d RoleDraft) Check(time.Time) error {
	faults := fault.Fields{}
	faults.Must(d.PersonID != "", "person_id", "Kies een persoon.")
	faults.Must(slices.Contains(grantable, d.Role), "role",
		"Kies een rol die u kunt toekennen. Griffier, secretaris, portefeuillehouder en lid volgen uit een functie.")
	faults.Must(d.Role != access.ClerkStaff || d.BodyID != "", "body_id", "Kies voor een griffiemedewerker het gremium.")
	faults.Must(d.Role == access.Admin || d.OrganisationID != "" || d.BodyID != "", "organisation_id", "Kies de organisatie.")
	faults.Must(!d.ValidFrom.IsZero(), "valid_from", "Vul de dag in waarop de rol begint.")
	faults.Must(d.ValidFrom.IsZero() || d.ValidTo == nil || dutch.Day(*d.ValidTo).After(dutch.Day(d.ValidFrom)), "valid_to",
		"De rol moet later eindigen dan de eerste dag. Pas een van de twee aan.")
	return faults.Err()
}
