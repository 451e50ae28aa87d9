package admin

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/partner"
	"regiogriffie/web/form"
	"regiogriffie/web/parts"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// granted are the roles that an administrator gives; the others follow from a function in a body.
var granted = []access.Role{
	access.ClerkStaff, access.Author, access.Organiser, access.PartnershipManager, access.Controller, access.Archivist, access.Admin,
}

func roleOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een rol"}}
	for _, r := range granted {
		options = append(options, form.Option{Value: string(r), Label: parts.RoleName(r)})
	}
	return options
}

func today(a access.Actor) string { return a.At.In(dutch.Zone).Format("02-01-2006") }

func emailValues(a identity.Account) map[string]string {
	return map[string]string{"email": a.Email, "version": strconv.Itoa(a.Version)}
}

// CreateRole gives the person of the account a role.
func (p Pages) CreateRole(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	of, err := identity.Find(r.Context(), p.DB, actor, account(r))
	if err != nil {
		return err
	}
	draft, err := p.readRole(r.Context(), actor, f)
	if err != nil {
		return err
	}
	draft.PersonID = of.PersonID
	if err = f.Sound(draft.Check(actor.At)); err == nil {
		_, err = partner.GrantRole(r.Context(), p.DB, actor, draft)
	}
	if f.Explains(err) {
		return p.show(w, r, http.StatusUnprocessableEntity, nil, f, "")
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, back(r), "De rol is toegekend.")
}

// readRole reads the form; the organisation and the body are known by their key, as it stands in addresses.
func (p Pages) readRole(ctx context.Context, actor access.Actor, f *form.Form) (partner.RoleDraft, error) {
	d := partner.RoleDraft{Role: access.Role(f.Text("role")), ValidTo: f.Date("valid_to")}
	if from := f.Date("valid_from"); from != nil {
		d.ValidFrom = *from
	}
	if key := strings.ToLower(f.Text("organisation_id")); key != "" {
		o, err := partner.FindOrganisation(ctx, p.DB, actor, key)
		if errors.Is(err, fault.NotFound) {
			f.Faults.Must(false, "organisation_id", "Deze organisatie is niet bekend. Kies er een uit de lijst.")
		} else if err != nil {
			return d, err
		}
		d.OrganisationID = o.ID
	}
	if key := strings.ToLower(f.Text("body_id")); key != "" {
		b, err := partner.FindBody(ctx, p.DB, actor, key)
		if errors.Is(err, fault.NotFound) {
			f.Faults.Must(false, "body_id", "Dit gremium is niet bekend. Kies er een uit de lijst.")
		} else if err != nil {
			return d, err
		}
		f.Faults.Must(b.ID == "" || d.OrganisationID == "" || d.OrganisationID == b.OrganisationID, "body_id",
			"Dit gremium hoort bij een andere organisatie. Kies een ander gremium, of laat de organisatie leeg.")
		d.BodyID = b.ID
	}
	return d, nil
}

// CreateRoleEnd ends a role as of today.
func (p Pages) CreateRoleEnd(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	grant := request.ID[id.Grant](r, "grant")
	if err := partner.GrantOf(r.Context(), p.DB, actor, request.ID[id.Account](r, "account"), grant); err != nil {
		return err
	}
	if err := partner.EndRole(r.Context(), p.DB, actor, grant, actor.At); err != nil {
		return err
	}
	return respond.SeeOther(w, r, back(r), "De rol is beëindigd.")
}
