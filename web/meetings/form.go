package meetings

import (
	"net/http"
	"slices"
	"strings"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/route"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// prepares tells whether the actor prepares the meetings of the body: those he ticks, of the others he chooses.
func prepares(a access.Actor, b partner.BodyOption) bool {
	return meeting.CanOrganise(a, meeting.Organiser{OrganisationID: b.OrganisationID, BodyID: b.ID})
}

func bodyOptions(a access.Actor, all []partner.BodyOption, own bool, first string) []form.Option {
	var options []form.Option
	if first != "" {
		options = append(options, form.Option{Value: "", Label: first})
	}
	for _, b := range all {
		if prepares(a, b) == own {
			options = append(options, form.Option{Value: string(b.ID), Label: b.Name + " · " + b.OrganisationName})
		}
	}
	return options
}

func owned(a access.Actor, all []partner.BodyOption, body id.Body) bool {
	for _, b := range all {
		if b.ID == body {
			return prepares(a, b)
		}
	}
	return false
}

// others splits the chosen bodies that are not one's own over the fields for them, so that the form shows what it has.
func others(a access.Actor, f *form.Form, all []partner.BodyOption) []*form.Form {
	var forms []*form.Form
	chosen := append(f.List("with_body"), f.List("bodies")...)
	for _, b := range chosen {
		if !owned(a, all, id.Body(b)) && len(forms) < 10 {
			forms = append(forms, form.New(map[string]string{"with_body": b}))
		}
	}
	for range 2 {
		forms = append(forms, form.New(nil))
	}
	return forms
}

func formAddress(v whole) string {
	if v.Meeting.ID == "" {
		return path.Meetings
	}
	return path.Below(path.Meeting(v.Meeting.Slug), "bewerken")
}

func sectionOptions(v whole) []form.Option {
	var options []form.Option
	for _, s := range v.Sections {
		options = append(options, form.Option{Value: string(s.ID), Label: sectionTitle(s)})
	}
	return options
}

func groundOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Nog geen grond gekozen"}}
	for _, g := range proposal.Grounds {
		options = append(options, form.Option{Value: g.Code, Label: g.Label})
	}
	return options
}

func treatmentOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Geen"}}
	for _, t := range route.StepTreatments {
		options = append(options, form.Option{Value: string(t), Label: t.Label()})
	}
	return options
}

// closedForOptions are the bodies that can read a closed point: those that hold the meeting by their own word, and of a point that is closed
// already those that it is closed for.
func closedForOptions(v whole, i meeting.Item) []form.Option {
	var options []form.Option
	for _, o := range v.Organisers {
		if o.BodyID != "" && o.Agreed() && (!i.Closed || i.ClosedFor == nil || slices.Contains(i.ClosedFor, o.BodyID)) {
			options = append(options, form.Option{Value: string(o.BodyID), Label: o.Name()})
		}
	}
	return options
}

// closedItems are the points that not everyone will read.
func (v whole) closedItems() []meeting.Item {
	var list []meeting.Item
	for _, i := range v.Items {
		if (i.Closed || !v.Meeting.Open) && !i.Dropped() {
			list = append(list, i)
		}
	}
	return list
}

func itemAddress(agenda, own string, i meeting.Item) string {
	if i.ID == "" {
		return agenda
	}
	return path.Below(own, "bewerken")
}

func sectionAddress(base string, section id.Section) string {
	if section == "" {
		return base
	}
	return path.Below(base, string(section)+"/bewerken")
}

// New is the form for a new meeting.
func (p Pages) New(w http.ResponseWriter, r *http.Request) error {
	f := form.New(map[string]string{"open": "ja", "kind": request.Query(r, "soort")})
	return p.meetingForm(w, r, http.StatusOK, "Nieuwe vergadering", whole{Actor: request.Actor(r)}, f)
}

func (p Pages) meetingForm(w http.ResponseWriter, r *http.Request, status int, title string, v whole, f *form.Form) error {
	if !meeting.CanCreate(v.Actor) {
		return fault.Forbidden
	}
	var bodies []partner.BodyOption
	if err := postgres.Read(r.Context(), p.DB, partner.BodiesFor(&bodies, v.Actor)); err != nil {
		return err
	}
	return respond.Page(w, r, status, title, meetingForm(title, v, f, bodies))
}

