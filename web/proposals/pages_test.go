package proposals_test

import (
	"bytes"
	"fmt"
	"html"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/web/files"
	"regiogriffie/web/form"
	"regiogriffie/web/proposals"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// site is the area with a reader before it.
type site struct {
	t     *testing.T
	db    *pgxpool.Pool
	store *file.Store
	mux   http.Handler
}

func newSite(t *testing.T) site {
	t.Helper()
	s := site{t: t, db: pgtest.DB(t), store: filetest.Store(t)}
	papers, page := proposals.Pages{DB: s.db, Files: s.store}, respond.To
	r := chi.NewRouter()
	r.NotFound(respond.NotFound)
	r.Route("/voorstellen", func(r chi.Router) {
		r.Get("/", page(papers.Index))
		r.Post("/", page(papers.Create))
		r.Get("/nieuw", page(papers.New))
		r.Get("/{proposal}", page(papers.Show))
		r.Post("/{proposal}", page(papers.Update))
		r.Get("/{proposal}/versies/{number}", page(papers.ShowVersion))
		r.Get("/{proposal}/versies/{number}/verschil", page(papers.ShowDifference))
		r.Post("/{proposal}/lezing", page(papers.CreateReading))
		r.Post("/{proposal}/opmerkingen", page(papers.CreateComment))
		r.Get("/{proposal}/medeopstellers", page(papers.EditCoAuthors))
		r.Post("/{proposal}/medeopstellers", page(papers.UpdateCoAuthors))
		r.Get("/{proposal}/adviezen/nieuw", page(papers.NewAdvice))
		r.Post("/{proposal}/adviezen", page(papers.CreateAdvice))
		r.Get("/{proposal}/adviezen/{advice}", page(papers.EditAdvice))
		r.Post("/{proposal}/adviezen/{advice}", page(papers.UpdateAdvice))
		r.Get("/{proposal}/bewerken", page(papers.Edit))
		r.Get("/{proposal}/gereedmelding", page(papers.NewReadiness))
		r.Post("/{proposal}/gereedmelding", page(papers.CreateReadiness))
		r.Post("/{proposal}/akkoord", page(papers.CreateConsent))
		r.Get("/{proposal}/terugzending", page(papers.NewReturn))
		r.Post("/{proposal}/terugzending", page(papers.CreateReturn))
		r.Post("/{proposal}/aanbieding", page(papers.CreateOffering))
		r.Get("/{proposal}/intrekking", page(papers.NewWithdrawal))
		r.Post("/{proposal}/intrekking", page(papers.CreateWithdrawal))
		r.Post("/{proposal}/bijlagen", page(papers.CreateAttachment))
		r.Post("/{proposal}/bijlagen/{attachment}/verwijdering", page(papers.CreateRemoval))
	})
	r.Post("/voorbeeld", page(papers.Preview))
	r.Get("/bestanden/{attachment}", page(files.Pages{DB: s.db, Files: s.store}.Show))
	r.Head("/bestanden/{attachment}", page(files.Pages{DB: s.db, Files: s.store}.Show))
	s.mux = r
	return s
}

func (s site) ask(a access.Actor, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r, release := form.Hold(r)
	defer release()
	s.mux.ServeHTTP(w, r.WithContext(request.WithActor(r.Context(), a)))
	return w
}

func (s site) get(a access.Actor, address string, want int) string {
	s.t.Helper()
	w := s.ask(a, httptest.NewRequest(http.MethodGet, address, nil))
	if w.Code != want {
		s.t.Errorf("%s as %q: %d, want %d", address, a.Name, w.Code, want)
	}
	return w.Body.String()
}

func (s site) post(a access.Actor, address string, fields url.Values, want int) (body, to string) {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := s.ask(a, r)
	if w.Code != want {
		s.t.Errorf("POST %s as %q: %d, want %d\n%s", address, a.Name, w.Code, want, words(w.Body.String()))
	}
	return w.Body.String(), w.Header().Get("Location")
}

func (s site) upload(a access.Actor, address string, want int, title string, names ...string) string {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	_ = m.WriteField("title", title)
	for _, n := range names {
		part, err := m.CreateFormFile("file", n)
		if err != nil {
			s.t.Fatal(err)
		}
		content := filetest.PDF(n)
		if strings.HasPrefix(n, "vals") {
			content = []byte("<html><script>alert(1)</script>")
		}
		_, _ = part.Write(content)
	}
	_ = m.Close()
	r := httptest.NewRequest(http.MethodPost, address, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	w := s.ask(a, r)
	if w.Code != want {
		s.t.Errorf("upload to %s: %d, want %d\n%s", address, w.Code, want, words(w.Body.String()))
	}
	return w.Body.String()
}

var tags = regexp.MustCompile(`<[^>]*>`)

// words are what a page says, on one line.
func words(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}

var public = access.Actor{At: proposaltest.At}

func (s site) places() (owner, target proposaltest.Place) {
	s.t.Helper()
	owner, target = proposaltest.NewPlace(s.t, s.db, "Hillegom"), proposaltest.NewPlace(s.t, s.db, "Leiden")
	// Whoever has an account may preview.
	owner.Author.Account = id.New[id.Account]()
	account(s.t, s.db, owner.Author)
	return owner, target
}

func account(t *testing.T, db postgres.DB, a access.Actor) {
	t.Helper()
	if _, err := postgres.Exec(t.Context(), db, `insert into accounts (id, person_id, email) values (@id, @person, @email)`,
		postgres.Args{"id": a.Account, "person": a.Person, "email": string(a.Account) + "@example.nl"}); err != nil {
		t.Fatal(err)
	}
}

// filled is a form with a text of its own in every field.
func filled(owner, target proposaltest.Place) url.Values {
	return url.Values{
		"key": {id.NewKey()}, "owner_org_id": {string(owner.ID)}, "target_body_id": {string(target.Body)}, "subject": {"Onderwerp <b>& co</b>"},
		"authors": {"S Ververs\nB. Vegt"}, "dated_on": {"28 juni 2018"}, "treatment": {"decisive"},
		"portfolio_holders": {"A. van Erk (DB)\nC. van der Kamp (DB)\nH. Zuidijk (VD)"}, "organiser_ids": {"Hillegom\nLeiden"},
		"reference": {"U2018-00011"}, "minutes": {"20"}, "summary": {"Samengevat in **vette** woorden."}, "explanation": {"Toegelicht.\n\nIn twee alinea's."},
		"communication_na": {"ja"}, "decision_points": {"Kennis te nemen.\nIn te stemmen."}, "financial": {"Kost niets."}, "legal": {"Geen gevolgen."},
		"risks_na":  {"ja"},
		"follow_up": {"Daarna naar de raden."}, "follow_up_on": {"na de zomer van 2018"}, "attachments_na": {"ja"},
	}
}

func TestWhatIsFilledInIsFoundBackWordForWord(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	s.get(owner.Author, "/voorstellen/nieuw", http.StatusOK)
	_, to := s.post(owner.Author, "/voorstellen", filled(owner, target), http.StatusSeeOther)
	page := s.get(owner.Author, to, http.StatusOK)
	said := words(page)
	for _, want := range []string{
		"Onderwerp <b>& co</b>", "S Ververs, B. Vegt", "28 juni 2018", "Besluitvormend", "A. van Erk (DB), C. van der Kamp (DB), H. Zuidijk (VD)",
		"U2018-00011", "20 min", "1. Samenvatting voorstel Samengevat in vette woorden.", "2. Algemeen", "3. Toelichting Toegelicht. In twee alinea's.",
		"4. Communicatie N.v.t.", "5. Beslispunten Kennis te nemen. In te stemmen.", "6. Financiën Kost niets.", "7. Juridisch Geen gevolgen.",
		"8. Risico's N.v.t.", "9. Bijlagen N.v.t.", "Vervolgtraject besluitvorming Daarna naar de raden.", "na de zomer van 2018", "Bijlage(n) N.v.t.",
		"Organisatie Hillegom", "Voorstel t.b.v. vergadering Raad van Leiden Leiden", "Concept",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("not on the page: %q", want)
		}
	}
	if strings.Contains(page, "<b>& co") || !strings.Contains(page, "<strong>vette</strong>") {
		t.Error("typed HTML came through, or marks did not")
	}
	if eyebrow := words(page[strings.Index(page, "eyebrow"):strings.Index(page, "<h1")]); !strings.Contains(eyebrow, "Hillegom") ||
		!strings.Contains(eyebrow, "Leiden") {
		t.Errorf("the organisers: %q", eyebrow)
	}
	others := filled(owner, target)
	others.Set("organiser_ids", "Leiden")
	_, without := s.post(owner.Author, "/voorstellen", others, http.StatusSeeOther)
	page = s.get(owner.Author, without, http.StatusOK)
	if head := page[strings.Index(page, "eyebrow"):strings.Index(page, "<h1")]; strings.Count(head, `class="org"`) != 2 ||
		!strings.Contains(head, "Hillegom") || !strings.Contains(head, "Leiden") {
		t.Errorf("whose paper it is does not stand above it with the others: %q", words(head))
	}
	edit := s.get(owner.Author, to+"/bewerken", http.StatusOK)
	for name, v := range filled(owner, target) {
		if text := v[0]; name != "key" && name != "owner_org_id" && text != "ja" && name != "dated_on" && !strings.Contains(html.UnescapeString(edit), text) {
			t.Errorf("not in the form: %s %q", name, text)
		}
	}
	_, _ = s.post(owner.Author, to+"/aanbieding", nil, http.StatusSeeOther)
	if v := words(s.get(target.Member, to+"/versies/1", http.StatusOK)); !strings.Contains(v, "Dit is versie 1") || !strings.Contains(v, "In te stemmen.") {
		t.Errorf("the version: %s", v)
	}
}

func TestAWrongFormComesBackAsItWasFilledIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	fields := filled(owner, target)
	fields.Set("subject", "")
	fields.Set("dated_on", "31 februari")
	fields.Set("minutes", "veel")
	fields.Set("organiser_ids", "Nergenshuizen")
	fields.Set("communication", "Er is wel iets te zeggen")
	page, _ := s.post(owner.Author, "/voorstellen", fields, http.StatusUnprocessableEntity)
	for _, want := range []string{
		"Vul een onderwerp in.", "‘31 februari’ is geen datum.", "‘veel’ is geen heel getal.", "Nergenshuizen", "staat niet in het register",
		"niet allebei", "Er is wel iets te zeggen", "Toegelicht.", `value="20`, "5 dingen zijn nog niet goed",
	} {
		if want != `value="20` && !strings.Contains(html.UnescapeString(page), want) {
			t.Errorf("not on the page: %q", want)
		}
	}
	at := 0
	for _, name := range []string{"subject", "dated_on", "organiser_ids", "minutes", "communication"} {
		i := strings.Index(page, `<a href="#veld-`+name+`">`)
		if i < at {
			t.Errorf("%s does not stand in the order of the page", name)
		}
		at = i
	}
}

func TestAPreviewKeepsNothingAndLosesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	fields := filled(owner, target)
	fields.Set("voorbeeld", "ja")
	fields.Set("dated_on", "geen datum")
	page, _ := s.post(owner.Author, "/voorstellen", fields, http.StatusOK)
	if !strings.Contains(page, "<strong>vette</strong>") || !strings.Contains(page, "geen datum") ||
		!strings.Contains(html.UnescapeString(page), "In twee alinea's.") {
		t.Error("the preview lost something")
	}
	if strings.Contains(s.get(owner.Author, "/voorstellen", http.StatusOK), "Onderwerp") {
		t.Error("the preview was kept")
	}
	text := url.Values{"text": {"**vet** <script>alert(1)</script>"}}
	if page, _ := s.post(owner.Author, "/voorbeeld", text, http.StatusOK); !strings.Contains(page, "<html") || strings.Contains(page, "<script>alert") {
		t.Error("the preview page")
	}
	r := httptest.NewRequest(http.MethodPost, "/voorbeeld", strings.NewReader(text.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Fragment", "1")
	if got := s.ask(owner.Author, r).Body.String(); strings.Contains(got, "<html") || strings.Contains(got, "<script") ||
		!strings.Contains(got, "<strong>vet</strong>") {
		t.Errorf("the fragment: %q", got)
	}
	s.post(public, "/voorbeeld", text, http.StatusForbidden)
}

func TestTheLaterOneSeesBothTexts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	p := proposaltest.Concept(t, s.db, owner.Author, owner.ID, target.Body)
	form := func(subject string) url.Values {
		f := filled(owner, target)
		f.Del("key")
		f.Set("version", "1")
		f.Set("subject", subject)
		return f
	}
	s.post(owner.Clerk, "/voorstellen/"+p.Key, form("Tekst van de griffier"), http.StatusSeeOther)
	page, _ := s.post(owner.Author, "/voorstellen/"+p.Key, form("Tekst van de steller"), http.StatusConflict)
	if said := html.UnescapeString(page); !strings.Contains(said, "Tekst van de griffier") || !strings.Contains(said, "Tekst van de steller") {
		t.Error("one of the texts is missing")
	}
	if said := words(page); !strings.Contains(said, "G. Griffier Hillegom bewaarde dit om 11.00 uur, terwijl u bezig was.") {
		t.Errorf("who saved it, and when: %s", said)
	}
	again := form("Tekst van beiden")
	again.Set("version", "2")
	s.post(owner.Author, "/voorstellen/"+p.Key, again, http.StatusSeeOther)
}

