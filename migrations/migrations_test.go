package migrations_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

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

// Most starts find nothing to do. They ask so on one connection, and do not stand in line for the lock of those that do.
func TestWhatIsNewestWaitsForNobody(t *testing.T) {
	t.Parallel()
	address := pgtest.Empty(t)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	other, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close(context.Background())
	if _, err := other.Exec(t.Context(), `select pg_advisory_lock($1)`, lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	patient, end := context.WithTimeout(t.Context(), 20*time.Second)
	defer end()
	if err := migrations.Up(patient, address); err != nil {
		t.Errorf("with nothing to do: %v", err)
	}
	// A right that a crash kept away comes with the next start.
	for _, sql := range []string{
		`revoke delete on river_job from regiogriffie_app`,
		`delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)`,
	} {
		if err := migrations.Up(patient, address); err != nil {
			t.Fatal(err)
		}
		var may bool
		if err := other.QueryRow(t.Context(), `select has_table_privilege('regiogriffie_app', 'river_job', 'delete')`).Scan(&may); err != nil || !may {
			t.Errorf("the right on the queue: %t, %v", may, err)
		}
		if _, err := other.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	hasty, stop := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer stop()
	if err := migrations.Up(hasty, address); err == nil {
		t.Error("with something to do it does not wait for the lock")
	}
}
