package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/web"
	"regiogriffie/web/static"
)

// The policy of security 18, word for word.
const wantedPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

var inline = regexp.MustCompile(`(?i)<[a-z][^>]*\s(?:style|on[a-z]+)\s*=|<script(?:>|\s[^>]*>)[^<]|<style|javascript:`)

func TestEveryKindOfAnswerHasItsLocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	closed := w.things["besloten aangeboden"]
	for _, secure := range []bool{false, true} {
		base := map[bool]string{false: "http://regiogriffie.test", true: "https://regiogriffie.test"}[secure]
		w.site = web.Routes(web.App{DB: w.db, Files: w.files, Now: func() time.Time { return now }, BaseURL: base})
		name := map[bool]string{false: identitytest.CookieName, true: "__Host-" + identitytest.CookieName}[secure]
		for _, c := range []struct {
			who, method, address string
			form                 url.Values
			status               int
			cache                string // "" is for the answer to say
			policy               string
		}{
			{"public", "GET", "/", nil, 200, "no-cache", wantedPolicy},
			{"public", "HEAD", "/vergaderingen", nil, 200, "no-cache", wantedPolicy},
			{"public", "GET", "/bestaat-niet", nil, 404, "no-store", wantedPolicy},
			{"public", "DELETE", "/vergaderingen", nil, 404, "no-store", wantedPolicy},
			{"public", "GET", "/voorstellen/nieuw", nil, 200, "no-store", wantedPolicy},
			{"public", "POST", "/voorstellen", url.Values{}, 401, "no-store", wantedPolicy},
			{"public", "POST", "/inloggen", url.Values{"email": {"x@voorbeeld.nl"}}, 422, "no-store", wantedPolicy},
			{"own raadslid", "GET", "/voorstellen/nieuw", nil, 403, "no-store", wantedPolicy},
			{"own raadslid", "GET", "/voorstellen/" + closed["proposal"], nil, 200, "no-store", wantedPolicy},
			{"own raadslid", "GET", "/bestanden/" + closed["attachment"], nil, 200, "no-store", "sandbox; default-src 'none'"},
			{"own raadslid", "GET", "/", nil, 303, "", wantedPolicy},
			{"public", "GET", "/vergaderingen/" + w.things["opgeroepen"]["meeting"] + "/kalender.ics", nil, 200, "no-store", wantedPolicy},
			{"public", "GET", "/healthz", nil, 200, "", wantedPolicy},
			{"public", "GET", "/readyz", nil, 200, "", wantedPolicy},
			{"public", "GET", "/.well-known/security.txt", nil, 200, "", wantedPolicy},
			{"public", "GET", static.Base + "/regiogriffie.css", nil, 200, "", wantedPolicy},
			{"public", "GET", "/inloggen", nil, 200, "no-store", wantedPolicy},
			{"public", "GET", "/vergaderingen/" + w.things["opgeroepen"]["meeting"], nil, 200, "no-cache", wantedPolicy},
			{"own griffier", "GET", "/vergaderingen", nil, 200, "no-store", wantedPolicy},
		} {
			v := w.visitor(c.who)
			if v.cookie != nil {
				v.cookie = &http.Cookie{Name: name, Value: v.cookie.Value}
			}
			answer := w.ask(v, c.method, base+c.address, c.form, "Accept-Encoding", "gzip")
			h := answer.Header()
			expect := func(header, want string) {
				t.Helper()
				if got := h.Get(header); got != want {
					t.Errorf("%s %s (secure %v): %s is %q, want %q", c.method, c.address, secure, header, got, want)
				}
			}
			if answer.Code != c.status {
				t.Errorf("%s %s as %s (secure %v): %d, want %d", c.method, c.address, c.who, secure, answer.Code, c.status)
			}
			expect("Content-Security-Policy", c.policy)
			expect("X-Content-Type-Options", "nosniff")
			expect("Referrer-Policy", "no-referrer")
			expect("X-Frame-Options", "DENY")
			expect("Cross-Origin-Opener-Policy", "same-origin")
			if !strings.Contains(strings.Join(h.Values("Vary"), ","), "Cookie") {
				t.Errorf("%s %s: Vary is %q", c.method, c.address, h.Values("Vary"))
			}
			if c.cache != "" {
				expect("Cache-Control", c.cache)
			}
			if hsts := h.Get("Strict-Transport-Security"); secure != strings.HasPrefix(hsts, "max-age=63072000") {
				t.Errorf("%s %s (secure %v): HSTS is %q", c.method, c.address, secure, hsts)
			}
			if h.Get("Server") != "" || h.Get("X-Powered-By") != "" || h.Get("No-Gzip-Compression") != "" {
				t.Errorf("%s %s tells too much: %v", c.method, c.address, h)
			}
			if c.who == "own raadslid" && c.status == 200 && h.Get("Content-Encoding") != "" {
				t.Errorf("%s: closed matter is compressed", c.address)
			}
			if c.status >= 400 && h.Get("Content-Encoding") == "" && !strings.Contains(answer.Body.String(), "<h1") && c.method != "HEAD" {
				t.Errorf("%s %s: a fault without a page", c.method, c.address)
			}
		}
	}
}

