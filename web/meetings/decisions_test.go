package meetings_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/dutch"
)

// sat is the address of a point on the agenda of a meeting that began yesterday.
func (s *site) sat(closed bool) (meeting, item string) {
	s.t.Helper()
	f := s.facts()
	day := dutch.FormDate(time.Now().AddDate(0, 0, -1))
	f.Set("starts_on", day)
	meeting = strings.TrimSuffix(s.must("griffier", "POST", "/vergaderingen", f, 303), "/agenda")
	point := url.Values{"section_id": {s.sections(meeting)[1]}, "title": {"Regionale samenwerking"}, "minutes": {"15"}}
	if closed {
		point.Set("closed", "ja")
		point.Set("ground", "5.1.2.b")
	}
	s.must("griffier", "POST", meeting+"/agenda", point, 303)
	item = meeting + "/agenda/" + s.keys(meeting)[0]
	s.must("griffier", "POST", meeting+"/oproep", url.Values{"delivered_on": {day}, "delivered_at": {"9.00"}, "version": {"1"}}, 303)
	return meeting, item
}

func decisionFields(more ...string) url.Values {
	f := url.Values{
		"kind": {"adopted"}, "text": {"De raad stelt het plan vast."}, "decided_on": {dutch.FormDate(time.Now().AddDate(0, 0, -1))}, "method": {"none"},
		"version": {"0"},
	}
	for i := 0; i+1 < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f
}

func TestADecisionGoesFromDraftToEveryone(t *testing.T) {
	s := open(t)
	m, item := s.sat(false)
	s.must("griffier", "GET", m, nil, 200, "Leg het besluit vast")
	if page := s.must("raadslid", "GET", item, nil, 200); strings.Contains(page, "Leg het besluit vast") {
		t.Error("a member is offered to record a decision")
	}
	s.must("raadslid", "GET", item+"/besluit", nil, 403)
	s.must("griffier", "POST", item+"/besluit", decisionFields("kind", "", "decided_on", "32 mei", "method", "roll_call"), 422,
		"Kies wat er is besloten", "‘32 mei’ is geen datum", "Vul in hoeveel er voor en tegen waren", "De raad stelt het plan vast.")
	s.must("griffier", "POST", item+"/besluit", decisionFields("method", "roll_call", "votes_for", "4", "votes_against", "6"), 303)
	if page := s.must("", "GET", item, nil, 200); strings.Contains(page, "stelt het plan vast") {
		t.Error("the public reads the draft")
	}
	s.must("griffier", "GET", item+"/besluit", nil, 200, "Zo leest iedereen het", "Hoofdelijk: 4 voor, 6 tegen", "Er is geen meerderheid")
	s.must("griffier", "POST", item+"/besluit/publicatie", url.Values{"version": {"1"}}, 422, "Geef een reden")
	s.must("griffier", "POST", item+"/besluit", decisionFields("method", "roll_call", "votes_for", "6", "votes_against", "4", "version", "1"), 303)
	final := url.Values{"version": {"2"}, "reason.STEMMEN": {"De stemmen worden gewogen."}}
	s.must("griffier", "POST", item+"/besluit/publicatie", url.Values{"version": {"1"}}, 409)
	s.must("griffier", "POST", item+"/besluit/publicatie", final, 303)
	s.must("griffier", "POST", item+"/besluit/publicatie", final, 303)
	s.must("", "GET", item, nil, 200, "Vastgesteld", "De raad stelt het plan vast.", "Hoofdelijk: 6 voor, 4 tegen")
	s.must("", "GET", m, nil, 200, "Vastgesteld", "De raad stelt het plan vast.")
}

func TestTheLaterOfTwoWhoRecordADecisionSeesBothTexts(t *testing.T) {
	s := open(t)
	_, item := s.sat(false)
	s.must("griffier", "POST", item+"/besluit", decisionFields(), 303)
	s.must("griffier", "POST", item+"/besluit", decisionFields("text", "Mijn eigen tekst."), 409,
		"Iemand anders heeft dit intussen gewijzigd", "Mijn eigen tekst.", "De raad stelt het plan vast.", `name="version" value="1"`)
	s.must("griffier", "POST", item+"/besluit", decisionFields("text", "Mijn eigen tekst.", "version", "1"), 303)
	s.must("griffier", "POST", item+"/besluit/publicatie", url.Values{"version": {"2"}}, 303)
	// Published in between: the text stays, and now it needs a reason.
	page := s.must("griffier", "POST", item+"/besluit", decisionFields("text", "Nog een verbetering.", "version", "2"), 409, "Nog een verbetering.",
		"Waarom komt dit besluit in de plaats")
	_, rest, _ := strings.Cut(page, `name="replaces" value="`)
	replaces, _, _ := strings.Cut(rest, `"`)
	again := decisionFields("text", "Nog een verbetering.", "replaces", replaces)
	s.must("griffier", "POST", item+"/besluit", again, 422, "Vul in waarom dit besluit")
	again.Set("reason", "Er stond een fout in.")
	s.must("griffier", "POST", item+"/besluit", again, 303)
	s.must("griffier", "POST", item+"/besluit/publicatie", url.Values{"version": {"1"}}, 303)
	s.must("", "GET", item, nil, 200, "Nog een verbetering.", "Er stond een fout in.", "Vervangen door", "komt in de plaats van")
}

func TestThePublicSeesOfAClosedDecisionThatItIsThere(t *testing.T) {
	s := open(t)
	m, item := s.sat(true)
	s.must("griffier", "POST", item+"/besluit", decisionFields("kind", "rejected", "text", "GEHEIM BESLUIT"), 303)
	s.must("griffier", "GET", item+"/besluit", nil, 200, "Zo lezen de leden van dit gremium het")
	s.must("griffier", "POST", item+"/besluit/publicatie", url.Values{"version": {"1"}}, 303)
	for _, address := range []string{m, item} {
		if page := s.must("", "GET", address, nil, 200, "esluit genomen"); strings.Contains(page, "GEHEIM") || strings.Contains(page, "Verworpen") ||
			strings.Contains(page, "-B001") {
			t.Errorf("%s tells the public of the closed decision", address)
		}
	}
	s.must("raadslid", "GET", item, nil, 200, "GEHEIM BESLUIT", "Verworpen", "-B001")
}
