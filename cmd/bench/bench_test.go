package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/postgres/pgtest"
)

func TestASmallFillIsWholeAndItsPagesAnswer(t *testing.T) {
	t.Parallel()
	w := &site{url: pgtest.URL(t), notes: &notes{}, bare: &bare{}}
	conn, err := pgx.Connect(t.Context(), w.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	indexes := count(t, conn, `select count(*) from pg_indexes where schemaname = 'public'`)
	// Foreign keys are checked here, unlike in a real run.
	s := size{Meetings: 20, Items: 30, Proposals: 100}
	if w.found, err = fill(t.Context(), conn, s, time.Now()); err != nil {
		t.Fatal(err)
	}
	for sql, expected := range map[string]int{
		`select count(*) from pg_indexes where schemaname = 'public'`:                                                                     indexes,
		`select count(*) from meetings`:                                                                                                   20,
		`select count(*) from agenda_items`:                                                                                               21 * 30,
		`select count(*) from agenda_item_matters`:                                                                                        21 * 30,
		`select count(*) from proposals`:                                                                                                  100,
		`select count(*) from proposals where visibility = 'public'`:                                                                      70,
		`select count(*) from proposals where audience_bodies is not null`:                                                                2,
		`select count(*) from agenda_item_matters where proposal_id is not null`:                                                          70,
		`select count(*) from attachments a left join attachment_files f using (disk_name) where f.disk_name is null`:                     0,
		`select count(*) from attachments where object_kind = 'proposal' and object_id not in (select id from proposals)`:                 0,
		`select count(*) from agenda_items i join agenda_item_matters m on m.item_id = i.id where i.closed and m.audience_bodies is null`: 0,
	} {
		if n := count(t, conn, sql); n != expected {
			t.Errorf("%s: %d, expected %d", sql, n, expected)
		}
	}

	late := func(int, int, time.Duration) error { return errSlow }
	for pace, expected := range map[*func(int, int, time.Duration) error]error{&late: errSlow, nil: nil} {
		f := &filler{conn: conn}
		if pace != nil {
			f.size.Pace = *pace
		}
		// In a transaction, as a real run has it: what is given up leaves nothing.
		err := pgx.BeginFunc(t.Context(), conn, func(pgx.Tx) error { return f.archive(t.Context(), 250) })
		if !errors.Is(err, expected) {
			t.Fatalf("copying: %v, expected %v", err, expected)
		}
	}
	for sql, expected := range map[string]int{
		`select count(*) from proposals`:                                             350,
		`select count(distinct key) from proposals`:                                  350,
		`select count(*) from proposals where length(key) = 16`:                      250,
		`select count(*) from proposals where visibility = 'public'`:                 70 + 2*70 + 35, // of each hundred
		`select count(distinct owner_org_id) from proposals where length(key) = 16`:  organisations,
		`select count(*) from proposals where length(key) = 16 and explanation = ''`: 0,
	} {
		if n := count(t, conn, sql); n != expected {
			t.Errorf("%s: %d, expected %d", sql, n, expected)
		}
	}

	t.Cleanup(w.close)
	if err := w.serve(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	for _, p := range w.found.pages() {
		c, wire, err := w.cost(p)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		if c.Bytes < 2000 || c.WireBytes >= c.Bytes || c.RoundTrips > 4 {
			t.Errorf("%s: %+v", p.Name, c)
		}
		if signed := p.cookie != ""; signed != strings.Contains(body(w, p), "Maatlat") {
			t.Errorf("%s: the name of who is signed in belongs on his own pages alone", p.Name)
		}
		for _, path := range []string{p.path, fromMemory, withQueries, withDecoded} {
			a := wire
			a.path = path
			seen, err := load(t.Context(), w.addr, a, 2, 20*time.Millisecond)
			for longer := 100 * time.Millisecond; err != nil && longer < 10*time.Second; longer *= 3 { // a busy machine
				seen, err = load(t.Context(), w.addr, a, 2, longer)
			}
			if err != nil || seen.Refused > 0 || seen.P99 < seen.P50 || seen.PerSecond <= 0 {
				t.Errorf("%s by %s: %+v, %v", p.Name, path, seen, err)
			}
		}
	}
	if agenda := body(w, w.found.pages()[1]); strings.Count(agenda, "Besloten punt") < 6 || strings.Count(agenda, "/agenda/") < 54 {
		t.Error("the long agenda does not have its sixty items")
	}
}

func TestALoadRefusesAWrongAnswer(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/weg" {
			w.WriteHeader(http.StatusNotFound)
		}
		w.Write(bytes.Repeat([]byte("a"), 5000))
		if r.URL.Path == "/stukken" {
			http.NewResponseController(w).Flush()
		}
	}))
	t.Cleanup(server.Close)
	addr := strings.TrimPrefix(server.URL, "http://")
	for path, good := range map[string]int{"/": 5000, "/stukken": 5000, "/weg": 0} {
		if _, err := load(t.Context(), addr, ask{path, "", 5000}, 1, 5*time.Millisecond); (err == nil) != (good == 5000) {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := load(t.Context(), addr, ask{path, "", 9000}, 1, 5*time.Millisecond); err == nil {
			t.Errorf("%s: a page of the wrong length was taken", path)
		}
	}
}

func body(w *site, p page) string {
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, request(p, false))
	return answer.Body.String()
}

func count(t *testing.T, conn *pgx.Conn, sql string) (n int) {
	t.Helper()
	if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

func TestTheProcessorTimeIsOfTheServerToo(t *testing.T) {
	t.Parallel()
	pool := pgtest.DB(t)
	work, err := newProcessor(t.Context(), pool)
	if err != nil {
		t.Fatal(err)
	}
	if work.used() == 0 {
		t.Skip("the system does not tell")
	}
	before, own := work.used(), atWork(os.Getpid())
	for range 10 { // each within the limit of a statement, on a busy machine too
		if _, err := pool.Exec(t.Context(), `select count(*) from generate_series(1, 300000)`); err != nil {
			t.Fatal(err)
		}
	}
	all, self := work.used()-before, atWork(os.Getpid())-own
	if all <= self || all-self < 20*time.Millisecond {
		t.Errorf("together %s, of which this process %s", all, self)
	}
}
