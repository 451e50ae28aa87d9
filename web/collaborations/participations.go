package collaborations

import (
	"net/http"
	"time"

	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// NewParticipation is the form that lets an organisation take part.
func (p Pages) NewParticipation(w http.ResponseWriter, r *http.Request) error {
	return p.participationForm(w, r, http.StatusOK, form.New(nil))
}

func (p Pages) participationForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	actor := request.Actor(r)
	var v formView
	err := postgres.Read(r.Context(), p.DB,
		collaboration.Into(&v.Collaboration, actor, request.Key(r, "collaboration")), partner.OrganisationsFor(&v.Organisations, actor))
	if err != nil {
		return err
	}
	if !collaboration.CanManage(actor, v.Collaboration) {
		return fault.Forbidden
	}
	return respond.Page(w, r, status, "Voeg een deelnemer toe", participationForm(v, f))
}

// CreateParticipation lets the organisation take part, or shows the form again with what is wrong.
func (p Pages) CreateParticipation(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	c, err := collaboration.Find(r.Context(), p.DB, actor, request.Key(r, "collaboration"))
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	draft := collaboration.ParticipationDraft{
		CollaborationID: c.ID, OrganisationID: id.Organisation(f.Text("organisation_id")), Organs: f.List("organs"), JoinedOn: f.Date("joined_on"),
		ContributionKey: f.Line("contribution_key"),
	}
	if err = f.Sound(draft.Check(actor.At)); err == nil {
		_, err = collaboration.Join(r.Context(), p.DB, actor, draft)
	}
	if f.Explains(err) {
		return p.participationForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Collaboration(c.Key)+"#deelnemers", "De deelnemer is toegevoegd.")
}

// endView is what the form that ends a participation needs.
type endView struct {
	Collaboration collaboration.Collaboration
	Participant   collaboration.Participant
}

func (p Pages) readEnd(r *http.Request) (endView, error) {
	actor, key := request.Actor(r), request.Key(r, "collaboration")
	var v endView
	err := postgres.Read(r.Context(), p.DB,
		collaboration.Into(&v.Collaboration, actor, key),
		collaboration.ParticipantInto(&v.Participant, actor, key, request.ID[id.Participation](r, "participation")))
	if err != nil {
		return v, err
	}
	if !collaboration.CanEnd(actor, v.Collaboration, v.Participant.OrganisationID) {
		return v, fault.Forbidden
	}
	return v, nil
}

// NewParticipationEnd is the form that ends a participation.
func (p Pages) NewParticipationEnd(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readEnd(r)
	if err != nil {
		return err
	}
	f := form.New(map[string]string{"left_on": request.Actor(r).At.In(dutch.Zone).Format("02-01-2006")})
	return respond.Page(w, r, http.StatusOK, "Beëindig een deelname", endForm(v, f))
}

// CreateParticipationEnd ends the participation, or shows the form again with what is wrong.
func (p Pages) CreateParticipationEnd(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readEnd(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	var on time.Time
	if d := f.Date("left_on"); d != nil {
		on = *d
	}
	if err = f.Sound(nil); err == nil {
		err = collaboration.Leave(r.Context(), p.DB, request.Actor(r), v.Participant.ID, on)
	}
	if f.Explains(err) {
		return respond.Page(w, r, http.StatusUnprocessableEntity, "Beëindig een deelname", endForm(v, f))
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Collaboration(v.Collaboration.Key)+"#deelnemers", "De deelname is beëindigd.")
}
