package admin_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web"
)

var now = time.Date(2026, 3, 2, 19, 0, 0, 0, time.UTC)

type site struct {
	t       *testing.T
	db      *pgxpool.Pool
	handler http.Handler
	cookie  *http.Cookie
	admin   identity.Account
	said    string // what the last answer tells once
}

// newSite is the whole site with its administrator signed in.
func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, db: pgtest.DB(t)}
	s.handler = web.Routes(web.App{DB: s.db, Now: func() time.Time { return now }, BaseURL: "http://127.0.0.1:8080"})
	person := identitytest.Person(t, s.db, "Beheerder")
	s.exec(`insert into role_grants (id, person_id, role, valid_from) values (@id, @person, 'admin', '2018-01-01')`,
		postgres.Args{"id": id.New[id.Grant](), "person": person})
	s.admin = identitytest.Account(t, s.db, person, "beheer@regio.nl")
	s.enter(s.admin)
	return s
}

func (s *site) enter(a identity.Account) { s.cookie = identitytest.SessionAt(s.t, s.db, a.ID, now) }

func (s *site) exec(sql string, args postgres.Args) {
	s.t.Helper()
	if _, err := postgres.Exec(s.t.Context(), s.db, sql, args); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) ask(method, address string, pairs ...string) (int, string, string) {
	s.t.Helper()
	fields := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequestWithContext(s.t.Context(), method, address, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if s.cookie != nil {
		r.AddCookie(s.cookie)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	s.said = ""
	for _, c := range w.Result().Cookies() {
		if c.Name == "melding" {
			text, _ := base64.RawURLEncoding.DecodeString(c.Value) // of another form it says nothing
			s.said = string(text)
		}
	}
	return w.Code, w.Header().Get("Location"), w.Body.String()
}

func (s *site) post(address string, pairs ...string) (int, string, string) {
	s.t.Helper()
	return s.ask(http.MethodPost, address, pairs...)
}

func (s *site) get(address string) string {
	s.t.Helper()
	status, _, page := s.ask(http.MethodGet, address)
	if status != http.StatusOK {
		s.t.Errorf("GET %s: %d", address, status)
	}
	return page
}

func TestOnlyTheAdministratorFindsTheseAddresses(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	plain := identitytest.Account(t, s.db, identitytest.Person(t, s.db, "Gewoon"), "gewoon@regio.nl")
	one := "/beheer/accounts/" + string(plain.ID)
	gets := []string{"/beheer", "/beheer/accounts", "/beheer/accounts/nieuw", one}
	posts := []string{"/beheer/accounts", one, one + "/rollen", one + "/rollen/x/einde", one + "/sluiting", one + "/heropening", one + "/wachtwoordlink"}
	for _, address := range gets {
		s.get(address)
	}
	s.enter(plain)
	for _, address := range gets {
		if status, _, _ := s.ask(http.MethodGet, address); status != http.StatusNotFound {
			t.Errorf("GET %s: %d", address, status)
		}
	}
	for _, address := range posts {
		if status, _, _ := s.post(address); status != http.StatusNotFound {
			t.Errorf("POST %s: %d", address, status)
		}
	}
	s.cookie = nil
	for _, address := range posts {
		if status, _, _ := s.post(address); status != http.StatusUnauthorized {
			t.Errorf("the public, POST %s: %d", address, status)
		}
	}
}

func TestAnAccountForSomeoneKnownNewOrOneOfSeveral(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	identitytest.Person(t, s.db, "A. van Erk")
	first, second := identitytest.Person(t, s.db, "B. de Boer"), identitytest.Person(t, s.db, "B. de Boer")
	if page := s.get("/beheer/accounts/nieuw"); strings.Contains(page, "van Erk") || !strings.Contains(page, "Terug zonder te bewaren") {
		t.Error("the people of the region stand in the form")
	}
	if status, to, _ := s.post("/beheer/accounts", "who", "bekend", "person", "a. van erk", "email", "erk@regio.nl"); status != http.StatusSeeOther ||
		!strings.HasPrefix(to, "/beheer/accounts/") {
		t.Errorf("known: %d", status)
	}
	status, _, page := s.post("/beheer/accounts", "who", "bekend", "person", "B. de Boer", "email", "boer@regio.nl")
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, string(first)) || !strings.Contains(page, string(second)) ||
		!strings.Contains(page, "boer@regio.nl") {
		t.Errorf("one of two: %d", status)
	}
	if status, _, _ := s.post("/beheer/accounts", "who", "bekend", "person", "B. de Boer", "person_id", string(second), "email",
		"boer@regio.nl"); status != http.StatusSeeOther {
		t.Errorf("the second: %d", status)
	}
	if status, _, _ := s.post("/beheer/accounts", "who", "nieuw", "initials", "C.", "infix", "van der", "family", "Kamp", "email",
		"kamp@regio.nl"); status != http.StatusSeeOther {
		t.Errorf("new: %d", status)
	}
	for fault, fields := range map[string][]string{
		"Deze naam is niet bekend":      {"who", "bekend", "person", "Niemand", "email", "n@regio.nl"},
		"een bekende of een nieuwe per": {"family", "Nieuw", "email", "n@regio.nl"},
		"Kies voor wie dit account is.": {"who", "bekend", "family", "Nieuw", "email", "n@regio.nl"},
		"Vul de achternaam in.":         {"who", "nieuw", "person", "A. van Erk", "email", "n@regio.nl"},
		"Vul een e-mailadres in":        {"who", "nieuw", "family", "Nieuw"},
		"Dit is geen e-mailadres":       {"who", "nieuw", "family", "Nieuw", "email", "nieuw"},
		"hoort al bij een ander":        {"who", "nieuw", "family", "Nieuw", "email", "ERK@regio.nl"},
		"Deze persoon heeft al een acc": {"who", "bekend", "person", "A. van Erk", "email", "n@regio.nl"},
	} {
		if status, _, page := s.post("/beheer/accounts", fields...); status != http.StatusUnprocessableEntity || !strings.Contains(page, fault) {
			t.Errorf("%s: %d", fault, status)
		}
	}
	list := s.get("/beheer/accounts?naam=kamp")
	if !strings.Contains(list, "van der Kamp") || strings.Contains(list, "A. van Erk") {
		t.Error("the filter by name")
	}
	if n, err := postgres.One[int](t.Context(), s.db, `select count(*) from persons where family = 'Nieuw'`, nil); err != nil || n != 0 {
		t.Errorf("a refused account leaves %d persons, %v", n, err)
	}
}

func TestRolesAreGivenAndEnded(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	person := identitytest.Person(t, s.db, "Medewerker")
	a := identitytest.Account(t, s.db, person, "m@regio.nl")
	org, body := id.New[id.Organisation](), id.New[id.Body]()
	s.exec(`insert into organisations (id, key, kind, official_name) values (@id, 'heemstede', 'municipality', 'Gemeente Heemstede')`, postgres.Args{"id": org})
	s.exec(`insert into bodies (id, organisation_id, key, kind, name) values (@id, @org, 'heemstede-raad', 'council',
			'Raad')`, postgres.Args{"id": body, "org": org})
	one := "/beheer/accounts/" + string(a.ID)
	for fault, fields := range map[string][]string{
		"Kies een rol":                   {"valid_from", "02-03-2026"},
		"Deze organisatie is niet beken": {"role", "author", "organisation_id", "nergens", "valid_from", "02-03-2026"},
		"Kies de organisatie":            {"role", "author", "valid_from", "02-03-2026"},
		"Kies voor een griffiemedewerke": {"role", "clerk_staff", "organisation_id", "heemstede", "valid_from", "02-03-2026"},
		"‘gisteren’ is geen datum":       {"role", "author", "organisation_id", "heemstede", "valid_from", "gisteren"},
	} {
		if status, _, page := s.post(one+"/rollen", fields...); status != http.StatusUnprocessableEntity || !strings.Contains(page, fault) {
			t.Errorf("%s: %d", fault, status)
		}
	}
	if status, _, _ := s.post(one+"/rollen", "role", "clerk_staff", "body_id", "heemstede-raad", "valid_from", "02-03-2026"); status != http.StatusSeeOther {
		t.Fatalf("giving: %d", status)
	}
	page := s.get(one)
	if !strings.Contains(page, "Griffiemedewerker") || !strings.Contains(page, "Gemeente Heemstede") || !strings.Contains(page, "vanaf 2 maart 2026") {
		t.Error("the role is not on the page")
	}
	grant, err := postgres.One[id.Grant](t.Context(), s.db, `select id from role_grants where person_id = @person`, postgres.Args{"person": person})
	if err != nil {
		t.Fatal(err)
	}
	if status, _, _ := s.post(one + "/rollen/" + string(grant) + "/einde"); status != http.StatusSeeOther {
		t.Errorf("ending: %d", status)
	}
	if actor, err := identity.ActorOf(t.Context(), s.db, a.ID, now); err != nil || len(actor.Grants) != 0 {
		t.Errorf("after ending: %v, %v", actor.Grants, err)
	}
	if page := s.get(one); strings.Contains(page, "vanaf 2 maart 2026") {
		t.Error("the ended role is still on the page")
	}
}

func TestTwoAdministratorsSeeEachOthersAddress(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := identitytest.Account(t, s.db, identitytest.Person(t, s.db, "Medewerker"), "m@regio.nl")
	one := "/beheer/accounts/" + string(a.ID)
	if status, _, _ := s.post(one, "version", "1", "email", "eerst@regio.nl"); status != http.StatusSeeOther {
		t.Fatalf("the first: %d", status)
	}
	status, _, page := s.post(one, "version", "1", "email", "later@regio.nl")
	if status != http.StatusConflict || !strings.Contains(page, "eerst@regio.nl") || !strings.Contains(page, `value="later@regio.nl"`) ||
		!strings.Contains(page, `name="version" value="2"`) {
		t.Errorf("the later one: %d", status)
	}
	if status, _, _ := s.post(one, "version", "2", "email", "later@regio.nl"); status != http.StatusSeeOther {
		t.Errorf("with knowledge of it: %d", status)
	}
	if status, _, _ := s.post(one, "version", "3", "email", "kapot"); status != http.StatusUnprocessableEntity {
		t.Errorf("no address: %d", status)
	}
}

func TestClosingAndReopening(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := identitytest.Account(t, s.db, identitytest.Person(t, s.db, "Medewerker"), "m@regio.nl")
	one := "/beheer/accounts/" + string(a.ID)
	for _, act := range []string{"sluiting", "sluiting", "heropening", "heropening"} {
		if status, to, _ := s.post(one + "/" + act); status != http.StatusSeeOther || to != one {
			t.Errorf("%s: %d", act, status)
		}
		if page := s.get(one); strings.Contains(page, "Dit account is gesloten") != (act == "sluiting") {
			t.Errorf("the page after %s", act)
		}
	}
	if status, _, page := s.post("/beheer/accounts/" + string(s.admin.ID) + "/sluiting"); status != http.StatusForbidden ||
		!strings.Contains(page, "eigen account") {
		t.Errorf("his own: %d", status)
	}
	if status, _, _ := s.post("/beheer/accounts/" + string(id.New[id.Account]()) + "/sluiting"); status != http.StatusNotFound {
		t.Errorf("nobody's: %d", status)
	}
}
