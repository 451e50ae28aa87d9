package postgres_test

import (
	"errors"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

func TestAFullPoolSaysNoWithinItsPatience(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{MaxConns: 1, Patience: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	held, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	_, err = postgres.One[int](t.Context(), pool, `select 1`, postgres.Args{})
	if !postgres.Unreachable(err) || time.Since(start) > 2*time.Second {
		t.Errorf("after %s: %v, want out of reach", time.Since(start), err)
	}
	held.Release()
	if n, err := postgres.One[int](t.Context(), pool, `select 1`, postgres.Args{}); err != nil || n != 1 {
		t.Errorf("afterwards: %d, %v", n, err)
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
