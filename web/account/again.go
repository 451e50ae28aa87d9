package account

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5"

	"regiogriffie/internal/identity"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// onward is where someone goes after signing in: an address of our own, or else Vandaag. Another site never is.
func onward(to string) string {
	if !own(to) {
		return path.Today
	}
	return to
}

func own(to string) bool {
	if len(to) > 2000 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") ||
		strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r == '\\' || r == 0x7f }) {
		return false
	}
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Fragment != "" {
		return false
	}
	if strings.HasPrefix(u.Path, "//") || strings.ContainsAny(u.Path, "\\\r\n") {
		return false // after decoding
	}
	// Signing in after signing in goes round in circles, and signing out was not meant.
	return u.Path != path.SignIn && u.Path != path.SignOut
}

// again serves the form that waited, as if it were sent now by who came in.
func (p *Pages) again(w http.ResponseWriter, r *http.Request, v identity.Visit, to string, parked map[string][]string) error {
	// Without its own routing context the router would go on where this request was routed to.
	ctx := context.WithValue(r.Context(), chi.RouteCtxKey, (*chi.Context)(nil))
	ctx = request.WithActor(ctx, v.Actor)
	sent, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(url.Values(parked).Encode()))
	if err != nil {
		return respond.SeeOther(w, r, path.Today, "")
	}
	sent.Header = r.Header.Clone()
	sent.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sent.Host, sent.RemoteAddr, sent.TLS, sent.RequestURI = r.Host, r.RemoteAddr, r.TLS, to
	p.Again.ServeHTTP(w, sent)
	return nil
}
