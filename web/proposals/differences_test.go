package proposals_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

var forTheEar = regexp.MustCompile(`<span class="hidden-text">[^<]*</span>`)

func TestTheDifferenceBetweenVersionsStandsWordForWord(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := proposaltest.NewPlace(t, s.db, "Hillegom"), proposaltest.NewPlace(t, s.db, "Leiden")
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) {
		d.Summary, d.DecisionPoints = "Het plan kost 10.000 euro.", []string{"Het plan vast te stellen.", "De raad te informeren."}
	})
	address := "/voorstellen/" + p.Key
	page := s.get(target.Member, address, 200)
	if !strings.Contains(page, "Ik heb dit gelezen") {
		t.Fatal("a reader cannot say that he read it")
	}
	s.post(target.Member, address+"/lezing", url.Values{"version": {"1"}}, 303)
	s.post(target.Member, address+"/lezing", url.Values{"version": {"1"}}, 303)
	s.post(target.Member, address+"/lezing", url.Values{"version": {"7"}}, 404)
	if page := s.get(target.Member, address, 200); strings.Contains(page, "Sinds u dit las") || !strings.Contains(page, "U las deze versie op 1 juni 2018") {
		t.Error("nothing changed yet")
	}
	s.get(target.Member, address+"/versies/1/verschil", 404) // there is none before it
	d := proposal.DraftOf(p)
	d.Summary, d.DecisionPoints = "Het plan kost 12.000 euro.", []string{"Vooraf inwoners te horen.", "Het plan vast te stellen.", "De raad te informeren."}
	p, err := proposal.Revise(t.Context(), s.db, owner.Author, p.ID, d)
	if err != nil {
		t.Fatal(err)
	}
	d = proposal.DraftOf(p)
	d.Legal = "Geen <b>gevolgen</b>."
	if _, err := proposal.Revise(t.Context(), s.db, owner.Author, p.ID, d); err != nil {
		t.Fatal(err)
	}
	page = s.get(target.Member, address, 200)
	for _, want := range []string{
		"Sinds u dit las (versie 1, 1 juni 2018) is er gewijzigd:", "Samenvatting voorstel, Beslispunten en Juridisch.",
		"/versies/3/verschil?met=1",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	page = s.get(target.Member, address+"/versies/3/verschil?met=1", 200)
	plain := forTheEar.ReplaceAllString(page, "")
	for _, want := range []string{
		"Het plan kost <del>10</del><ins>12</ins>.000 euro.</p>", "<ins>Vooraf inwoners te horen.</ins>", ">Nieuw<", ">Was 1<", "Geen &lt;b&gt;gevolgen",
	} {
		if !strings.Contains(plain, want) {
			t.Errorf("%q is not in\n%s", want, plain)
		}
	}
	if !strings.Contains(page, "vervallen: </span>10") || !strings.Contains(page, "nieuw: </span>12") {
		t.Error("the ear does not hear what came and what went")
	}
	if page := s.get(target.Member, address+"/versies/3/verschil", 200); strings.Contains(page, "12.000") || !strings.Contains(page, "Juridisch") {
		t.Error("without a choice the version before it is compared")
	}
	for _, wrong := range []string{"/versies/9/verschil", "/versies/3/verschil?met=9", "/versies/3/verschil?met=nul", "/versies/x/verschil"} {
		s.get(target.Member, address+wrong, 404)
	}
	stranger := proposaltest.NewPlace(t, s.db, "Elders")
	s.get(stranger.Member, address+"/versies/3/verschil?met=1", 404)
	s.post(stranger.Member, address+"/lezing", url.Values{"version": {"1"}}, 404)
}
