package proposals_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/proposal/proposaltest"
)

func TestThePagesOfTheInnerSteps(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := proposaltest.NewPlace(t, s.db, "Hillegom"), proposaltest.NewPlace(t, s.db, "Leiden")
	if err := partner.SetInnerSteps(t.Context(), s.db, owner.Clerk, owner.ID, true); err != nil {
		t.Fatal(err)
	}
	p := proposaltest.Concept(t, s.db, owner.Author, owner.ID, target.Body)
	address := "/voorstellen/" + p.Key
	page := s.get(owner.Author, address, 200)
	if !strings.Contains(page, "Meld ambtelijk gereed") || strings.Contains(page, "Bied het voorstel aan") {
		t.Error("the steller is not led to the first step")
	}
	if page := s.get(owner.Author, address+"/gereedmelding", 200); !strings.Contains(page, "nog geen portefeuillehouder bekend") {
		t.Error("nobody says that there is no portfolio holder")
	}
	if _, err := postgres.Exec(t.Context(), s.db, `insert into mandates (id, person_id, body_id, function, starts_on)
			values (@id, @person, @body, 'alderman', '2018-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": owner.Holder.Person, "body": owner.Body}); err != nil {
		t.Fatal(err)
	}
	if page, _ := s.post(owner.Author, address+"/gereedmelding", url.Values{}, 422); !strings.Contains(page,
		"Kies de portefeuillehouder die akkoord moet geven.") {
		t.Error("the fault is not told")
	}
	chosen := url.Values{"holder_id": {string(owner.Holder.Person)}}
	s.post(owner.Author, address+"/gereedmelding", chosen, 303)
	if page := s.get(owner.Holder, address, 200); !strings.Contains(page, "Geef akkoord") || strings.Contains(page, ">Bewerk<") {
		t.Error("the portfolio holder is not asked, or may change the text")
	}
	s.post(owner.Holder, address+"/terugzending", url.Values{"reason": {""}}, 422)
	s.post(owner.Holder, address+"/terugzending", url.Values{"reason": {"Noem de kosten."}}, 303)
	s.post(owner.Holder, address+"/terugzending", url.Values{"reason": {"Noem de kosten."}}, 303)
	if page := s.get(owner.Author, address, 200); !strings.Contains(page, "Noem de kosten.") || !strings.Contains(page, "Teruggestuurd") {
		t.Error("the steller does not read why")
	}
	s.post(owner.Author, address+"/gereedmelding", chosen, 303)
	s.post(owner.Holder, address+"/akkoord", url.Values{}, 303)
	s.post(owner.Holder, address+"/akkoord", url.Values{}, 303)
	s.post(owner.Author, address+"/aanbieding", url.Values{}, 303)
	page = s.get(target.Member, address, 200)
	if strings.Contains(page, "Noem de kosten.") || strings.Contains(page, "Bestuurlijk akkoord") || !strings.Contains(page, "Verloop") {
		t.Error("a member of the body reads what happened inside")
	}
}

func TestReadyWithoutWhatIsNeededSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner := proposaltest.NewPlace(t, s.db, "Hillegom")
	if err := partner.SetInnerSteps(t.Context(), s.db, owner.Clerk, owner.ID, true); err != nil {
		t.Fatal(err)
	}
	p := proposaltest.Concept(t, s.db, owner.Author, owner.ID, "")
	page, _ := s.post(owner.Author, "/voorstellen/"+p.Key+"/gereedmelding", url.Values{"holder_id": {string(owner.Holder.Person)}}, 422)
	if !strings.Contains(page, "Kies voor welk gremium het voorstel is.") {
		t.Error("what is missing is not told")
	}
}

var keyOfTalk = regexp.MustCompile(`name="key" value="([a-z2-9]{12})"`)

func TestTheTalkStandsOnThePageOfWhoPreparesThePaper(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := proposaltest.NewPlace(t, s.db, "Hillegom"), proposaltest.NewPlace(t, s.db, "Leiden")
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, target.Body)
	address := "/voorstellen/" + p.Key
	page := s.get(owner.Author, address, 200)
	m := keyOfTalk.FindStringSubmatch(page)
	if m == nil {
		t.Fatal("there is no form for the talk")
	}
	s.post(owner.Author, address+"/opmerkingen", url.Values{"key": {m[1]}, "comment": {" "}}, 422)
	if page, _ := s.post(owner.Author, address+"/opmerkingen", url.Values{"key": {m[1]}, "comment": {strings.Repeat("lang ", 900)}},
		422); !strings.Contains(page, "lang lang") || !strings.Contains(page, "hoogstens 4.000 tekens") {
		t.Error("the text that was too long is gone")
	}
	for range 2 {
		s.post(owner.Author, address+"/opmerkingen", url.Values{"key": {m[1]}, "comment": {"Klopt het <b>bedrag</b>?"}}, 303)
	}
	page = s.get(owner.Clerk, address, 200)
	if strings.Count(page, "Klopt het &lt;b&gt;bedrag&lt;/b&gt;?") != 1 {
		t.Error("the griffier does not read it once")
	}
	if page := s.get(target.Clerk, address, 200); strings.Contains(page, "Overleg") || strings.Contains(page, "bedrag") {
		t.Error("the griffier of the target reads the talk")
	}
}

func TestThePagesOfWritingTogether(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, with := proposaltest.NewPlace(t, s.db, "Hillegom"), proposaltest.NewPlace(t, s.db, "Lisse")
	p := proposaltest.Concept(t, s.db, owner.Author, owner.ID, owner.Body)
	address := "/voorstellen/" + p.Key + "/medeopstellers"
	if page := s.get(owner.Author, address+"?organisatie=Nergenshuizen", 422); !strings.Contains(page, "staat niet in het register") {
		t.Error("an organisation that is not there is not told")
	}
	if page := s.get(owner.Author, address+"?organisatie=Lisse", 200); !strings.Contains(page, "nog geen steller bekend") {
		t.Error("nobody says that there is no steller")
	}
	if _, err := postgres.Exec(t.Context(), s.db, `insert into role_grants (id, person_id, role, organisation_id, valid_from)
			values (@id, @person, 'author', @org, '2018-01-01')`,
		postgres.Args{"id": id.New[id.Grant](), "person": with.Author.Person, "org": with.ID}); err != nil {
		t.Fatal(err)
	}
	if page := s.get(owner.Author, address+"?organisatie=Lisse", 200); !strings.Contains(page, "S. Steller Lisse") {
		t.Error("the steller is no choice")
	}
	s.post(owner.Author, address, url.Values{}, 422)
	s.post(owner.Author, address, url.Values{"organisatie": {"Lisse"}, "people": {string(with.Member.Person)}}, 422)
	chosen := url.Values{"organisatie": {"Lisse"}, "people": {string(with.Author.Person)}}
	for range 2 {
		s.post(owner.Author, address, chosen, 303)
	}
	if page := s.get(with.Author, "/voorstellen/"+p.Key, 200); !strings.Contains(page, "Samen geschreven met Lisse") ||
		!strings.Contains(page, ">Bewerk<") || strings.Contains(page, "Bied het voorstel aan") {
		t.Error("who writes along sees something else than he may do")
	}
	s.post(owner.Author, address, url.Values{"organisatie": {"Lisse"}}, 303)
	s.get(with.Author, "/voorstellen/"+p.Key, 404)
}
