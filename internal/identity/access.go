package identity

import "regiogriffie/internal/access"

// CanManage reports whether the actor makes and closes accounts and hands out links for a password.
func CanManage(a access.Actor) bool {
	return a.IsAdmin("") || !a.SignedIn() && (a.Duty == DutyAdmin || a.Duty == DutySeed)
}

// CanClose reports whether the actor may close this account; nobody shuts himself out.
func CanClose(a access.Actor, account Account) bool {
	return CanManage(a) && a.Account != account.ID
}
