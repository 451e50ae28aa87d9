package account

import (
	"errors"
	"net/http"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/identity"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// linkMinutes is how long the cookie that holds a link's token lasts.
const linkMinutes = 30

func (p *Pages) linkCookie(token string, age int) *http.Cookie {
	name := "wachtwoord"
	if p.Secure {
		name = "__Host-wachtwoord"
	}
	return &http.Cookie{Name: name, Value: token, Path: "/", MaxAge: age, HttpOnly: true, Secure: p.Secure, SameSite: http.SameSiteLaxMode}
}

// OpenLink swaps the token in the address for a short cookie, so that it stays in no history. It uses nothing up: mail
// scanners open every link.
func (p *Pages) OpenLink(w http.ResponseWriter, r *http.Request) error {
	token := request.Key(r, "token")
	if len(token) > 100 {
		return fault.NotFound
	}
	http.SetCookie(w, p.linkCookie(token, linkMinutes*60))
	return respond.SeeOther(w, r, path.ChoosePassword, "")
}

func (p *Pages) token(r *http.Request) string {
	c, err := r.Cookie(p.linkCookie("", 0).Name)
	if err != nil {
		return ""
	}
	return c.Value
}

// ChoosePassword asks for the new password of the account that the link is for.
func (p *Pages) ChoosePassword(w http.ResponseWriter, r *http.Request) error {
	link, err := p.findLink(r)
	if errors.Is(err, fault.NotFound) {
		return respond.Page(w, r, http.StatusNotFound, "Deze link werkt niet meer", linkGone())
	}
	if err != nil {
		return err
	}
	respond.NoStore(w)
	return respond.Page(w, r, http.StatusOK, "Kies een wachtwoord", chooseForm(form.New(nil), link))
}

func (p *Pages) findLink(r *http.Request) (identity.Link, error) {
	token := p.token(r)
	if token == "" {
		return identity.Link{}, fault.NotFound
	}
	return identity.FindLink(r.Context(), p.DB, token, request.Actor(r).At)
}

// UseLink sets the password; the link works once.
func (p *Pages) UseLink(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	token := p.token(r)
	err = identity.UsePasswordLink(r.Context(), p.DB, token, f.Raw("password"), p.browser(r).origin, request.Actor(r).At)
	status := http.StatusUnprocessableEntity
	if errors.Is(err, identity.ErrBusy) {
		w.Header().Set("Retry-After", "5")
		status, err = http.StatusServiceUnavailable, fault.Fields{"password": busySentence}
	}
	if f.Explains(err) {
		link, err := p.findLink(r)
		if err != nil {
			return err
		}
		return respond.Page(w, r, status, "Kies een wachtwoord", chooseForm(f, link))
	}
	if errors.Is(err, fault.NotFound) {
		return respond.Page(w, r, http.StatusNotFound, "Deze link werkt niet meer", linkGone())
	}
	if err != nil {
		return err
	}
	http.SetCookie(w, p.linkCookie("", -1))
	return respond.SeeOther(w, r, path.SignIn, "Uw wachtwoord is gekozen. Log ermee in.")
}