func TestOfferingSaysWhatIsMissingAndWithdrawingAsksWhy(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	p := proposaltest.Concept(t, s.db, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.Summary = "" })
	page, _ := s.post(owner.Author, "/voorstellen/"+p.Key+"/aanbieding", nil, http.StatusUnprocessableEntity)
	if !strings.Contains(page, `role="alert"`) || strings.Count(page, "Vul de samenvatting in.") != 1 ||
		!strings.Contains(page, `/bewerken#veld-summary"`) || strings.Contains(page, "formulier opnieuw") {
		t.Error("what is missing is not told, or not once")
	}
	if !strings.Contains(page, `class="button primary" href="/voorstellen/`+p.Key+`/bewerken"`) || strings.Contains(page, `<button class="button primary">Bied`) {
		t.Error("the first act is not to fill in what is missing")
	}
	if page = s.get(owner.Author, "/voorstellen/"+p.Key, http.StatusOK); !strings.Contains(page, "Vul de samenvatting in.") ||
		strings.Contains(page, `role="alert"`) {
		t.Error("what is missing is not told beforehand, or as if something went wrong")
	}
	s.get(owner.Author, "/voorstellen/"+p.Key+"/intrekking", http.StatusOK)
	page, _ = s.post(owner.Author, "/voorstellen/"+p.Key+"/intrekking", url.Values{"reason": {" "}}, http.StatusUnprocessableEntity)
	if !strings.Contains(page, "waarom u het voorstel intrekt") {
		t.Error("no reason asked")
	}
	s.post(owner.Author, "/voorstellen/"+p.Key+"/intrekking", url.Values{"reason": {"Onderdeel van een ander stuk."}}, http.StatusSeeOther)
	if said := words(s.get(owner.Author, "/voorstellen/"+p.Key, http.StatusOK)); !strings.Contains(said,
		"Ingetrokken op 1 juni 2018. Reden: Onderdeel van een ander stuk.") || strings.Contains(said, "Agendapunt") {
		t.Errorf("the page says %s", said)
	}
}

