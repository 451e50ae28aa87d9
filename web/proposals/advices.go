package proposals

import (
	"net/http"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// NewAdvice is the form to ask for advice.
func (p Pages) NewAdvice(w http.ResponseWriter, r *http.Request) error {
	found, err := proposal.FindByKey(r.Context(), p.DB, request.Actor(r), request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	return p.askForm(w, r, http.StatusOK, found, form.New(map[string]string{"key": newKey(), "days": "10", "working": "ja"}))
}

func (p Pages) askForm(w http.ResponseWriter, r *http.Request, status int, found proposal.Proposal, f *form.Form) error {
	actor := request.Actor(r)
	if !proposal.CanAskAdvice(actor, found) {
		return fault.Forbidden
	}
	v := asking{Proposal: found}
	if err := postgres.Read(r.Context(), p.DB, partner.Colleagues(&v.colleagues, actor, found.OwnerOrgID), partner.BodiesFor(&v.bodies, actor)); err != nil {
		return err
	}
	if err := respond.Noted(w, r, p.DB, closed(found)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Advies vragen", askForm(v, f))
}

// asking is the form to ask for advice with its choices.
type asking struct {
	proposal.Proposal
	colleagues []partner.Colleague
	bodies     []partner.BodyOption
}

// CreateAdvice asks for advice.
func (p Pages) CreateAdvice(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	d := proposal.AdviceDraft{
		Key: f.Text("key"), Person: id.Person(f.Text("person_id")), Body: id.Body(f.Text("body_id")), Question: f.Text("question"),
		Days: f.Int("days"), Working: f.Text("working") == "ja",
	}
	if err = f.Sound(d.Check()); err == nil {
		err = proposal.AskAdvice(r.Context(), p.DB, actor, found.ID, d)
	}
	if f.Explains(err) {
		return p.askForm(w, r, http.StatusUnprocessableEntity, found, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key)+"#advies", "Het advies is gevraagd. Wie u vroeg, krijgt een e-mail.")
}

// adviceOf reads the paper and one advice on it.
func (p Pages) adviceOf(r *http.Request) (found proposal.Proposal, v proposal.Advice, err error) {
	actor, key := request.Actor(r), request.Key(r, "proposal")
	err = postgres.Read(r.Context(), p.DB, proposal.ByKey(&found, actor, key), proposal.AdviceInto(&v, actor, key, request.ID[id.Advice](r, "advice")))
	return found, v, err
}

// EditAdvice is where who was asked gives the advice.
func (p Pages) EditAdvice(w http.ResponseWriter, r *http.Request) error {
	found, v, err := p.adviceOf(r)
	if err != nil {
		return err
	}
	return p.adviceForm(w, r, http.StatusOK, found, v, form.New(nil))
}

func (p Pages) adviceForm(w http.ResponseWriter, r *http.Request, status int, found proposal.Proposal, v proposal.Advice, f *form.Form) error {
	if !proposal.CanGiveAdvice(request.Actor(r), v) {
		if v.GivenAt != nil {
			return fault.Because("Dit advies is al gegeven. U leest het bij het voorstel.")
		}
		return fault.Forbidden
	}
	if err := respond.Noted(w, r, p.DB, closed(found)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Advies geven", adviceForm(found, v, f))
}

// UpdateAdvice gives the advice.
func (p Pages) UpdateAdvice(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	found, v, err := p.adviceOf(r)
	if err != nil {
		return err
	}
	if err = f.Sound(nil); err == nil {
		err = proposal.GiveAdvice(r.Context(), p.DB, request.Actor(r), v.ID, proposal.AdvisoryOpinion(f.Text("opinion")), f.Text("text"))
	}
	if f.Explains(err) {
		return p.adviceForm(w, r, http.StatusUnprocessableEntity, found, v, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key)+"#advies", "Uw advies is gegeven.")
}
