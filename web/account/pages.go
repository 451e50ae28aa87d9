// Package account is where people sign in and out, see what they may do, and choose a password.
package account

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
	"regiogriffie/web/ui"
)

// Pages of the account. Again serves a form that waited while someone signed in: the addresses within the session.
type Pages struct {
	DB       *pgxpool.Pool
	Sessions *scs.SessionManager
	Again    http.Handler
	Secure   bool // the site is reached by https
	Proxies  request.Proxies
}

// NewSession asks who someone is; whoever signed in already goes on.
func (p *Pages) NewSession(w http.ResponseWriter, r *http.Request) error {
	to := onward(r.URL.Query().Get("naar"))
	if request.Actor(r).SignedIn() {
		return respond.SeeOther(w, r, to, "")
	}
	respond.NoStore(w)
	return respond.Page(w, r, http.StatusOK, "Inloggen", ui.SignInPage(ui.SignIn{To: to}))
}

// CreateSession signs in, or confirms the password of who is signed in. A form that waited for it then goes through as it
// was filled in.
func (p *Pages) CreateSession(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	s := ui.SignIn{Email: f.Text("email"), To: onward(f.Raw("naar")), Parked: parked(f)}
	confirming := s.Email == "-"
	if confirming && !actor.SignedIn() {
		s.Email, s.Fault = "", "U bent intussen uitgelogd. Vul ook uw e-mailadres in."
		return respond.Page(w, r, http.StatusUnprocessableEntity, "Inloggen", ui.SignInPage(s))
	}
	s.Again = confirming
	var v identity.Visit
	browser := p.browser(r)
	if confirming {
		v, err = identity.Confirm(r.Context(), p.DB, actor, f.Raw("password"), browser.origin)
	} else {
		v, err = identity.SignIn(r.Context(), p.DB, identity.Try{
			Email: s.Email, Password: f.Raw("password"), Origin: browser.origin, At: actor.At,
		})
	}
	if err == nil {
		if err = p.enter(r, v); err == nil && browser.cookie != nil {
			http.SetCookie(w, browser.cookie)
		}
	}
	if status, sentence := refusal(w, r, err, confirming); status != 0 {
		s.Fault = sentence
		return respond.Page(w, r, status, "Inloggen", ui.SignInPage(s))
	}
	if err != nil {
		return err
	}
	if s.Parked != nil {
		return p.again(w, r, v, s.To, s.Parked)
	}
	warning, err := p.warning(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, s.To, warning)
}

// refusal is what someone reads who is not let in, with the status of that page; 0 when it is not about that.
func refusal(w http.ResponseWriter, r *http.Request, err error, confirming bool) (int, string) {
	var tooMany identity.TooMany
	switch {
	case errors.Is(err, identity.ErrWrong) && confirming:
		return http.StatusUnprocessableEntity, "Dit wachtwoord klopt niet. Controleer het en vul het opnieuw in."
	case errors.Is(err, identity.ErrWrong):
		return http.StatusUnprocessableEntity, "Dit e-mailadres en wachtwoord horen niet bij elkaar. Controleer ze en probeer het opnieuw."
	case errors.As(err, &tooMany):
		now := request.Actor(r).At
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(tooMany.Until.Sub(now).Seconds()))))
		return http.StatusTooManyRequests, tooManySentence(tooMany)
	case errors.Is(err, identity.ErrBusy):
		w.Header().Set("Retry-After", "5")
		return http.StatusServiceUnavailable, busySentence
	}
	return 0, ""
}

func tooManySentence(t identity.TooMany) string {
	// A minute later, so that the time is right although seconds are not shown.
	return "Er is te vaak een verkeerd wachtwoord ingevuld. Probeer het om " + dutch.Clock(t.Until.Add(59_000_000_000)) +
		" uur opnieuw. Hebt u haast? Vraag de functioneel beheerder om een link voor een nieuw wachtwoord."
}

const busySentence = "Er loggen nu veel mensen tegelijk in. Wacht een paar seconden en probeer het opnieuw."

// enter gives the session a new token and makes it that of who just gave his password.
func (p *Pages) enter(r *http.Request, v identity.Visit) error {
	ctx := r.Context()
	if err := p.Sessions.RenewToken(ctx); err != nil {
		return err
	}
	p.Sessions.SetDeadline(ctx, v.Actor.At.Add(identity.Lifetime))
	identity.Enter(ctx, v)
	// Now, not while the answer is written: what follows must not happen when this fails.
	if _, _, err := p.Sessions.Commit(ctx); err != nil {
		return errors.Join(err, p.Sessions.Destroy(ctx))
	}
	return nil
}

// DeleteSession signs out.
func (p *Pages) DeleteSession(w http.ResponseWriter, r *http.Request) error {
	if err := identity.SignOut(r.Context(), p.DB, request.Actor(r)); err != nil {
		return err
	}
	if err := p.Sessions.Destroy(r.Context()); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Home, "U bent uitgelogd.")
}

// Show tells who someone is here and what he may do.
func (p *Pages) Show(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	of := self{actor: actor}
	if err := postgres.Read(r.Context(), p.DB,
		identity.FindInto(&of.account, actor, actor.Account), identity.Functions(&of.functions, actor, actor.Account), mailing.Choices(&of.mail, actor),
		identity.Shown(&of.shown, actor), identity.EmailChanges(&of.changes, actor, "")); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Mijn account", show(of))
}

// EditPassword asks for the old password and a new one.
func (p *Pages) EditPassword(w http.ResponseWriter, r *http.Request) error {
	return respond.Page(w, r, http.StatusOK, "Wachtwoord wijzigen", passwordForm(form.New(nil), request.Actor(r).Name))
}

// UpdatePassword changes the password and ends all other sessions of the account.
func (p *Pages) UpdatePassword(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	v, err := identity.SetPassword(r.Context(), p.DB, request.Actor(r), f.Raw("old_password"), f.Raw("password"), p.browser(r).origin)
	status := http.StatusUnprocessableEntity
	if refused, sentence := refusal(w, r, err, true); refused != 0 {
		status, err = refused, fault.Fields{"old_password": sentence}
	}
	if f.Explains(err) {
		return respond.Page(w, r, status, "Wachtwoord wijzigen", passwordForm(f, request.Actor(r).Name))
	}
	if err != nil {
		return err
	}
	if err := p.enter(r, v); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Account, "Uw wachtwoord is gewijzigd. Op andere apparaten bent u uitgelogd.")
}

func parked(f *form.Form) map[string][]string {
	if !f.Has("vervolg", "ja") {
		return nil
	}
	kept := map[string][]string{}
	for name, values := range f.Values {
		if own, ok := strings.CutPrefix(name, "v."); ok && own != "" {
			kept[own] = values
		}
	}
	return kept
}
