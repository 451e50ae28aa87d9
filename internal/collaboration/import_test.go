package collaboration_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/partner/register"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

var importer = access.Actor{At: time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC), Duty: partner.ImportDuty}

// load loads a table. Its keys are the same for every test, so tests that load it in the shared database run one after another.
func load(t *testing.T, db postgres.DB, table register.Table, write bool) [3]partner.Report {
	t.Helper()
	organisations, err := partner.Import(t.Context(), db, importer, table, write)
	if err != nil {
		t.Fatalf("organisations: %v", err)
	}
	arrangements, participations, err := collaboration.Import(t.Context(), db, importer, table, write)
	if err != nil {
		t.Fatalf("arrangements: %v", err)
	}
	return [3]partner.Report{organisations, arrangements, participations}
}

// counted is what all tables hold that an import may touch.
func counted(t *testing.T, db postgres.DB) []int {
	t.Helper()
	counts, err := postgres.All[int](t.Context(), db, `
		select count(*)::int from organisations union all select count(*)::int from collaborations union all select count(*)::int from participations
		union all select sum(version)::int from organisations union all select sum(version)::int from collaborations
		  union all select sum(version)::int from participations`,
		postgres.Args{}.As(importer))
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func table(t *testing.T) register.Table {
	t.Helper()
	table, err := register.Default()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestASecondImportChangesNothing(t *testing.T) {
	tx := pgtest.Tx(t)
	all := table(t)
	start := time.Now()
	first := load(t, tx, all, false)
	t.Logf("loaded in %v", time.Since(start))
	if n := counted(t, tx); n[0] != len(all.Organisations) || n[1] != len(all.Arrangements) || n[2] != len(all.Participations) {
		t.Errorf("written %v, want %d, %d, %d", n[:3], len(all.Organisations), len(all.Arrangements), len(all.Participations))
	}
	if first[0].Made != len(all.Organisations) || len(first[0].Changed) != 0 {
		t.Errorf("first: %d made, %v", first[0].Made, first[0].Changed)
	}
	before := counted(t, tx)
	for _, r := range load(t, tx, all, true) {
		if r.Made != 0 || len(r.Changed) != 0 || len(r.Missing) != 0 || r.Written {
			t.Errorf("second: %d made, changed %v, missing %v", r.Made, r.Changed, r.Missing)
		}
	}
	if after := counted(t, tx); !slices.Equal(before, after) {
		t.Errorf("the second import wrote: %v became %v", before, after)
	}
}

func TestAChangedRowIsReportedBeforeItIsWritten(t *testing.T) {
	tx := pgtest.Tx(t)
	all := table(t)
	load(t, tx, all, false)

	o, err := partner.FindOrganisation(t.Context(), tx, importer, "heemstede")
	if err != nil {
		t.Fatal(err)
	}
	d := o.Draft(nil)
	d.OfficialName, d.SeatPlace = "Gemeente Heemstede met de hand", "Raadhuisplein"
	if _, err := partner.ReviseOrganisation(t.Context(), tx, partnertest.Seeder, o.ID, o.Version, d); err != nil {
		t.Fatal(err)
	}
	all.Participations[0].Organs = []string{"raad"}
	all.Arrangements[0].Name = "Nieuwe naam"
	gone := all.Participations[1]
	all.Participations = slices.Delete(all.Participations, 1, 2)
	before := counted(t, tx)

	reports := load(t, tx, all, false)
	if c := reports[0].Changed; len(c) != 1 || c[0].Ref != "gm0397" || c[0].Field != "officiële naam" ||
		c[0].From != "Gemeente Heemstede met de hand" || c[0].To != "Gemeente Heemstede" {
		t.Errorf("organisations: %+v", c)
	}
	if c := reports[1].Changed; len(c) != 1 || c[0].To != "Nieuwe naam" {
		t.Errorf("arrangements: %+v", c)
	}
	if c := reports[2].Changed; len(c) != 1 || c[0].Field != "organen" || c[0].To != "raad" {
		t.Errorf("participations: %+v", c)
	}
	if m := reports[2].Missing; len(m) != 1 {
		t.Errorf("missing %v, want only %v", m, gone)
	}
	if after := counted(t, tx); !slices.Equal(before, after) {
		t.Errorf("reporting wrote: %v became %v", before, after)
	}

	reports = load(t, tx, all, true)
	if !reports[0].Written || !reports[1].Written || !reports[2].Written {
		t.Error("not written")
	}
	o, err = partner.FindOrganisation(t.Context(), tx, importer, "heemstede")
	if err != nil || o.OfficialName != "Gemeente Heemstede" || o.SeatPlace != "Raadhuisplein" {
		t.Errorf("got %+v, %v; what the register does not know stays", o, err)
	}
	for _, r := range load(t, tx, all, false) {
		if len(r.Changed) != 0 {
			t.Errorf("still differs: %+v", r.Changed)
		}
	}
}

func TestAnOrganisationMadeByHandIsAdopted(t *testing.T) {
	tx := pgtest.Tx(t)
	if _, err := partner.CreateOrganisation(t.Context(), tx, partnertest.Seeder, partner.OrganisationDraft{
		Key: "heemstede", Kind: partner.Municipality, OfficialName: "Gemeente Heemstede",
	}); err != nil {
		t.Fatal(err)
	}
	all := table(t)
	if r := load(t, tx, all, true); r[0].Made != len(all.Organisations)-1 {
		t.Errorf("made %d of %d", r[0].Made, len(all.Organisations))
	}
	o, err := partner.FindOrganisation(t.Context(), tx, importer, "heemstede")
	if err != nil || o.Ref != "gm0397" || o.CBSCode != "0397" {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestTwoImportsAtOnceLoadOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	all := table(t)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { loadAtOnce(t, db, all) })
	}
	wg.Wait()
	if n := counted(t, db); n[0] != len(all.Organisations) || n[1] != len(all.Arrangements) || n[2] != len(all.Participations) {
		t.Errorf("written %v", n)
	}
}

func loadAtOnce(t *testing.T, db *pgxpool.Pool, table register.Table) {
	if _, err := partner.Import(t.Context(), db, importer, table, false); err != nil {
		t.Errorf("organisations: %v", err)
	}
	if _, _, err := collaboration.Import(t.Context(), db, importer, table, false); err != nil {
		t.Errorf("arrangements: %v", err)
	}
}

func TestWhoMayImport(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	for _, a := range []access.Actor{{}, {Duty: partner.AdminDuty}, {Grants: []access.Grant{{Role: access.Admin, Organisation: "x"}}}} {
		if _, err := partner.Import(t.Context(), tx, a, register.Table{}, false); err == nil {
			t.Errorf("%+v may load organisations", a)
		}
		if _, _, err := collaboration.Import(t.Context(), tx, a, register.Table{}, false); err == nil {
			t.Errorf("%+v may load arrangements", a)
		}
	}
}

func TestWhatTheRegisterHoldsCanBeEdited(t *testing.T) {
	tx := pgtest.Tx(t)
	all := table(t)
	load(t, tx, all, false)
	var organisations []partner.Organisation
	keys := make([]string, 0, len(all.Organisations))
	for _, o := range all.Organisations {
		keys = append(keys, o.Key)
	}
	if err := postgres.Read(t.Context(), tx, partner.OrganisationByKeys(&organisations, importer, keys)); err != nil || len(organisations) != len(keys) {
		t.Fatalf("%d of %d, %v", len(organisations), len(keys), err)
	}
	for _, o := range organisations {
		if err := o.Draft(nil).Check(importer.At); err != nil {
			t.Errorf("%s: %v", o.Key, err)
		}
	}
	for _, a := range all.Arrangements {
		c, err := collaboration.Find(t.Context(), tx, importer, a.Key)
		if err != nil {
			t.Fatal(err)
		}
		if err := (collaboration.Draft{Key: c.Key, Facts: c.Facts}).Check(importer.At); err != nil {
			t.Errorf("%s: %v", c.Key, err)
		}
	}
}
