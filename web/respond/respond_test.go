package respond

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
)

// Not in parallel: it listens to the log of the whole program.
func TestWhoGoesOnToAnotherPageIsNoOutage(t *testing.T) {
	said := slog.Default()
	t.Cleanup(func() { slog.SetDefault(said) })
	gone, leave := context.WithCancel(t.Context())
	leave()
	late, end := context.WithDeadline(t.Context(), time.Now())
	defer end()
	for _, c := range []struct {
		ctx  context.Context
		want string
	}{{gone, "level=INFO"}, {late, "level=WARN"}} {
		var log bytes.Buffer
		slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
		w := httptest.NewRecorder()
		Fault(w, httptest.NewRequestWithContext(c.ctx, "GET", "/", nil), fmt.Errorf("reading: %w", c.ctx.Err()))
		if w.Code != 503 || !strings.Contains(log.String(), c.want) {
			t.Errorf("%v: %d %s", c.ctx.Err(), w.Code, log.String())
		}
	}
}

// Not in parallel: it listens to the log of the whole program.
func TestABusyPoolIsToldApartFromADatabaseThatIsAway(t *testing.T) {
	said := slog.Default()
	t.Cleanup(func() { slog.SetDefault(said) })
	pool, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{MaxConns: 1, Patience: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	held, err := pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, full := postgres.One[int](t.Context(), pool, `select 1`, postgres.Args{})
	held.Release()
	away := &pgconn.PgError{Code: "57P01"}
	for _, c := range []struct {
		err             error
		logs, page, not string
	}{
		{full, "the pool is full", "Even te druk", "Even niet bereikbaar"},
		{away, "database out of reach", "Even niet bereikbaar", "Even te druk"},
	} {
		var log bytes.Buffer
		slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
		w := httptest.NewRecorder()
		Fault(w, httptest.NewRequest("GET", "/", nil), fmt.Errorf("reading: %w", c.err))
		if page := w.Body.String(); w.Code != 503 || w.Header().Get("Retry-After") == "" || !strings.Contains(page, c.page) || strings.Contains(page, c.not) {
			t.Errorf("%v: %d, not the page %q", c.err, w.Code, c.page)
		}
		if !strings.Contains(log.String(), c.logs) || !strings.Contains(log.String(), "level=WARN") {
			t.Errorf("%v: the log says %s", c.err, log.String())
		}
	}
}
