package respond

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Not in parallel: it listens to the log of the whole program.
func TestWhoGoesOnToAnotherPageIsNoOutage(t *testing.T) {
	said := slog.Default()
	t.Cleanup(func() { slog.SetDefault(said) })
	gone, leave := context.WithCancel(t.Context())
	leave()
	late, end := context.WithDeadline(t.Context(), time.Now())
	defer end()
	for _, c := range []struct {
		ctx  context.Context
		want string
	}{{gone, "level=INFO"}, {late, "level=WARN"}} {
		var log bytes.Buffer
		slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
		w := httptest.NewRecorder()
		Fault(w, httptest.NewRequestWithContext(c.ctx, "GET", "/", nil), fmt.Errorf("reading: %w", c.ctx.Err()))
		if w.Code != 503 || !strings.Contains(log.String(), c.want) {
			t.Errorf("%v: %d %s", c.ctx.Err(), w.Code, log.String())
		}
	}
}
