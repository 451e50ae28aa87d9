package stories

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/web/browsertest"
)

const hillegom = "griffier@hillegom.voorbeeld.nl"

// From an empty form to the answer of the board, on a telephone; every page on the way is sound.
func TestADraftGoesAlongACouncilOnATelephone(t *testing.T) {
	t.Parallel()
	s := open(t)
	state := func(p *browsertest.Page, status int, name string) {
		t.Helper()
		expect(t, p, status)
		sound(t, p)
		axe(t, p)
		shot(p, "z-"+name)
	}
	secretary, griffier := s.as(t, small, secretary), s.as(t, small, hillegom)

	secretary.Go(s.URL + "/zienswijzen/nieuw")
	secretary.ClickText("Maak de procedure")
	state(secretary, http.StatusUnprocessableEntity, "nieuw-fout")
	secretary.Fill("Onderwerp", "Ontwerpbegroting van de proef")
	secretary.Fill("Begrotingsjaar", dutch.FormDate(time.Now().AddDate(1, 0, 0))[6:])
	secretary.Fill("Het bestuur besluit op", dutch.FormDate(time.Now().AddDate(0, 0, 60)))
	secretary.Fill("Onderdelen", "Bijdrage\nBeleid")
	secretary.ClickText("Maak de procedure")
	secretary.See("De procedure is gemaakt.")
	state(secretary, http.StatusOK, "voorbereiding")
	secretary.ClickText("Verzend aan de raden")
	state(secretary, http.StatusOK, "verzending")
	secretary.ClickText("Verzend aan de raden")
	state(secretary, http.StatusUnprocessableEntity, "verzending-fout")
	for _, field := range []string{"WGR-35.1", "WGR-34.1"} {
		browsertest.Eval[bool](secretary,
			`(() => { const f = document.querySelector('[name="reason.`+field+`"]'); if (f) f.value = "Het kon niet anders."; return true })()`)
	}
	secretary.ClickText("Verzend aan de raden")
	secretary.See("Het ontwerp is verzonden.")
	address := secretary.URL()

	griffier.Go(s.URL + "/vandaag")
	griffier.See("Ontwerpbegroting van de proef")
	griffier.Go(address + "/raden/hillegom")
	state(griffier, http.StatusOK, "raad")
	griffier.ClickText("Schrijf de zienswijze")
	state(griffier, http.StatusOK, "schrijven")
	griffier.Fill("Passage uit de zienswijze", "een passage zonder standpunt")
	griffier.ClickText("Bewaar het concept")
	state(griffier, http.StatusUnprocessableEntity, "schrijven-fout")
	griffier.Choose("Standpunt", "Oneens")
	griffier.Fill("Zienswijze", "De raad vindt de bijdrage **te hoog**.")
	griffier.ClickText("Bewaar het concept")
	griffier.See("De zienswijze is bewaard als concept.")
	griffier.ClickText("Leg het besluit van de raad vast")
	state(griffier, http.StatusOK, "besluit")
	griffier.ClickText("Leg het besluit vast")
	state(griffier, http.StatusUnprocessableEntity, "besluit-fout")
	griffier.ClickText("stelt de zienswijze vast")
	griffier.ClickText("Leg het besluit vast")
	griffier.See("Het besluit van de raad is vastgelegd.")
	griffier.ClickText("Verzend aan het bestuur")
	griffier.See("De zienswijze is verzonden.")

	secretary.Go(address + "/raden/hillegom")
	secretary.See("te hoog")
	secretary.ClickText("Beantwoord de raad")
	state(secretary, http.StatusOK, "antwoord")
	secretary.ClickText("Geef het antwoord")
	state(secretary, http.StatusUnprocessableEntity, "antwoord-fout")
	secretary.Fill("Oordeel van het bestuur", "Het bestuur verlaagt de bijdrage.")
	secretary.ClickText("Geef het antwoord")
	secretary.See("Het antwoord is gegeven.")
	state(secretary, http.StatusOK, "beantwoord")

	griffier.Go(address)
	griffier.See("Standpunten naast elkaar")
	griffier.See("Oneens")
	state(griffier, http.StatusOK, "matrix")
	griffier.Go(address + "/klok")
	state(griffier, http.StatusOK, "klok")
	griffier.Go(s.URL + "/organisaties/hillegom")
	griffier.See("Reces van de raad")
	griffier.ClickText("Voeg een reces toe")
	griffier.ClickText("Voeg het reces toe")
	state(griffier, http.StatusUnprocessableEntity, "reces-fout")
	if !strings.HasSuffix(griffier.URL(), "/recessen/nieuw") {
		t.Errorf("the form of a recess is at %s", griffier.URL())
	}
}
