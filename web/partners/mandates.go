package partners

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"regiogriffie/internal/access"
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

// mandateView is what the forms of a mandate need.
type mandateView struct {
	Actor         access.Actor
	Organisation  partner.Organisation
	Body          partner.Body
	Mandate       partner.InOffice       // when it ends
	People        []partner.PersonOption // of the organisation
	Hits          []partner.PersonOption // found by name
	Chosen        []partner.PersonOption // who was chosen before the form came back; at most one
	Searched      bool
	Organisations []partner.OrganisationOption
	Bodies        []partner.BodyOption
	Offices       []partner.MandateOption
	SeatsAsked    bool // more members than seats: the form asks for a reason
}

// readMandateView reads the body of the address with what more is asked; only who may appoint in it sees the forms.
func (p Pages) readMandateView(r *http.Request, more func(*mandateView) []postgres.Query) (*mandateView, error) {
	actor, key := request.Actor(r), request.Key(r, "body")
	v := &mandateView{Actor: actor}
	err := postgres.Read(r.Context(), p.DB, append([]postgres.Query{
		partner.OrganisationInto(&v.Organisation, actor, request.Key(r, "organisation")),
		partner.BodyInto(&v.Body, actor, key),
	}, more(v)...)...)
	if err != nil {
		return nil, err
	}
	if v.Body.OrganisationID != v.Organisation.ID {
		return nil, fault.NotFound
	}
	if !partner.CanAppoint(actor, v.Body) {
		return nil, fault.Forbidden
	}
	return v, nil
}

// mandateFields are the fields of the form of a mandate. A search within it sends them along, so that nothing typed is lost.
var mandateFields = []string{
	"zoek_naam", "person_id", "function", "starts_on", "ends_on", "party_group", "portfolio", "on_behalf_of_org_id", "depends_on_mandate_id",
	"appointed_by_body_id", "non_voting", "vote_weight", partner.SeatsRule,
}

// NewMandate is the form that appoints someone in a body, and finds people by name.
func (p Pages) NewMandate(w http.ResponseWriter, r *http.Request) error {
	f := form.New(map[string]string{"starts_on": request.Actor(r).At.In(dutch.Zone).Format("02-01-2006")})
	query := r.URL.Query()
	for _, name := range mandateFields {
		if query.Has(name) {
			f.Values.Set(name, strings.ToValidUTF8(query.Get(name), ""))
		}
	}
	return p.mandateForm(w, r, http.StatusOK, f)
}

func (p Pages) mandateForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	actor, key := request.Actor(r), request.Key(r, "body")
	v, err := p.readMandateView(r, func(v *mandateView) []postgres.Query {
		return []postgres.Query{
			partner.PeopleAt(&v.People, actor, request.Key(r, "organisation")), partner.PeopleNamed(&v.Hits, actor, f.Line("zoek_naam")),
			partner.PersonChosen(&v.Chosen, actor, id.Person(f.Text("person_id"))),
			partner.OrganisationsFor(&v.Organisations, actor), partner.BodiesFor(&v.Bodies, actor), partner.OfficesFor(&v.Offices, actor, key),
		}
	})
	if err != nil {
		return err
	}
	v.Hits = slices.DeleteFunc(v.Hits, func(o partner.PersonOption) bool { return partner.Himself(actor, o.ID) })
	v.Searched = f.Line("zoek_naam") != ""
	if r.Method == http.MethodGet && len(v.Hits) == 1 {
		f.Values.Set("person_id", string(v.Hits[0].ID)) // who else was meant
	}
	v.SeatsAsked = f.Faults[partner.SeatsRule] != "" || f.Raw(partner.SeatsRule) != ""
	return respond.Page(w, r, status, "Voeg een functie toe", mandateForm(*v, f))
}

// CreateMandate appoints someone, or shows the form again with what is wrong.
func (p Pages) CreateMandate(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readMandateView(r, func(*mandateView) []postgres.Query { return nil })
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	draft := readMandate(f, v.Body)
	if err = f.Sound(draft.Check(v.Actor.At)); err == nil {
		_, err = partner.CreateMandate(r.Context(), p.DB, v.Actor, draft)
	}
	if f.Explains(err) {
		return p.mandateForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Organisation(v.Organisation.Key)+"#"+v.Body.Key, "De functie is toegevoegd.")
}

