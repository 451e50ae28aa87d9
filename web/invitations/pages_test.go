package invitations_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/partner/partnertest"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web"
)

// site is the whole face over a database with two municipalities, a secretaris and a mayor each, and a councillor.
type site struct {
	t       *testing.T
	handler http.Handler
	db      *pgxpool.Pool
	orgs    []partner.Organisation
	bodies  []partner.Body
	mayors  []partner.Person
	member  partner.Person
	cookies map[string]*http.Cookie
}

func open(t *testing.T) *site {
	t.Helper()
	t.Parallel()
	s := &site{t: t, db: pgtest.DB(t), cookies: map[string]*http.Cookie{}}
	s.handler = web.Routes(web.App{DB: s.db, Files: filetest.Store(t), BaseURL: "http://127.0.0.1"})
	for n, name := range []string{"Heemstede", "Bloemendaal"} {
		org := partnertest.Organisation(t, s.db, name)
		body := partnertest.Body(t, s.db, org, partner.Executive)
		s.orgs, s.bodies = append(s.orgs, org), append(s.bodies, body)
		for _, each := range []struct {
			who string
			as  partner.Function
		}{{"secretaris", partner.Secretary}, {"burgemeester", partner.Mayor}, {"raadslid", partner.Councillor}} {
			p := partnertest.Person(t, s.db, each.who)
			partnertest.Mandate(t, s.db, p, body, each.as)
			who := []string{"hier ", "daar "}[n] + each.who
			s.cookies[who] = identitytest.Session(t, s.db, identitytest.Account(t, s.db, p.ID, strings.ReplaceAll(who, " ", ".")+"@example.nl").ID)
			switch each.as {
			case partner.Mayor:
				s.mayors = append(s.mayors, p)
			case partner.Councillor:
				s.member = p
			}
		}
	}
	return s
}

