package account_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web"
	"regiogriffie/web/account"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// trips counts waits for the server.
type trips struct{ n atomic.Int64 }

func (c *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}
func (c *trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (c *trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.n.Add(1)
	return ctx
}
func (c *trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (c *trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// site is the whole site with a clock of its own, and a browser without a screen.
type site struct {
	t       *testing.T
	db      *pgxpool.Pool
	trips   *trips
	handler http.Handler
	now     time.Time
	cookies map[string]string
	set     []*http.Cookie // by the last answer
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, trips: &trips{}, now: time.Date(2026, 3, 2, 19, 0, 0, 0, time.UTC), cookies: map[string]string{}}
	db := pgtest.Open(t, pgtest.URL(t), s.trips)
	s.db = db
	s.handler = web.Routes(web.App{DB: db, Now: func() time.Time { return s.now }, BaseURL: "http://127.0.0.1:8080"})
	return s
}

func (s *site) ask(method, address string, fields url.Values) (int, http.Header, string) {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, address, strings.NewReader(fields.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range s.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	answer := w.Result()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	s.set = answer.Cookies()
	for _, c := range s.set {
		if c.MaxAge < 0 {
			delete(s.cookies, c.Name)
		} else {
			s.cookies[c.Name] = c.Value
		}
	}
	return answer.StatusCode, answer.Header, string(body)
}

func (s *site) get(address string) (int, http.Header, string) {
	s.t.Helper()
	return s.ask(http.MethodGet, address, nil)
}

func (s *site) post(address string, pairs ...string) (int, http.Header, string) {
	s.t.Helper()
	fields := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields.Add(pairs[i], pairs[i+1])
	}
	return s.ask(http.MethodPost, address, fields)
}

// someone makes an account with a password, an administrator's when asked.
func (s *site) someone(name string, admin bool) identity.Account {
	s.t.Helper()
	person := identitytest.Person(s.t, s.db, name)
	if admin {
		s.grantAdmin(person)
	}
	return identitytest.AccountWithPassword(s.t, s.db, person, strings.ToLower(name)+"@regio.nl")
}

func (s *site) grantAdmin(person id.Person) {
	s.t.Helper()
	if _, err := postgres.Exec(s.t.Context(), s.db, `insert into role_grants (id, person_id, role, valid_from) values (@id, @person, 'admin', '2018-01-01')`,
		postgres.Args{"id": id.New[id.Grant](), "person": person}); err != nil {
		s.t.Fatal(err)
	}
}

// enter signs in without a password.
func (s *site) enter(a identity.Account) {
	s.t.Helper()
	c := identitytest.SessionAt(s.t, s.db, a.ID, s.now)
	s.cookies[c.Name] = c.Value
}

// given is a cookie of the last answer.
func (s *site) given(name string) *http.Cookie {
	s.t.Helper()
	at := slices.IndexFunc(s.set, func(c *http.Cookie) bool { return c.Name == name })
	if at < 0 {
		s.t.Fatalf("no cookie %s among %v", name, s.set)
	}
	return s.set[at]
}

func (s *site) signedIn() bool {
	s.t.Helper()
	_, _, page := s.get("/account")
	return strings.Contains(page, "U bent ingelogd met")
}

func (s *site) count(sql string) int {
	s.t.Helper()
	n, err := postgres.One[int](s.t.Context(), s.db, sql, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Griffier", false)
	if status, _, page := s.get("/account"); status != http.StatusOK || !strings.Contains(page, `name="naar" value="/account"`) {
		t.Errorf("the public at its account: %d", status)
	}
	status, header, _ := s.post("/inloggen", "email", a.Email, "password", identitytest.Password, "naar", "/account")
	if status != http.StatusSeeOther || header.Get("Location") != "/account" {
		t.Fatalf("signing in: %d to %s", status, header.Get("Location"))
	}
	c := s.given(identitytest.CookieName)
	if c.Name != identitytest.CookieName || !c.HttpOnly || c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("the cookie: %v", c)
	}
	if !s.signedIn() {
		t.Error("signed in, but nobody knows")
	}
	stored, err := postgres.One[string](t.Context(), s.db, `select token_hash from sessions`, nil)
	if err != nil || stored == c.Value || strings.Contains(stored, c.Value) {
		t.Errorf("the token is stored as %q, %v", stored, err)
	}
	if status, header, _ := s.get("/inloggen"); status != http.StatusSeeOther || header.Get("Location") != "/vandaag" {
		t.Errorf("signing in again: %d", status)
	}
	if status, _, _ := s.post("/inloggen", "email", a.Email, "password", identitytest.Password); status != http.StatusSeeOther || s.cookies[c.Name] == c.Value {
		t.Error("signing in keeps the old token")
	}
	if n := s.count(`select count(*) from sessions`); n != 1 {
		t.Errorf("%d sessions: the old token still works", n)
	}
	kept := s.cookies[c.Name]
	if status, _, _ := s.post("/uitloggen"); status != http.StatusSeeOther || s.cookies[c.Name] != "" {
		t.Errorf("signing out: %d", status)
	}
	s.cookies[c.Name] = kept
	if s.signedIn() {
		t.Error("the cookie of before still opens")
	}
}

func TestUnderHTTPSTheCookieIsBoundToTheHost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Griffier", false)
	s.handler = web.Routes(web.App{DB: s.db, Now: func() time.Time { return s.now }, BaseURL: "https://regio.example"})
	s.post("/inloggen", "email", a.Email, "password", identitytest.Password)
	if c := s.given("__Host-regiogriffie"); !c.Secure || c.Path != "/" || c.Domain != "" {
		t.Errorf("the cookie: %v", c)
	}
}

func TestWrongPasswordsGetOneAnswerForKnownAndUnknown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Griffier", false)
	const sentence = "Dit e-mailadres en wachtwoord horen niet bij elkaar."
	var pages []string
	for _, email := range []string{a.Email, "niemand1@regio.nl"} {
		status, _, page := s.post("/inloggen", "email", email, "password", "fout", "naar", "/voorstellen", "vervolg", "ja", "v.subject", "Mijn <tekst>")
		if status != http.StatusUnprocessableEntity || !strings.Contains(page, sentence) ||
			!strings.Contains(page, `name="v.subject" value="Mijn &lt;tekst&gt;"`) || !strings.Contains(page, `value="/voorstellen"`) {
			t.Errorf("%s: %d", email, status)
		}
		pages = append(pages, strings.ReplaceAll(page, email, ""))
	}
	if pages[0] != pages[1] {
		t.Error("the pages differ")
	}
	for range 9 {
		s.post("/inloggen", "email", a.Email, "password", "fout")
	}
	status, header, page := s.post("/inloggen", "email", a.Email, "password", identitytest.Password, "vervolg", "ja", "v.subject", "Tekst")
	if status != http.StatusTooManyRequests || header.Get("Retry-After") != "60" || !strings.Contains(page, "om 20.01 uur opnieuw") ||
		!strings.Contains(page, `name="v.subject"`) {
		t.Errorf("too many: %d, %q", status, header.Get("Retry-After"))
	}
}

