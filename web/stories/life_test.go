package stories

import (
	"net/http"
	"strings"
	"testing"

	"regiogriffie/web/browsertest"
)

// A decision on what a meeting has treated, from draft to everyone, and back to the paper.
func TestFromTheTableToEveryone(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, o := range []browsertest.Options{small, {Width: 1280, Dark: true}} {
		p := s.as(t, o, secretary)
		state := func(status int, name string) {
			t.Helper()
			expect(t, p, status)
			sound(t, p)
			axe(t, p)
			shot(p, "l-"+name+map[bool]string{true: "-donker"}[o.Dark])
		}
		p.Go(s.URL + "/vergaderingen/2018-06-28-vrhm-ab")
		p.ClickText("Bestuurlijke conferentie")
		item := p.URL()
		if !o.Dark {
			p.ClickText("Leg het besluit vast")
			p.Fill("Stemmen voor", "veel")
			p.ClickText("Bewaar als concept")
			state(http.StatusUnprocessableEntity, "besluit-fout")
			p.Fill("Stemmen voor", "")
			p.Choose("Wat is er besloten?", "Voor kennisgeving aangenomen")
			p.Fill("Tekst van het besluit", "Het bestuur neemt kennis van het programma van de conferentie.")
			p.ClickText("Bewaar als concept")
			p.See("Zo leest iedereen het")
			state(http.StatusOK, "besluit-concept")
			reader := s.as(t, small, "")
			reader.Go(item)
			if strings.Contains(browsertest.Eval[string](reader, `document.body.innerText`), "neemt kennis van het programma") {
				t.Error("the public reads the draft")
			}
			p.ClickText("Publiceer het besluit")
			p.See("Het besluit is gepubliceerd.")
		}
		state(http.StatusOK, "besluit-punt")
		p.Go(item + "/besluit")
		p.ClickText("Er klopt iets niet")
		state(http.StatusOK, "besluit-verbeteren")
		p.Go(s.URL + "/vergaderingen/2018-06-28-vrhm-ab")
		p.See("Voor kennisgeving aangenomen")
		state(http.StatusOK, "besluit-vergadering")
		p.Go(item)
		p.ClickText("Lees het voorstel")
		p.See("Afgehandeld")
		p.See("over versie 1")
		axe(t, p)
		shot(p, "l-voorstel-afgehandeld"+map[bool]string{true: "-donker"}[o.Dark])
	}
}

// A paper on its way: talk, advice, the inner steps, a version, what changed in it, and sent back.
func TestAPaperOnItsWay(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, o := range []browsertest.Options{small, {Width: 1280, Dark: true}} {
		p := s.as(t, o, secretary)
		state := func(status int, name string) {
			t.Helper()
			expect(t, p, status)
			sound(t, p)
			axe(t, p)
			shot(p, "l-"+name+map[bool]string{true: "-donker"}[o.Dark])
		}
		p.Go(s.URL + "/voorstellen?zoek=oefenen&status=concept")
		p.ClickText("Jaarplan oefenen")
		paper := p.URL()
		p.Fill("Uw opmerking", "Klopt het bedrag?")
		p.ClickText("Plaats de opmerking")
		p.See("Klopt het bedrag?")
		p.ClickText("Vraag advies")
		p.Fill("Termijn", "snel")
		p.ClickText("Vraag het advies")
		state(http.StatusUnprocessableEntity, "advies-fout")
		p.Go(paper)
		p.ClickText("Schrijf samen met een andere organisatie")
		state(http.StatusOK, "samen-schrijven")
		p.Fill("Organisatie", "Heemstede")
		p.ClickText("Zoek de stellers")
		state(http.StatusOK, "samen-schrijven-wie")
		p.Go(paper)
		state(http.StatusOK, "voorstel-concept")
	}
}

// What changed in a paper that was offered shows word for word, also to who read it before.
func TestTheReaderSeesWhatChanged(t *testing.T) {
	t.Parallel()
	s := open(t)
	writer, reader := s.as(t, small, "steller@heemstede.voorbeeld.nl"), s.as(t, browsertest.Options{Width: 1280, Dark: true}, councillor)
	for _, p := range []*browsertest.Page{writer, reader} {
		p.Go(s.URL + "/voorstellen?organisatie=heemstede&status=geagendeerd")
		p.ClickText("Regionaal risicoprofiel")
	}
	reader.ClickText("Ik heb dit gelezen")
	reader.See("Alleen u ziet dat.")
	paper := writer.URL()
	writer.ClickText("Bewerk")
	writer.Fill("Samenvatting voorstel", "De veiligheidsregio vraagt elke raad welke gevaren meer aandacht verdienen. Het college stelt vier wensen voor.")
	writer.ClickText("Bewaar het voorstel")
	writer.See("Het voorstel is bewaard.")
	for _, p := range []*browsertest.Page{writer, reader} {
		p.Go(paper)
		sound(t, p)
		axe(t, p)
	}
	reader.See("Sinds u dit las (versie 1")
	shot(reader, "l-sinds-gelezen")
	reader.ClickText("Bekijk de wijzigingen woord voor woord")
	writer.ClickText("Wat is er gewijzigd")
	for i, p := range []*browsertest.Page{writer, reader} {
		p.See("Wat er is gewijzigd in versie 2")
		expect(t, p, http.StatusOK)
		sound(t, p)
		axe(t, p)
		shot(p, "l-verschil-"+[]string{"smal", "donker"}[i])
	}
}
