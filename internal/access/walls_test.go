package access_test

import (
	"strings"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

// row is one row with the columns of an audience, without a table.
const row = `(select @visibility::text as visibility, @org_ids::uuid[] as org_ids, @participant_org_ids::uuid[] as participant_org_ids,
	@writer_ids::uuid[] as writer_ids, @audience_bodies::uuid[] as audience_bodies) x`

func TestTheConditionOfTheQueries(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	eachSeen(t, func(a access.Actor, u access.Audience) bool {
		got, err := postgres.One[*bool](t.Context(), tx, `select `+access.Seen("x")+` as seen from `+row, postgres.Args{}.With(u).As(a))
		if err != nil {
			t.Fatal(err)
		}
		return got != nil && *got
	})
}

// Row security says the same as the queries, of every table that has it. What has only drafts may leave the other cases out.
func TestTheConditionOfRowSecurity(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	type policy struct{ Name, Condition string }
	policies, err := postgres.All[policy](t.Context(), tx, `
		select c.relname || ' ' || p.polname as name, pg_get_expr(p.polqual, p.polrelid) as condition
		from pg_policy p join pg_class c on c.oid = p.polrelid
		where exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'audience_bodies' and not a.attisdropped)
		  and p.polcmd <> 'a' and c.relname <> 'closed_readings' order by 1`, nil) // who read what is the griffier's alone, see internal/reading
	if err != nil || len(policies) < 42 {
		t.Fatalf("%d policies: %v", len(policies), err)
	}
	type kind struct {
		condition string
		drafts    bool
	}
	same := map[kind][]string{} // most are the same text
	for _, p := range policies {
		table, _, _ := strings.Cut(p.Name, " ")
		k := kind{p.Condition, table == "comments" || table == "advices"}
		same[k] = append(same[k], p.Name)
	}
	for k, names := range same {
		t.Run(strings.Join(names, ","), func(t *testing.T) {
			eachSeen(t, func(a access.Actor, u access.Audience) bool {
				condition := k.condition
				if k.drafts && u.Visibility != access.Draft {
					condition = access.Seen("x")
				}
				got, err := postgres.One[*bool](t.Context(), tx, `select (`+condition+`) as seen from `+row, postgres.Args{}.With(u).As(a))
				if err != nil {
					t.Fatal(err)
				}
				return got != nil && *got
			})
		})
	}
}