func readMandate(f *form.Form, b partner.Body) partner.MandateDraft {
	d := partner.MandateDraft{
		PersonID: id.Person(f.Text("person_id")), BodyID: b.ID, Function: partner.Function(f.Text("function")),
		OnBehalfOfOrgID: id.Organisation(f.Text("on_behalf_of_org_id")), PartyGroup: f.Line("party_group"), Portfolio: f.Lines("portfolio"),
		NonVoting: f.Bool("non_voting"), VoteWeight: weight(f, "vote_weight"), DependsOnMandateID: id.Mandate(f.Text("depends_on_mandate_id")),
		AppointedByBodyID: id.Body(f.Text("appointed_by_body_id")), EndsOn: f.Date("ends_on"),
		Reasons: map[string]string{partner.SeatsRule: f.Text(partner.SeatsRule)},
	}
	if from := f.Date("starts_on"); from != nil {
		d.StartsOn = *from
	}
	return d
}

// weight reads a number with a decimal comma; none is 0, which counts as 1.
func weight(f *form.Form, name string) float64 {
	text := strings.Replace(f.Text(name), ",", ".", 1)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseFloat(text, 64)
	f.Faults.Must(err == nil && n >= 0 && n <= 1_000_000, name, "Vul een getal in, bijvoorbeeld 2 of 1,5.")
	if err != nil {
		return 0
	}
	return n
}

// NewMandateEnd is the form that ends a mandate.
func (p Pages) NewMandateEnd(w http.ResponseWriter, r *http.Request) error {
	return p.mandateEndForm(w, r, http.StatusOK, form.New(map[string]string{"ends_on": request.Actor(r).At.In(dutch.Zone).Format("02-01-2006")}))
}

func (p Pages) readMandateEnd(r *http.Request) (*mandateView, error) {
	return p.readMandateView(r, func(v *mandateView) []postgres.Query {
		return []postgres.Query{partner.MandateInto(&v.Mandate, v.Actor, request.Key(r, "body"), request.ID[id.Mandate](r, "mandate"))}
	})
}

func (p Pages) mandateEndForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	v, err := p.readMandateEnd(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, status, "Beëindig een functie", mandateEndForm(*v, f))
}

// CreateMandateEnd ends a mandate and what rests on it, or shows the form again with what is wrong.
func (p Pages) CreateMandateEnd(w http.ResponseWriter, r *http.Request) error {
	v, err := p.readMandateEnd(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	var on time.Time
	if d := f.Date("ends_on"); d != nil {
		on = *d
	}
	if err = f.Sound(nil); err == nil {
		err = partner.EndMandate(r.Context(), p.DB, v.Actor, v.Mandate.ID, on, f.Line("end_reason"))
	}
	if f.Explains(err) {
		return p.mandateEndForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Organisation(v.Organisation.Key)+"#"+v.Body.Key, "De functie is beëindigd, en ook elke functie die erop rust.")
}

// peopleOptions are who was found, who was chosen before, and the people of the organisation; each once, nobody whom the reader
// cannot appoint.
func (v mandateView) peopleOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een persoon"}}
	there := map[id.Person]bool{}
	for _, p := range slices.Concat(v.Hits[:min(len(v.Hits), partner.MostHits)], v.Chosen, v.People) {
		if !there[p.ID] && !partner.Himself(v.Actor, p.ID) {
			options = append(options, form.Option{Value: string(p.ID), Label: p.Name})
		}
		there[p.ID] = true
	}
	return options
}

func functionOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een functie"}}
	for _, f := range partner.Functions {
		options = append(options, form.Option{Value: string(f), Label: f.Label()})
	}
	return options
}

// behalfOptions offers municipalities, provinces and water authorities: those send people to a board.
func (v mandateView) behalfOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Geen"}}
	for _, o := range v.Organisations {
		if slices.Contains([]partner.Kind{partner.Municipality, partner.Province, partner.WaterAuthority}, o.Kind) {
			options = append(options, form.Option{Value: string(o.ID), Label: o.Name + " (" + strings.ToLower(o.Kind.Label()) + ")"})
		}
	}
	return options
}

func (v mandateView) bodyOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Onbekend"}}
	for _, b := range v.Bodies {
		options = append(options, form.Option{Value: string(b.ID), Label: b.Name + " · " + b.OrganisationName})
	}
	return options
}

func (v mandateView) officeOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Geen"}}
	for _, m := range v.Offices {
		options = append(options, form.Option{Value: string(m.ID), Label: m.Person + ", " + strings.ToLower(m.Function.Label()) + " · " + m.Organisation})
	}
	return options
}
