package web_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/meeting"
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
		w.asked = append(w.asked, what)
	}
	return ctx
}

// mentions tells whether the database was asked for something with these words.
func (w *waits) mentions(words string) bool {
	return slices.ContainsFunc(w.asked, func(sql string) bool { return strings.Contains(sql, words) })
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
		`insert into proposals select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'key', 'kopie' || n))).*
				from proposals p, generate_series(1, 150) n where p.key = '` + p + `'`,
		`insert into meetings select (jsonb_populate_record(m, jsonb_build_object('id', gen_random_uuid(), 'slug', m.slug || '-' || n))).*
				from meetings m, generate_series(1, 100) n where m.slug = '` + w.things["opgeroepen"]["meeting"] + `'`,
		`insert into meeting_organisers select m.id, o.sequence, o.organisation_id, o.body_id from meetings m, meeting_organisers o
				join meetings first on first.id = o.meeting_id
		   where m.slug like first.slug || '-%' and first.slug = '` + w.things["opgeroepen"]["meeting"] + `'`,
		`insert into organisations (id, key, kind, official_name) select gen_random_uuid(), 'kopie-' || n, 'municipality', 'Gemeente ' || n
				from generate_series(1, 150) n`,
		`insert into persons (id, family, display_name) select gen_random_uuid(), 'Persoon ' || n, 'P. Persoon ' || n from generate_series(1, 150) n`,
		`insert into accounts (id, person_id, email) select gen_random_uuid(), id, 'a' || display_name || '@voorbeeld.nl'
				from (select id, replace(lower(family), ' ', '') as display_name from persons where family like 'Persoon %') p`,
	} {
		if _, err := w.owner.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// tooMany tells when an answer took too many waits.
func tooMany(t *testing.T, address, who string, asked []string) {
	t.Helper()
	if len(asked) > mostWaits {
		t.Errorf("%s as %s: %d waits\n  %s", address, who, len(asked), strings.Join(short(asked), "\n  "))
	}
}

func TestAPageWaitsAtMostFourTimes(t *testing.T) {
	t.Parallel()
	w := onTour(t)
	most, pages := map[int]int{}, 0
	for name, answers := range w.got {
		for address, g := range answers {
			pages++
			most[len(g.waits)]++
			tooMany(t, address, name, g.waits)
			if len(g.waits) == 0 && name == "own griffier" && g.code == http.StatusOK && strings.HasPrefix(address, "/ver") {
				t.Errorf("%s as %s asks nothing at all: nothing is counted", address, name)
			}
		}
	}
	t.Logf("%d pages; by number of waits: %v", pages, most)
}

// Nor does it wait more often when its lists are long: each page of the site once for each kind of reader, of the things that they
// may read.
func TestAPageWithLongListsWaitsAtMostFourTimes(t *testing.T) {
	t.Parallel()
	small, w := onTour(t), newWorld(t)
	w.grown()
	w.counting()
	agenda := "/vergaderingen/" + w.things["concept-vergadering"]["meeting"] + "/agenda"
	pages := 0
	for _, name := range []string{"public", "own griffier", "own steller", "beheerder"} {
		asked := []string{"/vergaderingen?bladzijde=2", "/voorstellen?bladzijde=2", "/organisaties?bladzijde=2", "/beheer/personen?bladzijde=2"}
		if name == "own griffier" {
			asked = append(asked, agenda)
		}
		for _, pattern := range w.patterns(t) {
			for _, thing := range slices.Sorted(maps.Keys(w.things)) {
				if address, filled := fill(pattern, w.things[thing]); filled && small.got[name][address].code == http.StatusOK {
					asked = append(asked, address)
					break
				}
			}
		}
		for _, address := range asked {
			var counted waits
			answer := w.askIn(context.WithValue(context.Background(), waitsKey{}, &counted), w.visitor(name), http.MethodGet, address, nil)
			pages++
			tooMany(t, address, name, counted.asked)
			if address == agenda && strings.Count(answer.Body.String(), "Punt ") < 60 {
				t.Error("the agenda is not long")
			}
		}
	}
	t.Logf("%d pages", pages)
}

func short(texts []string) []string {
	texts = slices.Clone(texts)
	for i, s := range texts {
		texts[i] = fmt.Sprintf("%.160s", strings.Join(strings.Fields(s), " "))
	}
	return texts
}
