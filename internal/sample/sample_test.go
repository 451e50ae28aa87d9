package sample_test

import (
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/internal/sample"
	"regiogriffie/internal/zienswijze"
)

func TestTheSampleIsThereOnceHoweverOftenItIsSeeded(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	files, err := file.NewStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	counts := func() [4]int {
		var n [4]int
		err := pgtest.Owner(t, db).QueryRow(t.Context(), `select (select count(*) from accounts), (select count(*) from meetings),
				(select count(*) from proposals), (select count(*) from audit_entries)`).Scan(&n[0], &n[1], &n[2], &n[3])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for range 2 {
		accounts, err := sample.Seed(t.Context(), db, files, now)
		if err != nil {
			t.Fatal(err)
		}
		if len(accounts) < 40 {
			t.Errorf("%d accounts", len(accounts))
		}
	}
	before := counts()
	if _, err := sample.Seed(t.Context(), db, files, now.AddDate(0, 1, 0)); err != nil {
		t.Fatal(err)
	}
	if after := counts(); after != before || before[0] == 0 || before[1] == 0 || before[2] == 0 {
		t.Errorf("before %v, after %v", before, after)
	}
	if found, unknown, err := partner.OrganisationsNamed(t.Context(), db, access.Actor{At: now}, []string{"rdog", "Hecht"}); err != nil ||
		len(found) != 2 || found[0] != found[1] {
		t.Errorf("RDOG is what Hecht was called: found %v, unknown %v, %v", found, unknown, err)
	}
	var coming []meeting.Row
	if err := postgres.Read(t.Context(), db, meeting.List(&coming, access.Actor{At: now}, meeting.Filter{})); err != nil {
		t.Fatal(err)
	}
	if len(coming) < 5 {
		t.Errorf("the public sees %d coming meetings", len(coming))
	}
	var circles int
	if err := pgtest.Owner(t, db).QueryRow(t.Context(), `select count(*) from route_steps s join proposals p on p.id = s.proposal_id
			join bodies b on b.id = s.body_id
		where not p.made_up and b.kind = 'circle' and s.state = 'behandeld' and s.outcome = 'noted' and s.visibility = 'public'
		  and s.decided_on < '2018-06-28'`).Scan(&circles); err != nil || circles != 3 {
		t.Errorf("%d circles were consulted on the paper of 2018, want 3 (%v)", circles, err)
	}
	var told, waiting int
	if err := pgtest.Owner(t, db).QueryRow(t.Context(), `select (select count(*) from river_job where kind like 'account.%'),
			(select count(*) from accounts where not vouched)`).Scan(&told, &waiting); err != nil || told+waiting != 0 {
		t.Errorf("of the accounts of the sample %d are told and %d wait for a second (%v)", told, waiting, err)
	}
	for _, m := range coming {
		if !m.MadeUp {
			t.Errorf("%s is in the living layer and not marked as made up", m.Slug)
		}
	}
}

// The draft of Holland Rijnland is halfway on every day of the year: councils are done, plan, ask, refuse, are late and wait.
func TestTheDraftOfTheRegionIsHalfwayOnAnyDay(t *testing.T) {
	t.Parallel()
	for _, now := range []time.Time{
		time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), time.Date(2026, 12, 27, 23, 30, 0, 0, time.UTC), time.Date(2027, 1, 4, 6, 0, 0, 0, time.UTC),
		time.Date(2027, 5, 6, 12, 0, 0, 0, time.UTC), time.Date(2027, 7, 15, 21, 59, 0, 0, time.UTC),
	} {
		t.Run(now.Format(time.DateOnly), func(t *testing.T) {
			t.Parallel()
			db := pgtest.DB(t)
			files, err := file.NewStore(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			if _, err := sample.Seed(t.Context(), db, files, now); err != nil {
				t.Fatal(err)
			}
			t.Logf("seeded in %s", time.Since(began).Round(time.Millisecond))
			owner := pgtest.Owner(t, db)
			var key, procedure string
			var org id.Organisation
			if err := owner.QueryRow(t.Context(), `select p.key, z.key, p.owner_org_id from proposals p join organisations o on o.id = p.owner_org_id
					join zienswijze_procedures z on z.proposal_id = p.id
				where o.key = 'regio-holland-rijnland' and p.made_up`).Scan(&key, &procedure, &org); err != nil {
				t.Fatal(err)
			}
			region := access.Actor{At: now, Grants: []access.Grant{{Role: access.Secretary, Organisation: org}}}
			var steps []route.Row
			var cells []zienswijze.Cell
			if err := postgres.Read(t.Context(), db, route.At(&steps, region, key), zienswijze.MatrixInto(&cells, access.Actor{At: now}, procedure)); err != nil {
				t.Fatal(err)
			}
			asked := 0
			for _, s := range steps {
				asked += s.OpenQuestions
				if s.Treatment == proposal.ForView && s.Deadline.Before(now) {
					t.Errorf("%s: the term is over", s.OrgName)
				}
			}
			p := route.Count(route.Steps(steps), now)
			if want := (route.Counts{Total: 14, Planned: 1, Waiting: 6, Scheduled: 3, Treated: 3, Refused: 1, Late: 1}); p != want || asked != 1 {
				t.Errorf("route: got %+v with %d questions, want %+v with 1", p, asked, want)
			}
			if len(cells) != 6 {
				t.Errorf("the public sees %d stances, want 6", len(cells))
			}
		})
	}
}
