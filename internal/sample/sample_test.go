package sample_test

import (
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/file"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/sample"
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
		err := pgtest.Owner(t, db).QueryRow(t.Context(), `select (select count(*) from accounts), (select count(*) from meetings), (select count(*) from proposals), (select count(*) from audit_entries)`).Scan(&n[0], &n[1], &n[2], &n[3])
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
	if found, unknown, err := meeting.OrganisationsNamed(t.Context(), db, access.Actor{At: now}, []string{"rdog", "Hecht"}); err != nil || len(found) != 2 || found[0] != found[1] {
		t.Errorf("RDOG is what Hecht was called: found %v, unknown %v, %v", found, unknown, err)
	}
	var coming []meeting.Row
	if err := postgres.Read(t.Context(), db, meeting.List(&coming, access.Actor{At: now}, meeting.Filter{})); err != nil {
		t.Fatal(err)
	}
	if len(coming) < 5 {
		t.Errorf("the public sees %d coming meetings", len(coming))
	}
	for _, m := range coming {
		if !m.MadeUp {
			t.Errorf("%s is in the living layer and not marked as made up", m.Slug)
		}
	}
}
