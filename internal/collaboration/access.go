package collaboration

import (
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
)

// CanCreate reports whether the actor may add a collaboration carried by this organisation; none is one without an own
// organisation.
func CanCreate(a access.Actor, o id.Organisation) bool {
	return CanImport(a) || a.Is(access.PartnershipManager, o)
}

// CanManage reports whether the actor may change who takes part in a collaboration and which organisation carries it.
func CanManage(a access.Actor, c Collaboration) bool { return CanCreate(a, c.OrganisationID) }

// CanRevise reports whether the actor may change the facts of a collaboration. One without an own organisation is kept by
// those who take part in it.
func CanRevise(a access.Actor, c Collaboration) bool {
	return CanManage(a, c) ||
		c.OrganisationID == "" && slices.ContainsFunc(c.Participants, func(o id.Organisation) bool { return a.Is(access.PartnershipManager, o) })
}

// CanEnd reports whether the actor may end the participation of an organisation. Where no organisation carries the
// collaboration, each ends its own.
func CanEnd(a access.Actor, c Collaboration, o id.Organisation) bool {
	return CanManage(a, c) || c.OrganisationID == "" && a.Is(access.PartnershipManager, o)
}

// CanImport reports whether the actor may load the register.
func CanImport(a access.Actor) bool {
	return a.IsAdmin("") || a.Duty == partner.SeedDuty || a.Duty == partner.ImportDuty
}

// MayOffer reports whether a page may offer to add a collaboration: the verb still asks for which organisation.
func MayOffer(a access.Actor) bool { return CanImport(a) || a.Has(access.PartnershipManager) }
