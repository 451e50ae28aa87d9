package route

import "regiogriffie/internal/access"

// CanReceive reports whether the actor may put the paper of a step on the agenda of its body, plan it and ask about it: who
// prepares the meetings of that body.
func CanReceive(a access.Actor, s Step) bool {
	return a.IsFor(access.Clerk, s.BodyID) || a.IsFor(access.ClerkStaff, s.BodyID)
}

// CanRefuse reports whether the actor may refuse the paper of a step: the griffier of the body, not his staff.
func CanRefuse(a access.Actor, s Step) bool { return a.IsFor(access.Clerk, s.BodyID) }

// CanFollow reports whether the actor may follow the route of a paper that he sees: whoever signed in as a person.
func CanFollow(a access.Actor) bool { return a.SignedIn() && a.Person != "" }
