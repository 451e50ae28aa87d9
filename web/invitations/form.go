package invitations

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

func eventOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een soort"}}
	for _, k := range meeting.Kinds {
		if k.Event {
			options = append(options, form.Option{Value: string(k.Kind), Label: k.Label})
		}
	}
	return options
}

func meetingOptions(list []meeting.Row) []form.Option {
	options := []form.Option{{Value: "", Label: "Kies een bijeenkomst"}}
	for _, m := range list {
		options = append(options, form.Option{
			Value: string(m.ID),
			Label: dutch.ShortWeekday(m.StartsAt) + " " + strconv.Itoa(m.StartsAt.In(dutch.Zone).Year()) + " · " + m.FullName(),
		})
	}
	return options
}

func purposeOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Niet genoemd"}}
	for _, t := range proposal.Treatments {
		options = append(options, form.Option{Value: string(t), Label: t.Label()})
	}
	return options
}

// order is that of the fields of the letter, for the list of faults.
func order() []string {
	list := []string{"title", "starts_on", "starts_at", "ends_at", "location", "purpose", "salutation"}
	for n := range mostSections {
		heading, text := sectionFields(n)
		list = append(list, heading, text)
	}
	return append(list, "follow_up_heading", "follow_up", "commitment", "closing", "contact")
}

func kindOptions() []form.Option {
	options := []form.Option{{Value: "", Label: "Anders"}}
	for _, k := range invitation.PartKinds {
		options = append(options, form.Option{Value: string(k), Label: k.Label()})
	}
	return options
}

func partAddress(v whole, part *invitation.Part) string {
	if part == nil {
		return v.address("programma")
	}
	return path.Below(path.Part(v.Key, string(part.ID)), "bewerken")
}

// offered are those who can sign for an organisation, with who was chosen earlier and left office since.
func (v whole) offered(c choices, o invitation.Organiser) []invitation.Candidate {
	var list []invitation.Candidate
	for _, each := range c.Signers {
		if each.OrganisationID == o.ID {
			list = append(list, each)
		}
	}
	for _, s := range v.SignersOf(o.ID) {
		if !slices.ContainsFunc(list, func(c invitation.Candidate) bool { return c.PersonID == s.PersonID }) {
			list = append(list, invitation.Candidate{PersonID: s.PersonID, Name: s.Name, OrganisationID: o.ID, Capacity: s.Capacity + " (geen functie meer)"})
		}
	}
	return list
}

// New is the form with which an invitation begins.
func (p Pages) New(w http.ResponseWriter, r *http.Request) error {
	f := form.New(map[string]string{"key": id.NewKey(), "which": "nieuw", "meeting_id": request.Query(r, "bijeenkomst")})
	if f.Text("meeting_id") != "" {
		f.Values.Set("which", "bekend")
	}
	return p.newForm(w, r, http.StatusOK, f)
}

func (p Pages) newForm(w http.ResponseWriter, r *http.Request, status int, f *form.Form) error {
	actor := request.Actor(r)
	if !invitation.CanCreate(actor) {
		return fault.Forbidden
	}
	var known []meeting.Row
	var own []invitation.Organiser
	if err := postgres.Read(r.Context(), p.DB, invitation.Invitable(&known, actor), invitation.Own(&own, actor)); err != nil {
		return err
	}
	if f.Raw("organisations") == "" && status == http.StatusOK && len(own) > 0 {
		f.Values.Set("organisations", own[0].Name)
	}
	return respond.Page(w, r, status, "Nieuwe uitnodiging", newForm(f, known))
}

