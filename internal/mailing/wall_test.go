package mailing

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

// The second wall of the mail: whatever a query forgets, addresses and texts are for who sends them, who keeps the outbox and who
// prepares papers where it came from.
func TestMailIsClosedByItself(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	create(t, db, "x", 3)
	for who, c := range map[string]struct {
		actor access.Actor
		sees  bool
		sends bool
	}{
		"the public":              {access.Actor{}, false, false},
		"a member there":          {member, false, false},
		"a griffier elsewhere":    {elsewhere, false, false},
		"another duty":            {access.Actor{Duty: "route.desk"}, false, false},
		"who sends it":            {postman, true, true},
		"the beheerder":           {admin, true, false},
		"the griffier there":      {clerk, true, false},
		"the beheerder of one":    {access.Actor{Grants: []access.Grant{{Role: access.Admin, Organisation: org}}}, false, false},
		"a steller with the duty": {access.Actor{Duty: Duty, Grants: []access.Grant{{Role: access.Author, Organisation: org}}}, true, true},
	} {
		seen, err := postgres.One[int](t.Context(), db, `select (select count(*) from messages)::int + (select count(*) from mailings)::int`,
			postgres.Args{}.As(c.actor))
		if err != nil || (seen == 4) != c.sees || !c.sees && seen != 0 {
			t.Errorf("%s sees %d rows, %v", who, seen, err)
		}
		for _, sql := range []string{
			`update messages set attempts = attempts`, `delete from messages where name = 'nobody' or name = (select max(name) from messages)`,
		} {
			tx, err := db.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			n, err := postgres.Exec(t.Context(), tx, sql, postgres.Args{}.As(c.actor))
			if err != nil || (n > 0) != c.sends {
				t.Errorf("%s, %s: %d rows, %v", who, sql, n, err)
			}
			if err := tx.Rollback(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		_, err = postgres.Exec(t.Context(), db, `insert into mailings (id, cause, title, object_id, org_ids)
				values (gen_random_uuid(), @cause, 'Oproep', gen_random_uuid(), '{}')`,
			postgres.Args{"cause": who}.As(c.actor))
		if (err == nil) != c.sends {
			t.Errorf("%s writes a mailing: %v", who, err)
		}
		if c.sends {
			run(t, db, `delete from mailings where title = 'Oproep' and org_ids = '{}'`)
		}
	}
}

// Looking for the mail that is due goes by its index, under row security too: mailing does not slow down with what was sent.
func TestWhatIsDueIsFoundByItsIndex(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	create(t, db, "x", 1)
	run(t, db, `
		insert into messages select (jsonb_populate_record(x, jsonb_build_object('id', gen_random_uuid(), 'message_id', 'm' || n, 'state', case
		  when n % 50 = 0 then 'wacht' else 'verzonden' end))).*
		from messages x, generate_series(1, 20000) n`)
	run(t, db, `analyze messages`)
	var plan []string
	if err := pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) (err error) {
		plan, err = postgres.All[string](t.Context(), tx, `explain
		    select x.id from messages x join mailings y on y.id = x.mailing_id
		    where x.state in ('wacht', 'uitgesteld') and x.due_at <= now() and y.paused_at is null
		      and (x.claimed_until is null or x.claimed_until < now())
		    order by x.due_at, x.id limit 1 for update of x skip locked`, postgres.Args{}.As(postman))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(plan, "\n"); !strings.Contains(text, "messages_due") {
		t.Errorf("the plan:\n%s", text)
	}
}
