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

// drawn is the form of an invitation at an address that has a field, and what its page says.
func (s *site) drawn(address, of, field string) (formtest.Form, string) {
	s.t.Helper()
	edit := formtest.With(s.must("hier secretaris", http.MethodGet, address+of, nil, http.StatusOK), field)
	return edit, formtest.Words(s.must("hier secretaris", http.MethodGet, address, nil, http.StatusOK))
}

func TestEveryFieldOfAnInvitationStandsOnTheFormAndOnThePage(t *testing.T) {
	s := open(t)
	maker := partnertest.Person(t, s.db, "Maker")
	by := access.Actor{Person: maker.ID, Name: "M. Maker", At: time.Now(), Grants: []access.Grant{{Role: access.Secretary, Organisation: s.orgs[0].ID}}}
	start := time.Date(2040, 5, 17, 18, 0, 0, 0, time.UTC)
	end := start.Add(75 * time.Minute)
	i, err := invitation.Create(t.Context(), s.db, by, invitation.Draft{
		Title: "Avond", Kind: meeting.InformationEvening, Orgs: []id.Organisation{s.orgs[0].ID}, StartsAt: &start, EndsAt: &end,
	})
	done(t, err)
	again := func() map[string]any {
		t.Helper()
		i, err = invitation.Find(t.Context(), s.db, by, i.Key)
		done(t, err)
		return fieldtest.Found(map[string]string{"bodies": "body_ids"}, field.Values(i), field.Values(i.Event), field.Values(i.Content))
	}
	sent := func(f formtest.Form) {
		t.Helper()
		s.must("hier secretaris", http.MethodPost, f.Action, f.Values, http.StatusSeeOther)
	}
	address, next := "/uitnodigingen/"+i.Key, map[string]string{"version": "it is the next"}
	version := map[string]string{"version": "it is for the form alone"}

	text := fieldtest.Full[invitation.Text](t, "Eerst", map[string]any{
		"purpose": proposal.Decisive, "sections": []invitation.Section{{Heading: "Eerst Kop", Text: "Eerst Deel"}}, "starts_at": &start, "ends_at": &end,
		"version": i.Version,
	})
	done(t, invitation.Revise(t.Context(), s.db, by, i.ID, text))
	edit, page := s.drawn(address, "/bewerken", "title")
	formtest.Stand(t, text, edit, page, formtest.Places{
		Form: "web/invitations/form.templ", Page: "web/invitations/letter.templ",
		Inputs: map[string][]string{"starts_at": {"starts_on", "starts_at"}, "sections": {"section_heading.0", "section_text.0"}},
		Said: map[string][]string{
			"purpose": {proposal.Decisive.Label()}, "sections": {"Eerst Kop", "Eerst Deel"}, "starts_at": {"17 mei 2040", "20.00"}, "ends_at": {"21.15"},
		},
		Silent: version,
	})
	edit.Values.Set("title", "Later")
	sent(edit)
	text.Title = "Later"
	fieldtest.Kept(t, "sending the form", "textValues and readText in web/invitations/form.go", text, again(), next)

	helper := partnertest.Person(t, s.db, "Organisator")
	partnertest.Role(t, s.db, helper, access.Organiser, s.orgs[0].ID)
	guests := fieldtest.Full[invitation.Guests](t, "Eerst", map[string]any{
		"bodies": []id.Body{s.bodies[0].ID}, "signers": []invitation.SignerDraft{{Organisation: s.orgs[0].ID, Person: s.mayors[0].ID}},
		"writers": []id.Person{helper.ID}, "version": i.Version,
	})
	done(t, invitation.Address(t.Context(), s.db, by, i.ID, guests))
	edit, page = s.drawn(address, "/gasten", "groups")
	formtest.Stand(t, guests, edit, page, formtest.Places{
		Form: "web/invitations/guests.templ", Page: "web/invitations/letter.templ",
		Said:   map[string][]string{"bodies": {s.bodies[0].Name}, "signers": {s.mayors[0].DisplayName}},
		Silent: map[string]string{"version": version["version"], "writers": "who writes along is nobody's business but the form's"},
	})
	edit.Values.Set("groups", "Later")
	sent(edit)
	guests.Groups = []string{"Later"}
	found := again()
	var signers []invitation.SignerDraft
	for _, each := range i.Signers {
		signers = append(signers, invitation.SignerDraft{Organisation: each.OrganisationID, Person: each.PersonID})
	}
	var writers []id.Person
	for _, p := range i.WriterIDs {
		if p != s.mayors[0].ID { // who signs reads along
			writers = append(writers, p)
		}
	}
	found["signers"], found["writers"] = signers, writers
	fieldtest.Kept(t, "sending the form", "readGuests in web/invitations/guests.go, and what fills the form there,", guests, found, next)

	rounds, minutes, length := 2, 15, 37
	for _, part := range []struct {
		draft  invitation.PartDraft
		said   map[string][]string
		silent map[string]string
	}{
		{
			fieldtest.Full[invitation.PartDraft](t, "Ronden", map[string]any{
				"id": id.New[id.Part](), "kind": invitation.Carousel, "presenters": []invitation.Presenter{{Name: "Ronden Spreker", Role: "directeur"}},
				"minutes": (*int)(nil), "rounds": &rounds, "round_minutes": &minutes, "version": 0, // its length follows from the rounds
			}),
			map[string][]string{"presenters": {"Ronden Spreker (directeur)"}, "rounds": {"Twee ronden"}, "round_minutes": {"van 15 minuten"}},
			map[string]string{"minutes": "it follows from the rounds"},
		},
		{
			fieldtest.Full[invitation.PartDraft](t, "Gewoon", map[string]any{
				"id": id.New[id.Part](), "kind": invitation.Workshop, "presenters": []invitation.Presenter{{Name: "Gewoon Spreker", Role: "directeur"}},
				"minutes": &length, "rounds": (*int)(nil), "round_minutes": (*int)(nil), "version": 0,
			}),
			map[string][]string{"presenters": {"Gewoon Spreker (directeur)"}, "minutes": {"37 min"}},
			map[string]string{"rounds": "only a carrousel has them", "round_minutes": "only a carrousel has them"},
		},
	} {
		made, err := invitation.AddPart(t.Context(), s.db, by, i.ID, part.draft)
		done(t, err)
		part.silent["id"], part.silent["version"] = "it is the place of the part on the page", version["version"]
		part.silent["kind"] = "it says what is asked of a part; of a carrousel the page says the rounds"
		edit, page = s.drawn(address, "/programma/"+string(made)+"/bewerken", "presenters")
		formtest.Stand(t, part.draft, edit, page, formtest.Places{
			Form: "web/invitations/form.templ", Page: "web/invitations/letter.templ",
			Said: part.said, Hidden: map[string]string{"id": "it is in the address"}, Silent: part.silent,
		})
		edit.Values.Set("title", "Later")
		sent(edit)
		part.draft.Title = "Later"
		again()
		p := i.Content.Programme[len(i.Content.Programme)-1]
		kept := field.Values(p)
		var sessions []string
		for _, each := range p.Sessions {
			sessions = append(sessions, each.Title)
		}
		kept["sessions"] = sessions
		fieldtest.Kept(t, "sending the form", "partValues and readPart in web/invitations/programme.go", part.draft, kept, next)
	}
}
