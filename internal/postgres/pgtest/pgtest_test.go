package pgtest_test

import (
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/postgres/pgtest"
)

func TestTestsInParallelHaveDatabasesOfTheirOwn(t *testing.T) {
	pgtest.URL(t) // the first makes the template, and is not what the others cost
	var names sync.Map
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			db := pgtest.DB(t)
			t.Logf("a database in %v", time.Since(begin).Round(time.Millisecond))
			var name, role string
			if err := db.QueryRow(t.Context(), `select current_database(), current_user`).Scan(&name, &role); err != nil {
				t.Fatal(err)
			}
			if _, taken := names.LoadOrStore(name, true); taken {
				t.Errorf("%s was given twice", name)
			}
			if role != "regiogriffie_app" {
				t.Errorf("the role is %s", role)
			}
			owner := pgtest.Owner(t, db)
			if _, err := owner.Exec(t.Context(), `create table only_here ()`); err != nil {
				t.Errorf("another test's table is in the way, or this is no owner: %v", err)
			}
		})
	}
}

func TestATransactionLeavesNothingBehind(t *testing.T) {
	for range 2 {
		t.Run("", func(t *testing.T) {
			begin := time.Now()
			tx := pgtest.Tx(t)
			t.Logf("a transaction in %v", time.Since(begin).Round(time.Microsecond))
			if _, err := tx.Exec(t.Context(), `reset role; create table brief ()`); err != nil {
				t.Errorf("the table of the test before is still there: %v", err)
			}
		})
	}
	var role string
	if err := pgtest.Tx(t).QueryRow(t.Context(), `select current_user`).Scan(&role); err != nil || role != "regiogriffie_app" {
		t.Errorf("the role of the next transaction is %s, %v", role, err)
	}
}

func TestADatabaseIsGoneAfterItsTest(t *testing.T) {
	var address string
	t.Run("", func(t *testing.T) {
		address = pgtest.URL(t)
		// Left open on purpose.
		if _, err := pgx.Connect(t.Context(), address); err != nil {
			t.Fatal(err)
		}
	})
	if conn, err := pgx.Connect(t.Context(), address); err == nil {
		conn.Close(t.Context())
		t.Error("it is still there")
	}
}

func TestAnEmptyDatabaseHasNoTables(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), pgtest.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var tables int
	if err := conn.QueryRow(t.Context(), `select count(*) from pg_tables where schemaname = 'public'`).Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d tables, %v", tables, err)
	}
}
