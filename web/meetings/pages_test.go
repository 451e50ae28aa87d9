package meetings_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web"
	"regiogriffie/web/form"
)

// site is the whole face over a database with one council, its griffier, his staff, a member and a steller.
type site struct {
	t       *testing.T
	handler http.Handler
	db      *pgxpool.Pool
	org     partner.Organisation
	body    partner.Body
	cookies map[string]*http.Cookie
}

func open(t *testing.T) *site {
	t.Helper()
	t.Parallel()
	db := pgtest.DB(t)
	s := &site{t: t, db: db, cookies: map[string]*http.Cookie{}}
	s.handler = web.Routes(web.App{DB: db, Files: filetest.Store(t), BaseURL: "http://127.0.0.1"})
	org := partnertest.Organisation(t, db, "Heemstede")
	s.org, s.body = org, partnertest.Body(t, db, org, "council")
	for who, function := range map[string]partner.Function{"griffier": "clerk", "raadslid": "councillor"} {
		p := partnertest.Person(t, db, who)
		partnertest.Mandate(t, db, p, s.body, function)
		s.cookies[who] = identitytest.Session(t, db, identitytest.Account(t, db, p.ID, who+"@example.nl").ID)
	}
	p := partnertest.Person(t, db, "steller")
	partnertest.Role(t, db, p, access.Author, org.ID)
	s.cookies["steller"] = identitytest.Session(t, db, identitytest.Account(t, db, p.ID, "steller@example.nl").ID)
	return s
}

