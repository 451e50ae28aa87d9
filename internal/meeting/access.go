package meeting

import (
	"slices"

	"regiogriffie/internal/access"
)

// CanOrganise reports whether the actor prepares the meetings of o: as griffier or griffiemedewerker of the body, or, for an
// organisation without a body, as griffier, griffiemedewerker or secretaris there.
func CanOrganise(a access.Actor, o Organiser) bool {
	if o.BodyID != "" {
		return a.IsFor(access.Clerk, o.BodyID) || a.IsFor(access.ClerkStaff, o.BodyID)
	}
	return a.Is(access.Clerk, o.OrganisationID) || a.Is(access.ClerkStaff, o.OrganisationID) || a.Is(access.Secretary, o.OrganisationID)
}

// CanCompose reports whether the actor may change the meeting and its agenda: who prepares the meetings of one of the organisers.
func CanCompose(a access.Actor, m Meeting, organisers []Organiser) bool {
	return m.State != Cancelled && !held(a, m) && slices.ContainsFunc(organisers, func(o Organiser) bool { return CanOrganise(a, o) })
}

// held tells whether a published meeting is over: what was on the table stays as it was.
func held(a access.Actor, m Meeting) bool { return m.Published() && a.At.After(m.EndsAt) }

// CanConvene reports whether the actor may announce, convene and cancel: the griffier of one of the bodies (not his
// staff), or the griffier or secretaris of an organiser without a body.
func CanConvene(a access.Actor, m Meeting, organisers []Organiser) bool {
	return m.State != Cancelled && !held(a, m) && slices.ContainsFunc(organisers, func(o Organiser) bool { return convenes(a, o) })
}

func convenes(a access.Actor, o Organiser) bool {
	if o.BodyID != "" {
		return a.IsFor(access.Clerk, o.BodyID)
	}
	return a.Is(access.Clerk, o.OrganisationID) || a.Is(access.Secretary, o.OrganisationID)
}

// CanCreate reports whether the actor prepares meetings anywhere.
func CanCreate(a access.Actor) bool {
	return a.Has(access.Clerk) || a.Has(access.ClerkStaff) || a.Has(access.Secretary)
}