func TestARequestCostsOneTripWithACookieAndNoneWithout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Griffier", false)
	counted := func(address string) int64 {
		before := s.trips.n.Load()
		s.get(address)
		return s.trips.n.Load() - before
	}
	if n := counted("/bestaat-niet"); n != 0 {
		t.Errorf("without a cookie: %d", n)
	}
	s.enter(a)
	for range 2 {
		s.now = s.now.Add(5 * time.Minute)
		if n := counted("/bestaat-niet"); n != 1 {
			t.Errorf("with a cookie: %d", n)
		}
	}
	if n := counted("/account"); n != 2 {
		t.Errorf("the account page: %d", n)
	}
}

func TestASessionEndsWithItsAccountItsTwelveHoursAndItsRights(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Beheerder", true)
	seeder := access.Actor{Duty: identity.DutySeed, At: s.now}
	s.enter(a)
	if status, _, _ := s.get("/beheer"); status != http.StatusOK {
		t.Fatalf("the administrator: %d", status)
	}
	if _, err := postgres.Exec(t.Context(), s.db, `update role_grants set valid_to = '2026-03-02'`, nil); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := s.get("/beheer"); status != http.StatusNotFound {
		t.Errorf("the role ended today: %d", status)
	}
	if err := identity.CloseAccount(t.Context(), s.db, seeder, a.ID); err != nil {
		t.Fatal(err)
	}
	if s.signedIn() {
		t.Error("the account is closed")
	}
	if err := identity.ReopenAccount(t.Context(), s.db, seeder, a.ID); err != nil {
		t.Fatal(err)
	}
	if s.signedIn() {
		t.Error("closing ended the session for good")
	}
	s.enter(a)
	s.now = s.now.Add(12*time.Hour - time.Minute)
	if !s.signedIn() {
		t.Error("just within twelve hours")
	}
	s.now = s.now.Add(time.Minute)
	if s.signedIn() {
		t.Error("after twelve hours")
	}
	s.post("/inloggen", "email", a.Email, "password", identitytest.Password)
	if n := s.count(`select count(*) from sessions`); n != 1 {
		t.Errorf("%d sessions: the expired one is kept", n)
	}
}

