// Package partners shows who there is: organisations, their bodies, and people in office.
package partners

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/collaboration"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// Pages are the handlers of organisations, bodies, mandates and people.
type Pages struct {
	DB      *pgxpool.Pool
	BaseURL string
}

// Index lists organisations; the filters stand in the address.
func (p Pages) Index(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	v := listView{Page: request.Page(r), At: actor.At, MayCreate: partner.CanCreateOrganisation(actor), Filter: partner.Filter{
		Name: request.Query(r, "naam"), Kind: partner.Kind(request.Query(r, "soort")), Province: request.Query(r, "provincie"),
		Ended: request.Query(r, "stand") == "opgeheven",
	}}
	var err error
	if v.List, v.More, v.Total, err = partner.List(r.Context(), p.DB, actor, v.Filter, v.Page); err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Organisaties", list(v))
}

// Show is the page of an organisation.
func (p Pages) Show(w http.ResponseWriter, r *http.Request) error {
	actor, key := request.Actor(r), request.Key(r, "organisation")
	v := shown{Actor: actor, BaseURL: p.BaseURL}
	err := postgres.Read(r.Context(), p.DB,
		partner.OrganisationInto(&v.Organisation, actor, key),
		partner.SuccessorsInto(&v.Successors, actor, key),
		partner.PredecessorsInto(&v.Predecessors, actor, key),
		partner.BodiesInto(&v.Bodies, actor, key),
		partner.InOfficeInto(&v.People, actor, key),
		collaboration.OfInto(&v.Collaborations, actor, key),
		partner.MeetingsInto(&v.Meetings, actor, key),
		partner.RecessesInto(&v.Recesses, actor, key))
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, v.Organisation.OfficialName, show(v))
}

// New is the form of a new organisation.
func (p Pages) New(w http.ResponseWriter, r *http.Request) error {
	return p.newForm(w, r, http.StatusOK, form.New(nil))
}

func (p Pages) newForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	if !partner.CanCreateOrganisation(request.Actor(r)) {
		return fault.Forbidden
	}
	return respond.Page(w, r, status, "Nieuwe organisatie", organisationForm(partner.Organisation{}, f))
}

// Create adds the organisation, or shows the form again with what is wrong.
func (p Pages) Create(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	var made partner.Organisation
	draft := readOrganisation(f)
	if err = f.Sound(draft.Check(actor.At)); err == nil {
		made, err = partner.CreateOrganisation(r.Context(), p.DB, actor, draft)
	}
	if f.Explains(err) {
		return p.newForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Organisation(made.Key), "De organisatie is toegevoegd.")
}

// Edit is the form of an organisation.
func (p Pages) Edit(w http.ResponseWriter, r *http.Request) error {
	o, err := p.organisation(r)
	if err != nil {
		return err
	}
	return p.editForm(w, r, http.StatusOK, o.Organisation, form.New(organisationValues(o.Organisation, o.successors)))
}

func (p Pages) editForm(w http.ResponseWriter, r *http.Request, status int, o partner.Organisation, f *form.Form) error {
	if !partner.CanReviseOrganisation(request.Actor(r), o.ID) {
		return fault.Forbidden
	}
	return respond.Page(w, r, status, "Wijzig "+o.Name(), organisationForm(o, f))
}

// register is an organisation with those that came after it.
type register struct {
	partner.Organisation
	successors []partner.Link
}

func (p Pages) organisation(r *http.Request) (o register, err error) {
	actor, key := request.Actor(r), request.Key(r, "organisation")
	err = postgres.Read(r.Context(), p.DB, partner.OrganisationInto(&o.Organisation, actor, key), partner.SuccessorsInto(&o.successors, actor, key))
	return o, err
}

