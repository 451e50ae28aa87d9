package meeting

import (
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

// CanOrganise reports whether the actor prepares the meetings of o: as griffier or griffiemedewerker of the body, or, for an
// organisation without a body, as griffier, griffiemedewerker or secretaris there.
func CanOrganise(a access.Actor, o Organiser) bool {
	if o.BodyID != "" {
		return a.IsFor(access.Clerk, o.BodyID) || a.IsFor(access.ClerkStaff, o.BodyID)
	}
	return a.Is(access.Clerk, o.OrganisationID) || a.Is(access.ClerkStaff, o.OrganisationID) || a.Is(access.Secretary, o.OrganisationID)
}

// CanCompose reports whether the actor may change the meeting and its agenda: who prepares the meetings of one of the organisers that
// gave their word. Who is only asked, or for whom another wrote it down, touches nothing.
func CanCompose(a access.Actor, m Meeting, organisers []Organiser) bool {
	return m.State != Cancelled && !held(a, m) && slices.ContainsFunc(organisers, func(o Organiser) bool { return o.Agreed() && CanOrganise(a, o) })
}

// held tells whether a published meeting is over: what was on the table stays as it was.
func held(a access.Actor, m Meeting) bool { return m.Published() && a.At.After(m.EndsAt) }

// CanConvene reports whether the actor may announce, convene and cancel: the griffier of one of the bodies (not his
// staff), or the griffier or secretaris of an organiser without a body.
func CanConvene(a access.Actor, m Meeting, organisers []Organiser) bool {
	return m.State != Cancelled && !held(a, m) && slices.ContainsFunc(organisers, func(o Organiser) bool { return o.Agreed() && convenes(a, o) })
}

// CanSpeakFor reports whether the actor may give or refuse the word of o, that is asked to hold the meeting or for which another griffie
// wrote down that it does: its own griffier, or of an organisation without a body the griffier or secretaris. Once
// the members were called, or the event has been, who hold the meeting is settled.
func CanSpeakFor(a access.Actor, m Meeting, o Organiser) bool {
	return m.State != Cancelled && !settled(a, m) && convenes(a, o)
}

func settled(a access.Actor, m Meeting) bool { return held(a, m) || m.Published() && !m.Kind.Event() }

// CanTakeOff reports whether the actor may take o off a meeting that he prepares: its own griffie; of one for which nobody gave its word
// himself, whoever prepares it.
func CanTakeOff(a access.Actor, o Organiser) bool { return !o.Agreed() || CanOrganise(a, o) }

// CanOpen reports whether the actor may open to more readers what is closed for these bodies: who prepares the meetings of all of them.
func CanOpen(a access.Actor, bodies []id.Body) bool {
	return !slices.ContainsFunc(bodies, func(b id.Body) bool { return !CanOrganise(a, Organiser{BodyID: b}) })
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
