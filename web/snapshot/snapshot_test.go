package snapshot

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"

	"regiogriffie/web/respond"
	"regiogriffie/web/ui"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// bench is a snapshot before a page that can be anything, on a clock that stands still.
type bench struct {
	t       testing.TB
	s       *Snapshot
	site    http.Handler
	nanos   atomic.Int64
	renders atomic.Int64
	page    atomic.Pointer[http.HandlerFunc]
}

var noon = time.Date(2026, time.March, 2, 14, 4, 0, 0, time.UTC)

func newBench(t testing.TB) *bench {
	b := &bench{t: t}
	b.s = New(func() time.Time { return noon.Add(time.Duration(b.nanos.Load())) })
	b.shows(func(w http.ResponseWriter, r *http.Request) { page(w, "hallo "+r.URL.String()) })
	live := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "live") })
	b.site = b.s.Before(live, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.renders.Add(1)
		(*b.page.Load())(w, r)
	}), func(path string) bool { return !strings.HasPrefix(path, "/eigen") })
	return b
}

func (b *bench) shows(h http.HandlerFunc) { b.page.Store(&h) }
func (b *bench) passes(d time.Duration)   { b.nanos.Add(int64(d)) }

func (b *bench) ask(method, address string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.site.ServeHTTP(w, r)
	return w
}

func (b *bench) expect(when, address, want string) {
	b.t.Helper()
	if got := b.ask("GET", address).Body.String(); !strings.Contains(got, want) {
		b.t.Errorf("%s: %q, want %q", when, got, want)
	}
}

func page(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", respond.Revalidate)
	_, _ = io.WriteString(w, "<body>"+ui.Told+"</div>"+text)
}

func away(w http.ResponseWriter, r *http.Request) { respond.Unavailable(w, r) }

func TestAStormRendersOnceASecond(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for second := range int64(3) {
		var wait sync.WaitGroup
		for range 1000 {
			wait.Go(func() {
				if got := b.ask("GET", "/vergaderingen"); got.Code != 200 || !strings.Contains(got.Body.String(), "hallo /vergaderingen") {
					t.Errorf("%d %s", got.Code, got.Body.String())
				}
			})
		}
		wait.Wait()
		if got := b.renders.Load(); got != second+1 {
			t.Errorf("rendered %d times after %d seconds", got, second+1)
		}
		b.passes(time.Second)
	}
}

func TestNothingIsOlderThanASecond(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.shows(func(w http.ResponseWriter, _ *http.Request) { page(w, fmt.Sprint("moment ", b.nanos.Load())) })
	for range 200 {
		var moment int64
		text := b.ask("GET", "/").Body.String()
		if _, err := fmt.Sscanf(text[strings.Index(text, "moment"):], "moment %d", &moment); err != nil {
			t.Fatal(err)
		}
		if age := time.Duration(b.nanos.Load() - moment); age >= time.Second {
			t.Errorf("%v old", age)
		}
		b.passes(130 * time.Millisecond)
	}
	if n := b.renders.Load(); n < 25 || n > 33 {
		t.Errorf("rendered %d times in 26 seconds", n)
	}
}

