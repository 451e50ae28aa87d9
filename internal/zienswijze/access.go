package zienswijze

import (
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

// CanOpen reports whether the actor may open and run procedures for the board of this organisation: its bestuurssecretaris.
func CanOpen(a access.Actor, org id.Organisation) bool {
	return a.Is(access.Clerk, org) || a.Is(access.Secretary, org)
}

// Owners are the organisations for whose boards the actor may open procedures.
func Owners(a access.Actor) []id.Organisation {
	return slices.DeleteFunc(a.Organisations(), func(org id.Organisation) bool { return !CanOpen(a, org) })
}

// CanRevise reports whether the actor may change the facts of p: until it is closed. Once sent only the day of the board and
// further subjects change.
func CanRevise(a access.Actor, p Procedure) bool {
	return p.State != Closed && CanOpen(a, p.OrganisationID)
}

// CanSend reports whether the actor may send the draft to the councils.
func CanSend(a access.Actor, p Procedure) bool {
	return p.State == Preparing && CanOpen(a, p.OrganisationID)
}

// CanPublish reports whether the actor may open p to everyone, or take that back.
func CanPublish(a access.Actor, p Procedure) bool {
	return p.State != Preparing && CanOpen(a, p.OrganisationID)
}

// CanClose reports whether the actor may close p; whether it is time for that is a rule.
func CanClose(a access.Actor, p Procedure) bool {
	return p.State == Sent && CanOpen(a, p.OrganisationID)
}

// CanAnswer reports whether the actor may answer the view of a council for the board, also once p is closed.
func CanAnswer(a access.Actor, p Procedure, v View) bool {
	return CanOpen(a, p.OrganisationID) && (v.State == ViewSent || v.State == Answered)
}

// CanWrite reports whether the actor may prepare the view of a council: its griffier and his staff, until it is decided.
func CanWrite(a access.Actor, p Procedure, v View) bool {
	return p.State == Sent && (v.State == Received || v.State == Scheduled) && (clerks(a, v) || staffs(a, v))
}

// CanRecord reports whether the actor may record what the council decided: its griffier.
func CanRecord(a access.Actor, p Procedure, v View) bool {
	return p.State == Sent && (v.State == Received || v.State == Scheduled) && clerks(a, v)
}

// CanSendView reports whether the actor may send what the council adopted to the board: its griffier.
func CanSendView(a access.Actor, p Procedure, v View) bool {
	return p.State == Sent && v.State == Adopted && clerks(a, v)
}

// CanPublishView reports whether the actor may open the view to everyone, or take that back: the griffier of the council, as
// far as the procedure itself is open.
func CanPublishView(a access.Actor, p Procedure, v View) bool {
	return p.Visibility == access.Public && (v.State == ViewSent || v.State == Answered) && clerks(a, v)
}

// CanSeeHistory reports whether the actor finds acts on things of these organisations in the trail.
func CanSeeHistory(a access.Actor, orgs ...id.Organisation) bool {
	return slices.ContainsFunc(a.ClerkOrganisations(), func(o id.Organisation) bool { return slices.Contains(orgs, o) })
}

// clerks: he is the griffier of the council; of a council that is not known here, the griffier of its organisation.
func clerks(a access.Actor, v View) bool {
	if v.BodyID == "" {
		return a.Is(access.Clerk, v.OrganisationID)
	}
	return a.IsFor(access.Clerk, v.BodyID)
}

func staffs(a access.Actor, v View) bool {
	if v.BodyID == "" {
		return a.Is(access.ClerkStaff, v.OrganisationID)
	}
	return a.IsFor(access.ClerkStaff, v.BodyID)
}
