package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/web"
)

// P6 for broken glass: it opens with the next request, only what is closed for that body, and is over after half an hour, or as soon
// as the griffier ends it.
func TestBrokenGlassOpensAndHealsWithTheNextRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := now
	w.site = web.Routes(web.App{DB: w.db, Files: w.files, Now: func() time.Time { return at }, BaseURL: "http://regiogriffie.test"})
	boss := w.visitor("beheerder")
	boss.cookie = identitytest.SessionAt(t, w.db, boss.actor.Account, at)
	griffier := w.visitor("own griffier")
	secret := "/voorstellen/" + w.things["besloten aangeboden"]["proposal"]
	draft := "/voorstellen/" + w.things["besloten concept"]["proposal"]
	glass := "/organisaties/own/gremia/own-raad/noodtoegang"
	see := func(address string, want int) {
		t.Helper()
		if got := w.ask(boss, http.MethodGet, address, nil).Code; got != want {
			t.Errorf("%s at %s: %d, want %d", address, at.Format("15:04:05"), got, want)
		}
	}
	broken := func() {
		t.Helper()
		if got := w.ask(boss, http.MethodPost, glass, url.Values{"reason": {"De griffier is ziek en het stuk moet weg"}}); got.Code != http.StatusSeeOther {
			t.Fatalf("breaking: %d %s", got.Code, got.Body)
		}
	}
	see(secret, 404)
	broken()
	see(secret, 200)
	see(draft, 404)
	page := w.ask(griffier, http.MethodGet, glass, nil).Body.String()
	if !strings.Contains(page, "Leest nu mee") || !strings.Contains(page, "De griffier is ziek") || !strings.Contains(page, "Beëindig nu") {
		t.Error("the griffier does not see it")
	}
	at = now.Add(30*time.Minute - time.Second)
	see(secret, 200)
	at = now.Add(30 * time.Minute)
	see(secret, 404)

	boss.cookie = identitytest.SessionAt(t, w.db, boss.actor.Account, at)
	broken()
	see(secret, 200)
	var open string
	done(t, "looking for the glass",
		w.owner.QueryRow(t.Context(), `select id::text from glass_breaks where account_id = $1 order by broken_at desc limit 1`, boss.actor.Account).Scan(&open))
	if got := w.ask(griffier, http.MethodPost, glass+"/"+open+"/einde", nil); got.Code != http.StatusSeeOther {
		t.Errorf("ending it: %d", got.Code)
	}
	see(secret, 404)
	if page := w.ask(w.visitor("own functioneel-beheerder"), http.MethodGet, "/organisaties/own/spoor", nil).Body.String(); strings.Count(page,
		"Noodtoegang genomen") < 3 || !strings.Contains(page, "Noodtoegang beëindigd") {
		t.Error("it is not in the trail of the organisation")
	}
}
