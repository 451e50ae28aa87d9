package account_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"regiogriffie/web"
)

// Forms that no button of ours sends get a plain answer, and no apology for a fault of ours.
func TestABrokenFormGetsAPlainAnswer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	const parts = "multipart/form-data; boundary=grens"
	const part = "--grens\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\nx\r\n"
	for name, c := range map[string]struct{ kind, body, says string }{
		"a wrong boundary": {"multipart/form-data; boundary=elders", part + "--grens--\r\n", "beschadigd of onvolledig"},
		"no boundary":      {"multipart/form-data", part + "--grens--\r\n", "beschadigd of onvolledig"},
		"cut short":        {parts, part, "beschadigd of onvolledig"},
		"rubbish":          {parts, "\x00\xff\x00", "beschadigd of onvolledig"},
		"a rubbish kind":   {"multipart/form-data; =", part, "beschadigd of onvolledig"},
		"half a sign":      {"application/x-www-form-urlencoded", "email=%e", "beschadigd of onvolledig"},
		"too many fields":  {"application/x-www-form-urlencoded", strings.Repeat("x=1&y=2&z=3&", 2000), "meer gegevens"},
		"too many parts":   {parts, strings.Repeat(part, 4100) + "--grens--\r\n", "meer gegevens"},
		"a file among them": {
			parts, part + "--grens\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.pdf\"\r\n\r\n%PDF\r\n--grens--\r\n",
			"hoort geen bestand",
		},
		"headers like a hill": {
			parts, strings.Replace(part, "\r\n\r\n", strings.Repeat("\r\nX: y", 20_000)+"\r\n\r\n", 1) + "--grens--\r\n",
			"beschadigd of onvolledig",
		},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/inloggen", strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if page := w.Body.String(); w.Code != http.StatusBadRequest || !strings.Contains(page, c.says) || !strings.Contains(page, "Ga terug") ||
			!strings.Contains(page, "<h1") {
			t.Errorf("%s: %d %s", name, w.Code, page)
		}
	}
}

// lines is a log that the test reads while the site writes it.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Not in parallel: it listens to the log of the whole program.
func TestWhoHangsUpWhileSendingIsNoOutage(t *testing.T) {
	s := newSite(t)
	said := slog.Default()
	t.Cleanup(func() { slog.SetDefault(said) })
	for what, slow := range map[string]bool{"the reader went away while sending a form": false, "a form was sent too slowly": true} {
		var log lines
		slog.SetDefault(slog.New(web.Logged{Handler: slog.NewTextHandler(&log, nil)}))
		began := make(chan struct{})
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			close(began)
			if slow {
				w = soon{w}
			}
			s.handler.ServeHTTP(w, r)
		}))
		server.Start()
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprint(c, "POST /inloggen HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "+
			"1000\r\n\r\nemail=iemand"); err != nil {
			t.Fatal(err)
		}
		<-began
		if slow {
			_, err = io.Copy(io.Discard, c)
		}
		if err := errors.Join(err, c.Close()); err != nil {
			t.Error(err)
		}
		server.Close() // waits for the answer
		text := log.String()
		if !strings.Contains(text, what) || strings.Contains(text, "level=WARN") || strings.Contains(text, "level=ERROR") ||
			strings.Contains(text, "database") || strings.Contains(text, "127.0.0.1") {
			t.Errorf("%s: %s", what, text)
		}
	}
}

// soon is a connection of which the time to read is over at once, so that nobody waits for it.
type soon struct{ http.ResponseWriter }

func (s soon) SetReadDeadline(at time.Time) error {
	return http.NewResponseController(s.ResponseWriter).SetReadDeadline(at.Add(-14900 * time.Millisecond))
}