// Who asks shortly before a page is due gets it as it is, and the next one is made meanwhile, once. It counts from its own
// beginning, and who comes later waits for it rather than see the old one.
func TestAPageInUseIsRenewedBeforeItIsDue(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	begun, goOn := make(chan struct{}, 9), make(chan struct{}, 9)
	b.shows(func(w http.ResponseWriter, _ *http.Request) {
		text := fmt.Sprint("moment ", b.nanos.Load()/1e6)
		begun <- struct{}{}
		<-goOn
		page(w, text)
	})
	goOn <- struct{}{}
	b.expect("the first", "/", "moment 0")
	<-begun
	b.passes(799 * time.Millisecond)
	b.expect("early", "/", "moment 0")
	if b.renders.Load() != 1 {
		t.Errorf("rendered %d times before it was needed", b.renders.Load())
	}
	b.passes(101 * time.Millisecond)
	for range 5 {
		b.expect("shortly before", "/", "moment 0") // without waiting, or this test would not end
	}
	<-begun
	b.passes(100 * time.Millisecond)
	var wait sync.WaitGroup
	for range 5 {
		wait.Go(func() { b.expect("when it is due", "/", "moment 900") })
	}
	goOn <- struct{}{}
	wait.Wait()
	b.passes(750 * time.Millisecond) // 1,750: the second is 850 old
	b.expect("as long as it may", "/", "moment 900")
	<-begun
	if b.renders.Load() != 3 {
		t.Errorf("rendered %d times", b.renders.Load())
	}
	b.passes(150 * time.Millisecond)
	goOn <- struct{}{}
	b.expect("a second after its beginning", "/", "moment 1750")
	if b.renders.Load() != 3 {
		t.Errorf("rendered %d times", b.renders.Load())
	}
}

// A renewal that finds the page gone, or the database away, changes nothing of what holds without it.
func TestARenewalThatFails(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	lands := func(h http.HandlerFunc) {
		t.Helper()
		b.shows(h)
		b.passes(850 * time.Millisecond)
		before := b.renders.Load()
		b.expect("until it has failed", "/", "hallo")
		for b.renders.Load() == before || b.underWay() > 0 {
			time.Sleep(time.Millisecond)
		}
	}
	hello := *b.page.Load()
	b.expect("first", "/", "hallo")
	lands(func(w http.ResponseWriter, r *http.Request) { respond.NotFound(w, r) })
	if got := b.ask("GET", "/"); got.Code != 404 {
		t.Errorf("withdrawn: %d", got.Code)
	}

	b.shows(hello)
	b.expect("public again", "/", "hallo")
	lands(away)
	count := b.renders.Load()
	for range 5 {
		if got := b.ask("GET", "/"); got.Code != 200 || strings.Contains(got.Body.String(), "nu niet op te vragen") {
			t.Errorf("a page of less than a second: %d %s", got.Code, got.Body.String())
		}
	}
	if b.renders.Load() != count {
		t.Errorf("asked %d times more of a database that is away", b.renders.Load()-count)
	}
	b.passes(150 * time.Millisecond)
	b.expect("in the outage", "/", "nu niet op te vragen")
}

// What was changed during a renewal is not in it for certain: it is not used.
func TestAnActDuringARenewal(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.expect("first", "/", "hallo")
	begun, goOn := make(chan struct{}), make(chan struct{})
	b.shows(func(w http.ResponseWriter, _ *http.Request) { close(begun); <-goOn; page(w, "oud") })
	b.passes(900 * time.Millisecond)
	b.expect("shortly before", "/", "hallo")
	<-begun
	b.s.Forget()
	b.shows(func(w http.ResponseWriter, _ *http.Request) { page(w, "nieuw") })
	close(goOn)
	b.expect("after the act", "/", "nieuw")
	b.passes(500 * time.Millisecond)
	b.expect("later", "/", "nieuw")
}

func (b *bench) underWay() int {
	b.s.mu.Lock()
	defer b.s.mu.Unlock()
	return len(b.s.flights)
}

// A rendering that takes long is joined for a second only: what began earlier may have read what is no longer so.
func TestASlowRenderingIsJoinedForASecondOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	begun, goOn := make(chan struct{}, 2), make(chan struct{})
	b.shows(func(w http.ResponseWriter, _ *http.Request) { begun <- struct{}{}; <-goOn; page(w, "klaar") })
	var wait sync.WaitGroup
	wait.Go(func() { b.expect("first", "/", "klaar") })
	<-begun
	b.passes(time.Second)
	wait.Go(func() { b.expect("second", "/", "klaar") })
	<-begun
	close(goOn)
	wait.Wait()
	if b.renders.Load() != 2 {
		t.Errorf("rendered %d times", b.renders.Load())
	}
}

