package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
)

// mostWaits is how often a page may wait for the database, its session included.
const mostWaits = 4

// waits counts how often a request waits for the server: a batch once, a query once, begin and commit once each.
type waits struct {
	sync.Mutex
	asked []string
}

type waitsKey struct{}

func noted(ctx context.Context, what string) context.Context {
	if w, counted := ctx.Value(waitsKey{}).(*waits); counted {
		w.Lock()
		defer w.Unlock()
		w.asked = append(w.asked, strings.Join(strings.Fields(what), " "))
	}
	return ctx
}

// tracer hands each wait to the request that makes it.
type tracer struct{}

func (tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceQueryStartData) context.Context {
	return noted(ctx, d.SQL)
}
func (tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (tracer) TraceBatchStart(ctx context.Context, _ *pgx.Conn, d pgx.TraceBatchStartData) context.Context {
	var all []string
	for _, q := range d.Batch.QueuedQueries {
		all = append(all, q.SQL)
	}
	return noted(ctx, "batch of "+strings.Join(all[min(1, len(all)):], "; "))
}
func (tracer) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (tracer) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// grown makes the lists and the agenda of the world long.
func (w *world) grown() {
	w.t.Helper()
	t, clerk := w.t, w.as("own griffier")
	m := w.meetingAt(clerk, w.things["concept-vergadering"]["meeting"])
	i := w.itemAt(clerk, m.Slug, w.things["concept-vergadering/open punt"]["item"])
	minutes := 1
	for n := range 60 {
		ok(meeting.AddItem(t.Context(), w.db, clerk, m.ID, meeting.ItemDraft{
			SectionID: i.SectionID, Title: "Punt " + strconv.Itoa(n), Minutes: &minutes, Closed: n%7 == 0, Ground: "5.1.2.b",
		}))(t, "adding an item")
	}
	p := w.things["openbaar"]["proposal"]
	for _, sql := range []string{
		`insert into proposals select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'key', 'kopie' || n))).* from proposals p, generate_series(1, 150) n where p.key = '` + p + `'`,
		`insert into meetings select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'slug', m.slug || '-' || n))).* from meetings m, generate_series(1, 100) n where m.slug = '` + w.things["opgeroepen"]["meeting"] + `'`,
		`insert into meeting_organisers select m.id, o.sequence, o.organisation_id, o.body_id from meetings m, meeting_organisers o join meetings first on first.id = o.meeting_id
		   where m.slug like first.slug || '-%' and first.slug = '` + w.things["opgeroepen"]["meeting"] + `'`,
		`insert into organisations (id, key, kind, official_name) select gen_random_uuid(), 'kopie-' || n, 'municipality', 'Gemeente ' || n from generate_series(1, 150) n`,
		`insert into persons (id, family, display_name) select gen_random_uuid(), 'Persoon ' || n, 'P. Persoon ' || n from generate_series(1, 150) n`,
		`insert into accounts (id, person_id, email) select gen_random_uuid(), id, 'a' || display_name || '@voorbeeld.nl' from (select id, replace(lower(family), ' ', '') as display_name from persons where family like 'Persoon %') p`,
	} {
		if _, err := w.owner.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

func TestAPageWaitsAtMostFourTimes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.grown()
	// One connection, opened before anything is counted.
	db := ok(postgres.Open(t.Context(), w.url, postgres.Options{MaxConns: 1, Tracer: tracer{}}))(t, "opening the database")
	t.Cleanup(db.Close)
	w.serve(db)

	asked := map[string]string{}
	for _, pattern := range w.patterns(t) {
		for name, thing := range w.things {
			if address, filled := fill(pattern, thing); filled {
				asked[address] = pattern + " (" + name + ")"
			}
		}
	}
	for _, extra := range []string{"/vergaderingen?bladzijde=2", "/voorstellen?bladzijde=2", "/organisaties?bladzijde=2", "/beheer/personen?bladzijde=2"} {
		asked[extra] = extra
	}
	most, pages := map[int]int{}, 0
	for _, name := range []string{"public", "own griffier", "own steller", "own raadslid", "own functioneel-beheerder", "beheerder"} {
		v := w.visitor(name)
		for address, pattern := range asked {
			var counted waits
			r := httptest.NewRequestWithContext(context.WithValue(context.Background(), waitsKey{}, &counted), http.MethodGet, address, nil)
			if v.cookie != nil {
				r.AddCookie(v.cookie)
			}
			answer := httptest.NewRecorder()
			w.site.ServeHTTP(answer, r)
			pages++
			n := len(counted.asked)
			most[n]++
			if n > mostWaits {
				t.Errorf("%s as %s: %d waits\n  %s", pattern, name, n, strings.Join(short(counted.asked), "\n  "))
			}
			if pattern == "/vergaderingen/{meeting}/agenda (concept-vergadering)" && name == "own griffier" && strings.Count(answer.Body.String(), "Punt ") < 60 {
				t.Error("the agenda is not long")
			}
			if n == 0 && name == "own griffier" && answer.Code == http.StatusOK {
				t.Errorf("%s as %s asks nothing at all: nothing is counted", pattern, name)
			}
		}
	}
	t.Logf("%d pages; by number of waits: %v", pages, most)
}

func short(texts []string) []string {
	texts = slices.Clone(texts)
	for i, s := range texts {
		texts[i] = fmt.Sprintf("%.160s", s)
	}
	return texts
}
