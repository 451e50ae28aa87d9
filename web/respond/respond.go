// Package respond is what goes out: a page, a redirect, a fault, a download.
package respond

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/a-h/templ"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/reading"
	"regiogriffie/web/form"
	"regiogriffie/web/request"
	"regiogriffie/web/static"
	"regiogriffie/web/ui"
)

// Handler is a handler that may fail.
type Handler func(w http.ResponseWriter, r *http.Request) error

// To makes a handler of one that may fail.
func To(h Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			Fault(w, r, err)
		}
	}
}

// Revalidate is what a page says that everyone may see as it is: keep it, and ask each time whether it still holds.
const Revalidate = "no-cache"

// pages are buffers that a page was rendered in; one that grew over mostKept is let go.
var pages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const mostKept = 1 << 20

// Page renders content in the frame. It is rendered whole before a byte leaves, so that a failure becomes a fault page
// and never half a page. Only a page without fault, message or reader may be kept, unless Closed or NoStore said otherwise.
func Page(w http.ResponseWriter, r *http.Request, status int, title string, content templ.Component) error {
	actor := request.Actor(r)
	frame := ui.Frame{
		Title: title, Here: r.URL.Path, Name: actor.Name, Admin: actor.IsAdmin(""),
		Message: takeMessage(w, r), Base: static.Base,
	}
	page := pages.Get().(*bytes.Buffer)
	defer func() {
		if page.Cap() <= mostKept {
			page.Reset()
			pages.Put(page)
		}
	}()
	if err := ui.Layout(frame).Render(templ.WithChildren(r.Context(), content), page); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	h := w.Header()
	if h.Get("Cache-Control") == "" && status == http.StatusOK && !actor.SignedIn() && h.Get("Set-Cookie") == "" {
		h.Set("Cache-Control", Revalidate)
	} else {
		h.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(status)
	_, err := w.Write(page.Bytes())
	if err != nil {
		slog.DebugContext(r.Context(), "the reader went away", "error", err)
	}
	return nil
}

// NoStore marks an answer that nobody keeps: a page to sign in or to choose a password.
func NoStore(w http.ResponseWriter) { w.Header().Set("Cache-Control", "no-store") }

// Closed marks an answer that holds closed matter: it is not compressed and not kept (security 18).
func Closed(w http.ResponseWriter) {
	w.Header().Set("No-Gzip-Compression", "1")
	w.Header().Set("Cache-Control", "no-store")
}

// Noted marks an answer that shows these closed things and notes that the reader gets to read them, before a byte leaves: when that
// fails, the answer may not. Without things it does nothing. Who asks for headers alone reads nothing.
func Noted(w http.ResponseWriter, r *http.Request, db postgres.DB, things ...reading.Thing) error {
	if len(things) == 0 {
		return nil
	}
	Closed(w)
	if r.Method == http.MethodHead {
		return nil
	}
	return reading.Note(r.Context(), db, request.Actor(r), things...)
}

// Calendar sends a calendar file under a name without its extension.
func Calendar(w http.ResponseWriter, name string, calendar []byte) error {
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.ics"`)
	_, err := w.Write(calendar)
	return err
}

const messageCookie = "melding"

// secure tells whether the reader came by https: the guards promise it in the same answer. A proxy may have ended it.
func secure(w http.ResponseWriter) bool { return w.Header().Get("Strict-Transport-Security") != "" }

// SeeOther sends the browser on after an act, with a sentence that is told once.
func SeeOther(w http.ResponseWriter, r *http.Request, to, message string) error {
	if message != "" {
		http.SetCookie(w, &http.Cookie{
			Name: messageCookie, Value: base64.RawURLEncoding.EncodeToString([]byte(message)), Path: "/", MaxAge: 60,
			HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: secure(w),
		})
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

func takeMessage(w http.ResponseWriter, r *http.Request) string {
	c, err := r.Cookie(messageCookie)
	if err != nil {
		return ""
	}
	http.SetCookie(w, &http.Cookie{Name: messageCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: secure(w)})
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || len(text) > 300 {
		return ""
	}
	return string(text)
}

// Fault answers an error: what the reader should know as its own page, everything else logged and shown as an apology.
func Fault(w http.ResponseWriter, r *http.Request, err error) {
	var refusal fault.Refusal
	var tooLarge *http.MaxBytesError
	var unreadable form.Unreadable
	switch {
	case errors.Is(err, fault.NotFound):
		NotFound(w, r)
	case errors.As(err, &refusal):
		show(w, r, http.StatusForbidden, "Dit kan niet", refusal.Why)
	case errors.Is(err, fault.Forbidden):
		show(w, r, http.StatusForbidden, "Dit mag u niet", "Dit kan alleen iemand met een andere rol. Vraag het aan de griffier, de secretaris of de beheerder.")
	case errors.Is(err, fault.Unconfirmed):
		SignIn(w, r, true)
	case errors.Is(err, fault.Conflict):
		show(w, r, http.StatusConflict, "Iemand anders was u voor",
			"Dit is intussen gewijzigd. Ga terug, ververs de pagina en kijk wat er nu staat voordat u het opnieuw doet.")
	case errors.As(err, &tooLarge):
		show(w, r, http.StatusRequestEntityTooLarge, "Dit is te groot",
			"Wat u verstuurt, is groter dan deze pagina aankan. Ga terug, kies een kleiner bestand of een kortere tekst en verstuur het opnieuw.")
	case errors.As(err, &unreadable):
		show(w, r, http.StatusBadRequest, "Dit formulier is niet te lezen", unreadable.Why)
	case errors.Is(err, form.ErrLeft):
		slog.InfoContext(r.Context(), "the reader went away while sending a form")
		show(w, r, http.StatusBadRequest, "Dit formulier kwam niet aan",
			"De verbinding werd verbroken. Er is niets gedaan. Ga terug en verstuur het formulier opnieuw.")
	case errors.Is(err, form.ErrSlow):
		slog.InfoContext(r.Context(), "a form was sent too slowly")
		show(w, r, http.StatusRequestTimeout, "Dit duurde te lang",
			"Wat u verstuurt, kwam niet op tijd aan. Er is niets gedaan. Ga terug en verstuur het formulier opnieuw; "+
				"met een trage verbinding helpt een kleiner bestand.")
	case postgres.Busy(err):
		slog.WarnContext(r.Context(), "the pool is full", "error", err)
		w.Header().Set("Retry-After", "5")
		show(w, r, http.StatusServiceUnavailable, "Even te druk",
			"Er zijn nu meer bezoekers tegelijk dan wij aankunnen. Probeer het over een paar seconden opnieuw. Wat u al had bewaard, is niet weg.")
	case postgres.Unreachable(err) || r.Context().Err() != nil:
		if errors.Is(r.Context().Err(), context.Canceled) { // a reader who went on to another page is no outage
			slog.InfoContext(r.Context(), "the reader did not wait for the answer")
		} else {
			slog.WarnContext(r.Context(), "database out of reach", "error", err)
		}
		Unavailable(w, r)
	default:
		slog.ErrorContext(r.Context(), "request failed", "method", r.Method, "error", err)
		show(w, r, http.StatusInternalServerError, "Er ging iets mis bij ons",
			"Dit ligt niet aan u. De fout is vastgelegd. Probeer het over een paar minuten opnieuw.")
	}
}

// NotFound is the same page for what is not there and for what someone may not see.
func NotFound(w http.ResponseWriter, r *http.Request) {
	next := "Controleer het adres."
	if !request.Actor(r).SignedIn() {
		next = "Controleer het adres, of log in als u een account hebt."
	}
	show(w, r, http.StatusNotFound, "Niet gevonden", "Deze pagina bestaat niet, of u mag deze pagina niet zien. "+next)
}

// Unavailable says that the database is away. It needs nothing from it.
func Unavailable(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "5")
	show(w, r, http.StatusServiceUnavailable, "Even niet bereikbaar",
		"De gegevens zijn op dit moment niet te bereiken. Probeer het over een paar seconden opnieuw. Wat u al had bewaard, is niet weg.")
}

func show(w http.ResponseWriter, r *http.Request, status int, heading, sentence string) {
	if err := Page(w, r, status, heading, ui.Plain(heading, sentence)); err != nil {
		http.Error(w, heading, status)
	}
}

// parkLimit is the largest form that is kept while someone signs in.
const parkLimit = 1 << 20

// SignIn asks who someone is before going on; again asks only for the password. A form that was sent goes along, filled in.
func SignIn(w http.ResponseWriter, r *http.Request, again bool) {
	s := ui.SignIn{To: r.URL.RequestURI(), Again: again}
	if again {
		s.Email = "-"
	}
	if r.Method == http.MethodPost {
		// A file cannot wait in a page. Of what is too large or broken nothing is carried along but the way back.
		texts, lost := form.Waiting(r, parkLimit)
		s.Parked = map[string][]string{}
		for name, values := range texts {
			// A password or a parked form inside a parked form is not carried along.
			if !strings.HasPrefix(name, "v.") && !strings.Contains(name, "password") {
				s.Parked[name] = values
			}
		}
		if lost {
			s.Parked[form.FileAgain] = []string{"ja"}
		}
	}
	status := http.StatusUnauthorized
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		status = http.StatusOK
	}
	NoStore(w)
	if err := Page(w, r, status, "Inloggen", ui.SignInPage(s)); err != nil {
		Fault(w, r, err)
	}
}
