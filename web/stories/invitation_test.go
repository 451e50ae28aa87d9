package stories

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/job"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web/browsertest"
	"regiogriffie/web/mails"
)

const (
	secretaryHere  = "secretaris@heemstede.voorbeeld.nl"
	secretaryThere = "secretaris@bloemendaal.voorbeeld.nl"
)

// works does what waits in the queue for the rest of the test, as the worker of the program does.
func (s *site) works() {
	s.t.Helper()
	pool := pgtest.Open(s.t, s.db.Config().ConnString(), nil)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		office := mails.Office{DB: s.db, BaseURL: s.URL, From: "griffie@regiogriffie.voorbeeld.nl", Now: time.Now}
		if err := job.Work(ctx, pool, office.Table()); err != nil {
			s.t.Error(err)
		}
	}()
	s.t.Cleanup(func() { cancel(); <-done })
}

// TestTwoMunicipalitiesInviteTogether is the invitation of bron 001, made from nothing in our own words.
func TestTwoMunicipalitiesInviteTogether(t *testing.T) {
	t.Parallel()
	s := open(t)
	evening := time.Now().In(dutch.Zone).AddDate(0, 0, 44)
	const title = "Informatieve avond over de samenwerking Bloemendaal – Heemstede"

	here := s.as(t, browsertest.Options{}, secretaryHere)
	here.ClickText("Uitnodigingen")
	here.ClickText("Maak een uitnodiging")
	here.ClickText("Begin de uitnodiging")
	expect(t, here, http.StatusUnprocessableEntity)
	here.See("Geef de uitnodiging een titel.")
	here.Fill("Titel", title)
	here.Choose("Soort", "Informatieavond")
	here.Fill("Organisaties die uitnodigen", "Heemstede\nBloemendaal")
	here.Fill("Dag", dutch.FormDate(evening))
	here.Fill("Begint om", "20.00")
	here.Fill("Eindigt om", "21.15")
	here.Fill("Plaats", "Gemeentehuis Bloemendaal")
	here.ClickText("Begin de uitnodiging")
	here.See("De uitnodiging is begonnen.")
	here.Choose("Doel van de bijeenkomst", "Beeldvormend")
	here.Fill("Aanhef", "Geachte leden van beide raden,")
	here.Fill("Kop van deel 1", "Waar gaat het heen?")
	here.Fill("Tekst van deel 1", "De rekenkamer vroeg om een **duidelijke richting**.")
	here.ClickText("Nog een deel")
	here.Fill("Kop van deel 2", "Wat is er gebeurd?")
	here.Fill("Tekst van deel 2", "Sinds 2013 werken wij samen. U kunt alles vragen.")
	here.Fill("Kop van het vervolg", "Voorstel voor het vervolg")
	here.Fill("Hoe het verder gaat", "Uiterlijk in mei komt er een zevende rapportage.")
	here.Fill("Eerdere toezegging", "Zoals toegezegd aan beide raden.")
	here.Fill("Slot", "Wij zien u graag.")
	here.Fill("Bij wie kan men terecht met vragen?", "Laat het ons weten.")
	here.ClickText("Bewaar de tekst")
	here.See("De tekst is bewaard.")
	invitation := here.URL()
	shot(here, "u-concept")

	parts := func(kind, name, minutes, presenters string, more ...field) {
		t.Helper()
		here.ClickText("Onderdeel toevoegen")
		here.Choose("Soort", kind)
		here.Fill("Titel", name)
		here.Fill("Duur in minuten", minutes)
		here.Fill("Sprekers", presenters)
		for _, f := range more {
			here.Fill(f.label, f.value)
		}
		here.ClickText("Bewaar het onderdeel")
	}
	parts("Opening", "Opening", "5", "Astrid Nienhuis")
	parts("Inleiding", "De samenwerking", "20", "Henriette de Vos (gemeentesecretaris Heemstede)\nWilma Atsma (gemeentesecretaris Bloemendaal)",
		field{"Waar het over gaat", "- de stand van zaken\n- wat er op ons afkomt"})
	parts("Column", "Blik van buiten", "10", "Stan van de Laar (adviseur, SeinstraVandeLaar)")
	parts("Carrousel", "Carrousel", "", "")
	expect(t, here, http.StatusUnprocessableEntity)
	here.See("Een carrousel heeft ronden.")
	here.Fill("Aantal ronden", "3")
	here.Fill("Minuten per ronde", "10")
	here.Fill("Tafels of thema's", "Communicatie\nFinanciën\nICT\nHandhaving")
	here.ClickText("Bewaar het onderdeel")
	parts("Afsluiting", "Afsluiting", "40", "")
	here.See("Het programma duurt 30 min langer dan de bijeenkomst.")
	here.ClickText("Bewerk Afsluiting")
	here.Fill("Duur in minuten", "10")
	here.ClickText("Bewaar het onderdeel")
	here.See("20.35")
	if strings.Contains(here.Text(), "langer dan de bijeenkomst") {
		t.Error("the times add up, and still it says they do not")
	}
	here.ClickText("Laat ondertekenen")
	here.See("Er is nog niemand uitgenodigd.")
	here.See("Er is nog geen ondertekenaar van Heemstede en Bloemendaal.")
	here.ClickText("Terug naar de uitnodiging")
	here.ClickText("Gasten en ondertekenaars")
	for _, who := range []string{
		"Raad · Heemstede", "Raad · Bloemendaal", "T. de Linde, wethouder", "P. van Bosbeek, gemeentesecretaris",
		"I. Elswout, wethouder", "E. Overveen, gemeentesecretaris",
	} {
		here.Check(who)
	}
	here.ClickText("Bewaar gasten en ondertekenaars")
	here.See("Gasten en ondertekenaars zijn bewaard.")
	here.ClickText("Laat ondertekenen")
	shot(here, "u-voorleggen")
	here.ClickText("Leg voor ter ondertekening")
	here.See("De uitnodiging ligt bij de ondertekenaars.")

	there := s.as(t, browsertest.Options{Width: 768}, secretaryThere)
	there.See("Uw ondertekening is nodig")
	there.ClickText("Uitnodiging " + title)
	there.Fill("Uw opmerking", "Mooi zo.")
	there.ClickText("Plaats de opmerking")
	there.See("Uw opmerking is geplaatst.")
	there.ClickText("Onderteken als E. Overveen")
	there.See("De ondertekening is vastgelegd.")
	there.See("I. Elswout krijgt bericht.")
	there.ClickText("Onderteken voor I. Elswout")
	there.See("door E. Overveen")
	there.See("Nog nodig: de ondertekening van Heemstede.")
	shot(there, "u-ondertekend")

	here.ClickText("Wijzig de tekst")
	here.See("Er is al ondertekend.")
	here.Fill("Slot", "Wij zien u heel graag.")
	here.ClickText("Bewaar de tekst")
	here.See("Wie al had ondertekend, moet opnieuw ondertekenen.")
	here.See("Ondertekening vervallen")
	// Bloemendaal has the page from before the change still open.
	there.Go(invitation)
	there.See("Ondertekening vervallen")
	there.See("P. van Bosbeek wijzigde de uitnodiging op")
	shot(there, "u-vervallen")
	here.ClickText("Onderteken als P. van Bosbeek")
	here.ClickText("Onderteken voor T. de Linde")
	here.See("Nog nodig: de ondertekening van Bloemendaal.")
	there.ClickText("Onderteken als E. Overveen")
	there.ClickText("Onderteken voor I. Elswout")
	there.See("Alle organisaties hebben ondertekend.")
	here.Go(invitation)
	public := s.as(t, browsertest.Options{Width: 400, Height: 800, NoScript: true}, "")
	public.Go(invitation)
	expect(t, public, http.StatusNotFound)
	here.ClickText("Bekijk en publiceer")
	here.See("Raad Bloemendaal en Raad Heemstede")
	here.ClickText("Publiceer en verstuur")
	here.See("De uitnodiging is openbaar.")
	shot(here, "u-gepubliceerd")

	s.works()
	keeper := s.as(t, browsertest.Options{}, beheerder)
	subject := "Uitnodiging: " + title
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(300 * time.Millisecond) {
		keeper.Go(s.URL + "/beheer/postvak-uit?zoek=" + strings.ReplaceAll(title[:20], " ", "+"))
		if strings.Contains(keeper.Text(), subject) {
			break
		}
		if time.Now().After(until) {
			t.Fatalf("no mail went out:\n%s", keeper.Text())
		}
	}
	keeper.See("L. Kennemer") // a councillor of Heemstede
	keeper.See("B. van Aerden")
	shot(keeper, "u-postvak")

	public.Go(s.URL + "/uitnodigingen")
	public.ClickText(title)
	for _, text := range []string{
		"20.00–21.15 uur", "Gemeentehuis Bloemendaal", "Beeldvormend", "Geachte leden van beide raden,", "De rekenkamer vroeg om een duidelijke richting.",
		"Sinds 2013 werken wij samen.", "Stan van de Laar (adviseur, SeinstraVandeLaar)", "Drie ronden van 10 minuten, aan 4 tafels.", "20.35, 20.45 en 20.55 uur",
		"Communicatie", "Voorstel voor het vervolg", "Zoals toegezegd aan beide raden.", "Wij zien u heel graag.", "T. de Linde, wethouder", "Ondertekend",
	} {
		public.See(text)
	}
	if text := public.Text(); strings.Contains(text, "Mooi zo.") || strings.Contains(text, "vervallen") {
		t.Error("the public reads what was said while it was prepared")
	}
	public.NoOverflow(t)
	axe(t, public)
	shot(public, "u-bewoner")
	status, header, body := public.Download(invitation + "/kalender.ics")
	if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/calendar") || !strings.Contains(string(body), "Gemeentehuis Bloemendaal") {
		t.Errorf("the calendar file: %d\n%s", status, body)
	}
}

