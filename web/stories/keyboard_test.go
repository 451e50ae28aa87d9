package stories

import (
	"strings"
	"testing"

	"regiogriffie/internal/dutch"
	"regiogriffie/web/browsertest"
)

// keyboard is someone without a mouse: tests with it touch the page by Press alone.
type keyboard struct {
	*browsertest.Page
	t testing.TB
}

// to goes on with Tab until what has the focus says this.
func (k keyboard) to(words string) {
	k.t.Helper()
	const far = 60
	var passed []string
	for range far {
		k.Press("Tab")
		here := browsertest.Eval[string](k.Page, focus)
		if strings.Contains(here, words) {
			return
		}
		passed = append(passed, here)
	}
	k.t.Fatalf("on %s, %d times Tab does not come to %q but passes\n  %s", k.URL(), far, words, strings.Join(passed, "\n  "))
}

// focus is what a screen reader would say of where one is, and it must be in sight.
const focus = `(() => {
	const e = document.activeElement, r = e.getBoundingClientRect();
	const name = e.ariaLabel || [...(e.labels ?? [])].map((l) => l.innerText).join(" ") || e.innerText || e.value || "";
	const hidden = r.width === 0 || r.bottom <= 0 || r.top >= innerHeight;
	return (hidden ? "OUT OF SIGHT " : "") + name.replace(/\s+/g, " ").trim();
})()`

// main skips the menu.
func (k keyboard) main() {
	k.to("Naar de inhoud")
	k.Press("Enter")
}

func (k keyboard) fill(label, text string) {
	k.to(label)
	k.Press(text)
}

func TestTheKeyboardAloneSufficesForAnAgenda(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := browsertest.Open(t).Page(t, browsertest.Options{})
	k := keyboard{p, t}
	p.Go(s.URL + "/inloggen")
	k.fill("E-mailadres", secretary)
	k.fill("Wachtwoord", password)
	k.Press("Enter")
	p.See("Wacht op u")
	k.to("Vergaderingen")
	k.Press("Enter")
	k.main()
	k.to("Nieuwe vergadering")
	k.Press("Enter")
	k.main()
	k.to("Soort")
	k.Press("Algemeen b")
	k.to("Algemeen Bestuur")
	k.Press("Space")
	k.fill("Dag", dutch.FormDate(meetingDay().AddDate(0, 0, 20)))
	k.fill("Begint om", "15.00")
	k.fill("Eindigt om", "17.00")
	k.fill("Plaats", "Leiden")
	k.Press("Enter")
	p.See("De vergadering is bewaard als concept.")
	for i, title := range []string{"Opening", "Verslag", "Mededelingen"} {
		if i == 0 {
			k.main()
			k.to("Voeg een punt toe aan A")
		} else {
			k.main()
			k.to("Punt toevoegen")
		}
		k.Press("Enter")
		k.main()
		k.fill("Titel", title)
		k.Press("Enter")
		p.See("Het punt staat op de agenda.")
	}
	order := func(want string) {
		t.Helper()
		got := browsertest.Eval[string](p, `[...document.querySelectorAll("[data-punt] h3")].map((e) => e.innerText.replace(/\s+/g, " ")).join(", ")`)
		if got != want {
			t.Errorf("the agenda is %s; want %s", got, want)
		}
	}
	order("A.1 Opening, A.2 Verslag, A.3 Mededelingen")

	k.main()
	k.to("Zet A.3 een plaats omhoog") // with the button
	k.Press("Enter")
	order("A.1 Opening, A.2 Mededelingen, A.3 Verslag")

	k.to("Verplaats A.3") // with the handle
	k.Press("ArrowUp")
	p.See("Dit punt is nu A.2.")
	order("A.1 Opening, A.2 Verslag, A.3 Mededelingen")
	k.Press("ArrowDown")
	p.See("Dit punt is nu A.3.")
	k.Press("ArrowDown")
	p.See("Dit punt is nu B.1.")
	order("A.1 Opening, A.2 Mededelingen, B.1 Verslag")
	if here := browsertest.Eval[string](p, focus); here != "Verplaats B.1" {
		t.Errorf("the focus went to %q", here)
	}
	p.Go(p.URL()) // it was kept
	order("A.1 Opening, A.2 Mededelingen, B.1 Verslag")

	k.main()
	k.to("Op de agenda") // an offered paper
	k.Press("Enter")
	p.See("staat op de agenda.")
	k.main()
	k.to("Voorbeeld, oproepen en publiceren")
	k.Press("Enter")
	k.main()
	k.to("Roep op en publiceer")
	k.Press("Enter")
	p.See("Gepubliceerd")
}
