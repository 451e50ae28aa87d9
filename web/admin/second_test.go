package admin_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/postgres"
	"regiogriffie/web"
)

// griffier makes a council with a griffier, and gives his account and person.
func (s *site) griffier() (identity.Account, id.Body) {
	s.t.Helper()
	org, body := id.New[id.Organisation](), id.New[id.Body]()
	s.exec(`insert into organisations (id, key, kind, official_name) values (@id, 'heemstede', 'municipality', 'Gemeente Heemstede')`, postgres.Args{"id": org})
	s.exec(`insert into bodies (id, organisation_id, key, kind, name) values (@id, @org, 'heemstede-raad', 'council',
			'Raad')`, postgres.Args{"id": body, "org": org})
	person := identitytest.Person(s.t, s.db, "Griffier")
	s.mandate(person, body, "clerk")
	return identitytest.AccountWithPassword(s.t, s.db, person, "griffier@heemstede.nl"), body
}

func (s *site) mandate(person id.Person, body id.Body, function string) {
	s.t.Helper()
	s.exec(`insert into mandates (id, person_id, body_id, function, starts_on) values (@id, @person, @body, @function, '2018-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": person, "body": body, "function": function})
}

// change is the address that waits at an account.
func (s *site) change(a id.Account) string {
	s.t.Helper()
	change, err := postgres.One[string](s.t.Context(), s.db, `select id::text from account_email_changes where account_id = @a and settled_at is null`,
		postgres.Args{"a": a})
	if err != nil {
		s.t.Fatal(err)
	}
	return change
}

func holds(t *testing.T, what, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("%s: %q is not there:\n%s", what, text, page)
		}
	}
}

// The road by which an administrator was the griffier: an account for a person who has the mandate already.
func TestAnAccountForTheGriffierWaitsForASecond(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	old, body := s.griffier()
	person := identitytest.Person(t, s.db, "Nieuwe Griffier")
	s.mandate(person, body, "clerk")
	_, to, _ := s.post("/beheer/accounts", "who", "bekend", "person", "Nieuwe Griffier", "email", "van.de.beheerder@regio.nl")
	one := id.Account(strings.TrimPrefix(to, "/beheer/accounts/"))
	holds(t, "his page", s.get(to), "Adres niet bevestigd", "U hebt dit adres zelf ingevuld")
	if strings.Contains(s.get(to), "Bevestig dit adres") {
		t.Error("who set it is offered to stand for it")
	}
	change := s.change(one)
	if status, _, page := s.post("/bevestigingen/" + change + "/akkoord"); status != http.StatusForbidden || !strings.Contains(page, "Een ander bevestigt het") {
		t.Errorf("who set it: %d", status)
	}
	mine := s.cookie
	s.cookie = identitytest.SessionAt(t, s.db, one, now)
	holds(t, "without a second", s.get("/account"), "nog niet door een tweede bevestigd")
	if status, _, _ := s.ask(http.MethodGet, "/organisaties/heemstede/gremia/heemstede-raad/noodtoegang"); status != http.StatusNotFound {
		t.Errorf("he is griffier without a second: %d", status)
	}
	s.enter(old)
	holds(t, "the griffier", s.get("/bevestigingen"), "van.de.beheerder@regio.nl", "Ingevuld door Beheerder", "Bevestig dit adres")
	if status, to, _ := s.post("/bevestigingen/" + change + "/akkoord"); status != http.StatusSeeOther || to != "/bevestigingen" {
		t.Errorf("the griffier: %d", status)
	}
	s.cookie = identitytest.SessionAt(t, s.db, one, now)
	if status, _, _ := s.ask(http.MethodGet, "/organisaties/heemstede/gremia/heemstede-raad/noodtoegang"); status != http.StatusOK {
		t.Errorf("with a second: %d", status)
	}
	s.cookie = mine
	holds(t, "the trail", s.get("/beheer/spoor?account="+string(one)), "Spoor van Nieuwe Griffier", "Account gemaakt; het adres wacht op een tweede",
		"E-mailadres gewijzigd of bevestigd", "Griffier")
}

func TestTheAddressOfTheGriffierChangesWithASecond(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	griffier, _ := s.griffier()
	one := "/beheer/accounts/" + string(griffier.ID)
	if status, _, _ := s.post(one, "version", "1", "email", "van.de.beheerder@regio.nl"); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	holds(t, "his page", s.get(one), "griffier@heemstede.nl", "Dat wordt <b>van.de.beheerder@regio.nl</b> als een ander dat bevestigt", "Trek in")
	s.enter(griffier)
	holds(t, "the owner", s.get("/account"), "ingelogd met griffier@heemstede.nl", "van.de.beheerder@regio.nl", "Wijs af")
	if status, _, _ := s.post("/bevestigingen/" + s.change(griffier.ID) + "/afwijzing"); status != http.StatusSeeOther {
		t.Error(status)
	}
	if page := s.get("/account"); strings.Contains(page, "van.de.beheerder") {
		t.Error("what was refused still waits")
	}
	holds(t, "his trail", s.get("/account/spoor"), "Ander e-mailadres ingevuld", "E-mailadres afgewezen", "Beheerder")
}

func TestALinkGoesByMailAndToNoScreen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	griffier, _ := s.griffier()
	one := "/beheer/accounts/" + string(griffier.ID)
	s.handler = web.Routes(web.App{DB: s.db, Now: func() time.Time { return now }, BaseURL: "http://127.0.0.1:8080", MailLeaves: true})
	status, to, page := s.post(one + "/wachtwoordlink")
	if status != http.StatusSeeOther || to != one || strings.Contains(page, "/wachtwoord/") {
		t.Errorf("%d %s %s", status, to, page)
	}
	if page := s.get(one); strings.Contains(page, "/wachtwoord/") || !strings.Contains(page, "per e-mail naar griffier@heemstede.nl") {
		t.Error("the page of the account")
	}
	queued, err := postgres.One[int](t.Context(), s.db, `select count(*)::int from river_job where kind = 'account.link'`, nil)
	if err != nil || queued != 1 {
		t.Errorf("%d mails wait, %v", queued, err)
	}
	// His own he gets by no road around the old password.
	own := "/beheer/accounts/" + string(s.admin.ID)
	if status, _, page := s.post(own + "/wachtwoordlink"); status != http.StatusForbidden || !strings.Contains(page, "oude wachtwoord") {
		t.Errorf("his own: %d", status)
	}
	if page := s.get(own); strings.Contains(page, "/wachtwoordlink") {
		t.Error("his own is offered")
	}
}

func TestWithoutMailTheOwnerReadsWhoSawHisLink(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	griffier, _ := s.griffier()
	status, _, page := s.post("/beheer/accounts/" + string(griffier.ID) + "/wachtwoordlink")
	if status != http.StatusOK || !strings.Contains(page, "http://127.0.0.1:8080/wachtwoord/") ||
		!strings.Contains(page, "leest Griffier dat u deze link hebt gezien") {
		t.Fatalf("the link: %d", status)
	}
	s.cookie = nil
	status, to, _ := s.post("/inloggen", "email", "griffier@heemstede.nl", "password", identitytest.Password, "naar", "/vandaag")
	if status != http.StatusSeeOther || to != "/vandaag" {
		t.Fatalf("signing in: %d %s", status, to)
	}
	if got := s.said; !strings.Contains(got, "Beheerder zag op") || !strings.Contains(got, "Mijn account") {
		t.Errorf("the first page after it: %q", got)
	}
	s.enter(griffier)
	holds(t, "his account", s.get("/account"), "Een ander kon uw wachtwoord kiezen", "Beheerder zag de link op", "Met de link is geen wachtwoord gekozen")
	if status, _, _ := s.post("/account/getoonde-links"); status != http.StatusSeeOther {
		t.Error(status)
	}
	if page := s.get("/account"); strings.Contains(page, "Een ander kon") {
		t.Error("it stays after he read it")
	}
	s.cookie = nil
	if s.post("/inloggen", "email", "griffier@heemstede.nl", "password", identitytest.Password); s.said != "" {
		t.Errorf("the next time: %q", s.said)
	}
}

func TestTheAdministratorGivesHimselfNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	_, body := s.griffier()
	own := "/beheer/accounts/" + string(s.admin.ID)
	if page := s.get(own); strings.Contains(page, "Geef deze rol") || !strings.Contains(page, "U geeft uzelf geen rol") {
		t.Error("his page offers it")
	}
	if status, _, page := s.post(own+"/rollen", "role", "clerk_staff", "body_id", "heemstede-raad", "valid_from",
		"02-03-2026"); status != http.StatusUnprocessableEntity || strings.Contains(page, "Griffiemedewerker</b>") {
		t.Errorf("a role: %d", status)
	}
	status, _, page := s.post("/organisaties/heemstede/gremia/heemstede-raad/functies/nieuw", "person_id", string(s.admin.PersonID), "function",
		"clerk", "starts_on", "02-03-2026", "party_group", "Getypt")
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "andere beheerder of de griffier van Raad") ||
		!strings.Contains(page, `value="Getypt"`) {
		t.Errorf("a mandate: %d", status)
	}
	actor, err := identity.ActorOf(t.Context(), s.db, s.admin.ID, now)
	if err != nil || len(actor.Grants) != 1 || actor.IsFor("clerk", body) {
		t.Errorf("he has %v, %v", actor.Grants, err)
	}
}

func TestASearchInTheFormOfAnAccountLosesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	hit := identitytest.Person(t, s.db, "B. de Boer")
	identitytest.Person(t, s.db, "C. Kamp")
	query := url.Values{"zoek": {"ja"}, "who": {"bekend"}, "person": {"boer"}, "email": {"boer@regio.nl"}, "family": {"Getypt"}, "initials": {"X."}}
	page := s.get("/beheer/accounts/nieuw?" + query.Encode())
	holds(t, "the form", page, "1 persoon gevonden", string(hit), `value="boer"`, `value="boer@regio.nl"`, `value="Getypt"`, `value="X."`, `formmethod="get"`)
	if strings.Contains(page, "Kamp") {
		t.Error("others stand in it")
	}
	if page := s.get("/beheer/accounts/nieuw?zoek=ja&person=b"); !strings.Contains(page, "Niemand gevonden") {
		t.Error("one letter finds people")
	}
	if status, _, _ := s.post("/beheer/accounts", "who", "bekend", "person", "boer", "person_id", string(hit), "email",
		"boer@regio.nl"); status != http.StatusSeeOther {
		t.Errorf("who was found: %d", status)
	}
}

func TestTheTrailGoesByPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := identitytest.Account(t, s.db, identitytest.Person(t, s.db, "Medewerker"), "m@regio.nl")
	for range 26 {
		s.post("/beheer/accounts/" + string(a.ID) + "/sluiting")
		s.post("/beheer/accounts/" + string(a.ID) + "/heropening")
	}
	address := "/beheer/spoor?account=" + string(a.ID)
	first, second := s.get(address), s.get(address+"&bladzijde=2")
	if n := strings.Count(first, `data-label="Wanneer"`); n != 50 || !strings.Contains(first, "Volgende") {
		t.Errorf("the first page has %d", n)
	}
	if n := strings.Count(second, `data-label="Wanneer"`); n != 3 {
		t.Errorf("the second has %d", n)
	}
}
