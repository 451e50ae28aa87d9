// Package access says who is asking and what he may see; the zero Actor is the public.
package access

import (
	"slices"
	"time"

	"regiogriffie/internal/id"
)

// Role is a role of domain 4.4, always for a body or an organisation.
type Role string

// The roles. Clerk, Secretary, PortfolioHolder and Member follow from mandates, the others from grants.
const (
	Clerk              Role = "clerk"               // griffier; bestuurssecretaris for his own board
	ClerkStaff         Role = "clerk_staff"         // griffiemedewerker: as the griffier, without final acts
	Secretary          Role = "secretary"           // gemeentesecretaris, directeur
	PortfolioHolder    Role = "portfolio_holder"    // portefeuillehouder
	Member             Role = "member"              // raadslid, lid of a board, burgerlid
	Author             Role = "author"              // steller
	Organiser          Role = "organiser"           // organisator of an invitation
	PartnershipManager Role = "partnership_manager" // samenwerkingsbeheerder
	Controller         Role = "controller"          // controller
	Archivist          Role = "archivist"           // archivaris
	Admin              Role = "admin"               // functioneel beheerder: accounts and settings, no content
	// GlassReader is the administrator who broke the glass of one body: for half an hour he reads its closed matter, and he acts
	// for nobody. It comes from no mandate and no grant (security 9).
	GlassReader Role = "glass_reader"
)

// Grant is one role at one place. Body is empty for a role of a whole organisation; both are empty for the
// administrator of the installation.
type Grant struct {
	Role         Role
	Organisation id.Organisation
	Body         id.Body
}

// Duty names the one thing an act without a person behind it may do, such as the command that makes the first administrator.
type Duty string

// Actor is who asks, with what he may do at the moment of asking. Rights are read anew for each request.
type Actor struct {
	Account   id.Account
	Person    id.Person
	Name      string
	At        time.Time // the moment of asking; verbs and rules take the time from here
	Duty      Duty
	Grants    []Grant
	Confirmed time.Time // when the password was last given or the account last active, whichever is later
}

// SignedIn tells an account from the public.
func (a Actor) SignedIn() bool { return a.Account != "" }

// Is reports whether the actor has the role anywhere in the organisation.
func (a Actor) Is(r Role, org id.Organisation) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == r && g.Organisation == org && org != "" })
}

// IsFor reports whether the actor has the role for this body.
func (a Actor) IsFor(r Role, body id.Body) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == r && g.Body == body && body != "" })
}

// Has reports whether the actor has the role anywhere.
func (a Actor) Has(r Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role == r })
}

// IsAdmin reports whether the actor administers the installation (no organisation) or this organisation.
func (a Actor) IsAdmin(org id.Organisation) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return g.Role == Admin && (g.Organisation == "" || g.Organisation == org)
	})
}

// Organisations are those the actor works for or sits in.
func (a Actor) Organisations() []id.Organisation {
	return gather(a.Grants, func(g Grant) (id.Organisation, bool) {
		return g.Organisation, g.Organisation != "" && g.Role != Admin && g.Role != GlassReader
	})
}

// AdminOrganisations are those he administers; the administrator of the installation administers all, and has none here.
func (a Actor) AdminOrganisations() []id.Organisation {
	return gather(a.Grants, func(g Grant) (id.Organisation, bool) { return g.Organisation, g.Role == Admin && g.Organisation != "" })
}

// ClerkOrganisations are those in which the actor prepares papers as griffier, griffiemedewerker or secretaris: he
// sees their drafts.
func (a Actor) ClerkOrganisations() []id.Organisation {
	return gather(a.Grants, func(g Grant) (id.Organisation, bool) {
		return g.Organisation, g.Role == Clerk || g.Role == ClerkStaff || g.Role == Secretary
	})
}

// Bodies are those whose closed papers the actor may read: by a mandate in them, as staff appointed to them, or because he
// broke the glass.
func (a Actor) Bodies() []id.Body {
	return gather(a.Grants, func(g Grant) (id.Body, bool) {
		return g.Body, g.Body != "" && (g.Role == Clerk || g.Role == ClerkStaff || g.Role == Member || g.Role == GlassReader)
	})
}

// ClerkBodies are those for which the actor prepares the meetings.
func (a Actor) ClerkBodies() []id.Body {
	return gather(a.Grants, func(g Grant) (id.Body, bool) {
		return g.Body, g.Body != "" && (g.Role == Clerk || g.Role == ClerkStaff)
	})
}

// GriffierBodies are those of which the actor is the griffier himself, not his staff: he reads who read what was closed for them.
func (a Actor) GriffierBodies() []id.Body {
	return gather(a.Grants, func(g Grant) (id.Body, bool) { return g.Body, g.Body != "" && g.Role == Clerk })
}

// Persons is the actor's person as a list, for comparison with lists of writers; empty for the public.
func (a Actor) Persons() []id.Person {
	if a.Person == "" {
		return []id.Person{}
	}
	return []id.Person{a.Person}
}

func gather[T comparable](grants []Grant, of func(Grant) (T, bool)) []T {
	found := []T{}
	for _, g := range grants {
		if t, ok := of(g); ok && !slices.Contains(found, t) {
			found = append(found, t)
		}
	}
	return found
}

// idleLimit is how long an account may be idle before an act with legal effect asks for the password again (security 11).
const idleLimit = 30 * time.Minute

// MustConfirm reports whether the actor has to give his password again before an act with legal effect.
func (a Actor) MustConfirm() bool {
	return a.SignedIn() && !a.Confirmed.IsZero() && a.At.Sub(a.Confirmed) > idleLimit
}
