package collaboration

import (
	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
)

// CanCreate reports whether the actor may add a collaboration carried by this organisation; none is one without an own
// organisation.
func CanCreate(a access.Actor, o id.Organisation) bool {
	return CanImport(a) || a.Is(access.PartnershipManager, o)
}

// CanRevise reports whether the actor may change a collaboration and who takes part in it.
func CanRevise(a access.Actor, c Collaboration) bool { return CanCreate(a, c.OrganisationID) }

// CanImport reports whether the actor may load the register.
func CanImport(a access.Actor) bool {
	return a.IsAdmin("") || a.Duty == partner.SeedDuty || a.Duty == partner.ImportDuty
}

// MayOffer reports whether a page may offer to add a collaboration: the verb still asks for which organisation.
func MayOffer(a access.Actor) bool { return CanImport(a) || a.Has(access.PartnershipManager) }
