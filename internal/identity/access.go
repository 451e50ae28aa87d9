package identity

import (
	"slices"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

// The administrator manages accounts, and never his own sight (security 9). Who may make accounts could make one for the griffier
// and come in by it, or lead the griffier's account to his own mailbox. So two people stand for the address of an account: who set
// it, and another. Until then
//   - a new account gives no rights, whatever its person was appointed to (grantsOf);
//   - a changed address of an account that gives rights does not count, and the old one does (ChangeEmail).
// The other is named by CanVouch. He has spoken beforehand when the address is the work address of the person, set there by
// someone else. Passwords follow the address: a link goes there by mail, and the owner's own old password is the only other way.

// CanManage reports whether the actor makes and closes accounts and hands out links for a password.
func CanManage(a access.Actor) bool {
	return a.IsAdmin("") || !a.SignedIn() && (a.Duty == DutyAdmin || a.Duty == DutySeed)
}

// CanClose reports whether the actor may close this account; nobody shuts himself out.
func CanClose(a access.Actor, account Account) bool {
	return CanManage(a) && a.Account != account.ID
}

// CanSendLink reports whether the actor may have a link for a new password sent to this account. For his own account he knows
// the old password, or asks another: else a laptop left behind would do for it.
func CanSendLink(a access.Actor, account Account) bool {
	return CanManage(a) && a.Account != account.ID
}

// CanVouch reports whether the actor may be the second to stand for an address: another administrator of the installation, a
// griffier of a body in which the person has a function or role, or the owner, who came in by the old address and his password.
// Never who set it. A new account has no owner yet who came in by anything else.
func CanVouch(a access.Actor, c EmailChange) bool {
	if !a.SignedIn() || a.Account == c.AskedBy {
		return false
	}
	if a.Account == c.AccountID {
		return !c.Fresh
	}
	return a.IsAdmin("") || slices.ContainsFunc(c.Bodies, func(b id.Body) bool { return a.IsFor(access.Clerk, b) })
}

// CanRefuse reports whether the actor may keep an address from counting: who may stand for it, and who set it.
func CanRefuse(a access.Actor, c EmailChange) bool {
	return CanVouch(a, c) || a.SignedIn() && a.Account == c.AskedBy
}

// CanBreakGlass reports whether the actor may, in an emergency, get at the closed matter of a body of this organisation: its
// administrator. He reads then, for GlassTime, and acts for nobody.
func CanBreakGlass(a access.Actor, o id.Organisation) bool { return a.SignedIn() && a.IsAdmin(o) }

// CanSeeGlass reports whether the actor sees when the glass of a body was broken, by whom and why: its griffier, and who may
// break it.
func CanSeeGlass(a access.Actor, o id.Organisation, b id.Body) bool {
	return a.IsFor(access.Clerk, b) || CanBreakGlass(a, o)
}

// CanEndGlass reports whether the actor may end it before its time: the griffier of the body, and who broke it.
func CanEndGlass(a access.Actor, g Glass) bool {
	return a.IsFor(access.Clerk, g.BodyID) || a.SignedIn() && a.Account == g.AccountID
}
