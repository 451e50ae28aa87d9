package invitations

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/web/form"
	"regiogriffie/web/path"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// choices are what the form of guests and signers offers.
type choices struct {
	Signers []invitation.Candidate
	Writers []invitation.Writer
	Bodies  []partner.BodyOption
}

const guestsTitle = "Gasten en ondertekenaars"

func (p Pages) choosing(r *http.Request) (whole, choices, error) {
	var c choices
	actor, key := request.Actor(r), request.Key(r, "invitation")
	v, err := p.composing(r, invitation.Candidates(&c.Signers, actor, key), invitation.Organisators(&c.Writers, actor, key), partner.BodiesFor(&c.Bodies, actor))
	return v, c, err
}

// signerValue is how a form names a person who signs for an organisation.
func signerValue(org id.Organisation, person id.Person) string {
	return string(org) + ":" + string(person)
}

func guestValues(v whole) *form.Form {
	f := form.New(map[string]string{"groups": strings.Join(v.Content.Groups, "\n"), "version": strconv.Itoa(v.Version)})
	for _, b := range v.BodyIDs {
		f.Values.Add("bodies", string(b))
	}
	for _, s := range v.Signers {
		f.Values.Add("signers", signerValue(s.OrganisationID, s.PersonID))
	}
	for _, w := range v.WriterIDs {
		f.Values.Add("writers", string(w))
	}
	return f
}

// EditGuests is the form of who is invited and who signs.
func (p Pages) EditGuests(w http.ResponseWriter, r *http.Request) error {
	v, c, err := p.choosing(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, guestsTitle, guestForm(v, c, guestValues(v)))
}

// guests is who is invited and who signs, with what there is to choose.
type guests struct {
	whole
	choices
}

// UpdateGuests changes them; who comes second sees what the other chose.
func (p Pages) UpdateGuests(w http.ResponseWriter, r *http.Request) error {
	return form.Edit[guests]{
		Read: func() (guests, error) {
			v, c, err := p.choosing(r)
			return guests{v, c}, err
		},
		Save: func(v guests, f *form.Form) error {
			g := readGuests(f)
			f.Faults.Must(f.Text("version") != "", "bodies", "Er ontbreekt iets in dit formulier. Ververs de pagina en vul het opnieuw in.")
			return f.Act(g.Check, func() error { return invitation.Address(r.Context(), p.DB, v.Actor, v.ID, g) })
		},
		Saved: func(v guests) form.Saved {
			values := map[string]string{"groups": strings.Join(v.Content.Groups, "\n"), "version": strconv.Itoa(v.Version)}
			return form.Saved{Values: values, By: v.UpdatedBy, At: v.UpdatedAt}
		},
		Words: func(v guests, _ *form.Form, theirs map[string]string) {
			theirs["bodies"] = form.LinesOf(v.whole.Bodies, invitation.Body.FullName)
			theirs["signers"] = form.LinesOf(v.whole.Signers, func(s invitation.Signer) string { return s.Name + ", " + s.Capacity })
		},
		Show: func(status int, v guests, f *form.Form) error {
			return respond.Page(w, r, status, guestsTitle, guestForm(v.whole, v.choices, f))
		},
		Done: func(v guests) error { return p.saved(w, r, v.whole, "", "Gasten en ondertekenaars zijn bewaard.") },
	}.Update(r)
}

func readGuests(f *form.Form) invitation.Guests {
	g := invitation.Guests{Groups: f.Lines("groups"), Version: f.Version()}
	for _, b := range append(f.List("bodies"), f.List("with_body")...) {
		if !slices.Contains(g.Bodies, id.Body(b)) {
			g.Bodies = append(g.Bodies, id.Body(b))
		}
	}
	for _, s := range f.List("signers") {
		org, person, _ := strings.Cut(s, ":")
		g.Signers = append(g.Signers, invitation.SignerDraft{Organisation: id.Organisation(org), Person: id.Person(person)})
	}
	for _, each := range f.List("writers") {
		g.Writers = append(g.Writers, id.Person(each))
	}
	return g
}

