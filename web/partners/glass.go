package partners

import (
	"net/http"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/trail"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
	"regiogriffie/web/ui"
)

// glassView is what the page of broken glass needs.
type glassView struct {
	Actor        access.Actor
	Organisation partner.Organisation
	Body         partner.Body
	Glass        []identity.Glass
}

func (v glassView) address() string { return path.Glass(v.Organisation.Key, v.Body.Key) }

func (v glassView) openOfActor() bool {
	for _, g := range v.Glass {
		if g.AccountID == v.Actor.Account && g.Open(v.Actor.At) {
			return true
		}
	}
	return false
}

// readGlass reads the body of the address. For who neither administers nor is its griffier, the page does not exist.
func (p Pages) readGlass(r *http.Request) (glassView, error) {
	v := glassView{Actor: request.Actor(r)}
	if err := postgres.Read(r.Context(), p.DB, partner.OrganisationInto(&v.Organisation, v.Actor, request.Key(r, "organisation")),
		partner.BodyInto(&v.Body, v.Actor, request.Key(r, "body")), identity.GlassOf(&v.Glass, v.Actor, request.Key(r, "body"))); err != nil {
		return v, err
	}
	if v.Body.OrganisationID != v.Organisation.ID || !identity.CanSeeGlass(v.Actor, v.Organisation.ID, v.Body.ID) {
		return v, fault.NotFound
	}
	return v, nil
}

// ShowGlass shows when the glass of a body was broken, and lets its administrator break it.
func (p Pages) ShowGlass(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readGlass(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Noodtoegang", glassPage(v, form.New(nil)))
}

// CreateGlass breaks it, or shows the form again with what is wrong.
func (p Pages) CreateGlass(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readGlass(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	err = identity.BreakGlass(r.Context(), p.DB, v.Actor, v.Body.ID, f.Text("reason"))
	if f.Explains(err) {
		return respond.Page(w, r, http.StatusUnprocessableEntity, "Noodtoegang", glassPage(v, f))
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, v.address(), "U leest dertig minuten de besloten stukken van dit gremium. De griffier krijgt bericht.")
}

// CreateGlassEnd ends it before its time.
func (p Pages) CreateGlassEnd(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readGlass(r)
	if err != nil {
		return err
	}
	if err := identity.EndGlass(r.Context(), p.DB, v.Actor, v.Body.ID, request.ID[id.Glass](r, "glass")); err != nil {
		return err
	}
	return respond.SeeOther(w, r, v.address(), "De noodtoegang is beëindigd.")
}

// Trail lists what was done to accounts, roles and mandates of an organisation, for who administers it.
func (p Pages) Trail(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	o, err := partner.FindOrganisation(r.Context(), p.DB, actor, request.Key(r, "organisation"))
	if err != nil {
		return err
	}
	if !actor.IsAdmin(o.ID) {
		return fault.NotFound
	}
	v := parts.TrailView{
		Heading: "Spoor van " + o.Name(), Page: request.Page(r), Address: path.OrganisationTrail(o.Key),
		Crumbs: []ui.Crumb{{Label: "Organisaties", Address: path.Organisations}, {Label: o.Name(), Address: path.Organisation(o.Key)}},
	}
	if err := postgres.Read(r.Context(), p.DB, trail.List(&v.Lines, actor, trail.Filter{Organisation: o.ID, Page: v.Page})); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, v.Heading, parts.Trail(v))
}
