package web_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web"
)

// open are the addresses that ask nobody who he is.
var open = strings.Fields(`
	GET:/ GET:/vandaag GET:/toegankelijkheid GET:/inloggen POST:/inloggen POST:/uitloggen GET:/wachtwoord POST:/wachtwoord GET:/wachtwoord/{token}
	GET:/afmelden/{code} POST:/afmelden/{code} POST:/afmelden/{code}/herstel
	GET:/organisaties GET:/organisaties/{organisation} GET:/organisaties/{organisation}/kalender.ics GET:/organisaties/{organisation}/gremia/{body}/kalender.ics
	GET:/samenwerkingen GET:/samenwerkingen/{collaboration} GET:/samenwerkingen/{collaboration}/jaar/{year}
	GET:/voorstellen GET:/voorstellen/{proposal} GET:/voorstellen/{proposal}/versies/{number} GET:/voorstellen/{proposal}/versies/{number}/verschil
	GET:/voorstellen/{proposal}/dossier GET:/voorstellen/{proposal}/route GET:/voorstellen/{proposal}/route/{step}
	GET:/routes GET:/raad/{body} GET:/bestanden/{attachment}
	GET:/uitnodigingen GET:/uitnodigingen/{invitation} GET:/uitnodigingen/{invitation}/kalender.ics
	GET:/zienswijzen GET:/zienswijzen/{procedure} GET:/zienswijzen/{procedure}/klok
	GET:/zienswijzen/{procedure}/onderdelen/{number} GET:/zienswijzen/{procedure}/raden/{organisation}
	GET:/vergaderingen GET:/vergaderingen/{meeting} GET:/vergaderingen/{meeting}/kalender.ics GET:/vergaderingen/{meeting}/agenda/{item}`)

var parameter = regexp.MustCompile(`\{\w+\}`)

// The coarse sieve: every other address asks the public to sign in, before it looks whether there is anything.
func TestWhichAddressesAskWhoSomeoneIs(t *testing.T) {
	t.Parallel()
	app := web.App{DB: pgtest.DB(t), Now: func() time.Time { return now }, BaseURL: "http://regiogriffie.test"}
	site := web.Routes(app)
	left := map[string]bool{}
	for _, address := range open {
		left[address] = true
	}
	done(t, "walking the router", chi.Walk(web.Addresses(app), func(method, pattern string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		key := method + ":" + tidy(pattern)
		isOpen := left[key]
		delete(left, key)
		r := httptest.NewRequestWithContext(t.Context(), method, parameter.ReplaceAllString(tidy(pattern), "1"), nil)
		answer := httptest.NewRecorder()
		site.ServeHTTP(answer, r)
		asks := answer.Code == http.StatusUnauthorized
		if method == http.MethodGet {
			asks = answer.Code == http.StatusOK && strings.Contains(answer.Body.String(), `name="password"`)
		}
		if asks == isOpen && key != "GET:/inloggen" {
			t.Errorf("%s: %d, asks who someone is: %v", key, answer.Code, asks)
		}
		return nil
	}))
	for key := range left {
		t.Errorf("%s is no address any more", key)
	}
}
