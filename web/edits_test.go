package web_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"regiogriffie/web"
	"regiogriffie/web/form/formtest"
)

// edited are the forms in which people change what others may change too, with a field to change and two who may.
var edited = []struct {
	address, field string
	first, second  string
	theirs, mine   string // empty: any text
}{
	{"/organisaties/{organisation}/bewerken", "seat_place", "beheerder", "beheerder", "", ""},
	{"/organisaties/{organisation}/gremia/{body}/bewerken", "name", "beheerder", "beheerder", "", ""},
	{"/organisaties/{organisation}/recessen/{recess}/bewerken", "name", "own griffier", "own griffiemedewerker", "", ""},
	{"/beheer/personen/{person}", "family", "beheerder", "beheerder", "", ""},
	{"/beheer/accounts/{account}", "email", "beheerder", "beheerder", "ander@voorbeeld.nl", "mijn@voorbeeld.nl"},
	{"/samenwerkingen/{collaboration}/bewerken", "seat_place", "beheerder", "beheerder", "", ""},
	{"/voorstellen/{proposal}/bewerken", "subject", "own griffier", "own steller", "", ""},
	{"/voorstellen/{proposal}/route/{step}/bewerken", "deadline", "own griffier", "own steller", "01-09-2026", "02-09-2026"},
	{"/voorstellen/{proposal}/route/{step}/oplegger", "title", "other griffier", "other griffiemedewerker", "", ""},
	{"/vergaderingen/{meeting}/bewerken", "location", "own griffier", "own griffiemedewerker", "", ""},
	{"/vergaderingen/{meeting}/agenda/{item}/bewerken", "title", "own griffier", "own griffiemedewerker", "", ""},
	{"/vergaderingen/{meeting}/agenda/{item}/besluit", "text", "own griffier", "own griffiemedewerker", "", ""},
	{"/uitnodigingen/{invitation}/bewerken", "closing", "own griffier", "own organisator", "", ""},
	{"/uitnodigingen/{invitation}/gasten", "groups", "own griffier", "own organisator", "", ""},
	{"/uitnodigingen/{invitation}/programma/{part}/bewerken", "title", "own griffier", "own organisator", "", ""},
	{"/zienswijzen/{procedure}/bewerken", "subject", "joint bestuurssecretaris", "joint bestuurssecretaris", "", ""},
	{"/zienswijzen/{procedure}/raden/{organisation}/bewerken", "text", "own griffier", "own griffiemedewerker", "", ""},
	{"/zienswijzen/{procedure}/raden/{organisation}/beantwoording", "board_answer", "joint bestuurssecretaris", "joint bestuurssecretaris", "", ""},
}

// alone are the forms of which the last one to save wins: there is nothing in them to lose.
var alone = []string{"/vergaderingen/{meeting}/delen/{section}/bewerken"} // a letter, a title of a part and a number

func TestWhoComesSecondSeesWhoWasFirstAndWhenAndBothTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, e := range edited {
		t.Run(e.address, func(t *testing.T) {
			first, second, theirs, mine := w.visitor(e.first), w.visitor(e.second), e.theirs, e.mine
			if theirs == "" {
				theirs, mine = "Tekst van de ander", "Wat ik intussen typte"
			}
			for _, name := range slices.Sorted(maps.Keys(w.things)) {
				address, whole := fill(e.address, w.things[name])
				if !whole {
					continue
				}
				page := w.ask(first, http.MethodGet, address, nil)
				form := formtest.With(page.Body.String(), e.field)
				if page.Code != http.StatusOK || !form.Names["version"] {
					continue
				}
				seen := formtest.With(w.ask(second, http.MethodGet, address, nil).Body.String(), e.field)
				form.Values.Set(e.field, theirs)
				if saved := w.ask(first, http.MethodPost, form.Action, form.Values); saved.Code != http.StatusSeeOther {
					continue // of this one the field is fixed by now, or more is asked
				}
				seen.Values.Set(e.field, mine)
				later := w.ask(second, http.MethodPost, seen.Action, seen.Values)
				if later.Code != http.StatusConflict {
					t.Fatalf("%s of %s: the second to save gets %d, want %d: %s", e.field, name, later.Code, http.StatusConflict, formtest.Words(later.Body.String()))
				}
				said := formtest.Words(later.Body.String())
				if who := first.actor.Name + " bewaarde dit om 11.00 uur, terwijl u bezig was."; !strings.Contains(said, who) {
					t.Errorf("the page does not say %q; a thing that is edited remembers who saved it: %s", who, said)
				}
				if e.theirs == "" && !strings.Contains(said, "Intussen bewaard door "+first.actor.Name+": "+theirs) {
					t.Errorf("what the other saved does not stand beside it: %s", said)
				}
				again := formtest.With(later.Body.String(), e.field)
				if got := again.Values.Get(e.field); got != mine {
					t.Errorf("what was typed is now %q", got)
				}
				if again.Values.Get("version") == seen.Values.Get("version") {
					t.Error("sent again, it is refused again")
				}
				return
			}
			t.Errorf("no thing of the world has this form open to %s", e.first)
		})
	}
}

func TestEveryFormThatEditsIsTriedByTwoAtOnce(t *testing.T) {
	t.Parallel()
	known := slices.Clone(alone)
	for _, e := range edited {
		known = append(known, e.address)
	}
	done(t, "walking the router", chi.Walk(web.Addresses(web.App{}), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if method == http.MethodPost && strings.HasSuffix(pattern, "/bewerken") && !slices.Contains(known, pattern) {
			t.Errorf("%s is in no test of two who save at once: give it a line in edited", pattern)
		}
		return nil
	}))
}
