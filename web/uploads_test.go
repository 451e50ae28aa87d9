package web_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/web"
	"regiogriffie/web/form"
)

// formOf is a body with a title and a file of so many bytes.
func formOf(t testing.TB, bytesOfFile int) (contentType string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	done(t, "a field", w.WriteField("title", "Een stuk"))
	part := ok(w.CreateFormFile("file", "stuk.pdf"))(t, "a file")
	content := filetest.PDF("stuk")
	ok(part.Write(append(content, bytes.Repeat([]byte("% vulling\n"), max(0, bytesOfFile-len(content))/10)...)))(t, "its content")
	done(t, "the end", w.Close())
	return w.FormDataContentType(), b.Bytes()
}

// unread is a body of which nobody may read a byte.
type unread struct{ read bool }

func (u *unread) Read([]byte) (int, error) {
	u.read = true
	return 0, io.ErrUnexpectedEOF
}

func TestTheRightToAddAFileIsAskedBeforeAByteIsRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kind, _ := formOf(t, 0)
	asked := map[string]int{}
	for _, c := range w.cells(t) {
		if c.method != http.MethodPost || !strings.HasSuffix(c.pattern, "/bijlagen") || c.want != "403" && c.want != "404" {
			continue
		}
		address, _ := fill(c.pattern, w.things[c.thing])
		body := &unread{}
		r := httptest.NewRequestWithContext(t.Context(), c.method, address, body)
		r.Header.Set("Content-Type", kind)
		if c.visitor.cookie != nil {
			r.AddCookie(c.visitor.cookie)
		}
		answer := httptest.NewRecorder()
		w.site.ServeHTTP(answer, r)
		if fmt.Sprint(answer.Code) != c.want || body.read {
			t.Errorf("%s with %q as %s: %d, want %s; read: %v", c.pattern, c.thing, c.visitor.name, answer.Code, c.want, body.read)
		}
		asked[c.pattern+" "+c.want]++
	}
	if len(asked) != 6 {
		t.Errorf("asked: %v", asked)
	}
}

// storing lets the world keep its files in a folder that the test can look into.
func (w *world) storing() (folder string) {
	w.t.Helper()
	folder = w.t.TempDir()
	w.files = ok(file.NewStore(folder))(w.t, "a store")
	w.t.Cleanup(func() { _ = w.files.Close() })
	return folder
}

// arriving counts what lies on disk for requests: with a name, and without one but still open.
func arriving(t testing.TB, folder string) (named, open int) {
	t.Helper()
	folder = filepath.Join(ok(filepath.EvalSymlinks(folder))(t, "the folder"), "tijdelijk")
	named = len(ok(os.ReadDir(folder))(t, "the folder"))
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("this system does not tell which files are open")
	}
	for _, f := range files {
		if to, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil && strings.HasPrefix(to, folder) && to != folder {
			open++
		}
	}
	return named, open
}

// sender sends forms over real connections, as a client that may break off.
type sender struct {
	t       testing.TB
	address string
	active  atomic.Int64 // requests that the site is serving
}

func sendingTo(t testing.TB, site http.Handler) *sender {
	t.Helper()
	s := &sender{t: t}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.active.Add(1)
		defer s.active.Add(-1)
		site.ServeHTTP(w, r)
	}))
	server.Config.ReadTimeout, server.Config.ErrorLog = time.Minute, slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	server.Start()
	t.Cleanup(server.Close)
	s.address = server.Listener.Addr().String()
	return s
}

// open begins a request whose body is to be so long.
func (s *sender) open(v visitor, address, kind string, length int) net.Conn {
	s.t.Helper()
	connection := ok(net.Dial("tcp", s.address))(s.t, "a connection")
	_ = connection.SetDeadline(time.Now().Add(2 * time.Minute))
	cookie := ""
	if v.cookie != nil {
		cookie = "Cookie: " + v.cookie.String() + "\r\n"
	}
	_, _ = fmt.Fprintf(connection,
		"POST %s HTTP/1.1\r\nHost: regiogriffie.test\r\nConnection: close\r\n%sContent-Type: %s\r\nContent-Length: %d\r\n\r\n", address, cookie, kind, length)
	return connection
}