// Create begins the invitation, or shows the form again with what is wrong.
func (p Pages) Create(w http.ResponseWriter, r *http.Request) error {
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	actor := request.Actor(r)
	if !invitation.CanCreate(actor) {
		return fault.Forbidden
	}
	d := invitation.Draft{Key: f.Text("key"), Title: f.Line("title")}
	if f.Text("which") == "bekend" {
		d.MeetingID = id.Meeting(cmp.Or(f.Text("meeting_id"), "-"))
		f.Faults.Must(f.Text("meeting_id") != "", "meeting_id", "Kies de bijeenkomst.")
	} else {
		d.Kind, d.Location = meeting.Kind(f.Text("kind")), f.Line("location")
		d.StartsAt, d.EndsAt = f.Moment("starts_on", "starts_at"), f.Moment("starts_on", "ends_at")
		names := f.Lines("organisations")
		found, unknown, err := partner.OrganisationsNamed(r.Context(), p.DB, actor, names[:min(len(names), 61)])
		if err != nil {
			return err
		}
		d.Orgs = found
		f.Faults.Must(len(unknown) == 0, "organisations", "Niet gevonden: "+dutch.List(unknown)+". Schrijf de naam zoals die bij Organisaties staat.")
	}
	var made invitation.Invitation
	if err = f.Sound(d.Check()); err == nil {
		made, err = invitation.Create(r.Context(), p.DB, actor, d)
	}
	if f.Explains(err) {
		return p.newForm(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Below(path.Invitation(made.Key), "bewerken"), "De uitnodiging is begonnen. Schrijf nu de tekst.")
}

const mostSections = 25

func sectionFields(n int) (heading, text string) {
	return "section_heading." + strconv.Itoa(n), "section_text." + strconv.Itoa(n)
}

func textValues(v whole) map[string]string {
	c := v.Content
	values := map[string]string{
		"title": v.Title, "purpose": string(c.Purpose), "salutation": c.Salutation, "follow_up_heading": c.FollowUpHeading, "follow_up": c.FollowUp,
		"commitment": c.Commitment, "closing": c.Closing, "contact": c.Contact, "version": strconv.Itoa(v.Version),
	}
	if !v.Settled() {
		values["starts_on"], values["starts_at"], values["ends_at"], values["location"] = dutch.FormDate(v.StartsAt), dutch.Clock(v.StartsAt),
			dutch.Clock(v.EndsAt), v.Location
	}
	for n, s := range c.Sections {
		heading, text := sectionFields(n)
		values[heading], values[text] = s.Heading, s.Text
	}
	return values
}

// sections are the fields for parts of the letter: those that are filled in, and one more.
func sections(f *form.Form) []int {
	last := 0
	for n := range mostSections {
		heading, text := sectionFields(n)
		_, theirs := f.Theirs[text]
		if f.Text(heading) != "" || f.Text(text) != "" || theirs || f.Text("extra") != "" && n < len(f.Values["section"]) {
			last = n + 1
		}
	}
	var list []int
	for n := range min(last+1, mostSections) {
		list = append(list, n)
	}
	return list
}

// Edit is the form of the letter.
func (p Pages) Edit(w http.ResponseWriter, r *http.Request) error {
	v, err := p.composing(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, "Tekst van de uitnodiging", textForm(v, form.New(textValues(v))))
}

func readText(f *form.Form, v whole) invitation.Text {
	t := invitation.Text{
		Title: f.Line("title"), Purpose: proposal.Treatment(f.Text("purpose")), Salutation: f.Line("salutation"), Sections: []invitation.Section{},
		FollowUpHeading: f.Line("follow_up_heading"), FollowUp: f.Text("follow_up"), Commitment: f.Text("commitment"), Closing: f.Text("closing"),
		Contact: f.Text("contact"),
		Version: f.Version(),
	}
	if v.Settled() {
		t.StartsAt, t.EndsAt, t.Location = &v.StartsAt, &v.EndsAt, v.Location
	} else {
		t.StartsAt, t.EndsAt, t.Location = f.Moment("starts_on", "starts_at"), f.Moment("starts_on", "ends_at"), f.Line("location")
	}
	for n := range mostSections {
		heading, text := sectionFields(n)
		s := invitation.Section{Heading: f.Line(heading), Text: f.Text(text)}
		if s.Heading == "" && s.Text == "" {
			continue
		}
		// What was left empty between two parts goes, and the fields close up: faults name them by place.
		at := len(t.Sections)
		atHeading, atText := sectionFields(at)
		if at != n {
			f.Values.Set(atHeading, f.Raw(heading))
			f.Values.Set(atText, f.Raw(text))
			f.Values.Del(heading)
			f.Values.Del(text)
		}
		t.Sections = append(t.Sections, s)
	}
	return t
}

// Update revises the letter; who comes second sees both texts.
func (p Pages) Update(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[whole]{
		Read: func() (whole, error) { return p.composing(r) },
		Again: func(v whole, f *form.Form) bool {
			if f.Text("extra") == "" {
				return false
			}
			readText(f, v)            // a field more, asked for without script: what was left empty closes up,
			f.Faults = fault.Fields{} // and nothing is judged yet
			return true
		},
		Save: func(v whole, f *form.Form) error {
			t := readText(f, v)
			return f.Act(t.Check, func() error { return invitation.Revise(r.Context(), p.DB, v.Actor, v.ID, t) })
		},
		Saved: func(v whole) form.Saved { return form.Saved{Values: textValues(v), By: v.UpdatedBy, At: v.UpdatedAt} },
		Show: func(status int, v whole, f *form.Form) error {
			return respond.Page(w, r, status, "Tekst van de uitnodiging", textForm(v, f))
		},
		Done: func(v whole) error { return p.saved(w, r, v, "", "De tekst is bewaard.") },
	}.Update(r)
}

// saved goes back to the invitation, at a place on its page, and says what was saved: nothing, when it made no difference, and that
// signatures lapsed, when they did.
func (p Pages) saved(w http.ResponseWriter, r *http.Request, was whole, place, what string) error {
	now, err := p.read(r)
	switch {
	case err != nil:
		return err
	case now.Version == was.Version:
		what = "Er is niets gewijzigd."
	case slices.ContainsFunc(was.Signers, was.Signed) && !slices.ContainsFunc(now.Signers, now.Signed):
		what += " Wie al had ondertekend, moet opnieuw ondertekenen."
	}
	return respond.SeeOther(w, r, path.Invitation(was.Key)+place, what)
}
