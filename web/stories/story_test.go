package stories

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/web/browsertest"
)

// secret stands in every text of the closed item and may reach nobody outside the body.
const secret = "Blauwe Reiger"

// field is what the bestuurssecretaris fills in: in which field, what.
type field struct{ label, value string }

const subject = "Bestuurlijke conferentie Samenwerking: eerste verkenning"

// paper is bron 000 in our own words, every field of it.
var paper = []field{
	{"Onderwerp", subject},
	{"Opgesteld door", "S Ververs\nB. Vegt"},
	{"Datum", "28-06-2018"},
	{"Portefeuille", "A. van Erk (DB)\nC. van der Kamp (DB)\nH. Zuidijk (VD)"},
	{"Organisaties die dit samen doen", "Hillegom\nBodegraven-Reeuwijk\nVeiligheidsregio Hollands Midden"},
	{"Kenmerk", "VRHM-2018-411"},
	{"Behandeltijd in minuten", "20"},
	{"Samenvatting voorstel", "In november komen bestuurders van **zes organisaties** voor het eerst samen om te praten over samenwerken."},
	{"Toelichting", "## Waarom\n\nWat de ene gemeente kiest, merkt de andere.\n\n- inwoners\n- hulpdiensten\n\n## Wie\n\nTwee gemeenten en vier diensten."},
	{"Communicatie", "Vóór de zomer weet iedereen welke dag vrij moet blijven."},
	{"Financiën", "De organisatoren delen de kosten."},
}

func meetingDay() time.Time { return time.Now().In(dutch.Zone).AddDate(0, 0, 9) }

