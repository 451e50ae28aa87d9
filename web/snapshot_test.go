package web_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/klauspost/compress/gzip"

	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web"
)

// ticking serves the world with a snapshot whose clock the test moves.
func (w *world) ticking(db *pgxpool.Pool) (passes func(time.Duration)) {
	var nanos atomic.Int64
	app := web.App{DB: db, Files: w.files, Now: func() time.Time { return now }, BaseURL: "http://regiogriffie.test", Contact: "meld@voorbeeld.nl"}
	w.site = web.Routes(web.WithClock(app, func() time.Time { return now.Add(time.Duration(nanos.Load())) }))
	return func(d time.Duration) { nanos.Add(int64(d)) }
}

// tally counts what is asked of the database.
type tally struct{ asked atomic.Int64 }

func (c *tally) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.asked.Add(1)
	return ctx
}
func (*tally) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (c *tally) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.asked.Add(1)
	return ctx
}
func (*tally) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (*tally) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

func TestAStormAsksTheDatabaseOnceASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var counted tally
	db := pgtest.Open(t, w.url, &counted)
	passes := w.ticking(db)
	address := "/vergaderingen/" + w.things["opgeroepen"]["meeting"]
	w.ask(w.visitor("public"), http.MethodGet, address, nil) // opens the connection
	for second := range 3 {
		passes(time.Second)
		before := counted.asked.Load()
		var wait sync.WaitGroup
		for range 1000 {
			wait.Go(func() {
				if answer := w.ask(w.visitor("public"), http.MethodGet, address, nil); answer.Code != http.StatusOK {
					t.Errorf("%d", answer.Code)
				}
			})
		}
		wait.Wait()
		if asked := counted.asked.Load() - before; asked < 1 || asked > mostWaits-1 {
			t.Errorf("second %d: asked %d times", second, asked)
		}
	}
}

func TestWhatIsWithdrawnIsGoneWithinASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	passes := w.ticking(w.db)
	see := func(when, address string, want int) {
		t.Helper()
		if got := w.ask(w.visitor("public"), http.MethodGet, address, nil).Code; got != want {
			t.Errorf("%s: %s: %d, want %d", when, address, got, want)
		}
	}
	key := w.things["openbaar"]["proposal"]
	proposal := "/voorstellen/" + key
	becomes := func(visibility string) {
		t.Helper()
		_, err := w.owner.Exec(t.Context(), `update proposals set visibility = $2 where key = $1`, key, visibility)
		done(t, visibility, err)
	}
	// By another copy of the program.
	see("before", proposal, 200)
	becomes("org")
	see("at once", proposal, 200) // or the test does not reach the snapshot
	passes(time.Second)
	see("a second later", proposal, 404)

	// By an act in this one: at once. Any act will do, for the snapshot does not know what it changed.
	becomes("public")
	see("public again", proposal, 200)
	becomes("org")
	w.ask(w.visitor("public"), http.MethodPost, "/uitloggen", url.Values{})
	w.ask(w.visitor("own steller"), http.MethodPost, "/voorstellen", url.Values{"minutes": {"geen getal"}})
	see("after what was no act", proposal, 200)
	w.ask(w.visitor("own steller"), http.MethodPost, "/uitloggen", url.Values{})
	see("after the act", proposal, 404)
}