func (p Pages) readDraft(r *http.Request, f *form.Form) (meeting.Draft, error) {
	d := meeting.Draft{
		Kind: meeting.Kind(f.Text("kind")), Title: f.Line("title"), Description: f.Text("description"),
		StartsAt: f.Moment("starts_on", "starts_at"), EndsAt: f.Moment("starts_on", "ends_at"),
		Location: f.Line("location"), OnlineURL: f.Line("online_url"), Open: f.Text("open") != "nee",
		Chair: f.Line("chair"), Clerk: f.Line("clerk"), AgreedWith: f.Line("agreed_with"), Reason: f.Text("reason"), Version: f.Version(),
	}
	for _, b := range append(f.List("bodies"), f.List("with_body")...) {
		if !slices.Contains(d.Bodies, id.Body(b)) {
			d.Bodies = append(d.Bodies, id.Body(b))
		}
	}
	names := f.Lines("organisations")
	if len(names) > 60 {
		f.Faults.Must(false, "organisations", "Noem hoogstens 60 organisaties.")
		names = names[:60]
	}
	if len(names) > 0 {
		found, unknown, err := partner.OrganisationsNamed(r.Context(), p.DB, request.Actor(r), names)
		if err != nil {
			return d, err
		}
		d.Orgs = found
		f.Faults.Must(len(unknown) == 0, "organisations", "Niet gevonden: "+dutch.List(unknown)+". Schrijf de naam zoals die bij Organisaties staat.")
	}
	return d, nil
}

// Create makes the meeting, or shows the form again with what is wrong.
func (p Pages) Create(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	d, err := p.readDraft(r, f)
	if err != nil {
		return err
	}
	var made meeting.Meeting
	if err = f.Sound(d.Check()); err == nil {
		made, err = meeting.Create(r.Context(), p.DB, request.Actor(r), d)
	}
	if f.Explains(err) {
		return p.meetingForm(w, r, http.StatusUnprocessableEntity, "Nieuwe vergadering", whole{Actor: request.Actor(r)}, f)
	}
	if err != nil {
		return err
	}
	message := "De vergadering is bewaard als concept. Zet nu de punten op de agenda."
	var asked []meeting.Request
	if err := postgres.Read(r.Context(), p.DB, meeting.RequestsAt(&asked, request.Actor(r), made.Slug)); err != nil {
		return err
	}
	if len(asked) > 0 {
		message += " Wie u erbij vroeg, doet mee zodra de griffie daar instemt."
	}
	return respond.SeeOther(w, r, path.MeetingAgenda(made.Slug), message)
}

// valuesOf are the fields of the form of a meeting.
func valuesOf(v whole) map[string]string {
	m := v.Meeting
	var orgs []string
	agreedWith := ""
	for _, o := range v.parties() {
		if o.BodyID == "" {
			orgs = append(orgs, o.OrgName)
		}
		if agreedWith == "" {
			agreedWith = o.AgreedWith
		}
	}
	open := "ja"
	if !m.Open {
		open = "nee"
	}
	return map[string]string{
		"kind": string(m.Kind), "title": m.Title, "description": m.Description, "starts_on": dutch.FormDate(m.StartsAt),
		"starts_at": dutch.Clock(m.StartsAt), "ends_at": dutch.Clock(m.EndsAt), "location": m.Location, "online_url": m.OnlineURL,
		"open": open, "chair": m.Chair, "clerk": m.Clerk, "organisations": strings.Join(orgs, "\n"), "agreed_with": agreedWith, "version": version(m.Version),
	}
}

// Edit is the form of a meeting.
func (p Pages) Edit(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	f := form.New(valuesOf(v))
	for _, o := range v.parties() {
		if o.BodyID != "" {
			f.Values.Add("bodies", string(o.BodyID))
		}
	}
	return p.meetingForm(w, r, http.StatusOK, "Gegevens van de vergadering", v, f)
}

// Update revises the meeting; who comes second sees both texts.
func (p Pages) Update(w http.ResponseWriter, r *http.Request) error {
	const title = "Gegevens van de vergadering"
	var revised meeting.Meeting
	return form.Edit[whole]{
		Read: func() (whole, error) { return p.composing(r) },
		Save: func(v whole, f *form.Form) error {
			d, err := p.readDraft(r, f)
			if err != nil {
				return err
			}
			return f.Act(func() error { return d.Standing(v.Meeting, v.Organisers).Check() }, func() error {
				revised, err = meeting.Revise(r.Context(), p.DB, v.Actor, v.Meeting.ID, d)
				return err
			})
		},
		Saved: func(v whole) form.Saved {
			return form.Saved{Values: valuesOf(v), By: v.Meeting.UpdatedBy, At: v.Meeting.UpdatedAt}
		},
		Show: func(status int, v whole, f *form.Form) error { return p.meetingForm(w, r, status, title, v, f) },
		Done: func(whole) error {
			return respond.SeeOther(w, r, path.MeetingAgenda(revised.Slug), "De gegevens zijn bewaard.")
		},
	}.Update(r)
}
