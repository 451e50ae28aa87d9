package stories

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/dutch"
	"regiogriffie/internal/id"
	"regiogriffie/web/browsertest"
)

const bloemendaal = "griffier@bloemendaal.voorbeeld.nl"

// takePart lets municipalities of which the griffiers have an account take part in the veiligheidsregio too.
func (s *site) takePart(t *testing.T, organisations ...string) {
	t.Helper()
	for _, each := range organisations {
		if _, err := s.db.Exec(t.Context(), `insert into participations (id, collaboration_id, organisation_id, organs)
			select $1, c.id, o.id, '{raad}' from collaborations c, organisations o where c.key = 'veiligheidsregio-hollands-midden' and o.key = $2`,
			id.New[id.Participation](), each); err != nil {
			t.Fatal(err)
		}
	}
}

// meetingOf is the address and the start of the first open meeting of this kind that an organisation holds.
func (s *site) meetingOf(t *testing.T, organisation, kind string) (slug string, starts time.Time) {
	t.Helper()
	err := s.db.QueryRow(context.Background(), `select m.slug, m.starts_at from meetings m join organisations o on o.id = m.host_org_id
		where o.key = $1 and m.kind = $2 and m.starts_at > now() and m.visibility = 'public' order by m.starts_at limit 1`, organisation, kind).Scan(&slug, &starts)
	if err != nil {
		t.Fatalf("a meeting of %s: %v", organisation, err)
	}
	return slug, starts
}

