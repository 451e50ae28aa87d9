package stories

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/web"
	"regiogriffie/web/browsertest"
)

var small = browsertest.Options{Width: 400, Height: 800}

func TestFormsComeBackAsTheyWereFilledIn(t *testing.T) {
	t.Parallel()
	s := open(t)
	public := s.as(t, small, "")
	state := func(p *browsertest.Page, status int, name string) {
		t.Helper()
		expect(t, p, status)
		sound(t, p)
		axe(t, p)
		shot(p, "s-"+name)
	}
	public.Go(s.URL + "/inloggen")
	public.Fill("E-mailadres", councillor)
	public.Fill("Wachtwoord", "dat is het niet")
	public.ClickText("Log in")
	state(public, http.StatusUnprocessableEntity, "inloggen-fout")
	public.See("Dit e-mailadres en wachtwoord horen niet bij elkaar.")
	public.Go(s.URL + "/nergens")
	state(public, http.StatusNotFound, "404")
	public.Go(s.URL + "/voorstellen/nieuw")
	state(public, http.StatusOK, "eerst-inloggen")
	public.See("Inloggen")

	reader := s.as(t, small, boardMember)
	reader.Go(s.URL + "/vergaderingen/2018-06-28-vrhm-ab/agenda")
	state(reader, http.StatusForbidden, "403")

	p := s.as(t, small, secretary)
	p.Go(s.URL + "/voorstellen/nieuw")
	p.Fill("Toelichting", "Dit blijft staan.")
	p.Fill("Datum", "31-02-2026")
	p.Fill("Behandeltijd in minuten", "lang")
	p.ClickText("Bewaar als concept")
	state(p, http.StatusUnprocessableEntity, "voorstel-fout")
	for label, want := range map[string]string{"explanation": "Dit blijft staan.", "dated_on": "31-02-2026", "minutes": "lang"} {
		if got := browsertest.Eval[string](p, `document.querySelector("[name=`+label+`]").value`); got != want {
			t.Errorf("%s came back as %q", label, got)
		}
	}
	p.Go(s.URL + "/vergaderingen/nieuw")
	p.Fill("Begint om", "kwart over drie")
	p.ClickText("Bewaar de vergadering")
	state(p, http.StatusUnprocessableEntity, "vergadering-fout")
	p.Go(s.URL + "/vergaderingen/" + s.board(t) + "/agenda/nieuw")
	p.Fill("Duur in minuten", "")
	p.ClickText("Bewaar het punt")
	state(p, http.StatusUnprocessableEntity, "punt-fout")
	p.Go(s.URL + "/vergaderingen/" + s.board(t) + "/delen/nieuw")
	p.ClickText("Bewaar het deel")
	state(p, http.StatusUnprocessableEntity, "deel-fout")
	p.Go(s.URL + "/vergaderingen/" + s.board(t) + "/annulering")
	p.ClickText("Annuleer de vergadering")
	state(p, http.StatusUnprocessableEntity, "annulering-fout")

	// Two at the same paper: the later one sees both texts.
	colleague := s.as(t, small, "steller@vrhm.voorbeeld.nl")
	for _, each := range []*browsertest.Page{p, colleague} {
		each.Go(s.URL + "/voorstellen?zoek=oefenen&status=concept")
		each.ClickText("Jaarplan oefenen")
		each.ClickText("Bewerk")
	}
	p.Fill("Samenvatting voorstel", "De tekst van de secretaris.")
	p.ClickText("Bewaar het voorstel")
	p.See("Het voorstel is bewaard.")
	colleague.Fill("Samenvatting voorstel", "De tekst van de steller.")
	colleague.ClickText("Bewaar het voorstel")
	state(colleague, http.StatusConflict, "conflict")
	colleague.See("Iemand anders heeft dit intussen gewijzigd")
	colleague.See("De tekst van de secretaris.")
	if got := browsertest.Eval[string](colleague, `document.querySelector("[name=summary]").value`); got != "De tekst van de steller." {
		t.Errorf("the own text came back as %q", got)
	}
	colleague.ClickText("Bewaar het voorstel")
	colleague.See("De tekst van de steller.")

	// Sent after the session ended, it asks to sign in and goes through as it was filled in.
	p.Go(s.URL + "/voorstellen/nieuw")
	p.Choose("Status: wat vraagt u van het gremium?", "Informatief")
	p.Fill("Onderwerp", "Getypt in een lange middag")
	p.Fill("Toelichting", "Regel één & <twee>\n\nRegel “drie”.")
	if _, err := s.db.Exec(t.Context(), `delete from sessions`); err != nil {
		t.Fatal(err)
	}
	p.ClickText("Bewaar als concept")
	p.See("Log in, dan gaat uw formulier door zoals u het hebt ingevuld.")
	state(p, http.StatusUnauthorized, "geparkeerd")
	signIn(p, secretary)
	p.See("Het voorstel is bewaard als concept.")
	p.See("Getypt in een lange middag")
	p.See("Regel één & <twee>")
	p.See("Regel “drie”.")

	// Half an hour of nothing: an act with legal effect asks for the password, and then goes through.
	p.Go(s.URL + "/vergaderingen/" + s.board(t) + "/annulering")
	p.Fill("Reden", "Er is te weinig te bespreken.")
	s.ahead.Store(int64(31 * time.Minute))
	p.ClickText("Annuleer de vergadering")
	p.See("Bevestig met uw wachtwoord")
	state(p, http.StatusUnauthorized, "bevestigen")
	p.Fill("Wachtwoord", "dat is het niet")
	p.ClickText("Bevestig en ga door")
	state(p, http.StatusUnprocessableEntity, "bevestigen-fout")
	p.Fill("Wachtwoord", password)
	p.ClickText("Bevestig en ga door")
	p.See("De vergadering is geannuleerd.")
	p.See("Er is te weinig te bespreken.")
}

