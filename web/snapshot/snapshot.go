// Package snapshot answers readers without a session from memory: one rendering of an address serves everyone who asks for
// it within a second, and stands in for a while when the database is away.
package snapshot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"regiogriffie/web/respond"
)

const (
	// MaxAge is how old the answer of a healthy site can be, counted from before its first query.
	MaxAge = time.Second
	// renewal is the age from which a reader who gets the page also begins the next one, for those after him: who asks for a
	// page that is asked for all the time never waits for it.
	renewal = 800 * time.Millisecond
	// MaxOutage is how old the answer can be that stands in while the database is away.
	MaxOutage = 15 * time.Minute

	maxPage   = 2 << 20 // a larger page is not kept
	maxPath   = 300     // of an address, in bytes
	maxFilter = 200     // of the value of a filter, in bytes
	rendering = 15 * time.Second
)

// Snapshot keeps public pages. Its zero value is not usable: New makes one.
type Snapshot struct {
	clock func() time.Time
	acts  atomic.Int64 // acts of signed-in people so far: what was rendered before one is not sure to be public still

	mu      sync.Mutex
	plain   shelf // addresses without filters
	filled  shelf // lists with filters, which anyone can make up: they crowd out only each other
	flights map[address]*flight
}

// New makes an empty snapshot; clock tells the age of what is in it.
func New(clock func() time.Time) *Snapshot {
	return &Snapshot{clock: clock, plain: newShelf(1000, 24<<20), filled: newShelf(200, 8<<20), flights: map[address]*flight{}}
}

// Forget makes everything in the snapshot unfit for use, in an outage too: something was changed, and may be public no longer.
func (s *Snapshot) Forget() { s.acts.Add(1) }

// Before answers from memory what readers without a cookie of ours ask of public addresses, and leaves the rest to next.
// Page renders, uncompressed; public tells of which paths. The rendering is asked with the address alone, so that nothing
// of who happens to ask first, no header and no cookie, can enter it.
func (s *Snapshot) Before(next, page http.Handler, public func(path string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, fits := keyOf(r)
		if !fits {
			next.ServeHTTP(w, r)
			return
		}
		kept, known, due := s.fresh(key)
		if kept != nil {
			if due {
				s.renew(r.Context(), key, kept, page)
			}
			kept.serve(w, r)
			return
		}
		if !known && !public(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		a, stale := s.ask(r.Context(), key, page)
		switch {
		case a.kept != nil && stale:
			a.kept.serveStale(w, r, s.clock())
		case a.kept != nil:
			a.kept.serve(w, r)
		case a.refusal != nil:
			a.refusal.copyTo(w)
		case r.Context().Err() == nil:
			next.ServeHTTP(w, r)
		}
	})
}

// address is what an answer depends on: the path, and the filters in one spelling.
type address struct{ path, query string }

// filters are the names that pages read from an address. With another name the snapshot leaves the address alone.
var filters = map[string]bool{
	"behandeling": true, "bladzijde": true, "na": true, "naam": true, "organisatie": true, "provincie": true, "soort": true, "stand": true,
	"status": true, "vorm": true, "wanneer": true, "zoek": true,
}

// passing are names that others hang on a link they share; no page reads them.
var passing = map[string]bool{
	"fbclid": true, "gclid": true, "utm_source": true, "utm_medium": true, "utm_campaign": true, "utm_term": true, "utm_content": true,
}

// ours are the names of our cookies, in either spelling. One of them anywhere in the header will do, however it is written.
var ours = []string{"regiogriffie", "melding", "wachtwoord"}

// keyOf is the address that a request asks for, and whether the snapshot may answer it at all.
func keyOf(r *http.Request) (address, bool) {
	u := r.URL
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.ContentLength != 0 || len(u.Path) > maxPath || u.RawPath != "" ||
		strings.Contains(u.Path, "//") || strings.Contains(u.Path, "/.") {
		return address{}, false
	}
	for _, line := range r.Header["Cookie"] {
		for _, name := range ours {
			if strings.Contains(line, name) {
				return address{}, false
			}
		}
	}
	if u.RawQuery == "" {
		return address{path: u.Path}, true
	}
	if len(u.RawQuery) > 4*maxFilter {
		return address{}, false
	}
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return address{}, false
	}
	for name, given := range values {
		switch {
		case passing[name] || filters[name] && len(given) == 1 && given[0] == "":
			delete(values, name)
		case !filters[name] || len(given) != 1 || len(given[0]) > maxFilter || !utf8.ValidString(given[0]):
			return address{}, false
		}
	}
	return address{path: u.Path, query: values.Encode()}, true
}

func (s *Snapshot) shelf(key address) *shelf {
	if key.query != "" {
		return &s.filled
	}
	return &s.plain
}

// fresh is the answer that may be given as it is, if any, whether the address was ever answered, and whether it is time for
// the next answer.
func (s *Snapshot) fresh(key address) (k *kept, known, due bool) {
	now, acts := s.clock(), s.acts.Load()
	s.mu.Lock()
	defer s.mu.Unlock()
	k = s.shelf(key).find(key)
	if k == nil {
		return nil, false, false
	}
	age := now.Sub(k.born)
	if k.acts != acts || age >= MaxAge {
		return nil, true, false
	}
	return k, true, age >= renewal && !k.renewed
}