// With signs that nobody sees, a title or an amount would read otherwise than it is written.
func TestNothingOnAPageTurnsTheReadingDirection(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	fields := filled(owner, target)
	const turned = "\u202e\u202d\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u202a\u202b\u202c"
	fields.Set("subject", "Bijdrage "+turned+"000.1 euro")
	fields.Set("summary", "Betaal **"+turned+"000.1** &#8238;euro")
	fields.Set("authors", "S Ver"+turned+"vers")
	_, to := s.post(owner.Author, "/voorstellen", fields, http.StatusSeeOther)
	page := s.get(owner.Author, to, http.StatusOK)
	if found := strings.IndexAny(page, turned); found >= 0 {
		t.Errorf("%.80q", page[max(0, found-40):])
	}
	for _, entity := range []string{"&#8238;", "&#x202e;"} {
		if strings.Contains(strings.ToLower(page), entity) {
			t.Errorf("%s stands on the page", entity)
		}
	}
	for _, text := range []string{"Bijdrage 000.1 euro", "<strong>000.1</strong> euro", "S Ververs"} {
		if !strings.Contains(page, text) {
			t.Errorf("%q is not on the page", text)
		}
	}
}

func TestAttachmentsAreAddedAllOrNoneAndServed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	p := proposaltest.Concept(t, s.db, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.AttachmentsNa = false })
	base := "/voorstellen/" + p.Key
	if page := s.upload(owner.Author, base+"/bijlagen", http.StatusUnprocessableEntity, "", "goed.pdf", "vals.pdf"); !strings.Contains(page,
		"vals.pdf: De naam van dit bestand eindigt op .pdf") {
		t.Error("which file is wrong is not told")
	}
	s.upload(owner.Author, base+"/bijlagen", http.StatusUnprocessableEntity, "")
	back, _ := s.post(owner.Author, base+"/bijlagen", url.Values{form.FileAgain: {"ja"}, "title": {"Het rapport"}}, http.StatusUnprocessableEntity)
	if !strings.Contains(words(back), "U bent weer ingelogd. Kies het bestand opnieuw.") || strings.Contains(back, "nog niet goed") ||
		!strings.Contains(back, `value="Het rapport"`) {
		t.Errorf("after signing in again: %s", words(back))
	}
	if strings.Contains(s.get(owner.Author, base, http.StatusOK), "/bestanden/") {
		t.Error("half an upload was kept")
	}
	s.upload(owner.Author, base+"/bijlagen", http.StatusSeeOther, "Het rapport", "één \"rapport\".pdf")
	s.upload(owner.Author, base+"/bijlagen", http.StatusSeeOther, "", "twee.pdf", "drie.pdf")
	s.upload(owner.Member, base+"/bijlagen", http.StatusNotFound, "", "vier.pdf")
	page := s.get(owner.Author, base, http.StatusOK)
	links := regexp.MustCompile(`/bestanden/[a-z0-9]+`).FindAllString(page, -1)
	if len(links) != 3 || !strings.Contains(page, "Het rapport") {
		t.Fatalf("links: %v", links)
	}
	w := s.ask(owner.Author, httptest.NewRequest(http.MethodGet, links[0], nil))
	h := w.Header()
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "%PDF") || h.Get("Content-Type") != "application/pdf" ||
		h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") ||
		!strings.HasPrefix(h.Get("Content-Disposition"), "inline; ") || !strings.Contains(h.Get("Content-Disposition"), "filename*=UTF-8''%C3%A9%C3%A9n%20") {
		t.Errorf("%d %v", w.Code, h)
	}
	r := httptest.NewRequest(http.MethodGet, links[0], nil)
	r.Header.Set("Range", "bytes=1-3")
	if w := s.ask(owner.Author, r); w.Code != http.StatusPartialContent || w.Body.String() != "PDF" {
		t.Errorf("a range: %d %q", w.Code, w.Body)
	}
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, a := range []access.Actor{public, target.Clerk, owner.Member} {
			w, nothing := s.ask(a, httptest.NewRequest(method, links[0], nil)), s.ask(a, httptest.NewRequest(method, "/bestanden/aaaaaaaaaaaa", nil))
			if w.Code != http.StatusNotFound || w.Body.String() != nothing.Body.String() || fmt.Sprint(w.Header()) != fmt.Sprint(nothing.Header()) {
				t.Errorf("%s as %q: %d, other than for nothing", method, a.Name, w.Code)
			}
		}
	}
	key := strings.TrimPrefix(links[0], "/bestanden/")
	s.post(owner.Author, base+"/bijlagen/"+key+"/verwijdering", nil, http.StatusSeeOther)
	s.get(owner.Author, links[0], http.StatusNotFound)
}

