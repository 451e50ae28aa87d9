package web_test

import (
	"cmp"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"regiogriffie/internal/postgres"
)

// wire stands between the site and its database, and can be cut.
type wire struct {
	address         string
	network, target string
	listener        net.Listener
	mu              sync.Mutex
	silent          bool
	open            []net.Conn
}

func newWire(t testing.TB, network, target string) *wire {
	t.Helper()
	w := &wire{network: network, target: target}
	w.restore(t)
	w.address = w.listener.Addr().String()
	t.Cleanup(w.cut)
	return w
}

func (w *wire) restore(t testing.TB) {
	t.Helper()
	address := w.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	listener := ok(net.Listen("tcp", address))(t, "listening")
	w.mu.Lock()
	w.listener, w.silent = listener, false
	w.mu.Unlock()
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial(w.network, w.target)
			if err != nil {
				near.Close()
				continue
			}
			w.mu.Lock()
			w.open = append(w.open, near, far)
			w.mu.Unlock()
			go w.carry(far, near)
			go w.carry(near, far)
		}
	}()
}

// carry brings bytes over; while the wire is silent they go nowhere.
func (w *wire) carry(to io.Writer, from io.Reader) {
	block := make([]byte, 1<<15)
	for {
		n, err := from.Read(block)
		w.mu.Lock()
		silent := w.silent
		w.mu.Unlock()
		if n > 0 && !silent {
			if _, err := to.Write(block[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// cut ends every connection and takes no new one.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.listener.Close()
	for _, c := range w.open {
		_ = c.Close()
	}
	w.open = nil
}

func (w *wire) hush(silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.silent = silent
}

// The outage page comes within bearable, and the site is back within soon of the return of its database.
const (
	bearable = 3500 * time.Millisecond
	soon     = 2 * time.Second

	neverSeen = "/vergaderingen?wanneer=geweest" // by the public
	outdated  = "uur; de gegevens zijn nu niet op te vragen."
)

func TestAnOutageIsBearable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := ok(url.Parse(w.url))(t, "reading the address of the database")
	network, target := "tcp", server.Host
	if folder := server.Query().Get("host"); strings.HasPrefix(folder, "/") {
		network, target = "unix", folder+"/.s.PGSQL."+cmp.Or(server.Query().Get("port"), "5432")
	}
	line := newWire(t, network, target)
	server.Host, server.RawQuery = line.address, ""
	db := ok(postgres.Open(t.Context(), server.String(), postgres.Options{MaxConns: 4}))(t, "opening the database")
	t.Cleanup(func() { line.cut(); db.Close() })
	passes := w.ticking(db)

	requests := []struct {
		who, method, address string
		form                 url.Values
	}{
		{"public", http.MethodGet, "/vergaderingen", nil},
		{"public", http.MethodGet, "/vergaderingen/" + w.things["opgeroepen"]["meeting"], nil},
		{"public", http.MethodGet, neverSeen, nil},
		{"public", http.MethodGet, "/bestanden/" + w.things["openbaar"]["attachment"], nil},
		{"public", http.MethodPost, "/inloggen", url.Values{"email": {"iemand@voorbeeld.nl"}, "password": {"wat dan ook hier"}}},
		{"own griffier", http.MethodGet, "/vandaag", nil},
		{"own griffier", http.MethodGet, "/vergaderingen/" + w.things["opgeroepen"]["meeting"], nil},
		{"own steller", http.MethodPost, "/voorstellen", url.Values{"subject": {"Mijn tekst"}}},
	}
	// What the public saw a moment ago is served from the snapshot, and says so.
	remembered := func(who, method, address string) bool {
		return who == "public" && method == http.MethodGet && strings.HasPrefix(address, "/vergaderingen") && address != neverSeen
	}
	healthy := func(when string) {
		t.Helper()
		passes(time.Second)
		for _, r := range requests {
			if r.method == http.MethodGet && r.address != neverSeen {
				answer := w.ask(w.visitor(r.who), r.method, r.address, r.form)
				if answer.Code != http.StatusOK || strings.Contains(answer.Body.String(), outdated) {
					t.Errorf("%s: %s as %s: %d", when, r.address, r.who, answer.Code)
				}
			}
		}
	}
	// While the database is away everyone hears that; while others have all connections, that it is busy. Between the two, who
	// waits for a connection that is in use cannot know which it is.
	const away, busy = "Even niet bereikbaar", "Even te druk"
	unavailable := func(when string, says ...string) {
		t.Helper()
		passes(time.Second)
		var wait sync.WaitGroup
		for _, r := range requests {
			wait.Go(func() {
				begin := time.Now()
				answer := w.ask(w.visitor(r.who), r.method, r.address, r.form)
				took := time.Since(begin)
				text := answer.Body.String()
				if remembered(r.who, r.method, r.address) {
					if answer.Code != http.StatusOK || !strings.Contains(text, outdated) || !strings.Contains(text, "Bijgewerkt om ") ||
						answer.Header().Get("Cache-Control") != "no-store" {
						t.Errorf("%s: %s: %d, Cache-Control %q", when, r.address, answer.Code, answer.Header().Get("Cache-Control"))
					}
				} else if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" ||
					!slices.ContainsFunc(says, func(heading string) bool { return strings.Contains(text, heading) }) || !strings.Contains(text, `lang="nl"`) {
					t.Errorf("%s: %s %s as %s: %d, Retry-After %q", when, r.method, r.address, r.who, answer.Code, answer.Header().Get("Retry-After"))
				}
				if took > bearable {
					t.Errorf("%s: %s %s as %s took %v", when, r.method, r.address, r.who, took)
				}
			})
		}
		wait.Wait()
	}
	returns := func(when string) {
		t.Helper()
		begin := time.Now()
		for {
			answer := w.ask(w.visitor("own griffier"), http.MethodGet, "/vergaderingen", nil)
			if answer.Code == http.StatusOK {
				break
			}
			if time.Since(begin) > soon {
				t.Fatalf("%s: still %d after %v", when, answer.Code, time.Since(begin))
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Logf("%s: back after %v", when, time.Since(begin).Round(time.Millisecond))
		healthy(when)
	}

	healthy("before")
	line.cut()
	unavailable("gone", away)
	line.restore(t)
	returns("returned")

	line.hush(true)
	unavailable("silent", away, busy)
	line.cut() // what hung is over
	line.restore(t)
	returns("speaks again")

	// A database that answers, but whose tables are held: the time-outs of the server cut what waits.
	holder := ok(w.owner.Begin(t.Context()))(t, "beginning")
	for _, table := range []string{"meetings", "sessions", "login_attempts", "attachments"} {
		if _, err := holder.Exec(t.Context(), `lock table `+table+` in access exclusive mode`); err != nil {
			t.Fatal(err)
		}
	}
	unavailable("held", away, busy)
	done(t, "letting go", holder.Rollback(t.Context()))
	returns("let go")

	// Out of connections, for as long as others keep them. A connection that was broken off still counts until it is gone.
	var held []interface{ Release() }
	release := func() {
		for _, c := range held {
			c.Release()
		}
		held = nil
	}
	defer release()
	for begin := time.Now(); len(held) < 4; {
		c, err := db.Acquire(t.Context())
		if err == nil {
			held = append(held, c)
		} else if time.Since(begin) > 30*time.Second {
			t.Fatalf("%d of 4 connections after %v: %v", len(held), time.Since(begin), err)
		}
	}
	unavailable("pool empty", busy)
	release()
	returns("pool filled")
}