// TestADraftAndItsPaperAreOneForEveryone is the story of a draft of the board along its councils: the griffiers find it in their
// in-trays and say once what they do with it; what a council decides is its view, and the board finds all of it at its own item.
func TestADraftAndItsPaperAreOneForEveryone(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.takePart(t, "heemstede", "bloemendaal")
	council, evening := s.meetingOf(t, "heemstede", "council")
	wide := browsertest.Options{Width: 1280}
	look := func(p *browsertest.Page, name string) {
		t.Helper()
		for _, width := range []int{1280, 768, 400} {
			p.Resize(width, 900)
			sound(t, p)
			shot(p, fmt.Sprintf("b-%s-%d", name, width))
		}
		axe(t, p)
		p.Resize(1280, 900)
	}
	const subject = "Risicoprofiel: de raden aan het woord"

	// The bestuurssecretaris sends it once; nothing has to be sent along a route beside it.
	board := s.as(t, wide, secretary)
	board.Go(s.URL + "/zienswijzen/nieuw")
	board.Choose("Waarover", "Besluit")
	board.Fill("Onderwerp", subject)
	board.Fill("Zienswijzen tot en met", dutch.FormDate(time.Now().AddDate(0, 0, 22)))
	board.Choose("Voorstel met het ontwerp", "Regionaal risicoprofiel: ontwerp voor de raden")
	board.Fill("Onderdelen", "Volgorde van de risico's")
	board.ClickText("Maak de procedure")
	board.See("De procedure is gemaakt.")
	procedure := board.URL()
	board.ClickText("Verzend aan de raden")
	board.See("U hoeft het niet apart te verzenden.")
	look(board, "verzending")
	board.ClickText("Verzend aan de raden")
	board.See("Het ontwerp is verzonden.")
	look(board, "verzonden")
	board.ClickText("De route langs de raden")
	board.See("De raden geven hun zienswijze in de procedure")
	paper := strings.TrimSuffix(strings.TrimPrefix(board.URL(), s.URL), "/route")
	look(board, "route")

	// Two councils have it on their agendas in two clicks, from where it lies; nothing more waits on Vandaag.
	for _, who := range []struct{ email, organisation string }{{griffier, "heemstede"}, {hillegom, "hillegom"}} {
		p := s.as(t, wide, who.email)
		p.See("Regionaal risicoprofiel: ontwerp voor de raden")
		if strings.Contains(p.Text(), subject) {
			t.Errorf("%s finds it twice on Vandaag", who.email)
		}
		p.ClickText("Postvak in")
		p.Click(`li:has(a[href^="` + paper + `/"]) button`)
		p.See("staat op de agenda van")
		p.Go(procedure + "/raden/" + who.organisation)
		p.See("Geagendeerd")
	}
	refusing := s.as(t, wide, bloemendaal)
	refusing.Go(procedure + "/raden/bloemendaal")
	refusing.See("Het voorstel ligt in het postvak van de griffie")
	look(refusing, "raad-in-postvak")
	refusing.ClickText("Zet het op een agenda")
	refusing.Go(refusing.URL() + "/weigering")
	refusing.Fill("Reden", "De raad vergadert niet meer voor deze dag.")
	refusing.ClickText("Weiger")
	board.Go(procedure)
	board.See("De raad vergadert niet meer voor deze dag.")
	if n := strings.Count(board.Text(), "Geagendeerd"); n != 2 {
		t.Errorf("%d councils stand as planned, want 2", n)
	}
	look(board, "stand")

	// The council decides on its own item; that is its view.
	s.ahead.Store(int64(time.Until(evening.Add(time.Hour))))
	clerk := s.as(t, wide, griffier)
	clerk.Go(s.URL + "/vergaderingen/" + council)
	clerk.ClickText("Regionaal risicoprofiel: ontwerp voor de raden")
	item := clerk.URL()
	clerk.ClickText("Leg het besluit vast")
	clerk.Choose("Wat is er besloten?", "Zienswijze vastgesteld")
	clerk.Fill("Tekst van het besluit", "De raad van Heemstede zet wateroverlast bovenaan.")
	clerk.ClickText("Bewaar als concept")
	clerk.Go(procedure + "/raden/heemstede")
	if strings.Contains(clerk.Text(), "wateroverlast") {
		t.Error("the view is there before the decision is published")
	}
	clerk.Go(item + "/besluit")
	clerk.ClickText("Publiceer het besluit")
	clerk.See("Het besluit is gepubliceerd.")
	clerk.Go(procedure + "/raden/heemstede")
	clerk.See("De raad van Heemstede zet wateroverlast bovenaan.")
	clerk.See("Vastgesteld")
	look(clerk, "vastgesteld")
	clerk.ClickText("Verzend aan het bestuur")
	clerk.See("De zienswijze is verzonden.")

	// The board answers, and finds the views at its own item.
	board = s.as(t, wide, secretary)
	ab, _ := s.meetingOf(t, "veiligheidsregio-hollands-midden", "general_board")
	board.Go(s.URL + "/vergaderingen/" + ab)
	board.See("1 van ")
	board.ClickText("Regionaal risicoprofiel: ontwerp voor de raden")
	board.See("Wat de raden vinden")
	board.See("Nog geen antwoord")
	look(board, "ab-punt")
	atBoard := board.URL()
	board.Go(procedure + "/raden/heemstede")
	board.ClickText("Beantwoord de raad")
	board.Fill("Oordeel van het bestuur", "Het bestuur neemt de volgorde over.")
	board.ClickText("Geef het antwoord")
	board.See("Het antwoord is gegeven.")
	board.Go(atBoard)
	board.See("1 beantwoord.")
	board.See("Het bestuur neemt de volgorde over.")
	board.Go(procedure)
	board.ClickText("Maak openbaar")
	clerk.Go(procedure + "/raden/heemstede")
	clerk.ClickText("Maak openbaar")
	clerk.See("Iedereen leest deze tekst.")

	// A resident reads it on a telephone without scripts.
	resident := s.as(t, browsertest.Options{Width: 400, Height: 800, NoScript: true}, "")
	resident.Go(procedure)
	expect(t, resident, http.StatusOK)
	resident.See(subject)
	if strings.Contains(resident.Text(), "De raad vergadert niet meer voor deze dag.") {
		t.Error("the public reads why a council refused")
	}
	resident.NoOverflow(t)
	shot(resident, "b-openbaar-400")
	resident.Go(procedure + "/raden/heemstede")
	expect(t, resident, http.StatusOK)
	resident.See("De raad van Heemstede zet wateroverlast bovenaan.")
	resident.See("Het bestuur neemt de volgorde over.")
	resident.NoOverflow(t)
	shot(resident, "b-openbaar-raad-400")
	resident.Go(item)
	resident.See("Zienswijzen: 1 van ")
}