// board is the coming meeting of the Algemeen Bestuur, announced and not yet convened.
func (s *site) board(t testing.TB) string {
	t.Helper()
	var slug string
	if err := s.db.QueryRow(t.Context(),
		`select slug from meetings where slug like '%vrhm-ab' and starts_at > now() order by starts_at limit 1`).Scan(&slug); err != nil {
		t.Fatal(err)
	}
	return slug
}

// procedure is the page of the decision that the veiligheidsregio asked the councils about.
func (s *site) procedure(t testing.TB) string {
	t.Helper()
	var key string
	if err := s.db.QueryRow(t.Context(), `select key from zienswijze_procedures where kind = 'decision'`).Scan(&key); err != nil {
		t.Fatal(err)
	}
	return "/zienswijzen/" + key
}

func TestWithoutDatabaseThePageSaysSoInDutch(t *testing.T) {
	t.Parallel()
	nobody, err := pgxpool.New(t.Context(), "postgres://127.0.0.1:1/weg") // nothing listens there
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nobody.Close)
	s := httptest.NewServer(web.Routes(web.App{DB: nobody, Health: nobody}))
	t.Cleanup(s.Close)
	p := browsertest.Open(t).Page(t, small)
	p.Go(s.URL + "/vergaderingen")
	expect(t, p, http.StatusServiceUnavailable)
	p.See("Even niet bereikbaar")
	sound(t, p)
	axe(t, p)
	shot(p, "s-503")
}

func TestMeetingsAndProposalsPrintLikePaper(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.as(t, browsertest.Options{Dark: true}, griffier)
	p.Go(s.URL + "/vergaderingen/" + slugOf(t, s, "heemstede-raad"))
	printed(t, p, "Regionaal risicoprofiel: welke wensen geeft de raad mee?", "Agenda", "20.00")
	p.ClickText("Regionaal risicoprofiel")
	p.ClickText("Lees het voorstel")
	printed(t, p, "1. Samenvatting voorstel", "2. Algemeen", "Vervolgtraject besluitvorming", "Bijlagen", "meer aandacht voor wateroverlast")
	p.Go(s.URL + s.procedure(t))
	printed(t, p, "Samenvoegen van twee kazernes", "Termijnen", "Raden", "Standpunten naast elkaar", "Eens, mits", "Wgr artikel 10, lid 5")
}

// printed looks at the paper that comes out of the printer.
func printed(t *testing.T, p *browsertest.Page, wants ...string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pagina.pdf")
	p.PDF(path)
	pdf, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF-") || !strings.Contains(string(pdf), "/Type /Page") {
		t.Errorf("no PDF with a page: %v", err)
	}
	if folder := os.Getenv("REGIOGRIFFIE_SHOTS"); folder != "" {
		_ = os.WriteFile(filepath.Join(folder, "p-"+strings.Fields(wants[0])[0]+".pdf"), pdf, 0o600)
	}
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Log("no pdftotext: the words on the paper are not looked at")
		return
	}
	out, err := exec.CommandContext(t.Context(), reader, "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("the paper does not say %q", want)
		}
	}
	for _, gone := range []string{
		"Naar de inhoud", "Samenwerkingen Organisaties", "Vandaag", "Toegankelijkheid", "Stel de agenda samen",
		"In mijn agenda", "Naar de hele agenda",
	} {
		if strings.Contains(text, gone) {
			t.Errorf("the paper says %q", gone)
		}
	}
}
