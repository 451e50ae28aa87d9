package web

import "github.com/go-chi/chi/v5"

// Addresses is the router without its guards, for the test that walks every address.
func Addresses(a App) chi.Routes {
	a.sessions = a.newSessions()
	return a.addresses()
}
