package account_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/web"
	"regiogriffie/web/request"
)

const proxy = "192.0.2.10"

// behind makes the site one that readers reach through the proxy; named tells whether the settings say so.
func (s *site) behind(named bool) {
	a := web.App{DB: s.db, Now: func() time.Time { return s.now }, BaseURL: "http://127.0.0.1:8080"}
	if named {
		a.Proxies = request.Proxies{netip.MustParsePrefix(proxy + "/32")}
	}
	s.handler = web.Routes(a)
}

// try sends a password through the proxy, which says where it came from after what was sent along.
func (s *site) try(email, password, from string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	s.t.Helper()
	fields := url.Values{"email": {email}, "password": {password}}
	r := httptest.NewRequestWithContext(s.t.Context(), http.MethodPost, "/inloggen", strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.RemoteAddr = proxy + ":4000"
	if from != "" {
		r.Header.Set("X-Forwarded-For", from)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

func TestBehindANamedProxyEachAddressHasALimitOfItsOwn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a := s.someone("Griffier", false)
	s.behind(true)
	for n := range 50 {
		// What he claims to be changes nothing.
		if w := s.try(fmt.Sprintf("niemand%d@regio.nl", n), "fout", fmt.Sprintf("203.0.113.%d, 198.51.100.7", n)); w.Code != http.StatusUnprocessableEntity {
			t.Fatalf("try %d: %d", n+1, w.Code)
		}
	}
	if w := s.try(a.Email, identitytest.Password, "203.0.113.99, 198.51.100.7"); w.Code != http.StatusTooManyRequests {
		t.Errorf("the 51st from one address: %d", w.Code)
	}
	w := s.try(a.Email, identitytest.Password, "198.51.100.8")
	if w.Code != http.StatusSeeOther {
		t.Errorf("from another address: %d", w.Code)
	}
	for _, c := range w.Result().Cookies() {
		if c.Name == "bekend" {
			t.Error("a browser is marked although its address is known")
		}
	}
}

func TestBehindAnUnnamedProxyOnlyTheAccountHasALimit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	a, b := s.someone("Griffier", false), s.someone("Secretaris", false)
	s.behind(false)
	for n := range 60 {
		if w := s.try(fmt.Sprintf("niemand%d@regio.nl", n), "fout", "198.51.100.7"); w.Code != http.StatusUnprocessableEntity {
			t.Fatalf("try %d: %d", n+1, w.Code)
		}
	}
	w := s.try(a.Email, identitytest.Password, "198.51.100.7")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("after wrong passwords of others: %d", w.Code)
	}
	own := w.Result().Cookies()
	own = own[slices.IndexFunc(own, func(c *http.Cookie) bool { return c.Name == "bekend" }):][:1]
	if c := own[0]; !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
		t.Errorf("the cookie: %v", c)
	}
	s.now = s.now.Add(time.Second)
	for range 11 {
		w = s.try(a.Email, "fout", "198.51.100.7")
	}
	if w.Code != http.StatusTooManyRequests {
		t.Errorf("the eleventh wrong one of an account: %d", w.Code)
	}
	if w := s.try(b.Email, identitytest.Password, ""); w.Code != http.StatusSeeOther {
		t.Errorf("another account: %d", w.Code)
	}
	if w := s.try(a.Email, identitytest.Password, "", own...); w.Code != http.StatusSeeOther {
		t.Errorf("the owner in his own browser: %d", w.Code)
	}
	for _, text := range s.texts(`select account_name || address from login_attempts`) {
		if strings.Contains(text, own[0].Value) || strings.Contains(text, proxy) || strings.Contains(text, "198.51.100.7") {
			t.Errorf("what is kept tells too much: %s", text)
		}
	}
}

func (s *site) texts(sql string) []string {
	s.t.Helper()
	list, err := postgres.All[string](s.t.Context(), s.db, sql, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// stored is the text of identitytest.Password at the cost of the real program.
func stored() string {
	salt := []byte("zout voor proef.")
	key := argon2.IDKey([]byte(identitytest.Password), salt, 2, 19456, 1, 32)
	return "$argon2id$v=19$m=19456,t=2,p=1$" + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(key)
}

// A council that signs in at the beginning of its meeting, while somebody tries passwords all the time. The figures are for
// the proof; whether everyone is in does not hang on them.
func TestSixtySignInAtOnceBesideAnAttacker(t *testing.T) {
	t.Parallel()
	for _, named := range []bool{true, false} {
		s := newSite(t)
		db, err := postgres.Open(t.Context(), pgtest.URL(t), postgres.Options{MaxConns: 16})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(db.Close)
		s.db = db
		s.behind(named)
		emails := make([]string, 60)
		for n := range emails {
			emails[n] = s.someone(fmt.Sprintf("Lid%d", n), false).Email
		}
		targets := make([]string, 5)
		for n := range targets {
			targets[n] = s.someone(fmt.Sprintf("Doel%d", n), false).Email
		}
		if os.Getenv("REGIOGRIFFIE_PROOF") != "" {
			if _, err := s.db.Exec(t.Context(), `update accounts set password_hash = $1`, stored()); err != nil {
				t.Fatal(err)
			}
		}
		var over atomic.Bool
		var tried, looked atomic.Int64
		var attack, council sync.WaitGroup
		for n := range 10 {
			attack.Go(func() {
				for i := n; !over.Load(); i++ {
					tried.Add(1)
					if w := s.try(targets[i%len(targets)], "fout", "198.51.100.7"); w.Code == http.StatusUnprocessableEntity {
						looked.Add(1)
					}
				}
			})
		}
		for tried.Load() < 20 { // it is well under way
			time.Sleep(time.Millisecond)
		}
		took := make([]time.Duration, len(emails))
		for n, email := range emails {
			council.Go(func() {
				begin := time.Now()
				w := s.try(email, identitytest.Password, fmt.Sprintf("203.0.113.%d", n+1))
				took[n] = time.Since(begin)
				if w.Code != http.StatusSeeOther {
					t.Errorf("named %v: member %d: %d", named, n, w.Code)
				}
			})
		}
		council.Wait()
		over.Store(true)
		attack.Wait()
		slices.Sort(took)
		t.Logf("named %v: 60 signed in, median %v, last %v; meanwhile %d wrong passwords, of which %d were looked at",
			named, took[30].Round(time.Millisecond), took[59].Round(time.Millisecond), tried.Load(), looked.Load())
	}
}
