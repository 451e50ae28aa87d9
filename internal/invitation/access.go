package invitation

import (
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

// CanCreate reports whether the actor begins invitations anywhere: as griffier, griffiemedewerker or secretaris.
func CanCreate(a access.Actor) bool { return len(a.ClerkOrganisations()) > 0 }

// CanRevise reports whether the actor writes on i: griffier, griffiemedewerker or secretaris of one of its organisations, or
// an organisator there who was asked to write along. An invitation that was called off, or whose meeting has been, stays.
func CanRevise(a access.Actor, i Invitation) bool {
	return i.State != Cancelled && !held(a, i) && slices.ContainsFunc(i.Organisers, func(o Organiser) bool {
		return slices.Contains(a.ClerkOrganisations(), o.ID) || a.Is(access.Organiser, o.ID) && slices.Contains(i.WriterIDs, a.Person)
	})
}

func held(a access.Actor, i Invitation) bool { return i.PublishedAt != nil && a.At.After(i.EndsAt) }

// CanRemark reports whether the actor may leave a remark: who writes on it, and who signs it.
func CanRemark(a access.Actor, i Invitation) bool {
	return CanRevise(a, i) || i.State != Cancelled && !held(a, i) && slices.ContainsFunc(i.Signers, func(s Signer) bool { return signs(a, s) })
}

// CanDecide reports whether the actor may ask for signatures, publish and call off: griffier or secretaris of one of the
// organisations.
func CanDecide(a access.Actor, i Invitation) bool {
	return i.State != Cancelled && !held(a, i) && slices.ContainsFunc(i.Organisers, func(o Organiser) bool { return decides(a, o.ID) })
}

// CanSign reports whether the actor may give the signature of s: he himself, as long as he works or sits there, or griffier or
// secretaris of the organisation for him.
func CanSign(a access.Actor, i Invitation, s Signer) bool {
	return i.State == Signing && !i.Signed(s) && (signs(a, s) || decides(a, s.OrganisationID))
}

// CanSignFor reports whether a signature of the organisation waits for the actor.
func CanSignFor(a access.Actor, i Invitation, org id.Organisation) bool {
	return slices.ContainsFunc(i.SignersOf(org), func(s Signer) bool { return CanSign(a, i, s) })
}

func signs(a access.Actor, s Signer) bool {
	return a.Person != "" && a.Person == s.PersonID && slices.Contains(a.Organisations(), s.OrganisationID)
}

func decides(a access.Actor, org id.Organisation) bool {
	return a.Is(access.Clerk, org) || a.Is(access.Secretary, org)
}