// Nobody can make others wait for a rendering that he began and left; and one that everyone left ends.
func TestARenderingEndsWhenEverybodyLeft(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	begun, ended := make(chan struct{}), make(chan struct{})
	b.shows(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-r.Context().Done()
		away(w, r)
		close(ended)
	})
	ctx, leave := context.WithCancel(t.Context())
	go b.site.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil))
	<-begun
	leave()
	<-ended
	b.shows(func(w http.ResponseWriter, _ *http.Request) { page(w, "terug") })
	b.expect("afterwards", "/", "terug")
}

func TestTagsEncodingsAndHeads(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	whole := strings.Repeat("Voorstel van het college. ", 400)
	b.shows(func(w http.ResponseWriter, _ *http.Request) { page(w, whole) })
	plain, packed := b.ask("GET", "/"), b.ask("GET", "/", "Accept-Encoding", "br, gzip;q=0.8")
	if plain.Header().Get("Content-Encoding") != "" || packed.Header().Get("Content-Encoding") != "gzip" {
		t.Fatalf("encodings %v %v", plain.Header(), packed.Header())
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(unpacked)
	if err != nil || !bytes.Equal(content, plain.Body.Bytes()) {
		t.Errorf("packed is another page: %v", err)
	}
	tag, packedTag := plain.Header().Get("ETag"), packed.Header().Get("ETag")
	if tag == packedTag || strings.HasPrefix(tag, "W/") || !strings.HasPrefix(tag, `"`) {
		t.Errorf("tags %s %s", tag, packedTag)
	}
	for _, c := range []struct {
		accept, match string
		want          int
	}{
		{"", tag, 304},
		{"", "W/" + tag, 304},
		{"", `"x", ` + tag, 304},
		{"", "*", 304},
		{"", packedTag, 200},
		{"", `"x"`, 200},
		{"", "", 200},
		{"gzip", packedTag, 304},
		{"gzip", tag, 200},
		{"*", packedTag, 304},
		{"gzip;q=0", tag, 304},
		{"gzip; q=0.000, *", tag, 304},
		{"identity", tag, 304},
		{"GZIP;q=0.001", packedTag, 304},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			got := b.ask(method, "/", "Accept-Encoding", c.accept, "If-None-Match", c.match)
			h := got.Header()
			if got.Code != c.want || h.Get("ETag") == "" || h.Get("Vary") != "Cookie, Accept-Encoding" || h.Get("Cache-Control") != "no-cache" {
				t.Errorf("%s %q %q: %d %v", method, c.accept, c.match, got.Code, h)
			}
			if empty := got.Body.Len() == 0; empty != (method == "HEAD" || c.want == 304) {
				t.Errorf("%s %q %q: %d bytes", method, c.accept, c.match, got.Body.Len())
			}
			if c.want == 200 && h.Get("Content-Length") == "" {
				t.Errorf("%s %q: no length", method, c.accept)
			}
		}
	}
	b.passes(5 * time.Second)
	if again := b.ask("GET", "/"); again.Header().Get("ETag") != tag {
		t.Error("the same page got another tag")
	}
	whole += "!"
	b.passes(time.Second)
	if again := b.ask("GET", "/", "If-None-Match", tag); again.Code != 200 || again.Header().Get("ETag") == tag {
		t.Error("another page kept its tag")
	}
}

