package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

// How long a no takes is up to the machine; that it comes, while nobody gives a connection back, is not.
func TestAFullPoolSaysNoWithinItsPatience(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{MaxConns: 1, Patience: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	held, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = postgres.One[int](t.Context(), pool, `select 1`, postgres.Args{}); !postgres.Busy(err) || !postgres.Unreachable(err) {
		t.Errorf("%v, want busy", err)
	}
	if _, err = pool.Begin(t.Context()); !postgres.Busy(err) {
		t.Errorf("beginning: %v, want busy", err)
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if _, err = postgres.One[int](left, pool, `select 1`, postgres.Args{}); postgres.Busy(err) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that the asker left", err)
	}
	held.Release()
	for begin := time.Now(); ; { // a busy machine may take longer than the patience to give what is free
		n, err := postgres.One[int](t.Context(), pool, `select 1`, postgres.Args{})
		if err == nil && n == 1 {
			break
		}
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("afterwards: %d, %v", n, err)
		}
	}
}

// A connection that is asked and does not answer is in use too, and yet the pool is not what is in the way.
func TestADatabaseThatIsAwayIsNotABusyOne(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{MaxConns: 1, Patience: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	held, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if err := held.Conn().PgConn().Conn().Close(); err != nil { // as a cable that is pulled out
		t.Fatal(err)
	}
	if _, err := held.Exec(t.Context(), `select 1`); !postgres.Unreachable(err) || postgres.Busy(err) {
		t.Errorf("on a broken line: %v, want out of reach", err)
	}
	if _, err = postgres.One[int](t.Context(), pool, `select 1`, postgres.Args{}); !postgres.Unreachable(err) || postgres.Busy(err) {
		t.Errorf("while the last answer was none: %v, want out of reach and not busy", err)
	}
}

func TestAPoolBeginsWithOneConnectionAndAnotherBesideItWithNone(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{MaxConns: 16})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	beside, err := postgres.Beside(t.Context(), pool, 4)
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	if one, none, most := pool.Stat().TotalConns(), beside.Stat().TotalConns(), beside.Stat().MaxConns(); one != 1 || none != 0 || most != 4 {
		t.Errorf("%d and %d connections, at most %d", one, none, most)
	}
	if role, err := postgres.One[string](t.Context(), beside, `select current_user::text`, postgres.Args{}); err != nil || role != "regiogriffie_app" {
		t.Errorf("beside it works as %q, %v", role, err)
	}
}

func TestTheProgramDoesNotServeAsARoleThatSeesPastRowSecurity(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	pool, err := postgres.Open(t.Context(), url, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	owner := pgtest.Owner(t, pool)
	// Owning is for the whole server to see; a table of this database alone tells the same and disturbs no other test.
	if _, err := owner.Exec(t.Context(), `alter table proposals owner to regiogriffie_app`); err != nil {
		t.Fatal(err)
	}
	if second, err := postgres.Open(t.Context(), url, postgres.Options{}); err == nil {
		second.Close()
		t.Error("it serves as the owner of a table with row security")
	}
}

func TestRightsLiveOnlyWithTheirQuery(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	org := id.New[id.Organisation]()
	clerk := access.Actor{Grants: []access.Grant{{Role: access.Clerk, Organisation: org}}}
	const asked = `select coalesce(current_setting('regiogriffie.actor_organisations', true), '')`
	if got, err := postgres.One[string](t.Context(), pool, asked, postgres.Args{}.As(clerk)); err != nil || got != "{"+string(org)+"}" {
		t.Fatalf("with rights: %q, %v", got, err)
	}
	if got, err := postgres.One[string](t.Context(), pool, asked, postgres.Args{}); err != nil || got != "{}" {
		t.Errorf("the next one on the same connection has %q, %v", got, err)
	}
	var after string
	if err := pool.QueryRow(t.Context(), asked).Scan(&after); err != nil || after != "" {
		t.Errorf("the connection itself keeps %q, %v", after, err)
	}
}

func TestOneWithoutARowIsNotFound(t *testing.T) {
	t.Parallel()
	if _, err := postgres.One[int](t.Context(), pgtest.Tx(t), `select 1 where false`, postgres.Args{}); !errors.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
}