const saveTheDateTitle = "Save-the-date versturen"

// saving reads the meeting for which a save-the-date goes out.
func (p Pages) saving(r *http.Request) (
	m meeting.Meeting, organisers []meeting.Organiser, bodies []partner.BodyOption, sent []invitation.SaveTheDate, err error,
) {
	actor, slug := request.Actor(r), request.Key(r, "meeting")
	err = postgres.Read(r.Context(), p.DB, meeting.BySlug(&m, actor, slug), meeting.OrganisersAt(&organisers, actor, slug),
		partner.BodiesFor(&bodies, actor), invitation.SaveTheDates(&sent, actor, slug))
	if err == nil && !invitation.CanSaveTheDate(actor, m, organisers) {
		err = fault.Forbidden
		if m.State == meeting.Concept {
			err = fault.Because("De dag is nog niet bekendgemaakt. Maak de bijeenkomst eerst bekend; daarna kunt u een save-the-date sturen.")
		}
	}
	return m, organisers, bodies, sent, err
}

// NewSaveTheDate asks who keep the day free.
func (p Pages) NewSaveTheDate(w http.ResponseWriter, r *http.Request) error {
	m, organisers, bodies, sent, err := p.saving(r)
	if err != nil {
		return err
	}
	return respond.Page(w, r, http.StatusOK, saveTheDateTitle, saveTheDateForm(saving{request.Actor(r), m, organisers, bodies, sent}, form.New(nil)))
}

// CreateSaveTheDate mails it.
func (p Pages) CreateSaveTheDate(w http.ResponseWriter, r *http.Request) error {
	m, organisers, bodies, sent, err := p.saving(r)
	if err != nil {
		return err
	}
	f, err := form.Read(r)
	if err != nil {
		return err
	}
	var chosen []id.Body
	for _, b := range append(f.List("bodies"), f.List("with_body")...) {
		chosen = append(chosen, id.Body(b))
	}
	err = invitation.SendSaveTheDate(r.Context(), p.DB, request.Actor(r), m.ID, chosen, f.Text("text"))
	if f.Explains(err) {
		return respond.Page(w, r, http.StatusUnprocessableEntity, saveTheDateTitle, saveTheDateForm(saving{request.Actor(r), m, organisers, bodies, sent}, f))
	}
	if err != nil {
		return err
	}
	return respond.SeeOther(w, r, path.Meeting(m.Slug), "De save-the-date gaat per e-mail naar de leden van de gekozen gremia.")
}

// bodyChecks are the bodies of the organisations that invite, to be ticked.
func bodyChecks(orgs []id.Organisation, all []partner.BodyOption) []form.Option {
	var options []form.Option
	for _, b := range all {
		if slices.Contains(orgs, b.OrganisationID) {
			options = append(options, form.Option{Value: string(b.ID), Label: b.Name + " · " + b.OrganisationName})
		}
	}
	return options
}

// otherBodies are the fields for bodies of other organisations: one for each that was chosen, and two more.
func otherBodies(f *form.Form, orgs []id.Organisation, all []partner.BodyOption) (chosen []string, options []form.Option) {
	options = []form.Option{{Value: "", Label: "Geen"}}
	for _, b := range all {
		if slices.Contains(orgs, b.OrganisationID) {
			continue
		}
		options = append(options, form.Option{Value: string(b.ID), Label: b.Name + " · " + b.OrganisationName})
		if f.Has("bodies", string(b.ID)) || f.Has("with_body", string(b.ID)) {
			chosen = append(chosen, string(b.ID))
		}
	}
	return append(chosen, "", ""), options
}

func writerOptions(list []invitation.Writer) []form.Option {
	var options []form.Option
	for _, w := range list {
		options = append(options, form.Option{Value: string(w.PersonID), Label: w.Name + " · " + w.OrgName})
	}
	return options
}
