package audit_test

import (
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

// On each wall alone as well: the second keeps entries from whoever does not prepare papers there, the first too.
func TestTheTrailIsReadByWhoPreparesPapersThere(t *testing.T) {
	t.Parallel()
	for name, tx := range map[string]postgres.DB{"both walls": pgtest.Tx(t), "the first wall alone": pgtest.OneWall(t)} {
		here, there, thing := id.New[id.Organisation](), id.New[id.Organisation](), string(id.New[id.Proposal]())
		if err := audit.Note(t.Context(), tx, access.Actor{Duty: "test"}, "proposal.withdraw", thing, []id.Organisation{here}, "Dubbel."); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			role access.Role
			org  id.Organisation
			want int
		}{
			{access.Clerk, here, 1},
			{access.ClerkStaff, here, 1},
			{access.Secretary, here, 1},
			{access.Member, here, 0},
			{access.Author, here, 0},
			{access.PortfolioHolder, here, 0},
			{access.Admin, here, 0},
			{access.Admin, "", 0},
			{access.Clerk, there, 0},
		} {
			var entries []audit.Entry
			a := access.Actor{Grants: []access.Grant{{Role: c.role, Organisation: c.org}}}
			if err := postgres.Read(t.Context(), tx, audit.Of(&entries, a, thing)); err != nil || len(entries) != c.want {
				t.Errorf("%s: %s of %q reads %v, %v", name, c.role, c.org, entries, err)
			}
		}
	}
}
