package web

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"regiogriffie/web/form"
	"regiogriffie/web/snapshot"
)

// Addresses is the router without its guards, for the test that walks every address.
func Addresses(a App) chi.Routes {
	a.sessions, a.snapshot = a.newSessions(), snapshot.New(time.Now)
	return a.addresses()
}

// WithClock tells the age of the snapshot by another clock.
func WithClock(a App, clock func() time.Time) App {
	a.clock = clock
	return a
}

// PublicPages are the addresses that the snapshot keeps.
var PublicPages = publicPages

// WithPatience gives requests another term.
func WithPatience(a App, patience time.Duration) App {
	a.patience = patience
	return a
}

// Untidied is the site without the guard that gives back what requests left on disk; holding gets what is never given back.
func Untidied(a App, holding func(release func())) http.Handler {
	a = a.begun()
	return a.around(a.addresses(), func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r, release := form.Hold(r)
			holding(release)
			next.ServeHTTP(w, r)
		})
	})
}

// Tidied is the guard that gives back what a request left on disk.
var Tidied = tidied
