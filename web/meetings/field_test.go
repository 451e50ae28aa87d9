package meetings_test

import (
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/field"
	"regiogriffie/internal/field/fieldtest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal"
	"regiogriffie/web/form/formtest"
)

// clerk is the griffier of the site, for what is made without its forms.
func (s *site) clerk() access.Actor {
	s.t.Helper()
	p := partnertest.Person(s.t, s.db, "Maker")
	return access.Actor{Person: p.ID, Name: "M. Maker", At: time.Now(), Grants: []access.Grant{{Role: access.Clerk, Organisation: s.org.ID, Body: s.body.ID}}}
}

func done(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryFieldOfAMeetingStandsOnTheFormAndOnThePage(t *testing.T) {
	s := open(t)
	by, other := s.clerk(), partnertest.Organisation(t, s.db, "Zandvoort")
	council := partnertest.Body(t, s.db, other, partner.Council)
	start := time.Date(2040, 5, 17, 18, 0, 0, 0, time.UTC)
	end := start.Add(150 * time.Minute)
	full := fieldtest.Full[meeting.Draft](t, "Eerst", map[string]any{
		"kind": meeting.Conference, "bodies": []id.Body{s.body.ID, council.ID}, "orgs": []id.Organisation{other.ID}, "starts_at": &start, "ends_at": &end,
		"online_url": "https://meekijken.voorbeeld.nl/1", "signed": false, "reason": "", "version": 0,
	})
	m, err := meeting.Create(t.Context(), s.db, by, full)
	done(t, err)
	address := "/vergaderingen/" + m.Slug
	edit := formtest.With(s.must("griffier", "GET", address+"/bewerken", nil, 200), "location")
	formtest.Stand(t, full, edit, s.must("griffier", "GET", address, nil, 200), formtest.Places{
		Form: "web/meetings/form.templ", Page: "web/meetings/show.templ",
		Inputs: map[string][]string{"orgs": {"organisations"}, "bodies": {"bodies", "with_body"}, "starts_at": {"starts_on", "starts_at"}},
		Said: map[string][]string{
			"starts_at": {"17 mei 2040", "20.00"}, "ends_at": {"22.30"}, "bodies": {"Heemstede", "Zandvoort"}, "orgs": {"Zandvoort"},
			"made_up": {"Verzonnen"},
		},
		Hidden: map[string]string{
			"signed":  "the form of an invitation says it",
			"made_up": "only the sample is for practice",
			"reason":  "it is asked once the day is known to others, below",
		},
		Silent: map[string]string{
			"kind":    "the page is called by its title or its bodies; the calendar says the kind",
			"open":    "an open meeting says nothing of it; what a closed one says has tests of its own",
			"signed":  "it is said of the act",
			"reason":  "it is that of the move, which has its own test",
			"version": "it is for the form alone",
		},
	})

	// A form that is sent back as it was drawn changes nothing but what was typed.
	edit.Values.Set("location", "Later")
	s.must("griffier", "POST", edit.Action, edit.Values, 303)
	after, organisers, err := meeting.FindWhole(t.Context(), s.db, by, m.ID)
	done(t, err)
	full.Location = "Later"
	fieldtest.Kept(t, "sending the form", "valuesOf and readDraft in web/meetings/form.go", full, field.Values(meeting.DraftOf(after, organisers)),
		map[string]string{"signed": "it is said of the act", "reason": "it is said of the act", "version": "it is the next"})

	_, err = meeting.Announce(t.Context(), s.db, by, m.ID)
	done(t, err)
	if edit := formtest.With(s.must("griffier", "GET", "/vergaderingen/"+after.Slug+"/bewerken", nil, 200), "location"); !edit.Names["reason"] {
		t.Error("Reason does not stand on the form of a meeting that others know of: web/meetings/form.templ needs an input named reason")
	}
}

func TestEveryFieldOfAnItemStandsOnTheFormAndOnThePage(t *testing.T) {
	s := open(t)
	by, council := s.clerk(), partnertest.Body(t, s.db, s.org, partner.Executive)
	by.Grants = append(by.Grants, access.Grant{Role: access.Clerk, Organisation: s.org.ID, Body: council.ID})
	start := time.Date(2040, 5, 17, 18, 0, 0, 0, time.UTC)
	end := start.Add(150 * time.Minute)
	m, err := meeting.Create(t.Context(), s.db, by, meeting.Draft{
		Kind: meeting.Council, Bodies: []id.Body{s.body.ID, council.ID}, StartsAt: &start, EndsAt: &end, Open: true,
	})
	done(t, err)
	read := func() (sections []meeting.Section, items []meeting.Item) {
		t.Helper()
		done(t, postgres.Read(t.Context(), s.db, meeting.SectionsAt(&sections, by, m.Slug), meeting.AgendaAt(&items, by, m.Slug)))
		return sections, items
	}
	sections, _ := read()
	minutes := 37
	full := fieldtest.Full[meeting.ItemDraft](t, "Eerst", map[string]any{
		"section_id": sections[0].ID, "treatment": proposal.Decisive, "debate_kind": "consent", "minutes": &minutes, "closed_for": []id.Body{s.body.ID, council.ID},
		"portfolio_holders": []proposal.Holder{{Name: "Eerst Wethouder", Capacity: "DB"}}, "ground": "5.1.2.b", "version": 0,
	})
	key, err := meeting.AddItem(t.Context(), s.db, by, m.ID, full)
	done(t, err)
	address := "/vergaderingen/" + m.Slug + "/agenda/" + key
	edit := formtest.With(s.must("griffier", "GET", address+"/bewerken", nil, 200), "section_id")
	formtest.Stand(t, full, edit, formtest.Words(s.must("griffier", "GET", address, nil, 200)), formtest.Places{
		Form: "web/meetings/form.templ", Page: "web/meetings/item.templ",
		Said: map[string][]string{
			"section_id": {"A.1"}, "treatment": {proposal.Decisive.Label()}, "debate_kind": {"Hamerstuk"}, "portfolio_holders": {"Eerst Wethouder (DB)"},
			"minutes": {"37 min"}, "closed": {"Besloten"}, "ground": {proposal.GroundLabel("5.1.2.b")},
		},
		Silent: map[string]string{
			"closed_for":     "the page before the call says it, below",
			"attachments_na": "the page lists what is there; who calls the members is warned of what is missing, see Findings",
			"version":        "it is for the form alone",
		},
	})
	_, organisers, err := meeting.FindWhole(t.Context(), s.db, by, m.ID)
	done(t, err)
	call := formtest.Words(s.must("griffier", "GET", "/vergaderingen/"+m.Slug+"/oproep", nil, 200))
	if who := full.PublicTitle + ": " + meeting.HolderNames(organisers); !strings.Contains(call, who) {
		t.Errorf("ClosedFor does not stand before the call: web/meetings/call.templ says nowhere %q", who)
	}
	edit.Values.Set("title", "Later")
	s.must("griffier", "POST", edit.Action, edit.Values, 303)
	_, items := read()
	full.Title = "Later"
	fieldtest.Kept(t, "sending the form", "itemValues and readItem in web/meetings/items.go", full,
		fieldtest.Found(map[string]string{"title": "matter_title"}, field.Values(items[0])), map[string]string{"version": "it is the next"})
}