// letter is bron 001 as it stands in its file.
type letter struct {
	title, salutation string
	sections          [][2]string // heading and text
	closing           string
	signers           []string
	programme         string
}

var signerLine = regexp.MustCompile(`(?m)^Namens (\w+)\n([^\n]+)$`)

func readLetter(t testing.TB) (l letter) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "bronnen", "001_*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 {
		t.Skip("the document is not beside this repository")
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	body, annex, _ := strings.Cut(strings.TrimSpace(string(raw)), "\nBijlage\n")
	paragraphs := strings.Split(body, "\n\n")
	l.programme = strings.TrimSpace(annex)
	l.title, l.salutation = paragraphs[1], paragraphs[2]
	ended := false
	for _, p := range paragraphs[3:] {
		p = strings.TrimSpace(p)
		switch m := signerLine.FindStringSubmatch(p); {
		case m != nil:
			l.signers = append(l.signers, m[2])
		case strings.HasPrefix(p, "Wij hopen u van harte"):
			ended = true
			fallthrough
		case ended:
			l.closing += p + "\n\n"
		case !strings.Contains(p, ". ") && len(p) < 60 && !strings.HasSuffix(p, "."):
			l.sections = append(l.sections, [2]string{p, ""})
		default:
			last := &l.sections[len(l.sections)-1]
			last[1] = strings.TrimSpace(last[1] + "\n\n" + p)
		}
	}
	if len(l.sections) != 4 || len(l.signers) != 2 || l.closing == "" {
		t.Fatalf("the document has %d sections and %d organisations that sign, which is not how it was read before", len(l.sections), len(l.signers))
	}
	return l
}

