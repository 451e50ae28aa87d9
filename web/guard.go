package web

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/go-chi/chi/v5"

	"regiogriffie/internal/fault"
	"regiogriffie/web/form"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// policy is the content security policy of every answer (security 18).
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// headers gives every answer, faults included, the same locks.
func headers(secure bool) func(http.Handler) http.Handler {
	locks := http.Header{}
	locks.Set("Content-Security-Policy", policy)
	locks.Set("X-Content-Type-Options", "nosniff")
	locks.Set("X-Frame-Options", "DENY")
	locks.Set("Referrer-Policy", "no-referrer")
	locks.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	locks.Set("Cross-Origin-Opener-Policy", "same-origin")
	locks.Set("Cross-Origin-Resource-Policy", "same-origin")
	locks.Set("Vary", "Cookie")
	if secure {
		locks.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			for name, values := range locks { // shared: Set replaces them and Add copies them
				h[name] = values
			}
			next.ServeHTTP(w, r)
		})
	}
}

type requestIDKey struct{}

// Logged adds the id of the request to every line logged with its context.
type Logged struct{ slog.Handler }

// Handle adds the id.
func (l Logged) Handle(ctx context.Context, record slog.Record) error {
	if id, ok := ctx.Value(requestIDKey{}).(string); ok {
		record.AddAttrs(slog.String("request", id))
	}
	return l.Handler.Handle(ctx, record)
}

// WithAttrs keeps the wrapping.
func (l Logged) WithAttrs(attrs []slog.Attr) slog.Handler { return Logged{l.Handler.WithAttrs(attrs)} }

// WithGroup keeps the wrapping.
func (l Logged) WithGroup(name string) slog.Handler { return Logged{l.Handler.WithGroup(name)} }

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *statusWriter) Write(b []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	return s.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// logged gives each request an id, logs it once (never its query, its form or who asked) and turns a panic into the
// page of a fault.
func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := fmt.Sprintf("%016x", rand.Uint64()) // it names a line in the log and guards nothing
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		r = r.WithContext(ctx)
		w.Header().Set("X-Request-Id", id)
		out := &statusWriter{ResponseWriter: w}
		start := time.Now()
		defer func() {
			if what := recover(); what != nil {
				if what == http.ErrAbortHandler {
					panic(what)
				}
				slog.ErrorContext(ctx, "panic", "what", what, "stack", string(debug.Stack()))
				if out.status == 0 {
					respond.Fault(out, r, errPanic)
				}
			}
			slog.LogAttrs(ctx, slog.LevelInfo, "served", slog.String("method", r.Method), slog.Int("status", out.status), slog.Int64("ms", time.Since(start).Milliseconds()))
		}()
		next.ServeHTTP(out, r)
	})
}

// headAsGet answers HEAD wherever there is a GET, below mounted routers too; the server leaves the body out.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if at := chi.RouteContext(r.Context()); at != nil && r.Method == http.MethodHead {
			at.RouteMethod = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// acts makes the snapshot forget when someone who signed in did something, or may have before it failed.
func (a App) acts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead || !request.Actor(r).SignedIn() {
			next.ServeHTTP(w, r)
			return
		}
		out := &statusWriter{ResponseWriter: w}
		defer func() {
			// 0: it panicked
			if out.status == 0 || out.status == http.StatusSeeOther || out.status >= http.StatusInternalServerError {
				a.snapshot.Forget()
			}
		}()
		next.ServeHTTP(out, r)
	})
}

// fromElsewhere answers a form that another site sent.
func fromElsewhere(w http.ResponseWriter, r *http.Request) {
	respond.Fault(w, r, fault.Because("Dit formulier kwam van een andere site of uit een oud venster. Er is niets gedaan. "+
		"Open de pagina opnieuw en verstuur het formulier daar."))
}

type constError string

func (e constError) Error() string { return string(e) }

const errPanic = constError("the handler panicked")

const (
	maxBody   = 2 << 20  // a form
	maxUpload = 52 << 20 // a form with files: 50 MB and what stands around it
)

// limits bounds what is read of a request and how long it may take. The handler of an upload asks for more, once it knows
// that the reader may add a file (form.ReadWithFiles).
func (a App) limits(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := w
		if s, ok := w.(*statusWriter); ok { // only the server's own writer closes the connection
			own = s.ResponseWriter
		}
		r, end := request.Bound(own, r, request.Bounds{Bytes: maxBody, Patience: a.patience}, request.Bounds{Bytes: maxUpload, Patience: 8 * a.patience})
		defer end()
		next.ServeHTTP(w, r)
	})
}

// tidied gives back whatever a request left on disk, also after a panic or a broken connection.
func tidied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, release := form.Hold(r)
		defer release()
		next.ServeHTTP(w, r)
	})
}
