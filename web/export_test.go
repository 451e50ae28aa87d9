package web

import (
	"time"

	"github.com/go-chi/chi/v5"

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
