package parts

import (
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/partner"
)

// RoleName is the role as Dutch says it.
func RoleName(r access.Role) string {
	return map[access.Role]string{
		access.Clerk: "Griffier", access.ClerkStaff: "Griffiemedewerker", access.Secretary: "Secretaris",
		access.PortfolioHolder: "Portefeuillehouder", access.Member: "Lid", access.Author: "Steller", access.Organiser: "Organisator",
		access.PartnershipManager: "Samenwerkingsbeheerder", access.Controller: "Controller", access.Archivist: "Archivaris",
		access.Admin: "Functioneel beheerder",
	}[r]
}

// FunctionName is what someone does: his function in a body, or the role he was given.
func FunctionName(f identity.Function) string {
	if f.Function != "" {
		return partner.Function(f.Function).Label()
	}
	return RoleName(f.Role)
}

// Period tells from when until when a function or role lasts.
func Period(f identity.Function) string {
	from, err := time.Parse(time.DateOnly, f.From)
	if err != nil {
		return ""
	}
	text := "vanaf " + dutch.Date(from)
	if to, err := time.Parse(time.DateOnly, f.To); err == nil {
		// The reader counts the last day, the database the first on which it is over.
		text += " tot en met " + dutch.Date(to.AddDate(0, 0, -1))
	}
	return text
}