// send sends a body, or the beginning of one, and gives the status of the answer; 0 when there was none.
func (s *sender) send(v visitor, address, kind string, body []byte, length int) int {
	s.t.Helper()
	connection := s.open(v, address, kind, length)
	defer connection.Close()
	status := make(chan int, 1)
	if len(body) == length {
		go func() {
			answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
			if err != nil {
				status <- 0
				return
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			status <- answer.StatusCode
		}()
	}
	_, _ = connection.Write(body) // who is refused is not listened to
	if len(body) < length {
		return 0
	}
	return <-status
}

// quiet waits until nothing is being served.
func (s *sender) quiet() {
	for s.active.Load() > 0 && s.t.Context().Err() == nil {
		time.Sleep(time.Millisecond)
	}
}

// uploads are those of all kinds of visitors, each with the answers that it may get; of every six, half come to their end.
func (w *world) uploads() []struct {
	who, address string
	whole        bool
	answers      []int
} {
	paper, item := "/voorstellen/"+w.things["concept"]["proposal"], ""
	item, _ = fill("/vergaderingen/{meeting}/agenda/{item}/bijlagen", w.things["opgeroepen/besloten punt"])
	return []struct {
		who, address string
		whole        bool
		answers      []int
	}{
		{"own steller", paper + "/bijlagen", true, []int{303}},
		{"public", "/inloggen", true, []int{400, 0}},
		{"own griffier", item, true, []int{303}},
		{"own griffier", item, false, []int{0}},
		{"own secretaris", "/uitnodigingen/" + w.things["uitnodiging"]["invitation"] + "/bijlagen", true, []int{303}},
		{"public", paper + "/bijlagen", true, []int{401, 0}},
		{"own steller", paper + "/bijlagen", false, []int{0}},
		{"own raadslid", item, true, []int{403, 0}},
		{"own steller", paper + "/bijlagen", true, []int{303}},
		{"own steller", paper, true, []int{400, 0}},
		{"other griffier", paper + "/bijlagen", true, []int{404, 0}},
		{"own griffier", item, true, []int{303}},
	}
}

// What is uploaded leaves no copy: not of what came whole, nor of what was cut off or refused. Without the guard the same
// test finds what is left.
func TestWhatIsUploadedLeavesNoCopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	folder := w.storing()
	app := web.App{DB: w.db, Files: w.files, Now: func() time.Time { return now }, BaseURL: "http://regiogriffie.test"}
	count, size := 48, 1_200_000
	if os.Getenv("REGIOGRIFFIE_PROOF") != "" {
		count, size = 5_000, 2_000_000
	}
	uploads := w.uploads()
	kind, body := formOf(t, size)
	round := func(s *sender, count int) {
		t.Helper()
		var next atomic.Int64
		var wait sync.WaitGroup
		var mu sync.Mutex
		got := map[string]int{}
		for range 4 {
			wait.Go(func() {
				for {
					n := int(next.Add(1)) - 1
					if n >= count {
						return
					}
					u, sent := uploads[n%len(uploads)], body
					if !u.whole {
						sent = body[:len(body)*(n%9+1)/10]
					}
					status := s.send(w.visitor(u.who), u.address, kind, sent, len(body))
					if !slices.Contains(u.answers, status) {
						t.Errorf("%s to %s: %d, want one of %v", u.who, u.address, status, u.answers)
					}
					mu.Lock()
					got[fmt.Sprint(status)]++
					mu.Unlock()
				}
			})
		}
		wait.Wait()
		s.quiet()
		t.Logf("%d uploads of %d bytes: answers %v", count, size, got)
	}
	measure := func() (heap uint64, goroutines int) {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, runtime.NumGoroutine()
	}

	s := sendingTo(t, web.Routes(app))
	round(s, count/5)
	heapBefore, before := measure()
	round(s, count-count/5)
	heap, after := measure()
	if named, open := arriving(t, folder); named != 0 || open != 0 {
		t.Errorf("left behind: %d files with a name and %d without", named, open)
	}
	t.Logf("after a fifth and after all: heap %d and %d kB, goroutines %d and %d", heapBefore/1000, heap/1000, before, after)
	// Other tests share the heap in the daily set.
	if count == 5_000 && (heap > heapBefore+8_000_000 || after > before+20) {
		t.Errorf("the heap grew by %d bytes, goroutines by %d", int64(heap)-int64(heapBefore), after-before)
	}

	var mu sync.Mutex
	var held []func()
	s = sendingTo(t, web.Untidied(app, func(release func()) {
		mu.Lock()
		defer mu.Unlock()
		held = append(held, release)
	}))
	round(s, 24)
	if _, open := arriving(t, folder); open < 10 {
		t.Errorf("without the guard only %d files are left: this test would not notice", open)
	}
	for _, release := range held {
		release()
	}
}

