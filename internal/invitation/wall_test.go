package invitation_test

import (
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation/invitationtest"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

// The second wall of save-the-dates: whatever a query forgets, they are for who prepares the meeting and for who mails them.
func TestASaveTheDateIsClosedByItself(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := newRegion(t, tx)
	d := invitationtest.Draft(r.here)
	m, err := meeting.Create(t.Context(), tx, r.here.Secretary,
		meeting.Draft{Kind: d.Kind, Title: d.Title, Orgs: d.Orgs[:1], StartsAt: d.StartsAt, EndsAt: d.EndsAt, Location: d.Location, Open: true})
	ok(t, err)
	add := func(by access.Actor) error {
		nested, err := tx.Begin(t.Context())
		ok(t, err)
		_, err = postgres.Exec(t.Context(), nested, `
			insert into save_the_dates (id, meeting_id, organisation_id, text, body_ids, sent_at, sent_by, org_ids)
			  values (@id, @meeting, @org, 'Houd vrij.', '{}', @at, '', array[@org::uuid])`,
			postgres.Args{"id": id.New[id.SaveTheDate](), "meeting": m.ID, "org": r.here.ID, "at": by.At}.As(by))
		if err != nil {
			ok(t, nested.Rollback(t.Context()))
			return err
		}
		return nested.Commit(t.Context())
	}
	ok(t, add(r.here.Secretary))
	for who, c := range map[string]struct {
		actor access.Actor
		sees  bool
	}{
		"the public": {access.Actor{}, false}, "a member there": {r.here.Member, false}, "a steller there": {r.here.Author, false},
		"a griffier elsewhere": {r.there.Clerk, false},
		"the administrator":    {access.Actor{Grants: []access.Grant{{Role: access.Admin}}}, false}, "another duty": {access.Actor{Duty: "meeting.tell"}, false},
		"who mails it": {access.Actor{Duty: "mail"}, true}, "the staff there": {r.here.Staff, true}, "the secretaris there": {r.here.Secretary, true},
	} {
		n, err := postgres.One[int](t.Context(), tx, `select count(*)::int from save_the_dates where meeting_id = @id`, postgres.Args{"id": m.ID}.As(c.actor))
		if err != nil || (n > 0) != c.sees {
			t.Errorf("%s sees %d, %v", who, n, err)
		}
		if !c.sees && add(c.actor) == nil {
			t.Errorf("%s writes one", who)
		}
	}
	for _, sql := range []string{`update save_the_dates set text = 'Anders'`, `delete from save_the_dates`} {
		nested, err := tx.Begin(t.Context())
		ok(t, err)
		if n, err := postgres.Exec(t.Context(), nested, sql, postgres.Args{}.As(r.here.Secretary)); err == nil && n > 0 {
			t.Errorf("%s changes %d rows", sql, n)
		}
		ok(t, nested.Rollback(t.Context()))
	}
}