// renew begins the rendering that comes after k, once, and waits for nothing. Those who ask when k is too old join it.
func (s *Snapshot) renew(ctx context.Context, key address, k *kept, page http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k.renewed {
		return
	}
	k.renewed = true
	if s.flights[key] == nil {
		s.begin(ctx, key, page)
	}
}

// usable tells whether k may stand in while the database is away.
func (s *Snapshot) usable(k *kept, now time.Time) bool {
	return k != nil && k.acts == s.acts.Load() && now.Sub(k.born) <= MaxOutage
}

// answer is what a rendering gave: a page to keep, or a refusal for those who asked together, or neither: then each asks
// for himself.
type answer struct {
	kept    *kept
	refusal *recorder
}

// flight is one rendering and those who wait for it.
type flight struct {
	born    time.Time
	acts    int64
	waiting int
	cancel  context.CancelFunc
	landed  chan struct{}
	got     answer // once landed
	away    bool   // the database was
}

// ask renders, or joins a rendering that began less than MaxAge ago and after the last act. Stale tells that the database
// is away and the answer the last one known.
func (s *Snapshot) ask(ctx context.Context, key address, page http.Handler) (a answer, stale bool) {
	s.mu.Lock()
	now, acts := s.clock(), s.acts.Load()
	last := s.shelf(key).find(key)
	if last != nil && last.acts == acts && now.Sub(last.born) < MaxAge { // somebody was quicker
		s.mu.Unlock()
		return answer{kept: last}, false
	}
	if s.usable(last, now) && !last.missed.IsZero() && now.Sub(last.missed) < MaxAge {
		// The database was away a moment ago: not everyone needs to wait until it shows again.
		s.mu.Unlock()
		return answer{kept: last}, true
	}
	f := s.flights[key]
	if f == nil || f.acts != acts || now.Sub(f.born) >= MaxAge {
		f = s.begin(ctx, key, page)
	}
	f.waiting++
	s.mu.Unlock()

	select {
	case <-f.landed:
	case <-ctx.Done():
		s.mu.Lock()
		if f.waiting--; f.waiting == 0 {
			f.cancel() // nobody waits any more
			if s.flights[key] == f {
				delete(s.flights, key)
			}
		}
		s.mu.Unlock()
		return answer{}, false
	}
	if f.away {
		s.mu.Lock()
		last = s.shelf(key).find(key)
		s.mu.Unlock()
		if s.usable(last, s.clock()) {
			return answer{kept: last}, true
		}
	}
	return f.got, false
}

// begin sets a rendering going. The caller holds the lock.
func (s *Snapshot) begin(ctx context.Context, key address, page http.Handler) *flight {
	// Not the reader who happens to be first decides how long the rendering may last. What the context holds at this
	// point is the id of the request, for the log.
	long, cancel := context.WithTimeout(context.WithoutCancel(ctx), rendering)
	f := &flight{born: s.clock(), acts: s.acts.Load(), cancel: cancel, landed: make(chan struct{})}
	s.flights[key] = f
	go s.fly(long, f, key, page)
	return f
}

// fly renders and puts away what came of it.
func (s *Snapshot) fly(ctx context.Context, f *flight, key address, page http.Handler) {
	defer f.cancel()
	out := render(ctx, key, page)
	s.mu.Lock()
	last := s.shelf(key).find(key)
	s.mu.Unlock()

	var made *kept
	switch {
	case out.keepable():
		made = newKept(out.body.Bytes(), f.born, f.acts, last)
		f.got = answer{kept: made}
	case out.shareable():
		f.got = answer{refusal: out}
		f.away = out.status == http.StatusServiceUnavailable
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	defer close(f.landed)
	if s.flights[key] == f {
		delete(s.flights, key)
	}
	last = s.shelf(key).find(key)
	switch {
	case made == nil && errors.Is(ctx.Err(), context.Canceled): // nobody waited for it: it says nothing
	case last != nil && last.born.After(f.born): // a later rendering was quicker
	case made != nil:
		s.shelf(key).put(key, made, s.clock())
	case f.away:
		if last != nil {
			last.missed = s.clock()
		}
	default:
		// Gone, no longer public, or broken: what was known of it is not to be trusted.
		s.shelf(key).drop(key)
	}
}

// render asks for an address as nobody: without headers, cookies, body or origin.
func render(ctx context.Context, key address, page http.Handler) (out *recorder) {
	r := (&http.Request{
		Method: http.MethodGet, URL: &url.URL{Path: key.path, RawQuery: key.query}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: http.NoBody, RequestURI: (&url.URL{Path: key.path, RawQuery: key.query}).RequestURI(),
	}).WithContext(ctx)
	out = &recorder{header: http.Header{}}
	defer func() {
		if what := recover(); what != nil {
			slog.ErrorContext(ctx, "panic", "what", what, "stack", string(debug.Stack()))
			out = &recorder{header: http.Header{}}
			respond.Fault(out, r, fmt.Errorf("rendering for the snapshot: %v", what))
		}
	}()
	page.ServeHTTP(out, r)
	return out
}

func setLength(h http.Header, n int) { h["Content-Length"] = []string{strconv.Itoa(n)} }