func TestAWaitingFormGoesThroughAsItWasFilledIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Beheerder", true)
	filled := []string{"who", "nieuw", "family", "O'Brien & Zn. <b>", "initials", "P.", "email", "obrien@regio.nl"}
	status, _, page := s.post("/beheer/accounts", filled...)
	if status != http.StatusUnauthorized {
		t.Fatalf("nobody signed in: %d", status)
	}
	sent := []string{"email", a.Email, "password", identitytest.Password}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		sent = append(sent, m[1], htmlText(m[2]))
	}
	status, header, _ := s.post("/inloggen", sent...)
	if status != http.StatusSeeOther || !strings.HasPrefix(header.Get("Location"), "/beheer/accounts/") {
		t.Fatalf("%d to %q", status, header.Get("Location"))
	}
	if n := s.count(`select count(*) from accounts a join persons p on p.id = a.person_id where a.email = 'obrien@regio.nl'
			and p.family = 'O''Brien & Zn. <b>'`); n != 1 {
		t.Error("the account was not made")
	}
	if !s.signedIn() {
		t.Error("not signed in afterwards")
	}
	// Signing in gives no rights that the account lacks.
	plain := s.someone("Gewoon", false)
	s.cookies = map[string]string{}
	if status, _, _ := s.post("/inloggen", "email", plain.Email, "password", identitytest.Password, "naar", "/beheer/accounts", "vervolg", "ja",
		"v.family", "X", "v.email", "x@regio.nl"); status != http.StatusNotFound {
		t.Errorf("as someone else: %d", status)
	}
}

func htmlText(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#39;", "'", "&#34;", `"`, "&amp;", "&").Replace(s)
}

func TestSigningInNeverLeadsToAnotherSite(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Griffier", false)
	s.enter(a)
	for to, want := range map[string]string{
		"/voorstellen?naam=a%20b": "/voorstellen?naam=a%20b", "/": "/", "": "/vandaag", "//evil.nl": "/vandaag", "/\\evil.nl": "/vandaag",
		"https://evil.nl": "/vandaag",
		"/%2f/evil.nl":    "/vandaag", "\\\\evil.nl": "/vandaag", "/\t/evil.nl": "/vandaag", "javascript:alert(1)": "/vandaag", "evil.nl": "/vandaag",
		"/%5cevil.nl": "/vandaag",
		"/inloggen":   "/vandaag", "/inloggen?naar=/x": "/vandaag", "/%69nloggen": "/vandaag", "/uitloggen": "/vandaag", "/x\r\nSet-Cookie: a=b": "/vandaag",
	} {
		if _, header, _ := s.get("/inloggen?naar=" + url.QueryEscape(to)); header.Get("Location") != want {
			t.Errorf("GET %q leads to %q", to, header.Get("Location"))
		}
		if _, header, _ := s.post("/inloggen", "email", a.Email, "password", identitytest.Password, "naar", to); header.Get("Location") != want {
			t.Errorf("POST %q leads to %q", to, header.Get("Location"))
		}
	}
	// Nor does a waiting form.
	if status, header, _ := s.post("/inloggen", "email", a.Email, "password", identitytest.Password, "naar", "//evil.nl/x", "vervolg", "ja", "v.a",
		"b"); status != http.StatusNotFound {
		t.Errorf("%d to %q", status, header.Get("Location"))
	}
}