// Update changes the organisation, or shows the form again with what is wrong or what someone else saved.
func (p Pages) Update(w http.ResponseWriter, r *http.Request) error {
	actor := request.Actor(r)
	return form.Edit[register]{
		Read: func() (register, error) { return p.organisation(r) },
		Save: func(o register, f *form.Form) error {
			draft := readOrganisation(f)
			draft.Key = o.Key
			return f.Act(func() error { return draft.Check(actor.At) }, func() error {
				_, err := partner.ReviseOrganisation(r.Context(), p.DB, actor, o.ID, f.Version(), draft)
				return err
			})
		},
		Saved: func(o register) form.Saved {
			return form.Saved{Values: organisationValues(o.Organisation, o.successors), By: o.UpdatedBy, At: o.UpdatedAt}
		},
		Words: func(_ register, f *form.Form, _ map[string]string) { relabel(f, "kind", kindOptions("")) },
		Show:  func(status int, o register, f *form.Form) error { return p.editForm(w, r, status, o.Organisation, f) },
		Done: func(o register) error {
			return respond.SeeOther(w, r, path.Organisation(o.Key), "De gegevens van de organisatie zijn bewaard.")
		},
	}.Update(r)
}

// CreateSteps keeps which steps papers of the organisation take before they are offered.
func (p Pages) CreateSteps(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	o, err := partner.FindOrganisation(r.Context(), p.DB, actor, request.Key(r, "organisation"))
	if err != nil {
		return err
	}
	if err := partner.SetInnerSteps(r.Context(), p.DB, actor, o.ID, f.Bool("inner_steps")); err != nil {
		return err
	}
	message := "Een voorstel gaat nu van concept meteen naar aangeboden."
	if f.Bool("inner_steps") {
		message = "Voorstellen worden nu eerst ambtelijk gereed en bestuurlijk akkoord."
	}
	return respond.SeeOther(w, r, path.Organisation(o.Key), message)
}

func readOrganisation(f *form.Form) partner.OrganisationDraft {
	return partner.OrganisationDraft{
		Key: f.Line("key"), Kind: partner.Kind(f.Text("kind")), OfficialName: f.Line("official_name"), ShortName: f.Line("short_name"),
		FormerNames: f.Lines("former_names"),
		TooiURI:     f.Line("tooi_uri"), CBSCode: f.Line("cbs_code"), OIN: f.Line("oin"), Website: f.Line("website"), Province: f.Text("province"),
		SafetyRegion: f.Line("safety_region"), Inhabitants: f.Int("inhabitants"), Seats: f.Int("seats"), SeatPlace: f.Line("seat_place"),
		Colour: strings.ToLower(f.Line("colour")), ValidFrom: f.Date("valid_from"), ValidTo: f.Date("valid_to"), Successors: f.Lines("successors"),
	}
}

func organisationValues(o partner.Organisation, successors []partner.Link) map[string]string {
	var keys []string
	for _, s := range successors {
		keys = append(keys, s.Key)
	}
	return map[string]string{
		"kind": string(o.Kind), "official_name": o.OfficialName, "short_name": o.ShortName, "former_names": strings.Join(o.FormerNames, "\n"),
		"tooi_uri": o.TooiURI, "cbs_code": o.CBSCode,
		"oin": o.OIN, "website": o.Website, "province": o.Province, "safety_region": o.SafetyRegion, "inhabitants": number(o.Inhabitants),
		"seats": number(o.Seats), "seat_place": o.SeatPlace, "colour": o.Colour, "valid_from": form.Day(o.ValidFrom), "valid_to": form.Day(o.ValidTo),
		"successors": strings.Join(keys, "\n"), "version": strconv.Itoa(o.Version),
	}
}

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// shown is what the page of an organisation holds.
type shown struct {
	Actor          access.Actor
	BaseURL        string
	Organisation   partner.Organisation
	Successors     []partner.Link
	Predecessors   []partner.Link
	Bodies         []partner.Body
	People         []partner.InOffice
	Collaborations []collaboration.Membership
	Meetings       []partner.MeetingLine
	Recesses       []partner.Recess
}
