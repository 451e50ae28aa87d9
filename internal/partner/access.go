package partner

import (
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

// The duties under which a command writes here without a person behind it.
const (
	SeedDuty   access.Duty = "seed"         // fills a database with the sample: everything here
	ImportDuty access.Duty = "import"       // organisations, collaborations and participations of the register
	AdminDuty  access.Duty = "admin.create" // the first administrator: a person, and his grant for the installation
)

// CanCreateOrganisation reports whether the actor may add an organisation or load the register.
func CanCreateOrganisation(a access.Actor) bool {
	return a.IsAdmin("") || a.Duty == SeedDuty || a.Duty == ImportDuty
}

// CanReviseOrganisation reports whether the actor may change the facts of an organisation.
func CanReviseOrganisation(a access.Actor, o id.Organisation) bool {
	return CanCreateOrganisation(a) || a.Is(access.PartnershipManager, o)
}

// CanSetInnerSteps reports whether the actor may say which steps papers of the organisation take before they are offered: its griffier
// or secretaris.
func CanSetInnerSteps(a access.Actor, o id.Organisation) bool {
	return a.Is(access.Clerk, o) || a.Is(access.Secretary, o)
}

// CanCreateBody reports whether the actor may add a body to an organisation.
func CanCreateBody(a access.Actor, o id.Organisation) bool {
	return a.IsAdmin(o) || a.Duty == SeedDuty
}

// CanDefineBody reports whether the actor may change what a body is.
func CanDefineBody(a access.Actor, b Body) bool { return CanCreateBody(a, b.OrganisationID) }

// CanReviseBody reports whether the actor may change the terms by which a body works: the griffier may for his own.
func CanReviseBody(a access.Actor, b Body) bool {
	return CanDefineBody(a, b) || a.IsFor(access.Clerk, b.ID)
}

// CanSetTerms reports whether the actor may change how long before a meeting papers come in and the call goes out: his staff
// may too.
func CanSetTerms(a access.Actor, b Body) bool {
	return CanReviseBody(a, b) || a.IsFor(access.ClerkStaff, b.ID)
}

// CanKeepRecess reports whether the actor may add, correct and remove recesses of a body; without one, of the whole
// organisation: who prepares meetings there, and its administrator.
func CanKeepRecess(a access.Actor, o id.Organisation, b id.Body) bool {
	if CanCreateBody(a, o) {
		return true
	}
	if b != "" {
		return a.IsFor(access.Clerk, b) || a.IsFor(access.ClerkStaff, b)
	}
	return a.Is(access.Clerk, o) || a.Is(access.ClerkStaff, o)
}

// MayKeepRecesses reports whether a page may offer to add one: the verb still asks for which body.
func MayKeepRecesses(a access.Actor, o id.Organisation) bool { return CanKeepRecess(a, o, "") }

// CanAppoint reports whether the actor may give mandates in a body, and end them. To whom is asked by Himself.
func CanAppoint(a access.Actor, b Body) bool { return CanReviseBody(a, b) }

// Himself reports whether the person is the actor's own. Nobody gives himself a mandate or a role, neither the administrator nor the
// griffier: each opens something, or will when a body changes, and what opens closed matter needs a second person (security 9).
func Himself(a access.Actor, p id.Person) bool {
	return a.SignedIn() && a.Person != "" && a.Person == p
}

// CanCreatePerson reports whether the actor may add people and sees their work e-mail.
func CanCreatePerson(a access.Actor) bool {
	return a.Has(access.Admin) || a.Duty == SeedDuty || a.Duty == AdminDuty
}

// CanRevisePerson reports whether the actor may change a person who has to do with these organisations: those of others
// are theirs to change.
func CanRevisePerson(a access.Actor, ties []id.Organisation) bool {
	if a.IsAdmin("") || a.Duty == SeedDuty {
		return true
	}
	return a.Has(access.Admin) && !slices.ContainsFunc(ties, func(o id.Organisation) bool { return !a.IsAdmin(o) })
}

// CanGrant reports whether the actor may give this role at this organisation, or end it. None is the installation. To whom is
// asked by Himself.
func CanGrant(a access.Actor, r access.Role, o id.Organisation) bool {
	return a.IsAdmin(o) || a.Duty == SeedDuty || a.Duty == AdminDuty && r == access.Admin && o == ""
}