func TestAClosedPaperIsNowhereForOutsiders(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	const marker = "MERKTEKEN"
	p := proposaltest.Concept(t, s.db, owner.Author, owner.ID, target.Body, proposaltest.Closed, func(d *proposal.Draft) {
		d.AttachmentsNa = false
		d.Subject, d.Summary, d.Explanation, d.PublicTitle = marker+" onderwerp", marker, marker, marker+" neutraal"
	})
	base := "/voorstellen/" + p.Key
	s.upload(owner.Author, base+"/bijlagen", http.StatusSeeOther, marker, marker+".pdf")
	s.post(owner.Author, base+"/aanbieding", nil, http.StatusSeeOther)
	link := regexp.MustCompile(`/bestanden/[a-z0-9]+`).FindString(s.get(target.Member, base, http.StatusOK))
	for _, a := range []access.Actor{public, owner.Clerk, owner.Secretary, owner.Member, target.Secretary, target.Holder} {
		for _, address := range []string{base, base + "/versies/1", link} {
			if strings.Contains(s.get(a, address, http.StatusNotFound), marker) {
				t.Errorf("%s shows %q the marker", address, a.Name)
			}
		}
		if strings.Contains(s.get(a, "/voorstellen?zoek="+marker, http.StatusOK), marker+" ond") {
			t.Errorf("the list shows %q the marker", a.Name)
		}
	}
	readings := func() int {
		n, err := postgres.One[int](t.Context(), s.db, `select coalesce(sum(times), 0)::int from closed_readings where kind = 'file' and person_id = @p`,
			postgres.Args{"p": target.Member.Person}.As(target.Member))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	w := s.ask(target.Member, httptest.NewRequest(http.MethodGet, link, nil))
	if w.Code != http.StatusOK || w.Header().Get("No-Gzip-Compression") == "" || readings() != 1 {
		t.Errorf("opening: %d, %d readings noted", w.Code, readings())
	}
	if got := s.get(target.Member, base, http.StatusOK); !strings.Contains(got, marker) || !strings.Contains(got, "Vertrouwelijk") {
		t.Error("the body itself does not read it")
	}
}

func TestTheListTeachesAndPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, _ := s.places()
	if said := words(s.get(public, "/voorstellen", http.StatusOK)); !strings.Contains(said, "zodra de griffier") {
		t.Errorf("empty, public: %s", said)
	}
	if said := words(s.get(owner.Author, "/voorstellen", http.StatusOK)); !strings.Contains(said, "Maak het eerste voorstel") {
		t.Errorf("empty, author: %s", said)
	}
	for n := range proposal.PerPage + 1 {
		proposaltest.Concept(t, s.db, owner.Author, owner.ID, owner.Body, func(d *proposal.Draft) {
			if n > 0 {
				day := time.Date(2018, 6, n%28+1, 0, 0, 0, 0, time.UTC)
				d.DatedOn = &day
			}
		})
	}
	first, second := s.get(owner.Author, "/voorstellen", http.StatusOK), s.get(owner.Author, "/voorstellen?bladzijde=2", http.StatusOK)
	if n := strings.Count(first, `href="/voorstellen/`) - 1; n != proposal.PerPage || !strings.Contains(first, "bladzijde=2") {
		t.Errorf("the first page has %d links", n)
	}
	if !strings.Contains(second, "bladzijde=1") || !strings.Contains(second, "geen datum") {
		t.Error("the second page has no way back, or does not end with the paper without a date")
	}
	if said := words(first); !strings.Contains(said, "51 voorstellen") || strings.Index(said, "28 juni 2018") > strings.Index(said, "27 juni 2018") {
		t.Errorf("the first page: %s", said)
	}
	if page := s.get(public, "/voorstellen?status=concept", http.StatusOK); strings.Contains(page, `value="concept"`) ||
		!strings.Contains(page, `value="aangeboden"`) || !strings.Contains(page, `value="ingetrokken"`) {
		t.Error("the public chooses among states it never meets")
	}
	if said := words(s.get(owner.Author, "/voorstellen?zoek=niets&status=geagendeerd", http.StatusOK)); !strings.Contains(said, "Geen voorstel past") {
		t.Errorf("nothing found: %s", said)
	}
}

func TestAnOrganiserThatSharesItsNameStaysOnThePaper(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	twin := proposaltest.NewPlace(t, s.db, "Bergen")
	proposaltest.NewPlace(t, s.db, "Bergen")
	p := proposaltest.Concept(t, s.db, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.OrganiserIDs = []id.Organisation{twin.ID} })
	fields := filled(owner, target)
	fields.Set("version", "1")
	fields.Set("organiser_ids", "Bergen\nHillegom")
	s.post(owner.Author, "/voorstellen/"+p.Key, fields, http.StatusSeeOther)
	p, err := proposal.Find(t.Context(), s.db, owner.Author, p.ID)
	if err != nil || len(p.OrganiserIDs) != 2 || p.OrganiserIDs[0] != twin.ID {
		t.Errorf("got %v, %v", p.OrganiserIDs, err)
	}
}

func TestNobodyWithoutARoleMakesAPaper(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	s.get(owner.Member, "/voorstellen/nieuw", http.StatusForbidden)
	s.post(owner.Member, "/voorstellen", filled(owner, target), http.StatusForbidden)
	s.post(target.Author, "/voorstellen", filled(owner, target), http.StatusForbidden)
}
