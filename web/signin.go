package web

import (
	"net/http"

	"github.com/alexedwards/scs/v2"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/identity"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// newSessions makes the manager of sessions. Under https the cookie's name binds it to this host.
func (a App) newSessions() *scs.SessionManager {
	s := scs.New()
	s.Lifetime = identity.Lifetime
	s.Store = identity.Sessions{DB: a.DB, Now: a.Now}
	s.HashTokenInStore = true
	s.Cookie.Name = "regiogriffie"
	if a.secure() {
		s.Cookie.Name, s.Cookie.Secure = "__Host-regiogriffie", true
	}
	s.Cookie.Persist = false
	// Without the session nobody knows who asks: never go on as the public.
	s.ErrorFunc = respond.Fault
	return s
}

// signedIn finds out who asks, anew for each request: by the session with its rights, in one round trip, or without a
// cookie by none, the public.
func (a App) signedIn(next http.Handler) http.Handler {
	known := a.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		actor := identity.VisitOf(r.Context()).Actor
		if !actor.SignedIn() {
			actor = access.Actor{At: a.Now()}
		}
		next.ServeHTTP(w, r.WithContext(request.WithActor(r.Context(), actor)))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		known.ServeHTTP(w, r.WithContext(identity.Expect(r.Context())))
	})
}

// needsAccount asks the public to sign in first; a form that was sent goes through afterwards.
func needsAccount(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !request.Actor(r).SignedIn() {
			respond.SignIn(w, r, false)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// needsAdmin shows its addresses to the administrator of the installation alone; for others they do not exist.
func needsAdmin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !request.Actor(r).IsAdmin("") {
			respond.Fault(w, r, fault.NotFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}
