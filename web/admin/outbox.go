package admin

import (
	"net/http"
	"slices"

	"regiogriffie/internal/id"
	"regiogriffie/internal/mailing"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// stateWords are how the outbox calls the states.
var stateWords = map[mailing.State]string{
	mailing.Waiting: "Wacht", mailing.Sent: "Verzonden", mailing.Deferred: "Uitgesteld", mailing.Failed: "Mislukt", mailing.Refused: "Afgemeld",
	mailing.Kept: "Bewaard",
}

// Outbox lists what leaves by mail, and how far the mailings are.
func (p Pages) Outbox(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	o := outbox{filter: mailing.Filter{
		State: mailing.State(request.Query(r, "stand")), Mailing: id.Mailing(request.Query(r, "verzending")),
		Search: request.Query(r, "zoek"), Page: request.Page(r),
	}}
	if !slices.Contains(mailing.States, o.filter.State) {
		o.filter.State = ""
	}
	if err := postgres.Read(r.Context(), p.DB, mailing.Progress(&o.mailings, actor), mailing.Outbox(&o.messages, actor, o.filter)); err != nil {
		return err
	}
	if len(o.messages) > mailing.PerPage {
		o.messages, o.more = o.messages[:mailing.PerPage], true
	}
	return respond.Page(w, r, http.StatusOK, "Postvak uit", outboxPage(o))
}

// ShowMail is one mail, its HTML as text: what a mail holds never runs here.
func (p Pages) ShowMail(w http.ResponseWriter, r *http.Request) error {
	m, err := mailing.FindMessage(r.Context(), p.DB, request.Actor(r), request.ID[id.Message](r, "message"))
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, m.Subject, mailPage(m))
}

// CreatePause holds a mailing.
func (p Pages) CreatePause(w http.ResponseWriter, r *http.Request) error {
	if err := mailing.Pause(r.Context(), p.DB, request.Actor(r), request.ID[id.Mailing](r, "mailing")); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Outbox, "De verzending is onderbroken. Wat nog niet weg is, wacht tot u verdergaat.")
}

// DeletePause lets it go on.
func (p Pages) DeletePause(w http.ResponseWriter, r *http.Request) error {
	if err := mailing.Resume(r.Context(), p.DB, request.Actor(r), request.ID[id.Mailing](r, "mailing")); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Outbox, "De verzending gaat verder.")
}

type outbox struct {
	filter   mailing.Filter
	mailings []mailing.Mailing
	messages []mailing.Message
	more     bool
}

func (o outbox) filtered() bool {
	return o.filter.State != "" || o.filter.Mailing != "" || o.filter.Search != ""
}

func (o outbox) address() string {
	return path.With(path.Outbox, "stand", string(o.filter.State), "verzending", string(o.filter.Mailing), "zoek", o.filter.Search)
}
