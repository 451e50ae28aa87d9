package mailing

import (
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
)

func TestWhoKeepsTheOutboxAndWhoHoldsAMailing(t *testing.T) {
	t.Parallel()
	m := Mailing{OrgIDs: []id.Organisation{org}}
	for _, c := range []struct {
		who        string
		actor      access.Actor
		keep, hold bool
	}{
		{"the administrator", admin, true, true},
		{"an administrator of the organisation", actorOf(access.Admin, org), false, false},
		{"the griffier", clerk, false, true},
		{"the secretaris", actorOf(access.Secretary, org), false, true},
		{"his staff", actorOf(access.ClerkStaff, org), false, false},
		{"a member", member, false, false},
		{"a griffier elsewhere", elsewhere, false, false},
		{"a secretaris elsewhere", actorOf(access.Secretary, id.New[id.Organisation]()), false, false},
		{"the public", access.Actor{}, false, false},
	} {
		if CanKeep(c.actor) != c.keep || CanHold(c.actor, m) != c.hold {
			t.Errorf("%s: keeps %v, holds %v", c.who, CanKeep(c.actor), CanHold(c.actor, m))
		}
	}
}
