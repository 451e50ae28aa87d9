// Package pgtest gives a test its database.
package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/postgres"
)

// connections is how many a test gets: enough to wait on itself, few enough for many tests at once.
const connections = 8

// patience is how long a test waits for a connection or an answer: no verdict hangs on the speed of the machine.
const patience = time.Minute

// DB is a database of the test's own, with the schema and nothing else, seen as the program sees it when it serves.
// It is gone after the test.
func DB(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return Open(t, URL(t), nil)
}

// Open is a pool on a test database as the program has it when it serves, with more patience. It is closed after the test.
func Open(t testing.TB, address string, tracer pgx.QueryTracer) *pgxpool.Pool {
	t.Helper()
	db, err := postgres.Open(t.Context(), patient(t, address), postgres.Options{MaxConns: connections, Patience: patience, Tracer: tracer})
	if err != nil {
		t.Fatalf("opening the test database: %v", err)
	}
	t.Cleanup(func() { closePool(t, db) })
	return db
}

// patient gives queries more time than the program gives them.
func patient(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("reading the address of the test database: %v", err)
	}
	query := u.Query()
	query.Set("statement_timeout", strconv.FormatInt(patience.Milliseconds(), 10))
	u.RawQuery = query.Encode()
	return u.String()
}

// Owner is the same database as db, seen by its owner: no wall of row security stands in the way.
func Owner(t testing.TB, db *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	s := running(t)
	config, err := pgxpool.ParseConfig(s.urlOf(db.Config().ConnConfig.Database))
	if err != nil {
		t.Fatalf("reading the address of the test database: %v", err)
	}
	config.MaxConns = connections
	owner, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatalf("opening the test database as its owner: %v", err)
	}
	t.Cleanup(func() { closePool(t, owner) })
	return owner
}

// shared is the database of all transactions of this process. Nobody commits to it.
var shared struct {
	sync.Mutex
	pool *pgxpool.Pool
}

// Tx is a transaction on a database with the schema and nothing else, as the program that serves. It is rolled back after
// the test, so it is the quick way for what needs no transactions of its own.
func Tx(t testing.TB) pgx.Tx {
	t.Helper()
	tx, err := sharedPool(t).Begin(t.Context())
	if err != nil {
		t.Fatalf("beginning the transaction of the test: %v", err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if err := tx.Rollback(context.Background()); err != nil && err != pgx.ErrTxClosed {
			t.Errorf("rolling back the transaction of the test: %v", err)
		}
	})
	return tx
}

// OneWall is Tx without row security, as the owner of the database: what is left out here, the conditions in the queries leave out.
func OneWall(t testing.TB) pgx.Tx {
	t.Helper()
	tx := Tx(t)
	var past bool
	if _, err := tx.Exec(t.Context(), `reset role`); err != nil {
		t.Fatalf("taking row security away: %v", err)
	}
	if err := tx.QueryRow(t.Context(), `select rolsuper or rolbypassrls from pg_roles where rolname = current_user`).Scan(&past); err != nil || !past {
		t.Fatalf("the owner of the test database does not look past row security: %v", err)
	}
	return tx
}

func sharedPool(t testing.TB) *pgxpool.Pool {
	t.Helper()
	s := running(t)
	shared.Lock()
	defer shared.Unlock()
	if shared.pool != nil {
		return shared.pool
	}
	// It outlives this test, so nothing here may hang on the test's context.
	ctx := context.Background()
	template, err := s.migrated()
	if err != nil {
		t.Fatal(err)
	}
	database, err := s.create(ctx, template)
	if err != nil {
		t.Fatal(err)
	}
	pool, err := postgres.Open(ctx, patient(t, s.urlOf(database)), postgres.Options{MaxConns: 32, Patience: patience})
	if err != nil {
		t.Fatalf("opening the shared test database: %v", err)
	}
	shared.pool = pool
	return pool
}

// URL is the owner's address of a database of the test's own, with the schema and nothing else. It is gone after the test.
func URL(t testing.TB) string {
	t.Helper()
	template, err := running(t).migrated()
	if err != nil {
		t.Fatal(err)
	}
	return clone(t, template)
}

// Empty is the owner's address of a database of the test's own in which nothing has been made yet. It is gone after the test.
func Empty(t testing.TB) string {
	t.Helper()
	return clone(t, "template0")
}

// Copies gives each caller the owner's address of a database of the test's own, gone after the test, that begins as fill left the
// first one. fill runs once in a process, at the first asking; what it opens it closes, for nobody may be connected to what is copied.
func Copies(fill func(url string) error) func(testing.TB) string {
	filled := sync.OnceValues(func() (string, error) {
		s, err := begin()
		if err != nil {
			return "", err
		}
		template, err := s.migrated()
		if err != nil {
			return "", err
		}
		// It outlives the test that asks first. The next run drops it, as it does with all that a process leaves.
		ctx := context.Background()
		database, err := s.create(ctx, template)
		if err != nil {
			return "", err
		}
		if err := fill(s.urlOf(database)); err != nil {
			return "", err
		}
		_, err = s.admin.Exec(ctx, `alter database `+database+` with allow_connections false`)
		return database, err
	})
	return func(t testing.TB) string {
		t.Helper()
		database, err := filled()
		if err != nil {
			t.Fatalf("filling the database that tests copy: %v", err)
		}
		return clone(t, database)
	}
}

func clone(t testing.TB, template string) string {
	t.Helper()
	s := running(t)
	database, err := s.create(t.Context(), template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// Force: what the test left open must not keep the database.
		if _, err := s.admin.Exec(context.Background(), `drop database if exists `+database+` with (force)`); err != nil {
			t.Errorf("dropping the test database: %v", err)
		}
	})
	return s.urlOf(database)
}

// closePool closes a pool, and says so when the test kept a connection for itself instead of waiting for it for ever.
func closePool(t testing.TB, pool *pgxpool.Pool) {
	closed := make(chan struct{})
	go func() {
		pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(patience):
		t.Errorf("%d connections were never given back: rows not closed, or a transaction without end", pool.Stat().AcquiredConns())
	}
}

// server is the server of all tests in this process.
type server struct {
	claim *pgx.Conn // holds the lock on the number of this run; kept here, so that it is not collected
	admin *pgxpool.Pool
	url   url.URL
	run   int32 // marks the databases of this process
	count atomic.Int64

	// migrated is the name of the database with the schema. It is made at the first asking: a test of Empty needs none.
	migrated func() (string, error)
}

func (s *server) urlOf(database string) string {
	u := s.url
	u.Path = "/" + database
	return u.String()
}

// create makes a database. File copy writes no log of every page, which is what makes it quick.
func (s *server) create(ctx context.Context, template string) (string, error) {
	database := fmt.Sprintf("%s%d_%d", prefix, s.run, s.count.Add(1))
	if _, err := s.admin.Exec(ctx, `create database `+database+` template `+template+` strategy file_copy`); err != nil {
		return "", fmt.Errorf("making a test database: %w", err)
	}
	return database, nil
}
