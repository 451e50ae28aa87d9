package account

import (
	"net/http"

	"regiogriffie/internal/identity"
	"regiogriffie/web/request"
)

// browserDays is how long a browser is known again; as long as the tries are kept.
const browserDays = 180

// browser is where the reader tries a password from.
type browser struct {
	origin string
	cookie *http.Cookie // to be kept when he signs in; nil where his address is known
}

// browser finds out where the reader tries a password from: his address or, where that is not known, by what his browser
// keeps since someone signed in with it.
func (p *Pages) browser(r *http.Request) browser {
	client := request.Client(r, p.Proxies)
	if client.IsValid() {
		return browser{origin: identity.Origin(client, "")}
	}
	name := "bekend"
	if p.Secure {
		name = "__Host-bekend"
	}
	token := identity.NewToken()
	if c, err := r.Cookie(name); err == nil && len(c.Value) == len(token) {
		token = c.Value
	}
	return browser{identity.Origin(client, token), &http.Cookie{
		Name: name, Value: token, Path: "/", MaxAge: browserDays * 24 * 60 * 60, HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteStrictMode,
	}}
}