// What is not meant for everyone is not taken in, and what may not be kept is asked for each time.
func TestWhatIsNotKept(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"cookie": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Set-Cookie", "a=b"); page(w, "x") },
		"closed": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("No-Gzip-Compression", "1"); page(w, "x") },
		"large":  func(w http.ResponseWriter, _ *http.Request) { page(w, strings.Repeat("x", maxPage)) },
		"file":   func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "application/pdf") },
		"no-store": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			respond.NoStore(w)
		},
		"redirect":          func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(303) },
		"fault with cookie": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Set-Cookie", "a=b"); w.WriteHeader(404) },
	} {
		b := newBench(t)
		b.shows(h)
		for range 2 {
			if got := b.ask("GET", "/"); got.Body.String() != "live" || got.Header().Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %v", name, got.Code, got.Header())
			}
		}
		if b.renders.Load() != 2 || len(b.s.plain.places) != 0 {
			t.Errorf("%s: rendered %d times, %d kept", name, b.renders.Load(), len(b.s.plain.places))
		}
	}
	b := newBench(t)
	for name, got := range map[string]*httptest.ResponseRecorder{
		"session":        b.ask("GET", "/", "Cookie", "a=b; regiogriffie=x"),
		"secure session": b.ask("GET", "/", "Cookie", "__Host-regiogriffie=x"),
		"second line":    b.ask("GET", "/", "Cookie", "a=b", "Cookie", "regiogriffie=x"),
		"message":        b.ask("GET", "/", "Cookie", "melding=x"),
		"link":           b.ask("GET", "/", "Cookie", "__Host-wachtwoord=x"),
		"form":           b.ask("POST", "/"),
		"other method":   b.ask("DELETE", "/"),
		"not public":     b.ask("GET", "/eigen"),
		"odd filter":     b.ask("GET", "/?x=1"),
		"twice":          b.ask("GET", "/?zoek=1&zoek=2"),
		"long filter":    b.ask("GET", "/?zoek="+strings.Repeat("x", maxFilter+1)),
		"odd text":       b.ask("GET", "/?zoek=%ff"),
		"odd path":       b.ask("GET", "/a%2fb"),
		"dots":           b.ask("GET", "/a/../b"),
		"long path":      b.ask("GET", "/"+strings.Repeat("x", maxPath)),
	} {
		if got.Body.String() != "live" {
			t.Errorf("%s: %s", name, got.Body.String())
		}
	}
	if b.renders.Load() != 0 {
		t.Errorf("rendered %d times", b.renders.Load())
	}
}

// Nothing of who asks comes as far as the page.
func TestThePageDoesNotKnowWhoAsks(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.shows(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header) > 0 || r.Host != "" || r.RemoteAddr != "" || r.Method != "GET" || r.TLS != nil {
			t.Errorf("the page sees %v %q %q %s", r.Header, r.Host, r.RemoteAddr, r.Method)
		}
		page(w, r.URL.RawQuery)
	})
	first := b.ask("HEAD", "http://kwaad.voorbeeld/voorstellen?zoek=a+b&soort=&utm_source=mrk", "X-Forwarded-Host", "mrk", "Authorization",
		"Basic mrk", "Cookie", "ander=mrk",
		"Range", "bytes=0-1", "If-Modified-Since", "Mon, 02 Mar 2099 00:00:00 GMT", "Accept-Language", "mrk")
	second := b.ask("GET", "/voorstellen?zoek=a%20b")
	if first.Code != 200 || second.Code != 200 || !strings.HasSuffix(second.Body.String(), "zoek=a+b") || b.renders.Load() != 1 {
		t.Errorf("%d %d %s, %d renderings", first.Code, second.Code, second.Body.String(), b.renders.Load())
	}
}

func TestWhatIsWithdrawnIsGone(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.expect("before", "/", "hallo")
	gone := http.HandlerFunc(respond.NotFound)
	b.shows(gone)
	b.passes(time.Second)
	b.expect("a second later", "/", "Niet gevonden")
	b.shows(away)
	b.expect("in an outage after it", "/", "Even niet bereikbaar")

	// After an act here: at once, and in the outage that follows.
	b.shows(func(w http.ResponseWriter, _ *http.Request) { page(w, "hallo") })
	b.expect("back", "/", "hallo")
	b.s.Forget()
	b.shows(gone)
	b.expect("after an act", "/", "Niet gevonden")
	b.shows(func(w http.ResponseWriter, _ *http.Request) { page(w, "hallo") })
	b.expect("back again", "/", "hallo")
	b.s.Forget()
	b.shows(away)
	b.expect("an act and an outage", "/", "Even niet bereikbaar")

	// A rendering that was under way during the act is for who waits for it.
	b.shows(func(w http.ResponseWriter, _ *http.Request) { b.s.Forget(); page(w, "te laat") })
	b.expect("under way", "/", "te laat")
	b.shows(away)
	b.expect("after it", "/", "Even niet bereikbaar")
}

