package stories

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/web/browsertest"
)

// TestTwoCouncilsMeetTogetherByTheWordOfBoth is the story of a joint meeting: one griffie asks, the other is nowhere until it agrees, each has what is
// closed for itself, and the call shows who will read it.
func TestTwoCouncilsMeetTogetherByTheWordOfBoth(t *testing.T) {
	t.Parallel()
	s := open(t)
	wide := browsertest.Options{Width: 1280}
	look := func(p *browsertest.Page, name string) {
		t.Helper()
		for _, width := range []int{1280, 768, 400} {
			p.Resize(width, 900)
			sound(t, p)
			shot(p, fmt.Sprintf("samen-%s-%d", name, width))
		}
		axe(t, p)
		p.Resize(1280, 900)
	}

	here := s.as(t, wide, griffier)
	here.Go(s.URL + "/vergaderingen/nieuw")
	here.Choose("Soort", "Raadsvergadering")
	here.Check("Raad · Heemstede")
	here.ClickText("Samen met een gremium van een andere organisatie")
	here.Choose("Ander gremium 1", "Raad · Bloemendaal")
	here.Fill("Dag", dutch.FormDate(time.Now().AddDate(0, 0, 60)))
	here.Fill("Begint om", "20.00")
	here.Fill("Eindigt om", "22.00")
	here.Fill("Plaats", "Raadzaal")
	here.ClickText("Bewaar de vergadering")
	here.See("Gevraagd")
	look(here, "samenstellen")
	here.ClickText("Punt toevoegen")
	here.Fill("Titel", "Alleen voor Heemstede")
	here.Check("Dit punt is besloten")
	here.Choose("Grond (Wet open overheid, artikel 5.1)", "5.1 lid 2 b: economische of financiële belangen van een overheid")
	here.ClickText("Bewaar het punt")
	here.See("Het punt staat op de agenda.")
	agenda := here.URL()

	// The other griffier finds the question on his day. Before he answers he sees nothing of the agenda.
	other := s.as(t, wide, bloemendaal)
	other.See("vraagt of u deze vergadering mee houdt")
	look(other, "vandaag")
	other.ClickText("Bekijk en antwoord")
	other.See("Wat meedoen betekent")
	look(other, "vraag")
	question := other.URL()
	other.ClickText("Raad Bloemendaal doet niet mee")
	expect(t, other, http.StatusUnprocessableEntity)
	other.See("Schrijf waarom u niet meedoet.")
	look(other, "vraag-fout")
	other.ClickText("Raad Bloemendaal doet mee")
	other.See("houdt deze vergadering nu mee")
	look(other, "vergadering")
	other.ClickText("Stel de agenda samen")
	if text := other.Text(); !strings.Contains(text, "Besloten agendapunt") || strings.Contains(text, "Alleen voor Heemstede") {
		t.Errorf("who came later reads: %s", text)
	}
	other.ClickText("Punt toevoegen")
	other.Fill("Titel", "Samen besloten")
	other.Check("Dit punt is besloten")
	other.Choose("Grond (Wet open overheid, artikel 5.1)", "5.1 lid 2 b: economische of financiële belangen van een overheid")
	other.Fill("Neutrale titel voor het publiek", "Besloten gesprek")
	other.ClickText("Bewaar het punt")
	other.See("Kies welk gremium dit besloten punt mag lezen.")
	look(other, "punt")
	other.Check("Raad Heemstede")
	other.Check("Raad Bloemendaal")
	other.ClickText("Bewaar het punt")
	other.See("Het punt staat op de agenda.")

	// The call says per closed item who will read it.
	here.Go(agenda)
	here.ClickText("Voorbeeld, oproepen en publiceren")
	here.See("Wie leest wat besloten is")
	here.See("Raad Heemstede en Raad Bloemendaal")
	look(here, "oproep")
	// The question was answered: its page tells so, and asks nothing any more.
	other.Go(question)
	other.See("houdt deze vergadering.")

	// Of who only was asked no reader finds a trace.
	public := s.as(t, browsertest.Options{Width: 400}, "")
	public.Go(s.URL + "/vergaderingen")
	if strings.Contains(public.Text(), "Raadsleden over jeugdhulp in de regio") {
		t.Error("a concept that waits for an answer is public")
	}
}