func (s *site) ask(who, method, address string, fields url.Values) (int, string, http.Header) {
	s.t.Helper()
	var body io.Reader
	if fields != nil {
		body = strings.NewReader(fields.Encode())
	}
	r := httptest.NewRequest(method, address, body)
	if fields != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c := s.cookies[who]; c != nil {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

func (s *site) must(who, method, address string, fields url.Values, want int, texts ...string) string {
	s.t.Helper()
	status, page, header := s.ask(who, method, address, fields)
	if status != want {
		s.t.Fatalf("%s %s %s: %d, want %d\n%s", who, method, address, status, want, page)
	}
	for _, text := range texts {
		if !strings.Contains(page, text) {
			s.t.Errorf("%s %s %s: %q is not on the page", who, method, address, text)
		}
	}
	if want == http.StatusSeeOther {
		return header.Get("Location")
	}
	return page
}

func (s *site) facts() url.Values {
	return url.Values{
		"kind": {"council"}, "bodies": {string(s.body.ID)}, "starts_on": {"17-05-2040"}, "starts_at": {"20.00"}, "ends_at": {"22.30"},
		"location": {"Raadzaal"}, "open": {"ja"}, "version": {"1"},
	}
}

// meeting makes a meeting through its form and returns its address.
func (s *site) meeting() string {
	s.t.Helper()
	return strings.TrimSuffix(s.must("griffier", "POST", "/vergaderingen", s.facts(), 303), "/agenda")
}

var sectionPattern = regexp.MustCompile(`data-deel="([^"]+)"`)

func (s *site) sections(meeting string) []string {
	s.t.Helper()
	var ids []string
	for _, m := range sectionPattern.FindAllStringSubmatch(s.must("griffier", "GET", meeting+"/agenda", nil, 200), -1) {
		ids = append(ids, m[1])
	}
	return ids
}

func (s *site) item(meeting, section, title string) {
	s.t.Helper()
	s.must("griffier", "POST", meeting+"/agenda", url.Values{"section_id": {section}, "title": {title}, "minutes": {"15"}}, 303)
}

var keyPattern = regexp.MustCompile(`data-punt="([^"]+)"`)

func (s *site) keys(meeting string) []string {
	s.t.Helper()
	var keys []string
	for _, m := range keyPattern.FindAllStringSubmatch(s.must("griffier", "GET", meeting+"/agenda", nil, 200), -1) {
		keys = append(keys, m[1])
	}
	return keys
}

func TestAFormWithFaultsComesBackAsItWasFilledIn(t *testing.T) {
	s := open(t)
	f := s.facts()
	f.Set("starts_on", "31 februari")
	f.Set("ends_at", "kwart voor twaalf")
	f.Set("location", "De zaal achter de markt")
	f.Del("bodies")
	s.must("griffier", "POST", "/vergaderingen", f, 422,
		"‘31 februari’ is geen datum", "‘kwart voor twaalf’ is geen tijd", "Kies ten minste één gremium", `value="31 februari"`,
		`value="kwart voor twaalf"`, `value="De zaal achter de markt"`)
	f = s.facts()
	f.Set("organisations", "Heemstede\nAtlantis")
	s.must("griffier", "POST", "/vergaderingen", f, 422, "Niet gevonden: Atlantis", "Heemstede\nAtlantis")
}

func TestWhoMayNotComposeIsTurnedAway(t *testing.T) {
	s := open(t)
	m := s.meeting()
	s.must("raadslid", "GET", m+"/agenda", nil, 404) // a concept is not there for him
	s.must("griffier", "POST", m+"/bekendmaking", url.Values{}, 303)
	s.must("raadslid", "GET", m+"/agenda", nil, 403)
	s.must("steller", "POST", m+"/agenda", url.Values{"title": {"Ingeslopen"}}, 403)
	s.must("raadslid", "GET", "/vergaderingen/nieuw", nil, 403)
	s.must("", "GET", m+"/agenda", nil, 200, "Wachtwoord")
	s.must("", "POST", m+"/agenda", url.Values{"title": {"Ingeslopen"}}, 401, `name="v.title" value="Ingeslopen"`)
}

func TestTheLaterEditorSeesBothTextsAndMayThenGoOn(t *testing.T) {
	s := open(t)
	m := s.meeting()
	first, second := s.facts(), s.facts()
	first.Set("chair", "Eerste voorzitter")
	second.Set("chair", "Tweede voorzitter")
	s.must("griffier", "POST", m+"/bewerken", first, 303)
	page := s.must("griffier", "POST", m+"/bewerken", second, 409, "Iemand anders heeft dit intussen gewijzigd", " uur, terwijl u bezig was.",
		"Eerste voorzitter", `value="Tweede voorzitter"`, `name="version" value="2"`)
	if strings.Contains(page, ":</p><p class=\"pre\">Raadzaal") {
		t.Error("a field that is the same is shown twice")
	}
	second.Set("version", "2")
	s.must("griffier", "POST", m+"/bewerken", second, 303)
	s.must("griffier", "GET", m, nil, 200, "Tweede voorzitter")
}

func TestAnAgendaIsOrderedByButtonsAndByDragging(t *testing.T) {
	s := open(t)
	m := s.meeting()
	sections := s.sections(m)
	s.item(m, sections[1], "Een")
	s.item(m, sections[1], "Twee")
	keys := s.keys(m)
	s.must("griffier", "POST", m+"/agenda/"+keys[1]+"/plaats", url.Values{"richting": {"omhoog"}}, 303)
	if got := s.keys(m); got[0] != keys[1] {
		t.Error("the button did not move the item")
	}
	page := s.must("griffier", "POST", m+"/agenda/volgorde", url.Values{"plaats": {sections[0] + ":" + keys[0], sections[2] + ":" + keys[1]}}, 200)
	if want := `[{"key":"` + keys[0] + `","label":"A.1","clock":"20.00"},{"key":"` +
		keys[1] + `","label":"C.1","clock":"20.15"}]`; strings.TrimSpace(page) != want {
		t.Errorf("answer %s, want %s", page, want)
	}
	s.must("griffier", "POST", m+"/agenda/volgorde", url.Values{"plaats": {sections[0] + ":" + keys[0]}}, 409)
}

func TestTheCallAsksForWhatTheRulesAskAndHappensOnce(t *testing.T) {
	s := open(t)
	m := s.meeting()
	call := url.Values{"delivered_on": {"01-05-2040"}, "delivered_at": {"9.00"}, "version": {"1"}}
	s.must("griffier", "POST", m+"/oproep", call, 422, "De agenda is leeg")
	s.item(m, s.sections(m)[0], "Opening")
	s.must("griffier", "POST", m+"/oproep", url.Values{"version": {"1"}}, 422, "Vul in wanneer de leden de oproep krijgen")
	stale := url.Values{"delivered_on": {"01-05-2040"}, "delivered_at": {"9.00"}, "version": {"9"}}
	s.must("griffier", "POST", m+"/oproep", stale, 409)
	s.must("griffier", "POST", m+"/oproep", call, 303)
	s.must("griffier", "POST", m+"/oproep", call, 303)
	s.must("", "GET", m, nil, 200, "Opening", "Bezorgd op dinsdag 1 mei 2040 om 9.00 uur")
	s.must("", "GET", m+"/kalender.ics", nil, 200, "BEGIN:VEVENT", "LOCATION:Raadzaal", "SEQUENCE:1")
}

func TestTheReaderGoesFromItemToItem(t *testing.T) {
	s := open(t)
	m := s.meeting()
	sections := s.sections(m)
	s.item(m, sections[0], "Opening")
	s.must("griffier", "POST", m+"/agenda",
		url.Values{
			"section_id": {sections[1]}, "title": {"GEHEIM"}, "minutes": {"10"}, "closed": {"ja"}, "ground": {"5.1.2.b"},
			"explanation": {"GEHEIME TEKST"},
		}, 303)
	s.item(m, sections[2], "Rondvraag")
	s.must("griffier", "POST", m+"/oproep", url.Values{"delivered_on": {"01-05-2040"}, "delivered_at": {"9.00"}, "version": {"1"}}, 303)
	keys := s.keys(m)
	page := s.must("", "GET", m+"/agenda/"+keys[1], nil, 200, "Besloten agendapunt", `rel="prev"`, `rel="next"`, "Rondvraag")
	if strings.Contains(page, "GEHEIM") {
		t.Error("the public reads the closed item")
	}
	s.must("raadslid", "GET", m+"/agenda/"+keys[1], nil, 200, "GEHEIM", "GEHEIME TEKST", "economische of financiële belangen")
	s.must("", "GET", m+"/agenda/"+strings.Repeat("a", 12), nil, 404)
}

func TestAFileLostWhileSigningInIsAskedForCalmly(t *testing.T) {
	s := open(t)
	m := s.meeting()
	s.item(m, s.sections(m)[0], "Punt met een bijlage")
	address := m + "/agenda/" + s.keys(m)[0] + "/bijlagen"
	page := s.must("griffier", "POST", address, url.Values{form.FileAgain: {"ja"}, "file_title": {"Het rapport"}}, 422, "U bent weer ingelogd.",
		"Kies het bestand opnieuw.", `value="Het rapport"`)
	if strings.Contains(page, "nog niet goed") {
		t.Error("it is told as a fault")
	}
	s.must("griffier", "POST", address, url.Values{}, 422, "Kies het bestand dat u wilt toevoegen.")
}