func TestWhatIsUploadedLeavesNoCopyAfterAPanic(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	store := ok(file.NewStore(folder))(t, "a store")
	defer store.Close()
	kind, body := formOf(t, 100_000)
	for _, what := range []any{"stuk", http.ErrAbortHandler} {
		func() {
			defer func() { _ = recover() }()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(body))
			r.Header.Set("Content-Type", kind)
			web.Tidied(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				// Copies of the request, as the guards make.
				r = r.WithContext(context.WithoutCancel(r.Context()))
				ok(form.ReadWithFiles(r, store))(t, "reading")
				if _, open := arriving(t, folder); open != 1 {
					t.Errorf("%d files while it is served", open)
				}
				panic(what)
			})).ServeHTTP(httptest.NewRecorder(), r)
		}()
		if named, open := arriving(t, folder); named+open != 0 {
			t.Errorf("after %v: %d with a name and %d without", what, named, open)
		}
	}
}

// Slow bodies end by the term of every request; only who may add a file gets longer for it. The verdict is on the order:
// who may, and began first, comes to his end after all others were cut off.
func TestASlowBodyLastsOnlyForWhoMayAddAFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.storing()
	s := sendingTo(t, web.Routes(web.WithPatience(web.App{
		DB: w.db, Files: w.files, Now: func() time.Time { return now }, BaseURL: "http://regiogriffie.test",
	}, 2*time.Second)))
	kind, body := formOf(t, 100_000)
	paper := "/voorstellen/" + w.things["concept"]["proposal"] + "/bijlagen"
	may := s.open(w.visitor("own steller"), paper, kind, len(body))
	defer may.Close()
	ok(may.Write(body[:50_000]))(t, "half of it")

	count := 40
	if os.Getenv("REGIOGRIFFIE_PROOF") != "" {
		count = 800
	}
	var strangers sync.WaitGroup
	for n := range count {
		address := []string{paper, "/inloggen", w.uploads()[2].address, "/uitnodigingen/" + w.things["uitnodiging"]["invitation"] + "/bijlagen"}[n%4]
		strangers.Go(func() {
			c := s.open(w.visitor("public"), address, kind, len(body))
			defer c.Close()
			go func() {
				for _, b := range body { // a byte at a time, until nobody listens
					if _, err := c.Write([]byte{b}); err != nil {
						return
					}
					time.Sleep(20 * time.Millisecond)
				}
			}()
			if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%s is still open", address)
			}
		})
	}
	strangers.Wait()
	ok(may.Write(body[50_000:]))(t, "the other half")
	answer := ok(http.ReadResponse(bufio.NewReader(may), nil))(t, "the answer")
	if answer.Body.Close(); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("who may add a file, slowly: %d", answer.StatusCode)
	}
}

// Whoever reads a form in another way than by the package form leaves files behind in the folder of the system.
func TestFormsAreReadInOneWay(t *testing.T) {
	t.Parallel()
	other := regexp.MustCompile(`\.(ParseMultipartForm|ParseForm|FormFile|FormValue|PostFormValue|MultipartReader|MultipartForm|ReadForm)\b`)
	files := 0
	done(t, "walking", filepath.WalkDir(".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files++
		if found := other.Find(ok(os.ReadFile(name))(t, name)); found != nil {
			t.Errorf("%s: %s", name, found)
		}
		return nil
	}))
	if files < 50 {
		t.Errorf("only %d files were looked at", files)
	}
}