// storms are the addresses that readers with and without a session ask for at once: all that the snapshot may keep, and one of each
// other kind, for those pass it by alike.
func (w *world) storms(t testing.TB) (addresses []string) {
	found := map[string]bool{}
	for _, pattern := range w.patterns(t) {
		if strings.HasPrefix(pattern, "/bestanden") || strings.HasPrefix(pattern, "/beheer") {
			continue
		}
		for _, thing := range slices.Sorted(maps.Keys(w.things)) {
			if address, filled := fill(pattern, w.things[thing]); filled {
				found[address] = true
				if !web.PublicPages[pattern] && !proving() {
					break
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// mingle has readers with and without a session ask for these at the same time, and tells what the public got wrong.
func (w *world) mingle(t *testing.T, passes func(time.Duration), addresses []string) (wrong []string, kept int) {
	tricks := [][]string{
		nil,
		{"Cookie", "regiogriffie=bestaat-niet"},
		{"Cookie", "__Host-regiogriffie=" + w.visitor("own griffier").cookie.Value + "; anders=1"}, // of another host: not ours under http
		{"Cookie", "melding=aGFsbG8"},
		{"Cookie", "anders=" + w.visitor("own griffier").cookie.Value},
		{"X-Forwarded-For", "127.0.0.1", "X-Forwarded-Host", "elders.voorbeeld", "X-Original-URL", "/beheer", "X-HTTP-Method-Override", "POST"},
		{"Authorization", "Bearer " + w.visitor("own griffier").cookie.Value},
		{"Range", "bytes=0-99", "Accept-Encoding", "gzip"},
		{"If-None-Match", "*"},
		{"Cache-Control", "only-if-cached", "Pragma", "no-cache"},
	}
	var mu sync.Mutex
	var wait sync.WaitGroup
	turn := make(chan struct{}, 16)
	for n, address := range addresses {
		if n%20 == 0 {
			passes(time.Second)
		}
		ask := func(v visitor, method string, header ...string) {
			turn <- struct{}{}
			wait.Go(func() {
				defer func() { <-turn }()
				answer := w.ask(v, method, address, nil, header...)
				mu.Lock()
				defer mu.Unlock()
				h := answer.Header()
				if v.cookie != nil {
					// A feed has a mark of its own and answers for itself, privately.
					own := h.Get("Cache-Control") == "private, no-cache"
					if h.Get("Cache-Control") == "no-cache" || answer.Code == http.StatusNotModified && !own {
						wrong = append(wrong, fmt.Sprintf("%s as %s comes from the snapshot", address, v.name))
					}
					return
				}
				if h.Get("ETag") != "" {
					kept++
				}
				if h.Get("Content-Encoding") == "gzip" {
					answer.Body = bytes.NewBuffer(unzip(t, answer.Body))
				}
				if leaked := w.wrong(v, marksIn(answer)); len(leaked) > 0 {
					wrong = append(wrong, fmt.Sprintf("%s with %v tells %q", address, header, leaked))
				}
				for _, name := range []string{"own griffier", "own raadslid", "beheerder"} {
					if who := w.visitor(name).actor.Name; strings.Contains(answer.Body.String(), `href="/account">`+who) {
						wrong = append(wrong, fmt.Sprintf("%s with %v names %s", address, header, who))
					}
				}
				if h.Get("ETag") != "" && len(answer.Result().Cookies()) > 0 {
					wrong = append(wrong, fmt.Sprintf("%s with %v sets a cookie", address, header))
				}
			})
		}
		for _, name := range []string{"own griffier", "own raadslid", "beheerder"} {
			ask(w.visitor(name), http.MethodGet, "If-None-Match", "*")
			ask(w.visitor("public"), http.MethodGet, tricks[n%len(tricks)]...)
			ask(w.visitor("public"), http.MethodHead)
			ask(w.visitor("public"), http.MethodGet)
		}
	}
	wait.Wait()
	return wrong, kept
}

func unzip(t testing.TB, from io.Reader) []byte {
	content := ok(io.ReadAll(ok(gzip.NewReader(from))(t, "reading gzip")))(t, "reading gzip")
	return content
}

func TestNothingOfASignedInReaderEntersTheSnapshot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	passes := w.ticking(w.db)
	addresses := w.storms(t)
	wrong, kept := w.mingle(t, passes, addresses)
	report(t, "of a reader in the snapshot", wrong)
	if kept < 200 {
		t.Errorf("only %d answers came from the snapshot", kept)
	}

	// Its twin: a memory that keeps the first answer of an address, whoever asked.
	site := w.site
	var memory sync.Map
	w.site = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		made := httptest.NewRecorder()
		site.ServeHTTP(made, r)
		first, _ := memory.LoadOrStore(r.URL.String(), made)
		answer := first.(*httptest.ResponseRecorder)
		maps.Copy(out.Header(), answer.Header())
		out.WriteHeader(answer.Code)
		_, _ = out.Write(answer.Body.Bytes())
	})
	if wrong, _ := w.mingle(t, passes, addresses[:min(150, len(addresses))]); len(wrong) < 20 {
		t.Errorf("a memory without care fails %d times: the test cannot fail", len(wrong))
	}
}

// The guards are the same for an answer from memory, and each request keeps its own number.
func TestAnAnswerFromMemoryHasTheSameGuards(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app := web.App{DB: w.db, Files: w.files, Now: func() time.Time { return now }, BaseURL: "https://regiogriffie.test"}
	w.site = web.Routes(app)
	for _, address := range []string{"/", "/vergaderingen/" + w.things["opgeroepen"]["meeting"], "/bestaat-niet", "/voorstellen/bestaat-niet"} {
		// With that word in a cookie it is answered live.
		live := w.ask(w.visitor("public"), http.MethodGet, address, nil, "Cookie", "x=melding")
		first := w.ask(w.visitor("public"), http.MethodGet, address, nil)
		second := w.ask(w.visitor("public"), http.MethodGet, address, nil)
		if live.Body.String() != first.Body.String() || live.Code != first.Code {
			t.Errorf("%s differs from the live page", address)
		}
		id := "X-Request-Id"
		if a, b := first.Header().Get(id), second.Header().Get(id); a == "" || a == b {
			t.Errorf("%s: numbers %q and %q", address, a, b)
		}
		for _, own := range []string{id, "Etag", "Content-Length", "Vary"} {
			live.Header().Del(own)
			first.Header().Del(own)
		}
		if !maps.EqualFunc(live.Header(), first.Header(), slices.Equal) || live.Header().Get("Strict-Transport-Security") == "" {
			t.Errorf("%s:\nlive %v\nkept %v", address, live.Header(), first.Header())
		}
	}
}

// A page that everyone may keep is one of those that the snapshot knows, so that a new one is not forgotten.
func TestThePublicPagesAreKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	found := map[string]bool{}
	for _, pattern := range w.patterns(t) {
		for _, thing := range w.things {
			address, filled := fill(pattern, thing)
			if !filled {
				continue
			}
			answer := w.ask(w.visitor("public"), http.MethodGet, address, nil)
			if answer.Header().Get("Cache-Control") != "no-cache" {
				continue
			}
			found[pattern] = true
			if answer.Header().Get("ETag") == "" {
				t.Errorf("%s does not come from the snapshot", address)
			}
		}
	}
	for pattern := range web.PublicPages {
		if !found[pattern] {
			t.Errorf("%s is no page for everyone", pattern)
		}
	}
	// A filter that the snapshot does not know is answered live: slow, not wrong.
	known := ok(os.ReadFile("snapshot/snapshot.go"))(t, "reading")
	asks := regexp.MustCompile(`request\.Query\(r, "([a-z]+)"\)`)
	for area := range strings.SplitSeq("collaborations meetings partners proposals", " ") {
		for _, file := range ok(filepath.Glob(area+"/pages.go"))(t, "looking") {
			for _, m := range asks.FindAllSubmatch(ok(os.ReadFile(file))(t, file), -1) {
				if !bytes.Contains(known, []byte(`"`+string(m[1])+`": true`)) {
					t.Errorf("%s reads %q, which the snapshot does not know", file, m[1])
				}
			}
		}
	}
}

// caller asks one thing over and over on one connection, with as little work of its own as can be.
type caller struct {
	conn    net.Conn
	in      *bufio.Reader
	request []byte
}

func (c *caller) ask() error {
	if _, err := c.conn.Write(c.request); err != nil {
		return err
	}
	length := -1
	for n := 0; ; n++ {
		line, err := c.in.ReadSlice('\n')
		switch {
		case err != nil:
			return err
		case n == 0 && !bytes.Contains(line, []byte(" 200 ")):
			return fmt.Errorf("answer %q", line)
		case len(line) == 2:
			if length < 1000 {
				return fmt.Errorf("length %d", length)
			}
			_, err := c.in.Discard(length)
			return err
		case bytes.HasPrefix(line, []byte("Content-Length: ")):
			length, _ = strconv.Atoi(string(bytes.TrimSpace(line[16:])))
		}
	}
}

// BenchmarkPublicMeetingPage measures the public page of a meeting of 60 items against a bare handler that writes the same
// bytes from memory, at 64 connections, turn by turn: go test ./web -run '^$' -bench PublicMeetingPage -benchtime 40000x
func BenchmarkPublicMeetingPage(b *testing.B) {
	w := newWorld(b)
	clerk := w.as("own griffier")
	m := w.meetingAt(clerk, w.things["opgeroepen"]["meeting"])
	minutes := 1
	section := w.itemAt(clerk, m.Slug, w.things["opgeroepen/open punt"]["item"]).SectionID
	for n := range 60 {
		ok(meeting.AddItem(b.Context(), w.db, clerk, m.ID, meeting.ItemDraft{
			SectionID: section, Title: fmt.Sprintf("Zienswijze %x op de begroting van regeling %x", n*n*7919, (n+3)*104729), Minutes: &minutes,
		}))(b, "adding an item")
	}
	address := "/vergaderingen/" + m.Slug
	whole := w.ask(w.visitor("public"), http.MethodGet, address, nil).Body.Len()
	body := w.ask(w.visitor("public"), http.MethodGet, address, nil, "Accept-Encoding", "gzip").Body.Bytes()
	bare := http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		h := out.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = out.Write(body)
	})
	const connections, turn = 64, 2000
	var callers [2][]*caller
	for i, site := range []http.Handler{bare, w.site} {
		server := httptest.NewServer(site)
		defer server.Close()
		for range connections {
			conn := ok(net.Dial("tcp", server.Listener.Addr().String()))(b, "dialling")
			defer conn.Close()
			callers[i] = append(callers[i],
				&caller{conn, bufio.NewReaderSize(conn, 32<<10), []byte("GET " + address + " HTTP/1.1\r\nHost: regiogriffie.test\r\nAccept-Encoding: gzip\r\n\r\n")})
		}
	}
	b.ResetTimer()
	var took [2]time.Duration
	for from := 0; from < b.N; from += turn {
		for i := range callers {
			var left atomic.Int64
			left.Store(int64(min(turn, b.N-from)))
			begin := time.Now()
			var wait sync.WaitGroup
			for _, each := range callers[i] {
				wait.Go(func() {
					for left.Add(-1) >= 0 {
						if err := each.ask(); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wait.Wait()
			took[i] += time.Since(begin)
		}
	}
	b.ReportMetric(float64(b.N)/took[0].Seconds(), "bare/s")
	b.ReportMetric(float64(b.N)/took[1].Seconds(), "snapshot/s")
	b.ReportMetric(took[0].Seconds()/took[1].Seconds(), "share")
	b.ReportMetric(float64(whole), "page-B")
	b.ReportMetric(float64(len(body)), "packed-B")
}
