package stories

import (
	"fmt"
	"strings"
	"testing"

	"regiogriffie/web/browsertest"
)

// TestOnePaperThroughManyCouncils is the story of a route: its owner looks where it is and answers a question, a griffier puts it on
// her agenda from the in-tray, and everybody sees it move.
func TestOnePaperThroughManyCouncils(t *testing.T) {
	t.Parallel()
	s := open(t)
	const budget = "Ontwerpbegroting"
	steller := s.as(t, browsertest.Options{Width: 1280}, "steller@vrhm.voorbeeld.nl")
	steller.See("Vraag van Raad Hillegom.")
	steller.Go(s.URL + "/voorstellen?zoek=ontwerpbegroting")
	steller.ClickText(budget)
	steller.See("Route langs")
	route := href(steller, "Route langs")
	look := func(p *browsertest.Page, name string) {
		t.Helper()
		for _, width := range []int{1280, 768, 400} {
			p.Resize(width, 900)
			sound(t, p)
			shot(p, fmt.Sprintf("r-%s-%d", name, width))
		}
		axe(t, p)
		p.Resize(1280, 900)
	}
	for name, address := range map[string]string{"route": route, "samenstellen": route + "/samenstellen", "verzending": route + "/verzending"} {
		steller.Go(address)
		look(steller, name)
	}
	steller.Go(route)
	steller.ClickText("Hillegom")
	look(steller, "stap-eigenaar")
	steller.ClickText("Beantwoord")
	look(steller, "antwoord")
	steller.Fill("Uw antwoord", "Negen cent per inwoner.")
	steller.ClickText("Beantwoord de vraag")
	steller.See("Negen cent per inwoner.")

	griffier := s.as(t, browsertest.Options{Width: 1280}, "griffier@hillegom.voorbeeld.nl")
	griffier.See("Het wacht op agendering.")
	griffier.ClickText("Postvak in")
	look(griffier, "postvak")
	griffier.ClickText(budget)
	look(griffier, "stap-ontvanger")
	step := griffier.URL()
	for name, part := range map[string]string{"oplegger": "/oplegger", "weigering": "/weigering"} {
		griffier.Go(step + part)
		look(griffier, name)
	}
	griffier.Go(step + "/oplegger")
	griffier.Fill("Oplegger", "Het college adviseert in te stemmen.")
	griffier.ClickText("Bewaar")
	griffier.See("Het college adviseert in te stemmen.")
	griffier.Go(s.URL + "/postvak-in")
	griffier.ClickText("Op de agenda")
	griffier.See("staat op de agenda van")
	griffier.See("Er ligt niets.")
	griffier.Go(step)
	griffier.ClickText("Naar de agenda")
	griffier.See(budget)

	steller.Go(route)
	if !strings.Contains(steller.Text(), "geagendeerd") {
		t.Error("the owner does not see that Hillegom has it on an agenda")
	}
	griffier.Go(s.URL + "/organisaties/hillegom")
	griffier.ClickText("Wat ligt er voor Raad")
	look(griffier, "raad")
	dark := s.as(t, browsertest.Options{Width: 768, Dark: true}, "griffier@heemstede.voorbeeld.nl")
	dark.Go(s.URL + "/postvak-in")
	sound(t, dark)
	axe(t, dark)
	shot(dark, "r-postvak-donker")
	dark.Go(route)
	sound(t, dark)
	axe(t, dark)
	shot(dark, "r-route-donker")
}
