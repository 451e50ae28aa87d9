package proposal

import (
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

// CanCreate reports whether the actor may start a paper of the organisation.
func CanCreate(a access.Actor, org id.Organisation) bool {
	return a.Is(access.Author, org) || prepares(a, org)
}

// Owners are the organisations of which the actor may start a paper.
func Owners(a access.Actor) []id.Organisation {
	return slices.DeleteFunc(a.Organisations(), func(org id.Organisation) bool { return !CanCreate(a, org) })
}

// CanRevise reports whether the actor may still change p: the owner's side and who writes along, until the paper is settled or withdrawn.
// Once offered, the griffiemedewerker leaves it to the griffier. A paper that waits for consent, or has it, stands still.
func CanRevise(a access.Actor, p Proposal) bool {
	switch p.State {
	case Concept, Returned:
		return cowrites(a, p) || prepares(a, p.OwnerOrgID)
	case Offered, Scheduled, Deferred:
		return cowrites(a, p) || decides(a, p.OwnerOrgID)
	}
	return false
}

// CanInvite reports whether the actor may let stellers of another organisation write p along: who may offer it, and of a closed
// paper the griffier of its body, as long as it was not offered. Of a closed paper they choose among who reads it already: see
// CanOpenUp.
func CanInvite(a access.Actor, p Proposal) bool {
	return (p.State == Concept || p.State == Returned) && (writes(a, p) || decides(a, p.OwnerOrgID) || p.Closed() && CanOpenUp(a, p))
}

// CanOpenUp reports whether the actor may let people write p along who do not read it yet: of a closed paper the griffier of a body
// that it is closed for, since secrecy is that body's; nobody else, the steller and his own griffier included. Of another paper
// there is nothing to open.
func CanOpenUp(a access.Actor, p Proposal) bool {
	return !p.Closed() || slices.ContainsFunc(p.AudienceBodies, func(b id.Body) bool { return a.IsFor(access.Clerk, b) })
}

// CanMarkReady reports whether the actor may say that the civil servants are done with p: who may offer it, where the owner
// wants the inner steps.
func CanMarkReady(a access.Actor, p Proposal) bool {
	return p.InnerSteps && (p.State == Concept || p.State == Returned) && (writes(a, p) || decides(a, p.OwnerOrgID))
}

// CanAgree reports whether the actor may give the political consent to p: the portfolio holder who was asked.
func CanAgree(a access.Actor, p Proposal) bool { return p.State == Ready && holds(a, p) }

func holds(a access.Actor, p Proposal) bool {
	return a.Person != "" && a.Person == p.HolderID && a.Is(access.PortfolioHolder, p.OwnerOrgID)
}

// CanSendBack reports whether the actor may return p to who wrote it: before offering the portfolio holder who was asked,
// griffier or secretaris of the owner, and who wrote it; of what was offered the griffier of its body.
func CanSendBack(a access.Actor, p Proposal) bool {
	switch p.State {
	case Ready, Agreed:
		return holds(a, p) || writes(a, p) || decides(a, p.OwnerOrgID)
	case Offered:
		return !p.Routed && p.Visibility != access.Public && a.IsFor(access.Clerk, p.TargetBodyID)
	}
	return false
}

// CanOffer reports whether the actor may offer p to its body: who wrote it, griffier or secretaris of the owner. Where the owner
// wants the inner steps, they come first.
func CanOffer(a access.Actor, p Proposal) bool {
	stands := p.State == Agreed || !p.InnerSteps && p.State.Inner()
	return stands && (writes(a, p) || decides(a, p.OwnerOrgID))
}

// CanWithdraw reports whether the actor may take p back: until its body begins with it.
func CanWithdraw(a access.Actor, p Proposal) bool {
	switch p.Stage(a.At) {
	case Withdrawn, Done, InTreatment:
		return false
	}
	return writes(a, p) || decides(a, p.OwnerOrgID)
}

// CanDetach reports whether the actor may take an attachment away: until the paper is public.
func CanDetach(a access.Actor, p Proposal) bool {
	return CanRevise(a, p) && p.Visibility != access.Public
}

// CanSeeHistory reports whether the actor may read who did what to p: who prepares papers in one of its organisations.
func CanSeeHistory(a access.Actor, p Proposal) bool {
	return slices.ContainsFunc(a.ClerkOrganisations(), func(org id.Organisation) bool {
		return slices.Contains(InTrailOf(p), org)
	})
}

// CanDispose reports whether the actor may put p on an agenda, take it off and close it: who prepares the meetings of the body that it is meant
// for. Preparing a meeting that this body holds with others is not enough.
func CanDispose(a access.Actor, p Proposal) bool {
	return a.IsFor(access.Clerk, p.TargetBodyID) || a.IsFor(access.ClerkStaff, p.TargetBodyID)
}

// CanRoute reports whether the actor may lay out the route of p, send it and answer for it: who wrote it, griffier or
// secretaris of the owner. What a withdrawn paper still lets him do is for the verbs to say.
func CanRoute(a access.Actor, p Proposal) bool { return writes(a, p) || decides(a, p.OwnerOrgID) }

// writes: he is one of the writers, does not only read along, and is still a steller of the owner.
func writes(a access.Actor, p Proposal) bool {
	return a.Person != "" && slices.Contains(p.WriterIDs, a.Person) && !slices.Contains(p.ReaderIDs, a.Person) && a.Is(access.Author, p.OwnerOrgID)
}

// cowrites: he is one of the writers, and a steller of the owner or of an organisation that writes along.
func cowrites(a access.Actor, p Proposal) bool {
	return a.Person != "" && slices.Contains(p.WriterIDs, a.Person) && !slices.Contains(p.ReaderIDs, a.Person) &&
		slices.ContainsFunc(p.OrgIDs, func(org id.Organisation) bool { return a.Is(access.Author, org) })
}

func prepares(a access.Actor, org id.Organisation) bool {
	return decides(a, org) || a.Is(access.ClerkStaff, org)
}

func decides(a access.Actor, org id.Organisation) bool {
	return a.Is(access.Clerk, org) || a.Is(access.Secretary, org)
}

// InTrailOf are the organisations whose griffiers find the acts on p in their trail.
func InTrailOf(p Proposal) []id.Organisation {
	orgs := slices.Clone(p.OrgIDs)
	if p.TargetOrgID != "" && p.OfferedAt != nil && !slices.Contains(orgs, p.TargetOrgID) {
		orgs = append(orgs, p.TargetOrgID)
	}
	return orgs
}