var (
	partLine = regexp.MustCompile(`(?m)^(\d)\. (.+)$`)
	asides   = regexp.MustCompile(`\s*&\s*`)
	tableSet = regexp.MustCompile(`vragen gesteld kunnen worden over: (.+)\.`)
)

// TestTheInvitationOf2019ComesOutComplete enters the document itself through the forms, and finds every word of it back.
func TestTheInvitationOf2019ComesOutComplete(t *testing.T) {
	t.Parallel()
	l := readLetter(t)
	s := open(t)
	p := s.as(t, browsertest.Options{NoScript: true}, secretaryHere)
	p.Go(s.URL + "/uitnodigingen/nieuw")
	p.Fill("Titel", l.title)
	p.Choose("Soort", "Informatieavond")
	p.Fill("Organisaties die uitnodigen", "Heemstede\nBloemendaal")
	p.Fill("Dag", "10-01-2019")
	p.Fill("Begint om", "20.00")
	p.Fill("Eindigt om", "21.15")
	p.Fill("Plaats", "gemeentehuis van Bloemendaal")
	p.ClickText("Begin de uitnodiging")
	p.Choose("Doel van de bijeenkomst", "Beeldvormend")
	p.Fill("Aanhef", l.salutation)
	for n, section := range l.sections[:3] {
		if n > 0 {
			p.ClickText("Nog een deel")
		}
		number := string(rune('1' + n))
		p.Fill("Kop van deel "+number, section[0])
		p.Fill("Tekst van deel "+number, section[1])
	}
	p.Fill("Kop van het vervolg", l.sections[3][0])
	p.Fill("Hoe het verder gaat", l.sections[3][1])
	p.Fill("Slot", l.closing)
	p.ClickText("Bewaar de tekst")
	p.See("De tekst is bewaard.")
	address := p.URL()

	// The annex: five parts, with who presents them on the lines below.
	at := partLine.FindAllStringSubmatchIndex(l.programme, -1)
	if len(at) != 5 {
		t.Fatalf("%d parts", len(at))
	}
	for n, m := range at {
		end := len(l.programme)
		if n+1 < len(at) {
			end = at[n+1][0]
		}
		title, rest := l.programme[m[4]:m[5]], strings.TrimSpace(l.programme[m[1]:end])
		p.Go(address)
		p.ClickText("Onderdeel toevoegen")
		p.Fill("Titel", title)
		if tables := tableSet.FindStringSubmatch(rest); tables != nil {
			p.Choose("Soort", "Carrousel")
			p.Fill("Aantal ronden", "3")
			p.Fill("Minuten per ronde", "10")
			p.Fill("Tafels of thema's", strings.ReplaceAll(tables[1], ", ", "\n"))
		} else if who, about, _ := strings.Cut(rest, "\n\n"); !strings.HasPrefix(who, "-") {
			p.Fill("Sprekers", asides.ReplaceAllString(who, "\n"))
			rest = about
		}
		p.Fill("Waar het over gaat", rest)
		p.ClickText("Bewaar het onderdeel")
		p.See("Het onderdeel staat in het programma.")
	}
	// Those who signed then are known, and hold no office now: who types the document over chooses others, and the page says so.
	p.ClickText("Gasten en ondertekenaars")
	for _, who := range []string{"Raad · Heemstede", "Raad · Bloemendaal", "P. van Bosbeek, gemeentesecretaris", "E. Overveen, gemeentesecretaris"} {
		p.Check(who)
	}
	p.ClickText("Bewaar gasten en ondertekenaars")
	shot(p, "u-document")

	shown := wordsOf(browsertest.Eval[string](p, `document.querySelector("main").innerText`))
	for n, section := range l.sections {
		for _, text := range section {
			if words := wordsOf(strings.ReplaceAll(text, "**", "")); !within(shown, words) {
				t.Errorf("section %d: not found in one piece: %q", n+1, text)
			}
		}
	}
	for _, text := range []string{l.title, l.salutation} {
		if !within(shown, wordsOf(text)) {
			t.Errorf("not found: %q", text)
		}
	}
	// Every word of the annex, whatever sets it: rounds and tables stand apart, and the count of a part before it.
	for _, word := range wordsOf(strings.NewReplacer("*", "", "- ", " ", "(", "", ")", "", " & ", " ", ":", " ").Replace(l.programme)) {
		if !slices.Contains(shown, word) && !slices.ContainsFunc(shown, func(s string) bool { return strings.Trim(s, "().:;") == strings.Trim(word, "().:;") }) {
			t.Errorf("the annex says %q, the page does not", word)
		}
	}
	// The sample holds the same evening with the four people who signed it, as facts in our own words.
	public := s.as(t, browsertest.Options{}, "")
	public.Go(s.URL + "/uitnodigingen?wanneer=geweest")
	public.ClickText("Informatieve avond over de ambtelijke samenwerking Bloemendaal – Heemstede")
	shot(public, "u-voorbeeld")
	var tables []string
	for _, m := range tableSet.FindAllStringSubmatch(l.programme, 1) {
		tables = strings.Split(m[1], ", ")
	}
	text := wordsOf(browsertest.Eval[string](public, `document.querySelector("main").innerText`))
	names := append(tables, "Gemeentehuis Bloemendaal", "donderdag 10 januari 2019", "Beeldvormend", "Astrid Nienhuis", "Stan van de Laar")
	for _, signers := range l.signers {
		names = append(names, strings.Split(signers, " en ")...)
	}
	if len(names) != 16 {
		t.Errorf("%d facts to look for: %q", len(names), names)
	}
	for _, name := range names {
		if !within(text, wordsOf(name)) && !within(text, wordsOf(strings.ToUpper(name[:1])+name[1:])) {
			t.Errorf("the sample does not say %q", name)
		}
	}
}

// within tells whether have holds these words, one right after the other.
func within(have, words []string) bool {
	for i := range have {
		if i+len(words) <= len(have) && slices.Equal(have[i:i+len(words)], words) {
			return true
		}
	}
	return len(words) == 0
}