// TestFromPaperToReader is the two stories of the house: who prepares, and who reads.
func TestFromPaperToReader(t *testing.T) {
	t.Parallel()
	s := open(t)
	pdf, err := os.ReadFile("../../internal/sample/risicoprofiel.pdf")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	shared, private := filepath.Join(folder, "programma.pdf"), filepath.Join(folder, "blauwe-reiger.pdf")
	for _, path := range []string{shared, private} {
		if err := os.WriteFile(path, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var meeting, closedItem, closedFile string
	if !t.Run("the bestuurssecretaris enters, puts on the agenda and convenes", func(t *testing.T) {
		p := s.as(t, browsertest.Options{}, secretary)
		p.ClickText("Voorstellen")
		p.ClickText("Maak een voorstel")
		offer(t, p, paper)

		p.ClickText("Vergaderingen")
		p.ClickText("Nieuwe vergadering")
		p.Choose("Soort", "Algemeen bestuur")
		p.Choose("Gremium", "Algemeen Bestuur")
		p.Fill("Dag", dutch.FormDate(meetingDay()))
		p.Fill("Begint om", "15.00")
		p.Fill("Eindigt om", "17.10")
		p.ClickText("Bewaar de vergadering")
		p.See("De plaats ontbreekt.")
		p.See("De agenda is leeg.")
		meeting = strings.TrimSuffix(p.URL(), "/agenda")
		numberFrom(p, 11)
		p.ClickText(": " + subject)
		p.See("‘" + subject + "’ staat op de agenda.")
		p.See("B.11 " + subject)

		add(p, "A · Opening", "Opening en mededelingen", "10", "N.v.t.: bij dit punt horen geen bijlagen")
		add(p, "B · Ter bespreking", "Oefenplan van de regio", "25")
		p.ClickText("Bewerk B.12")
		p.Upload("Bestand", shared)
		p.Fill("Titel van de bijlage", "Programma van de oefening")
		p.ClickText("Voeg de bijlage toe")
		p.See("De bijlage is toegevoegd.")
		p.See("Programma van de oefening")
		p.ClickText("Terug zonder bewaren")

		p.ClickText("Punt toevoegen")
		p.Choose("Deel van de agenda", "B · Ter bespreking")
		p.Fill("Titel", "Koop van terrein "+secret)
		p.Fill("Toelichting", "Het hoogste bod voor "+secret+" is een half miljoen.")
		p.Fill("Duur in minuten", "15")
		p.Check("Dit punt is besloten")
		p.Fill("Neutrale titel voor het publiek", "Koop van terrein "+secret)
		p.ClickText("Bewaar het punt")
		expect(t, p, http.StatusUnprocessableEntity)
		p.See("De titel voor het publiek is dezelfde als de echte titel.")
		shot(p, "a-punt-met-fout")
		p.Fill("Neutrale titel voor het publiek", "Vastgoed van de regio")
		p.ClickText("Bewaar het punt")
		p.See("B.13: besloten zonder grond")
		shot(p, "a-agenda-met-bevindingen")

		p.ClickText("Voorbeeld, oproepen en publiceren")
		if strings.Contains(p.Text(), secret) {
			t.Error("the preview for the public shows the closed title")
		}
		p.See("De plaats ontbreekt.")
		if strings.Contains(p.Text(), "Roep op en publiceer") {
			t.Error("what the law forbids can be clicked")
		}
		shot(p, "a-oproep-kan-nog-niet")
		p.ClickText("Terug naar de agenda")
		p.ClickText("Gegevens wijzigen")
		p.Fill("Plaats", "Leiden, kantoor van de veiligheidsregio")
		p.ClickText("Bewaar de vergadering")
		p.ClickText("Bewerk B.13")
		p.Choose("Grond (Wet open overheid, artikel 5.1)", "5.1 lid 2 b")
		p.ClickText("Bewaar het punt")
		p.ClickText("Bewerk B.13")
		p.Upload("Bestand", private)
		p.Fill("Titel van de bijlage", "Taxatie "+secret)
		p.ClickText("Voeg de bijlage toe")
		closedFile = href(p, "Taxatie")
		p.ClickText("Terug zonder bewaren")
		for _, gone := range []string{"De plaats ontbreekt", "besloten zonder grond", "De agenda is leeg"} {
			if strings.Contains(p.Text(), gone) {
				t.Errorf("mended, and still it says %q", gone)
			}
		}

		p.ClickText("Voorbeeld, oproepen en publiceren")
		p.See("De oproep is te laat.")
		p.See("14 dagen")
		p.See("B.13 Vastgoed van de regio")
		if strings.Contains(p.Text(), secret) {
			t.Error("the preview for the public shows closed matter")
		}
		p.ClickText("Roep op en publiceer")
		expect(t, p, http.StatusUnprocessableEntity)
		shot(p, "a-oproep-zonder-reden")
		p.Fill("Reden om toch door te gaan", "Het bestuur heeft deze dag zelf gekozen.")
		p.ClickText("Roep op en publiceer")
		p.See("Gepubliceerd")
		p.See("B.11 " + subject)
		p.See("Bezorgd op")
		p.ClickText("Geschiedenis")
		p.See("Het bestuur heeft deze dag zelf gekozen.") // in the history, for who prepares
		closedItem = href(p, "Koop van terrein")
		shot(p, "a-vergadering-opgeroepen")
		if !strings.HasSuffix(p.URL(), strings.TrimPrefix(meeting, s.URL)) {
			t.Errorf("at %s, not at %s", p.URL(), meeting)
		}
	}) {
		return
	}

	outside := func(t *testing.T, email string) {
		p := s.as(t, browsertest.Options{Width: 400, Height: 800}, email)
		silent := func(what string) {
			t.Helper()
			for where, text := range map[string]string{"text": p.Text(), "HTML": p.HTML()} {
				if found := leak.FindString(text); found != "" {
					t.Errorf("%s: the %s says %q", what, where, found)
				}
			}
			p.NoOverflow(t)
			axe(t, p)
		}
		p.ClickText("Vergaderingen")
		silent("the list")
		p.Click(fmt.Sprintf("[href=%q]", strings.TrimPrefix(meeting, s.URL)))
		p.See("B.11 " + subject)
		p.See("B.13 Vastgoed van de regio")
		p.See("Besloten")
		silent("the meeting")
		shot(p, "b-vergadering"+email)
		p.ClickText(subject)
		p.See("B.11 " + subject)
		silent("the first item")
		shot(p, "b-punt"+email)
		p.ClickText("Lees het voorstel")
		for _, f := range paper {
			for _, line := range strings.Split(f.value, "\n") {
				if line = strings.Trim(strings.ReplaceAll(line, "**", ""), "#- "); line != "" && f.label != "Datum" {
					p.See(line)
				}
			}
		}
		p.See("28 juni 2018")
		silent("the proposal")
		p.ClickText("B.11") // back to its place
		p.Click("a[rel=next]")
		p.See("B.12 Oefenplan van de regio")
		silent("the second item")
		status, header, body := p.Download(href(p, "Programma van de oefening"))
		if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "application/pdf") || !bytes.Equal(body, pdf) {
			t.Errorf("the attachment: status %d, %s, %d bytes", status, header.Get("Content-Type"), len(body))
		}
		p.Click("a[rel=next]")
		p.See("B.13 Vastgoed van de regio")
		p.See("Dit punt wordt met gesloten deuren behandeld.")
		silent("the closed item")
		shot(p, "b-besloten"+email)
		if files := browsertest.Eval[int](p, `document.querySelectorAll("main a[href*='/bestanden/']").length`); files > 0 {
			t.Errorf("the closed item shows %d files", files)
		}
		for _, address := range []string{meeting, meeting + "/kalender.ics", closedItem} {
			status, _, body := p.Download(address)
			if found := leak.Find(body); found != nil || status != http.StatusOK {
				t.Errorf("%s: status %d, and it says %q", address, status, found)
			}
		}
		if status, _, body := p.Download(closedFile); status != http.StatusNotFound || leak.Match(body) {
			t.Errorf("the closed attachment: status %d", status)
		}
	}
	t.Run("a raadslid of elsewhere reads on a small screen", func(t *testing.T) { outside(t, councillor) })
	t.Run("so does anyone", func(t *testing.T) { outside(t, "") })
	t.Run("a member of the body reads the closed item", func(t *testing.T) {
		p := s.as(t, browsertest.Options{Width: 400, Height: 800}, boardMember)
		p.Go(meeting)
		p.ClickText("Koop van terrein " + secret)
		p.See("Het hoogste bod voor " + secret)
		p.See("economische of financiële belangen")
		shot(p, "b-besloten-lid")
		axe(t, p)
		if status, _, body := p.Download(closedFile); status != http.StatusOK || !bytes.Equal(body, pdf) {
			t.Errorf("the closed attachment: status %d", status)
		}
	})
	t.Run("the secretary sees who read it", func(t *testing.T) {
		for _, width := range []int{400, 1280} {
			p := s.as(t, browsertest.Options{Width: width, Height: 800}, secretary)
			p.Go(closedItem)
			p.ClickText("Wie las dit")
			p.See("De tekst op een pagina")
			p.See("Bestand: Taxatie")
			sound(t, p)
			axe(t, p)
			p.NoOverflow(t)
			shot(p, fmt.Sprintf("b-wie-las-dit-%d", width))
			if status, header, body := p.Download(p.URL() + ".csv"); status != http.StatusOK ||
				!strings.Contains(header.Get("Content-Disposition"), "wie-las-dit.csv") || !bytes.Contains(body, []byte("Het bestand;")) {
				t.Errorf("the list for a spreadsheet: status %d\n%s", status, body)
			}
		}
	})
}

// leak is any part of what is closed.
var leak = regexp.MustCompile(`(?i)blauwe|reiger|terrein|half miljoen|taxatie`)

// offer fills in a new proposal, previews it, keeps it and offers it.
func offer(t testing.TB, p *browsertest.Page, fields []field) {
	t.Helper()
	p.Choose("Voorstel t.b.v. vergadering", "Algemeen Bestuur")
	p.Choose("Status: wat vraagt u van het gremium?", "Informatief")
	for _, f := range fields {
		p.Fill(f.label, f.value)
	}
	for _, none := range []string{
		"N.v.t.: bij ‘Juridisch’ is niets te melden", "N.v.t.: bij ‘Risico's’ is niets te melden",
		"N.v.t.: bij ‘Vervolgtraject besluitvorming’ is niets te melden",
		"N.v.t.: bij het vervolg hoort geen datum", "N.v.t.: bij dit voorstel horen geen bijlagen",
	} {
		p.Check(none)
	}
	p.ClickText("Bekijk een voorbeeld")
	p.See("Dit is nog niet bewaard.")
	p.ClickText("Bewaar als concept")
	p.See("Het voorstel is bewaard als concept.")
	p.ClickText("Bied het voorstel aan")
	p.See("Het voorstel is aangeboden voor de vergadering van: Algemeen Bestuur")
	shot(p, "a-voorstel-aangeboden")
}

// numberFrom lets part B of the agenda begin at a number.
func numberFrom(p *browsertest.Page, n int) {
	p.ClickText("Wijzig deel B · Ter bespreking")
	p.Fill("Eerste nummer", fmt.Sprint(n))
	p.ClickText("Bewaar het deel")
}

func add(p *browsertest.Page, part, title, minutes string, checks ...string) {
	p.ClickText("Punt toevoegen")
	p.Choose("Deel van de agenda", part)
	p.Fill("Titel", title)
	p.Fill("Duur in minuten", minutes)
	for _, check := range checks {
		p.Check(check)
	}
	p.ClickText("Bewaar het punt")
	p.See("Het punt staat op de agenda.")
}

func TestTheBestuurssecretarisNeedsNoScript(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.as(t, browsertest.Options{NoScript: true}, secretary)
	p.Go(s.URL + "/voorstellen/nieuw")
	offer(t, p, paper[:9])
	p.Go(s.URL + "/vergaderingen/nieuw")
	p.Choose("Soort", "Algemeen bestuur")
	p.Choose("Gremium", "Algemeen Bestuur")
	p.Fill("Dag", dutch.FormDate(meetingDay().AddDate(0, 0, 14)))
	p.Fill("Begint om", "15.00")
	p.Fill("Eindigt om", "17.10")
	p.Fill("Plaats", "Leiden")
	p.ClickText("Bewaar de vergadering")
	numberFrom(p, 10)
	p.ClickText(": " + subject)
	p.See("B.10 " + subject)
	add(p, "B · Ter bespreking", "Oefenplan van de regio", "25", "N.v.t.: bij dit punt horen geen bijlagen")
	p.ClickText("Zet B.11 een plaats omhoog")
	p.See("B.11 " + subject)
	shot(p, "a-agenda-zonder-script")
	axe(t, p)
	p.ClickText("Voorbeeld, oproepen en publiceren")
	p.ClickText("Roep op en publiceer")
	p.See("Gepubliceerd")
	p.See("B.11 " + subject)
}
