package account

import (
	"context"
	"errors"
	"net/http"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// ShowStop asks the reader of a mail whether to stop such mails. It changes nothing: mail scanners open every link. The code
// stays in the address, unlike that of a link to choose a password: mail programs send their one click to this very address,
// without cookies, and all that the code can do is stop these mails and undo that.
func (p *Pages) ShowStop(w http.ResponseWriter, r *http.Request) error {
	return p.stop(w, r, mailing.FindStop)
}

// CreateStop stops them, for the reader on the page and for the one click of his mail program (RFC 8058) alike. It answers with
// a page and not with a redirect, which mail programs do not follow.
func (p *Pages) CreateStop(w http.ResponseWriter, r *http.Request) error {
	return p.stop(w, r, mailing.Unsubscribe)
}

// DeleteStop undoes it.
func (p *Pages) DeleteStop(w http.ResponseWriter, r *http.Request) error {
	return p.stop(w, r, mailing.Resubscribe)
}

func (p *Pages) stop(w http.ResponseWriter, r *http.Request, act func(context.Context, postgres.DB, access.Actor, string) (mailing.Stop, error)) error {
	respond.NoStore(w)
	code := request.Key(r, "code")
	s, err := act(r.Context(), p.DB, request.Actor(r), code)
	if errors.Is(err, fault.NotFound) {
		return respond.Page(w, r, http.StatusNotFound, "Deze link werkt niet", stopGone())
	}
	if err != nil {
		return err
	}
	title := "Afmelden"
	if s.Refused {
		title = "U bent afgemeld"
	}
	return respond.Page(w, r, http.StatusOK, title, stopPage(s, path.StopMail(code), r.Method == http.MethodPost))
}

// CreateRefusal stops a topic at the work address of who is signed in.
func (p *Pages) CreateRefusal(w http.ResponseWriter, r *http.Request) error {
	return p.choose(w, r, true, "U krijgt per e-mail geen ", " meer.")
}

// DeleteRefusal lets it come again.
func (p *Pages) DeleteRefusal(w http.ResponseWriter, r *http.Request) error {
	return p.choose(w, r, false, "U krijgt per e-mail weer ", ".")
}

func (p *Pages) choose(w http.ResponseWriter, r *http.Request, refuse bool, before, after string) error {
	topic := mailing.Topic(request.Key(r, "topic"))
	if err := mailing.Choose(r.Context(), p.DB, request.Actor(r), topic, refuse); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Account, before+topic.Label()+after)
}