// Nothing is inline on any page, style attributes included, and no other host is named as a source.
func TestNoPageHoldsWhatThePolicyForbids(t *testing.T) {
	t.Parallel()
	for name, answers := range onTour(t).got {
		for address, g := range answers {
			if g.inline != "" {
				t.Errorf("%s as %s: %s", address, name, g.inline)
			}
		}
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	person := identitytest.Person(t, w.db, "W. Achtwoord")
	identitytest.AccountWithPassword(t, w.db, person, "achtwoord@voorbeeld.nl")
	form := url.Values{"email": {"achtwoord@voorbeeld.nl"}, "password": {identitytest.Password}}
	for _, secure := range []bool{false, true} {
		base := map[bool]string{false: "http://regiogriffie.test", true: "https://regiogriffie.test"}[secure]
		w.site = web.Routes(web.App{DB: w.db, Files: w.files, Now: func() time.Time { return now }, BaseURL: base})
		session := w.ask(w.visitor("public"), "POST", "/inloggen", form)
		link := w.ask(w.visitor("public"), "GET", "/wachtwoord/abc", nil)
		cookies := append(session.Result().Cookies(), link.Result().Cookies()...)
		// A message that is told once: after an act, and taken back when it was told.
		cookies = append(cookies, w.ask(w.visitor("public"), "POST", "/uitloggen", url.Values{}).Result().Cookies()...)
		cookies = append(cookies, w.ask(w.visitor("public"), "GET", "/", nil, "Cookie", "melding=aGFsbG8").Result().Cookies()...)
		seen := map[string]int{}
		for _, c := range cookies {
			seen[strings.TrimPrefix(c.Name, "__Host-")]++
			if !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.Secure != secure || c.SameSite == http.SameSiteNoneMode || c.SameSite == http.SameSiteDefaultMode {
				t.Errorf("secure %v: %s", secure, c.String())
			}
			if strings.HasPrefix(c.Name, "__Host-") != secure && c.Name != "melding" {
				t.Errorf("secure %v: the cookie is called %s", secure, c.Name)
			}
		}
		if seen["regiogriffie"] == 0 || seen["wachtwoord"] == 0 || seen["melding"] < 2 {
			t.Errorf("secure %v: cookies seen: %v", secure, seen)
		}
		if session.Code != 303 {
			t.Errorf("signing in: %d", session.Code)
		}
	}
}

func TestWhatComesFromElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	before := w.contents(t)
	clerk := w.visitor("own griffier")
	announce := "/vergaderingen/" + w.things["concept-vergadering"]["meeting"] + "/bekendmaking"
	for _, header := range [][]string{
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
		{"Origin", "https://elders.voorbeeld"},
		{"Origin", "null"},
		{"Sec-Fetch-Site", "cross-site", "Origin", "http://regiogriffie.test"},
	} {
		for _, address := range []string{announce, "/uitloggen", "/inloggen", "/voorstellen"} {
			answer := w.ask(clerk, "POST", "http://regiogriffie.test"+address, url.Values{}, header...)
			if answer.Code != http.StatusForbidden {
				t.Errorf("%s with %v: %d", address, header, answer.Code)
			}
			if !strings.Contains(answer.Body.String(), "<h1") {
				t.Errorf("%s with %v: not our page: %.100s", address, header, answer.Body.String())
			}
		}
	}
	if w.contents(t) != before || w.ask(clerk, "GET", "/account", nil).Code != 200 {
		t.Error("something was done all the same")
	}
	for _, method := range []string{"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"} {
		for _, address := range []string{"/", "/voorstellen", announce, "/beheer/accounts"} {
			answer := w.ask(clerk, method, address, nil)
			if answer.Code != 404 && answer.Code != 405 && answer.Code != 403 {
				t.Errorf("%s %s: %d", method, address, answer.Code)
			}
		}
	}
}

func TestABodyHasItsLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	big := url.Values{"subject": {strings.Repeat("x", 3<<20)}}
	for _, c := range []struct {
		who, address string
		want         int
	}{
		{"own steller", "/voorstellen", 413},
		{"own steller", "/voorbeeld", 413},
		{"public", "/inloggen", 413},
		{"public", "/voorstellen", 401}, // asks to sign in, and carries nothing along
		{"beheerder", "/beheer/accounts", 413},
		{"own griffier", "/vergaderingen", 413},
		{"beheerder", "/organisaties/nieuw", 413},
	} {
		if answer := w.ask(w.visitor(c.who), "POST", c.address, big); answer.Code != c.want {
			t.Errorf("%s as %s: %d, want %d", c.address, c.who, answer.Code, c.want)
		}
	}
}

