package proposals

import (
	"errors"
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

// NewReadiness asks which portfolio holder must agree.
func (p Pages) NewReadiness(w http.ResponseWriter, r *http.Request) error {
	found, err := proposal.FindByKey(r.Context(), p.DB, request.Actor(r), request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	return p.readiness(w, r, http.StatusOK, found, form.New(map[string]string{"holder_id": string(found.HolderID)}))
}

func (p Pages) readiness(w http.ResponseWriter, r *http.Request, status int, found proposal.Proposal, f *form.Form) error {
	actor := request.Actor(r)
	if !proposal.CanMarkReady(actor, found) {
		return fault.Forbidden
	}
	var holders []partner.Colleague
	if err := postgres.Read(r.Context(), p.DB, partner.PortfolioHolders(&holders, actor, found.OwnerOrgID)); err != nil {
		return err
	}
	if err := respond.Noted(w, r, p.DB, closed(found)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Ambtelijk gereed melden", readinessForm(found, holders, f))
}

// CreateReadiness says that the civil servants are done, or shows what is still missing.
func (p Pages) CreateReadiness(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	err = proposal.MarkReady(r.Context(), p.DB, actor, found.ID, id.Person(f.Text("holder_id")))
	var fields fault.Fields
	if errors.As(err, &fields) && fields["holder_id"] == "" {
		return p.show(w, r, http.StatusUnprocessableEntity, found, form.New(nil), fields)
	}
	if f.Explains(err) {
		return p.readiness(w, r, http.StatusUnprocessableEntity, found, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key), "Het voorstel is ambtelijk gereed. De portefeuillehouder ziet het bij Vandaag.")
}

// CreateConsent gives the political consent.
func (p Pages) CreateConsent(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	if err := proposal.Agree(r.Context(), p.DB, actor, found.ID); err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key), "U hebt akkoord gegeven. De steller biedt het voorstel aan.")
}

// NewReturn asks for the reason.
func (p Pages) NewReturn(w http.ResponseWriter, r *http.Request) error {
	found, err := proposal.FindByKey(r.Context(), p.DB, request.Actor(r), request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	return p.returning(w, r, http.StatusOK, found, form.New(nil))
}

func (p Pages) returning(w http.ResponseWriter, r *http.Request, status int, found proposal.Proposal, f *form.Form) error {
	if !proposal.CanSendBack(request.Actor(r), found) {
		return fault.Forbidden
	}
	if err := respond.Noted(w, r, p.DB, closed(found)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Voorstel terugsturen", returnForm(found, f))
}

// CreateReturn sends the paper back to who wrote it.
func (p Pages) CreateReturn(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	if err = f.Sound(nil); err == nil {
		err = proposal.SendBack(r.Context(), p.DB, actor, found.ID, f.Text("reason"))
	}
	if f.Explains(err) {
		return p.returning(w, r, http.StatusUnprocessableEntity, found, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key), "Het voorstel is teruggestuurd. Wie het schrijft, ziet de reden.")
}

// CreateComment says something about the paper, among who prepares it.
func (p Pages) CreateComment(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	if err = f.Sound(nil); err == nil {
		err = proposal.AddComment(r.Context(), p.DB, actor, found.ID, f.Text("key"), f.Text("comment"))
	}
	if f.Explains(err) {
		if !proposal.CanComment(actor, found) {
			return fault.Forbidden
		}
		return p.show(w, r, http.StatusUnprocessableEntity, found, f, nil)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key)+"#overleg", "Uw opmerking staat erbij.")
}

func holderOptions(list []partner.Colleague) []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een portefeuillehouder"}}
	for _, h := range list {
		options = append(options, form.Option{Value: string(h.ID), Label: h.Name})
	}
	return options
}
