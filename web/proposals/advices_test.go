package proposals_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"regiogriffie/internal/proposal/proposaltest"
)

var adviceLink = regexp.MustCompile(`href="(/voorstellen/[a-z2-9]+/adviezen/[0-9a-f-]{36})"`)

func TestThePagesOfAdvice(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := proposaltest.NewPlace(t, s.db, "Hillegom"), proposaltest.NewPlace(t, s.db, "Leiden")
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, target.Body)
	address := "/voorstellen/" + p.Key
	if page := s.get(owner.Author, address+"/adviezen/nieuw", 200); !strings.Contains(page, "Raad van Leiden") {
		t.Error("the body is no choice")
	}
	page, _ := s.post(owner.Author, address+"/adviezen", url.Values{"question": {"Is dit haalbaar?"}, "days": {"veel"}}, 422)
	for _, want := range []string{"Kies een persoon of een gremium, en niet allebei.", "‘veel’ is geen heel getal", "Is dit haalbaar?"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the form", want)
		}
	}
	asked := url.Values{"key": {"abcdefghijkm"}, "body_id": {string(target.Body)}, "question": {"Is dit haalbaar?"}, "days": {"5"}, "working": {"ja"}}
	for range 2 {
		s.post(owner.Author, address+"/adviezen", asked, 303)
	}
	page = s.get(target.Clerk, address, 200)
	m := adviceLink.FindStringSubmatch(page)
	if m == nil || strings.Count(page, "Is dit haalbaar?") != 1 || !strings.Contains(page, "8 juni 2018") {
		t.Fatalf("the griffie is not asked once, with its term")
	}
	if page := s.get(target.Member, address, 200); strings.Contains(page, "Is dit haalbaar?") {
		t.Error("a member reads what was asked")
	}
	s.get(target.Clerk, m[1], 200)
	s.get(owner.Author, m[1], 403)
	s.get(target.Member, m[1], 404)
	if page, _ := s.post(target.Clerk, m[1], url.Values{"opinion": {"negatief"}}, 422); !strings.Contains(page, "Schrijf uw opmerkingen op.") {
		t.Error("a negative advice without a word is not told")
	}
	given := url.Values{"opinion": {"positief_met_opmerkingen"}, "text": {"Noem de kosten."}}
	for range 2 {
		s.post(target.Clerk, m[1], given, 303)
	}
	s.post(target.Clerk, m[1], url.Values{"opinion": {"positief"}}, 409)
	s.get(target.Clerk, m[1], 403) // it stands on the page of the paper
	if page := s.get(owner.Author, address, 200); !strings.Contains(page, "Positief, met opmerkingen") || !strings.Contains(page, "Noem de kosten.") ||
		strings.Contains(page, "Te laat") {
		t.Error("the steller does not read the advice")
	}
}