func TestPathsDoNotTrick(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	concept := w.things["concept"]["proposal"]
	for _, address := range []string{
		"/voorstellen/../voorstellen/" + concept, "/./voorstellen/" + concept, "//voorstellen/" + concept, "/voorstellen//" + concept,
		"/voorstellen/" + concept + "/", "/voorstellen/%2e%2e/voorstellen/" + concept, "/voorstellen/" + strings.ToUpper(concept),
		"/voorstellen/" + concept + "%00", "/voorstellen/" + concept + ";x=y", "/voorstellen%2f" + concept, "/voorstellen/" + concept + "%20",
		"/beheer/", "//beheer", "/beheer/../beheer/accounts", "/BEHEER", "/static/../beheer/accounts", "/bestanden/../../etc/passwd",
		"/bestanden/..%2f..%2fetc%2fpasswd",
		"/voorstellen?organisatie=%27%20or%201%3D1--", "/voorstellen?bladzijde=-1", "/voorstellen?bladzijde=99999999999999999999",
		"/vergaderingen?soort=%00", "/voorstellen?zoek=%ff%fe",
		"/voorstellen/" + concept + "/versies/-1", "/voorstellen/" + concept + "/versies/99999999999999999999", "/organisaties/%ff", "/voorstellen/%00",
		"/vergaderingen/%00/agenda/%00",
		"/beheer/accounts/geen-uuid", "/organisaties/own/gremia/%27/bewerken",
	} {
		for _, name := range []string{"public", "other griffier", "beheerder"} {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			u, err := url.Parse(address)
			if strings.HasPrefix(address, "//") || err != nil {
				path, query, _ := strings.Cut(address, "?")
				u = &url.URL{Path: path, RawQuery: query}
			}
			r.URL, r.RequestURI = u, address
			if c := w.visitor(name).cookie; c != nil {
				r.AddCookie(c)
			}
			answer := httptest.NewRecorder()
			w.site.ServeHTTP(answer, r)
			if answer.Code >= 500 {
				t.Errorf("%s as %s: %d", address, name, answer.Code)
			}
			if to := answer.Header().Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
				t.Errorf("%s as %s leads to %s", address, name, to)
			}
			if leaked := w.wrong(w.visitor(name), marksIn(answer)); len(leaked) > 0 {
				t.Errorf("%s as %s tells %q", address, name, leaked)
			}
		}
	}
}

func TestSigningInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, to := range []string{
		"https://elders.voorbeeld", "//elders.voorbeeld", `/\elders.voorbeeld`, `\\elders.voorbeeld`, "/%2f/elders.voorbeeld", "/%5celders.voorbeeld",
		"javascript:alert(1)",
		" //elders.voorbeeld", "/\t/elders.voorbeeld", "/\n/elders", "http:elders", "///elders", "/..//elders.voorbeeld", "/.//elders.voorbeeld",
	} {
		answer := w.ask(w.visitor("own griffier"), "GET", "/inloggen?naar="+url.QueryEscape(to), nil)
		went := answer.Header().Get("Location")
		next, err := url.Parse("http://regiogriffie.test/inloggen")
		done(t, "parsing", err)
		if next, err = next.Parse(went); err != nil || next.Host != "regiogriffie.test" || strings.HasPrefix(next.Path, "//") {
			t.Errorf("%q leads to %q", to, went)
		}
	}
}

// Secret text and names enter no log (P2), and no query, form or name of who asks either.
func TestLogsHoldNoMark(t *testing.T) {
	w := newWorld(t)
	var lines bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(web.Logged{Handler: slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug})}))
	t.Cleanup(func() { slog.SetDefault(before) })
	v := w.visitor("own griffier")
	w.crawl(v, w.guesses(t), func(string, *httptest.ResponseRecorder, *waits) {})
	w.ask(v, "POST", "/voorstellen", url.Values{"subject": {"mrk9999"}, "summary": {"mrk9999"}})
	w.ask(v, "GET", "/voorstellen?zoek=mrk9999", nil)
	_, err := w.owner.Exec(t.Context(), `alter table proposals rename to weg`)
	done(t, "breaking", err)
	if answer := w.ask(v, "GET", "/voorstellen/"+w.things["concept"]["proposal"], nil); answer.Code != 500 || strings.Contains(answer.Body.String(), "proposals") {
		t.Errorf("a broken query: %d %s", answer.Code, answer.Body.String())
	}
	text := lines.String()
	if strings.Count(text, "served") < 100 {
		t.Errorf("hardly a line: %.500s", text)
	}
	if found := markForm.FindString(text); found != "" {
		t.Errorf("%s stands in the log", found)
	}
	for _, address := range []string{v.actor.Name, w.things["concept"]["proposal"], v.cookie.Value} {
		if strings.Contains(text, address) {
			t.Errorf("%s stands in the log", address)
		}
	}
}
