package proposals

import (
	"net/http"
	"slices"

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

// coauthoring is the page on which stellers of another organisation are chosen.
type coauthoring struct {
	proposal.Proposal
	organisation string // as it was typed, or chosen
	org          id.Organisation
	stellers     []partner.Colleague
}

// EditCoAuthors asks which organisation writes along, and then who.
func (p Pages) EditCoAuthors(w http.ResponseWriter, r *http.Request) error {
	found, err := proposal.FindByKey(r.Context(), p.DB, request.Actor(r), request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	return p.coAuthors(w, r, http.StatusOK, found, request.Query(r, "organisatie"), form.New(nil))
}

func (p Pages) coAuthors(w http.ResponseWriter, r *http.Request, status int, found proposal.Proposal, organisation string, f *form.Form) error {
	actor := request.Actor(r)
	if !proposal.CanInvite(actor, found) {
		return fault.Forbidden
	}
	v := coauthoring{Proposal: found, organisation: organisation}
	if organisation != "" {
		var err error
		switch v.org, err = p.named(r, found, organisation); {
		case f.Explains(err):
			status = http.StatusUnprocessableEntity
		case err != nil:
			return err
		default:
			if err := postgres.Read(r.Context(), p.DB, partner.Stellers(&v.stellers, actor, v.org)); err != nil {
				return err
			}
		}
	}
	f.Values.Set("organisatie", organisation)
	if len(f.Values["people"]) == 0 && status == http.StatusOK {
		for _, s := range v.stellers {
			if slices.Contains(found.WriterIDs, s.ID) {
				f.Values.Add("people", string(s.ID))
			}
		}
	}
	if err := respond.Noted(w, r, p.DB, closed(found)...); err != nil {
		return err
	}
	return respond.Page(w, r, status, "Samen schrijven", coAuthorsForm(v, f))
}

// named finds the organisation that is called so; one that is not there is a fault of the field.
func (p Pages) named(r *http.Request, found proposal.Proposal, name string) (id.Organisation, error) {
	if name == "" {
		return "", fault.Fields{"organisatie": "Vul de naam van de organisatie in."}
	}
	ids, err := proposal.NamedOrganisers(r.Context(), p.DB, request.Actor(r), []string{name}, found.CoOrgs)
	if why := missing(err); why != nil {
		return "", fault.Fields{"organisatie": why["organiser_ids"]}
	}
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// UpdateCoAuthors keeps who writes along.
func (p Pages) UpdateCoAuthors(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	found, err := proposal.FindByKey(r.Context(), p.DB, actor, request.Key(r, "proposal"))
	if err != nil {
		return err
	}
	if !proposal.CanInvite(actor, found) {
		return fault.Forbidden
	}
	organisation := f.Line("organisatie")
	org, err := p.named(r, found, organisation)
	if err == nil {
		people := []id.Person{}
		for _, each := range f.List("people") {
			people = append(people, id.Person(each))
		}
		err = proposal.SetCoAuthors(r.Context(), p.DB, actor, found.ID, org, people)
	}
	if f.Explains(err) {
		return p.coAuthors(w, r, http.StatusUnprocessableEntity, found, organisation, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Proposal(found.Key), "Het is bewaard. Wie meeschrijft, ziet het voorstel bij Vandaag.")
}

func stellerOptions(list []partner.Colleague) []form.Option {
	var options []form.Option
	for _, s := range list {
		options = append(options, form.Option{Value: string(s.ID), Label: s.Name})
	}
	return options
}
