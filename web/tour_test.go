package web_test

import (
	"context"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/postgres/pgtest"
)

// got is what is kept of one answer.
type got struct {
	code   int
	marks  map[int]bool
	signIn bool     // it asks to sign in
	waits  []string // what the database was asked for, one for each wait
	noted  []string // the things of which the visitor was noted as a reader
	face   string   // all of it, but for what differs between any two
	inline string   // what the policy of a page forbids, and it holds nonetheless
}

// asksToSignIn tells whether an answer is the page to sign in on.
func asksToSignIn(answer *httptest.ResponseRecorder) bool {
	body := answer.Body.String()
	return strings.Contains(body, `name="password"`) && strings.Contains(body, "<h1>Inloggen</h1>")
}

// walk is everything that visitors got, by visitor and address.
type walk map[string]map[string]got

// party are those who walk: everyone, or these alone; of the whole the whole answer is kept, of the readers what they were noted to
// read. They begin at the addresses of all that exists, or at these.
type party struct{ all, whole, readers, start []string }

// walked opens every address and follows every link.
func (w *world) walked(t testing.TB, p party) walk {
	t.Helper()
	all := walk{}
	if p.start == nil {
		p.start = w.guesses(t)
	}
	var mu sync.Mutex
	w.everyVisitor(func(v visitor) {
		if !among(p.all, v.name) {
			return
		}
		mine, whole, reads := map[string]got{}, slices.Contains(p.whole, v.name), slices.Contains(p.readers, v.name)
		w.crawl(v, p.start, func(address string, answer *httptest.ResponseRecorder, counted *waits) {
			g := got{code: answer.Code, marks: marksIn(answer), signIn: asksToSignIn(answer), waits: counted.asked}
			if strings.HasPrefix(answer.Header().Get("Content-Type"), "text/html") {
				g.inline = inline.FindString(answer.Body.String())
			}
			if answer.Code >= 500 {
				t.Errorf("%s as %s: %d", address, v.name, answer.Code)
			}
			if whole {
				g.face = newKeyForm.ReplaceAllString(faceless(address, answer), "")
			}
			if reads && counted.mentions("insert into closed_readings") {
				g.noted = slices.Collect(maps.Keys(w.taken(t, v)))
			}
			mine[address] = g
		})
		if reads {
			for thing := range w.taken(t, v) {
				t.Errorf("%s was noted as a reader of %s, and no answer to them did so", v.name, thing)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		all[v.name] = mine
	})
	return all
}

// readers are the visitors whose readings are held against the list of readers.
func (w *world) readers() []string {
	if !proving() {
		return []string{"own griffier", "own raadslid", "own steller", "own noodlezer", "other griffier", "joint lid", "beheerder"}
	}
	var all []string
	for _, v := range w.visitors {
		if v.cookie != nil {
			all = append(all, v.name)
		}
	}
	return all
}

// tour is one walk through the world, which many tests ask about. Nobody changes the world under it.
type tour struct {
	*world
	got    walk
	before string // all that people made, before the walk
}

var toured struct {
	sync.Once
	*tour
}

// onTour gives the walk of this process: what every test asks about is asked once.
func onTour(t testing.TB) *tour {
	t.Helper()
	toured.Do(func() {
		w := newWorld(lasting{t})
		before := w.contents(t)
		w.counting()
		toured.tour = &tour{world: w, before: before, got: w.walked(t, party{all: daily(), whole: strangers(), readers: w.readers()})}
	})
	if toured.tour == nil {
		t.Fatal("the tour was not made")
	}
	return &tour{world: toured.under(t), got: toured.got, before: toured.before}
}

// under is the same world, for another test.
func (w *world) under(t testing.TB) *world {
	same := *w
	same.t = t
	return &same
}

// counting serves the world with connections that were opened before anything is counted.
func (w *world) counting() {
	w.t.Helper()
	ctx, db := context.Background(), pgtest.Open(w.t, w.url, tracer{})
	var open []*pgxpool.Conn
	for range db.Config().MaxConns {
		open = append(open, ok(db.Acquire(ctx))(w.t, "opening a connection"))
	}
	for _, c := range open {
		c.Release()
	}
	w.serve(db)
}
