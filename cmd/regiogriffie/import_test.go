package main

import (
	"strings"
	"testing"

	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

func TestImportingRegistersTellsWhatDiffersBeforeItWrites(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	run := func(write bool) string {
		t.Helper()
		var out strings.Builder
		if err := importRegisters(t.Context(), db, "", write, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if got := run(false); !strings.Contains(got, "Organisaties: 1.0") || strings.Contains(got, "--write") {
		t.Errorf("first: %s", got)
	}
	if got := run(true); strings.Count(got, ": 0 toegevoegd") != 3 || strings.Count(got, "0 gegevens") != 3 {
		t.Errorf("second: %s", got)
	}
	if _, err := postgres.Exec(t.Context(), db, `update organisations set short_name = 'Anders' where ref = 'gm0397'`, nil); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if got := run(false); !strings.Contains(got, `gm0397 Gemeente Heemstede: korte naam was "Anders", wordt "Heemstede"`) || !strings.Contains(got, "--write") {
			t.Errorf("differs: %s", got)
		}
	}
	if got := run(true); !strings.Contains(got, "1 gegeven gewijzigd") {
		t.Errorf("written: %s", got)
	}
	if got := run(false); strings.Contains(got, "Anders") {
		t.Errorf("afterwards: %s", got)
	}
}