func TestAfterHalfAnHourOnlyThePasswordCounts(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Griffier", false)
	s.enter(a)
	confirmed := func() bool {
		t.Helper()
		s.get("/account")
		var actor access.Actor
		ctx := identity.Expect(t.Context())
		key, err := postgres.One[string](t.Context(), s.db, `select token_hash from sessions`, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, found, err := (identity.Sessions{DB: s.db, Now: func() time.Time { return s.now }}).FindCtx(ctx, key); err != nil || !found {
			t.Fatal(found, err)
		}
		actor = identity.VisitOf(ctx).Actor
		return !actor.MustConfirm()
	}
	for range 4 {
		s.now = s.now.Add(20 * time.Minute)
		if !confirmed() {
			t.Fatal("active every twenty minutes")
		}
	}
	s.now = s.now.Add(32 * time.Minute)
	for range 3 {
		if confirmed() {
			t.Fatal("opening a page after half an hour counts as a password")
		}
		s.now = s.now.Add(2 * time.Minute)
	}
	status, _, page := s.post("/inloggen", "email", "-", "password", "fout", "naar", "/account/wachtwoord", "vervolg", "ja", "v.a", "b")
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "Bevestig met uw wachtwoord") || !strings.Contains(page, `name="v.a"`) {
		t.Errorf("a wrong one: %d", status)
	}
	if status, _, _ := s.post("/inloggen", "email", "-", "password", identitytest.Password, "naar", "/account"); status != http.StatusSeeOther || !confirmed() {
		t.Errorf("the password: %d", status)
	}
	s.cookies = map[string]string{}
	if status, _, page := s.post("/inloggen", "email", "-", "password", identitytest.Password); status != http.StatusUnprocessableEntity ||
		!strings.Contains(page, "E-mailadres") {
		t.Errorf("confirming without a session: %d", status)
	}
}

func TestANewPasswordEndsTheSessionsElsewhere(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Griffier", false)
	s.enter(a)
	elsewhere := s.cookies[identitytest.CookieName]
	s.enter(a)
	status, _, page := s.post("/account/wachtwoord", "old_password", "fout", "password", "kort")
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "ten minste 12 tekens") {
		t.Errorf("too short: %d", status)
	}
	if status, header, _ := s.post("/account/wachtwoord", "old_password", identitytest.Password, "password",
		"acht schapen onder de brug"); status != http.StatusSeeOther || header.Get("Location") != "/account" {
		t.Fatalf("%d", status)
	}
	if !s.signedIn() {
		t.Error("signed out here")
	}
	s.cookies[identitytest.CookieName] = elsewhere
	if s.signedIn() {
		t.Error("still signed in elsewhere")
	}
}

func TestALinkToChooseAPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	admin, a := s.someone("Beheerder", true), s.someone("Raadslid", false)
	s.enter(admin)
	_, _, page := s.post("/beheer/accounts/" + string(a.ID) + "/wachtwoordlink")
	link := regexp.MustCompile(`value="http://127.0.0.1:8080(/wachtwoord/[^"]+)" readonly`).FindStringSubmatch(page)
	if link == nil {
		t.Fatal("no link on the page")
	}
	if _, _, page := s.get("/beheer/accounts/" + string(a.ID)); strings.Contains(page, "/wachtwoord/") {
		t.Error("the link is shown again")
	}
	s.cookies = map[string]string{}
	for range 2 { // a scanner first
		if status, header, _ := s.get(link[1]); status != http.StatusSeeOther || header.Get("Location") != "/wachtwoord" {
			t.Fatalf("opening: %d to %q", status, header.Get("Location"))
		}
	}
	if c := s.set[0]; !c.HttpOnly || c.MaxAge != 1800 || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("the cookie: %v", c)
	}
	if status, _, page := s.get("/wachtwoord"); status != http.StatusOK || !strings.Contains(page, a.Email) ||
		strings.Contains(page, strings.TrimPrefix(link[1], "/wachtwoord/")) {
		t.Errorf("the form: %d", status)
	}
	if status, _, _ := s.post("/wachtwoord", "password", "welkom2026!!"); status != http.StatusUnprocessableEntity {
		t.Errorf("a common one: %d", status)
	}
	kept := s.cookies["wachtwoord"]
	if status, header, _ := s.post("/wachtwoord", "password", "acht schapen onder de brug"); status != http.StatusSeeOther ||
		header.Get("Location") != "/inloggen" {
		t.Errorf("choosing: %d", status)
	}
	s.cookies["wachtwoord"] = kept
	for _, again := range []func() (int, http.Header, string){
		func() (int, http.Header, string) { return s.get("/wachtwoord") },
		func() (int, http.Header, string) {
			return s.post("/wachtwoord", "password", "nog een heel ander wachtwoordje")
		},
	} {
		if status, _, page := again(); status == http.StatusSeeOther || strings.Contains(page, a.Email) {
			t.Errorf("a second time: %d", status)
		}
	}
	if status, _, _ := s.post("/inloggen", "email", a.Email, "password", "acht schapen onder de brug"); status != http.StatusSeeOther {
		t.Errorf("signing in with it: %d", status)
	}
}

func TestWithoutADatabaseASessionIsUnavailableAndNeverThePublic(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.enter(s.someone("Griffier", false))
	var gone atomic.Bool
	config := s.db.Config()
	config.ConnConfig.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		if gone.Load() {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	db, err := pgxpool.NewWithConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	s.handler = web.Routes(web.App{DB: db, Now: func() time.Time { return s.now }, BaseURL: "http://127.0.0.1:8080"})
	if !s.signedIn() {
		t.Fatal("with the database")
	}
	gone.Store(true)
	db.Reset()
	status, header, page := s.get("/account")
	if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" || !strings.Contains(page, "Even niet bereikbaar") {
		t.Errorf("without: %d", status)
	}
	gone.Store(false)
	if !s.signedIn() {
		t.Error("with the database again")
	}
}

// A waiting form may have a field more than once, an own query and an address with variables.
func TestAWaitingFormKeepsEveryValueInItsOwnRoute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Griffier", false)
	sessions := scs.New()
	sessions.Store = identity.Sessions{DB: s.db, Now: func() time.Time { return s.now }}
	got := make(chan string, 1)
	inner := chi.NewRouter()
	inner.Post("/dingen/{ding}/daad", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		got <- strings.Join(append(r.PostForm["keus"], chi.URLParam(r, "ding"), r.URL.Query().Get("q"), string(request.Actor(r).Account)), "|")
	})
	p := &account.Pages{DB: s.db, Sessions: sessions, Again: inner}
	outer := chi.NewRouter()
	outer.Post("/inloggen", respond.To(p.CreateSession))
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := request.WithActor(identity.Expect(r.Context()), access.Actor{At: s.now})
		sessions.LoadAndSave(outer).ServeHTTP(w, r.WithContext(ctx))
	})
	if status, _, _ := s.post("/inloggen", "email", a.Email, "password", identitytest.Password, "naar", "/dingen/k7/daad?q=1", "vervolg", "ja",
		"v.keus", "een", "v.keus", "twee & drie"); status != http.StatusOK {
		t.Fatalf("%d", status)
	}
	if want := "een|twee & drie|k7|1|" + string(a.ID); <-got != want {
		t.Errorf("not %q", want)
	}
}
