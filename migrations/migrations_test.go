package migrations_test

import (
	"database/sql"
	"testing"

	"github.com/pressly/goose/v3"

	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/migrations"
)

// first is the last change of the schema before those that this test takes back.
const first = 20261122140700

func TestWhatCameIsTakenBackAndComesAgain(t *testing.T) {
	t.Parallel()
	address := pgtest.Empty(t)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations.FS)
	if err != nil {
		t.Fatal(err)
	}
	down, err := provider.DownTo(t.Context(), first)
	if err != nil {
		t.Fatalf("down: %v", err)
	}
	up, err := provider.Up(t.Context())
	if err != nil || len(up) != len(down) || len(up) == 0 {
		t.Errorf("%d taken back, %d came again: %v", len(down), len(up), err)
	}
}
