package trail_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/trail"
)

// On the first wall alone as well: the trail of accounts is for him whom it is about and for who administers the place; when someone
// signed in is for himself.
func TestWhoReadsTheTrailOfAnAccount(t *testing.T) {
	t.Parallel()
	for walls, tx := range map[string]pgx.Tx{"both walls": pgtest.Tx(t), "the first wall alone": pgtest.OneWall(t)} {
		here, there := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
		thing := id.New[id.Account]()
		note := func(act string, orgs ...id.Organisation) {
			nested, err := tx.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := trail.Note(t.Context(), nested, here.Clerk,
				trail.Act{Name: act, Thing: string(thing), About: here.Member.Person, OrgIDs: orgs, Quiet: true}); err != nil {
				t.Fatal(err)
			}
			if err := nested.Commit(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		note("account.close", here.ID)
		note("account.sign_in", here.ID)
		as := func(r access.Role, org id.Organisation) access.Actor {
			return access.Actor{Account: "a", At: proposaltest.At, Grants: []access.Grant{{Role: r, Organisation: org}}}
		}
		for who, c := range map[string]struct {
			actor access.Actor
			want  []string
		}{
			"the public": {access.Actor{At: proposaltest.At}, nil}, "he himself": {here.Member, []string{"account.close", "account.sign_in"}},
			"another member":     {there.Member, nil},
			"the griffier there": {here.Clerk, nil}, "the administrator": {as(access.Admin, ""), []string{"account.close"}},
			"the administrator there": {as(access.Admin, here.ID), []string{"account.close"}}, "the administrator elsewhere": {as(access.Admin, there.ID), nil},
		} {
			var lines []trail.Line
			if err := postgres.Read(t.Context(), tx, trail.List(&lines, c.actor, trail.Filter{})); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range lines {
				if l.Whom == here.Member.Name {
					got = append(got, l.Act)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %s reads %v, want %v", walls, who, got, c.want)
			}
		}
	}
}