func TestAnOutageIsServedFromMemory(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.expect("before", "/", "hallo")
	b.shows(away)
	b.passes(10 * time.Minute)
	for range 3 {
		got := b.ask("GET", "/", "Accept-Encoding", "gzip", "If-None-Match", "*")
		unpacked, err := gzip.NewReader(got.Body)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(unpacked)
		if h := got.Header(); got.Code != 200 || h.Get("ETag") != "" || h.Get("Cache-Control") != "no-store" || h.Get("Age") != "600" ||
			h.Get("Cache-Status") != "regiogriffie; hit; ttl=-599" {
			t.Errorf("%d %v", got.Code, h)
		}
		if !strings.Contains(string(text), ui.Told+`<p class="note">Bijgewerkt om 15.04 uur; de gegevens zijn nu niet op te vragen.</p></div>hallo`) {
			t.Errorf("%s", text)
		}
	}
	if b.renders.Load() != 2 {
		t.Errorf("the database was tried %d times within a second", b.renders.Load()-1)
	}
	if got := b.ask("GET", "/anders"); got.Code != 503 || got.Header().Get("Retry-After") == "" {
		t.Errorf("what was never seen: %d", got.Code)
	}
	b.passes(5*time.Minute + time.Second)
	b.expect("too old", "/", "Even niet bereikbaar")
	b.shows(func(w http.ResponseWriter, _ *http.Request) { page(w, "terug") })
	b.expect("at once when it is back", "/", "terug")
}

func TestAPanicIsAFault(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.expect("before", "/", "hallo")
	b.shows(func(http.ResponseWriter, *http.Request) { panic("stuk") })
	b.passes(time.Second)
	if got := b.ask("GET", "/"); got.Code != 500 || !strings.Contains(got.Body.String(), "<h1") {
		t.Errorf("%d", got.Code)
	}
	b.shows(away)
	b.expect("what broke is not trusted", "/", "Even niet bereikbaar")
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range 3000 {
		b.ask("GET", fmt.Sprintf("/voorstellen?zoek=%d", i))
		b.ask("GET", fmt.Sprintf("/voorstellen/%d", i))
		b.ask("GET", "/voorstellen") // asked all the time: stays
	}
	if b.renders.Load() != 6001 {
		t.Errorf("%d renderings: the popular page did not stay", b.renders.Load())
	}
	big := make([]byte, 1<<20)
	state := uint64(1)
	for i := range big { // does not get smaller by packing
		state = state*6364136223846793005 + 1442695040888963407
		big[i] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_"[state>>58]
	}
	b.shows(func(w http.ResponseWriter, r *http.Request) { page(w, r.URL.Path+string(big)) })
	for i := range 20 {
		b.ask("GET", fmt.Sprintf("/groot/%d", i))
		b.ask("GET", fmt.Sprintf("/groot?bladzijde=%d", i))
	}
	for name, shelf := range map[string]*shelf{"plain": &b.s.plain, "filled": &b.s.filled} {
		total := 0
		for at := shelf.order.Front(); at != nil; at = at.Next() {
			total += at.Value.(*place).kept.size()
		}
		if len(shelf.places) > shelf.maxLen || shelf.order.Len() != len(shelf.places) || total != shelf.size || total > shelf.maxSize || total == 0 {
			t.Errorf("%s: %d pages, %d bytes, counted %d", name, len(shelf.places), total, shelf.size)
		}
	}
	if len(b.s.flights) != 0 {
		t.Errorf("%d renderings under way", len(b.s.flights))
	}
}
