package invitations_test

import (
	"net/http"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/field"
	"regiogriffie/internal/field/fieldtest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form/formtest"
)

func done(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// walk is an invitation of one organisation, by its secretaris.
type walk struct {
	*site
	by access.Actor
	i  invitation.Invitation
}

func (s *site) walk() *walk {
	s.t.Helper()
	maker := partnertest.Person(s.t, s.db, "Maker")
	w := &walk{site: s, by: access.Actor{
		Person: maker.ID, Name: "M. Maker", At: time.Now(), Grants: []access.Grant{{Role: access.Secretary, Organisation: s.orgs[0].ID}},
	}}
	start := time.Date(2040, 5, 17, 18, 0, 0, 0, time.UTC)
	end := start.Add(75 * time.Minute)
	var err error
	w.i, err = invitation.Create(s.t.Context(), s.db, w.by, invitation.Draft{
		Title: "Avond", Kind: meeting.InformationEvening, Orgs: []id.Organisation{s.orgs[0].ID}, StartsAt: &start, EndsAt: &end,
	})
	done(s.t, err)
	return w
}

// again reads the invitation and what it holds by name.
func (w *walk) again() map[string]any {
	w.t.Helper()
	var err error
	w.i, err = invitation.Find(w.t.Context(), w.db, w.by, w.i.Key)
	done(w.t, err)
	return fieldtest.Found(map[string]string{"bodies": "body_ids"}, field.Values(w.i), field.Values(w.i.Event), field.Values(w.i.Content))
}

// drawn is the form at an address below that of the invitation that has a field, and what the page of the invitation says.
func (w *walk) drawn(below, field string) (formtest.Form, string) {
	w.t.Helper()
	address := "/uitnodigingen/" + w.i.Key
	edit := formtest.With(w.must("hier secretaris", http.MethodGet, address+below, nil, http.StatusOK), field)
	return edit, formtest.Words(w.must("hier secretaris", http.MethodGet, address, nil, http.StatusOK))
}

// sends a form as it was drawn, with another text in one field.
func (w *walk) sends(f formtest.Form, field string) {
	w.t.Helper()
	f.Values.Set(field, "Later")
	w.must("hier secretaris", http.MethodPost, f.Action, f.Values, http.StatusSeeOther)
}

var (
	next    = map[string]string{"version": "it is the next"}
	version = map[string]string{"version": "it is for the form alone"}
)

func TestEveryFieldOfAnInvitationStandsOnTheFormAndOnThePage(t *testing.T) {
	w := open(t).walk()
	text := fieldtest.Full[invitation.Text](t, "Eerst", map[string]any{
		"purpose": proposal.Decisive, "sections": []invitation.Section{{Heading: "Eerst Kop", Text: "Eerst Deel"}},
		"starts_at": &w.i.StartsAt, "ends_at": &w.i.EndsAt, "version": w.i.Version,
	})
	done(t, invitation.Revise(t.Context(), w.db, w.by, w.i.ID, text))
	edit, page := w.drawn("/bewerken", "title")
	formtest.Stand(t, text, edit, page, formtest.Places{
		Form: "web/invitations/form.templ", Page: "web/invitations/letter.templ",
		Inputs: map[string][]string{"starts_at": {"starts_on", "starts_at"}, "sections": {"section_heading.0", "section_text.0"}},
		Said: map[string][]string{
			"purpose": {proposal.Decisive.Label()}, "sections": {"Eerst Kop", "Eerst Deel"}, "starts_at": {"17 mei 2040", "20.00"}, "ends_at": {"21.15"},
		},
		Silent: version,
	})
	w.sends(edit, "title")
	text.Title = "Later"
	fieldtest.Kept(t, "sending the form", "textValues and readText in web/invitations/form.go", text, w.again(), next)
}

func TestEveryFieldOfTheGuestsStandsOnTheFormAndOnThePage(t *testing.T) {
	w := open(t).walk()
	mayor, helper := w.mayors[0], partnertest.Person(t, w.db, "Organisator")
	partnertest.Role(t, w.db, helper, access.Organiser, w.orgs[0].ID)
	guests := fieldtest.Full[invitation.Guests](t, "Eerst", map[string]any{
		"bodies": []id.Body{w.bodies[0].ID}, "signers": []invitation.SignerDraft{{Organisation: w.orgs[0].ID, Person: mayor.ID}},
		"writers": []id.Person{helper.ID}, "version": w.i.Version,
	})
	done(t, invitation.Address(t.Context(), w.db, w.by, w.i.ID, guests))
	edit, page := w.drawn("/gasten", "groups")
	formtest.Stand(t, guests, edit, page, formtest.Places{
		Form: "web/invitations/guests.templ", Page: "web/invitations/letter.templ",
		Said:   map[string][]string{"bodies": {w.bodies[0].Name}, "signers": {mayor.DisplayName}},
		Silent: map[string]string{"version": version["version"], "writers": "who writes along is said to nobody but who chooses them"},
	})
	w.sends(edit, "groups")
	guests.Groups = []string{"Later"}
	found := w.again()
	var signers []invitation.SignerDraft
	for _, each := range w.i.Signers {
		signers = append(signers, invitation.SignerDraft{Organisation: each.OrganisationID, Person: each.PersonID})
	}
	var writers []id.Person
	for _, p := range w.i.WriterIDs {
		if p != mayor.ID { // who signs reads along
			writers = append(writers, p)
		}
	}
	found["signers"], found["writers"] = signers, writers
	fieldtest.Kept(t, "sending the form", "readGuests in web/invitations/guests.go, and what fills the form there,", guests, found, next)
}

func TestEveryFieldOfAPartStandsOnTheFormAndOnThePage(t *testing.T) {
	w := open(t).walk()
	rounds, minutes, length := 2, 15, 37
	// The length of a carrousel follows from its rounds.
	w.part(fieldtest.Full[invitation.PartDraft](t, "Ronden", map[string]any{
		"id": id.New[id.Part](), "kind": invitation.Carousel, "presenters": []invitation.Presenter{{Name: "Ronden Spreker", Role: "directeur"}},
		"minutes": (*int)(nil), "rounds": &rounds, "round_minutes": &minutes, "version": 0,
	}), map[string][]string{
		"kind": {"Twee ronden"}, "presenters": {"Ronden Spreker (directeur)"}, "rounds": {"Twee ronden"}, "round_minutes": {"van 15 minuten"},
	}, map[string]string{"minutes": "it follows from the rounds"})
	w.part(fieldtest.Full[invitation.PartDraft](t, "Gewoon", map[string]any{
		"id": id.New[id.Part](), "kind": invitation.Workshop, "presenters": []invitation.Presenter{{Name: "Gewoon Spreker", Role: "directeur"}},
		"minutes": &length, "rounds": (*int)(nil), "round_minutes": (*int)(nil), "version": 0,
	}), map[string][]string{"presenters": {"Gewoon Spreker (directeur)"}, "minutes": {"37 min"}}, map[string]string{
		"kind": "its title says what it is", "rounds": "only a carrousel has them", "round_minutes": "only a carrousel has them",
	})
}

// part adds a part to the programme, looks for its fields, and sends its form back.
func (w *walk) part(d invitation.PartDraft, said map[string][]string, silent map[string]string) {
	w.t.Helper()
	made, err := invitation.AddPart(w.t.Context(), w.db, w.by, w.i.ID, d)
	done(w.t, err)
	silent["id"], silent["version"] = "it is the place of the part on the page", version["version"]
	edit, page := w.drawn("/programma/"+string(made)+"/bewerken", "presenters")
	formtest.Stand(w.t, d, edit, page, formtest.Places{
		Form: "web/invitations/form.templ", Page: "web/invitations/letter.templ",
		Said: said, Hidden: map[string]string{"id": "it is in the address"}, Silent: silent,
	})
	w.sends(edit, "title")
	d.Title = "Later"
	w.again()
	p := w.i.Content.Programme[len(w.i.Content.Programme)-1]
	found := field.Values(p)
	var sessions []string
	for _, each := range p.Sessions {
		sessions = append(sessions, each.Title)
	}
	found["sessions"] = sessions
	fieldtest.Kept(w.t, "sending the form", "partValues and readPart in web/invitations/programme.go", d, found, next)
}