func (s *site) send(who string, r *http.Request) (int, string, http.Header) {
	s.t.Helper()
	if c := s.cookies[who]; c != nil {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String(), w.Header()
}

func (s *site) must(who, method, address string, fields url.Values, want int, texts ...string) string {
	s.t.Helper()
	var body io.Reader
	if fields != nil {
		body = strings.NewReader(fields.Encode())
	}
	r := httptest.NewRequest(method, address, body)
	if fields != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	status, page, header := s.send(who, r)
	return s.check(who+" "+method+" "+address, status, page, header, want, texts)
}

func (s *site) check(what string, status int, page string, header http.Header, want int, texts []string) string {
	s.t.Helper()
	if status != want {
		s.t.Fatalf("%s: %d, want %d\n%s", what, status, want, page)
	}
	for _, text := range texts {
		if !strings.Contains(page, text) {
			s.t.Errorf("%s: %q is not on the page", what, text)
		}
	}
	if want == http.StatusSeeOther {
		return header.Get("Location")
	}
	return page
}

func (s *site) upload(who, address, name string, content []byte, want int, texts ...string) {
	s.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = part.Write(content)
	_ = w.Close()
	r := httptest.NewRequest("POST", address, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	status, page, header := s.send(who, r)
	s.check("uploading "+name, status, page, header, want, texts)
}

func (s *site) beginning() url.Values {
	return url.Values{
		"key": {"abcdefghijkm"}, "title": {"Avond voor twee raden"}, "which": {"nieuw"}, "kind": {"information_evening"},
		"organisations": {s.orgs[0].Key + "\n" + s.orgs[1].Key}, "starts_on": {"17-05-2040"}, "starts_at": {"20.00"}, "ends_at": {"21.15"}, "location": {"Raadzaal"},
	}
}

// begun is the address of an invitation that was made through its form.
func (s *site) begun() string {
	s.t.Helper()
	return strings.TrimSuffix(s.must("hier secretaris", "POST", "/uitnodigingen", s.beginning(), 303), "/bewerken")
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// versionOf is the version that the form at an address was drawn from.
func (s *site) versionOf(address string) string {
	s.t.Helper()
	m := versionField.FindStringSubmatch(s.must("hier secretaris", "GET", address, nil, 200))
	if m == nil {
		s.t.Fatalf("%s has no version", address)
	}
	return m[1]
}

var signField = regexp.MustCompile(`name="signer" value="([^"]+)"><input type="hidden" name="digest" value="([^"]+)"`)

// signing is what the first button to sign on the page sends.
func (s *site) signing(who, address string) url.Values {
	s.t.Helper()
	m := signField.FindStringSubmatch(s.must(who, "GET", address, nil, 200))
	if m == nil {
		s.t.Fatalf("%s has nothing to sign", who)
	}
	return url.Values{"signer": {m[1]}, "digest": {m[2]}}
}

func (s *site) text(address string, change ...string) url.Values {
	v := url.Values{
		"title": {"Avond voor twee raden"}, "starts_on": {"17-05-2040"}, "starts_at": {"20.00"}, "ends_at": {"21.15"}, "location": {"Raadzaal"},
		"section": {"0", "1"}, "section_heading.0": {"Waarom"}, "section_text.0": {"Kom luisteren."}, "version": {s.versionOf(address + "/bewerken")},
	}
	for i := 0; i+1 < len(change); i += 2 {
		v.Set(change[i], change[i+1])
	}
	return v
}

func TestBeginningTwiceIsOneInvitation(t *testing.T) {
	s := open(t)
	if one, two := s.begun(), s.begun(); one != two {
		t.Errorf("%s and %s", one, two)
	}
}

func TestMistakesInTheBeginning(t *testing.T) {
	s := open(t)
	for field, c := range map[string]struct{ value, says string }{
		"title":         {strings.Repeat("é", 10_000), "Maak de titel korter"},
		"kind":          {"council", "Kies wat voor bijeenkomst het is."},
		"organisations": {"Atlantis", "Niet gevonden: Atlantis."},
		"starts_on":     {"30 februari", "‘30 februari’ is geen datum."},
		"ends_at":       {"19.00", "De eindtijd ligt vóór de begintijd."},
	} {
		v := s.beginning()
		v.Set(field, c.value)
		page := s.must("hier secretaris", "POST", "/uitnodigingen", v, 422, c.says)
		for name, values := range v {
			if name != "which" && name != "kind" && !strings.Contains(page, values[0]) && !strings.Contains(page, strings.ReplaceAll(values[0], "\n", "&#10;")) {
				t.Errorf("%s is wrong, and %s is lost", field, name)
			}
		}
	}
	v := s.beginning()
	v.Set("organisations", s.orgs[1].Key)
	s.must("hier secretaris", "POST", "/uitnodigingen", v, 422, "Noem ten minste één organisatie waarvoor u werkt")
	s.must("hier raadslid", "POST", "/uitnodigingen", s.beginning(), 403)
}

func TestWhatIsTypedIsNeverLost(t *testing.T) {
	s := open(t)
	a := s.begun()
	// A heading without text, an empty part between two others: the fault names the part where it stands now.
	v := s.text(a, "section_heading.1", "", "section_text.1", "", "section_heading.2", "Alleen een kop", "contact", "Vragen? Bel de griffie.")
	s.must("hier secretaris", "POST", a+"/bewerken", v, 422, "Bij deze kop hoort tekst.", "Alleen een kop", "Vragen? Bel de griffie.",
		`href="#veld-section_text-1"`, `id="veld-section_text-1"`)
	// A part more without script keeps all that stands there, and saves nothing.
	v.Set("extra", "ja")
	s.must("hier secretaris", "POST", a+"/bewerken", v, 200, "Alleen een kop", "Vragen? Bel de griffie.", `name="section_text.2"`)
	if strings.Contains(s.must("hier secretaris", "GET", a, nil, 200), "Bel de griffie") {
		t.Error("it was saved")
	}
}

func TestTwoSecretarissenSeeBothTexts(t *testing.T) {
	s := open(t)
	a := s.begun()
	one, two := s.text(a, "closing", "Tot dan, zegt de een."), s.text(a, "closing", "Tot ziens, zegt de ander.")
	s.must("hier secretaris", "POST", a+"/bewerken", one, 303)
	page := s.must("daar secretaris", "POST", a+"/bewerken", two, 409, "Iemand anders heeft dit intussen gewijzigd", "Tot dan, zegt de een.",
		"Tot ziens, zegt de ander.")
	two.Set("version", versionField.FindStringSubmatch(page)[1])
	s.must("daar secretaris", "POST", a+"/bewerken", two, 303)
	s.must("hier secretaris", "GET", a, nil, 200, "Tot ziens, zegt de ander.")

	guests := url.Values{"groups": {"Alle ambtenaren"}, "version": {s.versionOf(a + "/gasten")}}
	s.must("hier secretaris", "POST", a+"/gasten", guests, 303)
	guests.Set("groups", "Alle inwoners")
	s.must("daar secretaris", "POST", a+"/gasten", guests, 409, "Alle ambtenaren", "Alle inwoners")
}

func TestAProgrammeLongerThanTheEveningNeedsAReason(t *testing.T) {
	s := open(t)
	a := s.begun()
	s.must("hier secretaris", "POST", a+"/bewerken", s.text(a), 303)
	s.must("hier secretaris", "POST", a+"/programma", url.Values{"title": {"Lange lezing"}, "minutes": {"90"}, "version": {"0"}}, 303)
	s.must("hier secretaris", "POST", a+"/programma", url.Values{"title": {"Nog een"}, "minutes": {"een kwartier"}, "version": {"0"}}, 422,
		"‘een kwartier’ is geen heel getal.")
	guests := url.Values{"bodies": {string(s.bodies[0].ID)}, "version": {s.versionOf(a + "/gasten")}}
	for n, m := range s.mayors {
		guests.Add("signers", string(s.orgs[n].ID)+":"+string(m.ID))
	}
	s.must("hier secretaris", "POST", a+"/gasten", guests, 303)
	asking := url.Values{"version": {s.versionOf(a + "/voorlegging")}}
	s.must("hier secretaris", "POST", a+"/voorlegging", asking, 422, "Het programma duurt 15 min langer dan de bijeenkomst.",
		"Geef een reden om toch door te gaan.")
	asking.Set("reason.UITLOOP", "De zaal is tot elf uur vrij.")
	s.must("hier secretaris", "POST", a+"/voorlegging", asking, 303)
	s.must("hier secretaris", "GET", a, nil, 200, "De zaal is tot elf uur vrij.") // in the history
}

func TestASignerWithoutAMandateIsToldWhy(t *testing.T) {
	s := open(t)
	a := s.begun()
	guests := url.Values{
		"groups": {"Alle ambtenaren"}, "version": {s.versionOf(a + "/gasten")}, "bodies": {string(s.bodies[1].ID)},
		"signers": {string(s.orgs[0].ID) + ":" + string(s.mayors[0].ID), string(s.orgs[1].ID) + ":" + string(s.mayors[0].ID)},
	}
	page := s.must("hier secretaris", "POST", a+"/gasten", guests, 422, "heeft geen functie bij Bloemendaal en kan er niet voor ondertekenen.",
		"Alle ambtenaren", `href="#veld-signers"`)
	if n := strings.Count(page, "checked"); n != 2 { // the body, and the signer who may
		t.Errorf("%d choices are kept", n)
	}
}

func TestAnUploadOfADisguisedKindOrTooLargeIsRefused(t *testing.T) {
	s := open(t)
	a := s.begun()
	s.upload("hier secretaris", a+"/bijlagen", "programma.pdf", []byte("MZ\x90\x00\x03\x00\x00\x00 this is a program"), 422, "veld-file")
	s.upload("hier secretaris", a+"/bijlagen", "programma.pdf", make([]byte, 53<<20), 422, "Wat u koos, is te groot: hoogstens 50 MB in één keer.")
	s.upload("hier secretaris", a+"/bijlagen", "programma.pdf", filetest.PDF("programma"), 303)
	s.upload("hier raadslid", a+"/bijlagen", "programma.pdf", filetest.PDF("programma"), 404)
	s.must("hier secretaris", "GET", a, nil, 200, "programma")
}

// What was sent while somebody else changed the invitation is not done, and the page says so with the new text.
func TestAnActOnAnOlderTextIsNotDone(t *testing.T) {
	s := open(t)
	a := s.begun()
	s.must("hier secretaris", "POST", a+"/bewerken", s.text(a), 303)
	guests := url.Values{"bodies": {string(s.bodies[0].ID)}, "version": {s.versionOf(a + "/gasten")}}
	for n, m := range s.mayors {
		guests.Add("signers", string(s.orgs[n].ID)+":"+string(m.ID))
	}
	s.must("hier secretaris", "POST", a+"/gasten", guests, 303)
	s.must("hier secretaris", "POST", a+"/programma", url.Values{"title": {"Opening"}}, 303)
	s.must("hier secretaris", "POST", a+"/voorlegging", url.Values{"version": {s.versionOf(a + "/voorlegging")}}, 303)
	here := s.signing("hier secretaris", a) // the secretaris has the page open
	s.must("daar secretaris", "POST", a+"/bewerken", s.text(a, "closing", "Een nieuw slot."), 303)
	s.must("hier secretaris", "POST", a+"/ondertekening", here, 409, "terwijl u las", "Een nieuw slot.")
	s.must("hier secretaris", "POST", a+"/ondertekening", s.signing("hier secretaris", a), 303)
	s.must("hier secretaris", "POST", a+"/bewerken", s.text(a, "closing", "Een nieuw slot."), 303)
	s.must("daar burgemeester", "POST", a+"/ondertekening", s.signing("daar burgemeester", a), 303)
	s.must("", "GET", a, nil, 404)
	s.must("hier secretaris", "POST", a+"/publicatie", url.Values{"version": {s.versionOf(a + "/publicatie")}}, 303)
	s.must("", "GET", a, nil, 200, "Een nieuw slot.", "Ondertekend")
	s.must("", "GET", "/uitnodigingen", nil, 200, "Avond voor twee raden")
}
