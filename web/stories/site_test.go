package stories

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/file"
	"regiogriffie/internal/id"
	"regiogriffie/internal/identity/identitytest"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/sample"
	"regiogriffie/web"
	"regiogriffie/web/browsertest"
)

// The people of the sample whom the stories are about.
const (
	secretary   = "bestuurssecretaris@vrhm.voorbeeld.nl"
	boardMember = "bestuurslid@vrhm.voorbeeld.nl"
	councillor  = "raadslid@heemstede.voorbeeld.nl"
	griffier    = "griffier@heemstede.voorbeeld.nl"
	beheerder   = "beheerder@regiogriffie.voorbeeld.nl"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	browsertest.Main(m, func() { _ = os.RemoveAll(folder) })
}

// folder is that of the files of the sample, which every site copies.
var folder string

// sampled gives a database with the sample region, which is filled in once.
var sampled = pgtest.Copies(func(address string) (err error) {
	if folder, err = os.MkdirTemp("", "regiogriffie-stories-"); err != nil {
		return err
	}
	files, err := file.NewStore(folder)
	if err != nil {
		return err
	}
	defer files.Close()
	db, err := postgres.Open(context.Background(), address, postgres.Options{MaxConns: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = sample.Seed(context.Background(), db, files, time.Now())
	return err
})

// site is the whole program with the sample region, for one test.
type site struct {
	*httptest.Server
	t     testing.TB
	db    *pgxpool.Pool
	ahead atomic.Int64 // how far its clock is ahead
}

func open(t testing.TB) *site {
	t.Helper()
	address, own := sampled(t), t.TempDir()
	if err := os.CopyFS(own, os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	files, err := file.NewStore(own)
	if err != nil {
		t.Fatal(err)
	}
	db := pgtest.Open(t, address, nil)
	s := &site{t: t, db: db}
	s.Server = httptest.NewUnstartedServer(nil)
	s.Config.Handler = web.Routes(web.App{
		DB: db, Health: db, Files: files, Contact: "griffie@regiogriffie.voorbeeld.nl",
		BaseURL: "http://" + s.Listener.Addr().String(),
		Now:     s.now,
	})
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// as is a page of someone who is signed in, at Vandaag; of the public without an address.
func (s *site) as(t testing.TB, o browsertest.Options, email string) *browsertest.Page {
	t.Helper()
	p := browsertest.Open(t).Page(t, o)
	if email == "" {
		p.Go(s.URL + "/")
		return p
	}
	p.Cookie(s.URL, s.session(t, email))
	p.Go(s.URL + "/vandaag")
	return p
}

// session signs someone in without the page for it, which has stories of its own.
func (s *site) session(t testing.TB, email string) *http.Cookie {
	t.Helper()
	var account id.Account
	if err := s.db.QueryRow(t.Context(), `select id from accounts where email = $1`, email).Scan(&account); err != nil {
		t.Fatalf("looking for %s: %v", email, err)
	}
	return identitytest.SessionAt(t, s.db, account, s.now())
}

func (s *site) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

func signIn(p *browsertest.Page, email string) {
	p.Fill("E-mailadres", email)
	p.Fill("Wachtwoord", password)
	p.ClickText("Log in")
}

var password = sample.Accounts()[0].Password

// shot leaves a picture in $REGIOGRIFFIE_SHOTS, for whoever wants to see.
func shot(p *browsertest.Page, name string) {
	if folder := os.Getenv("REGIOGRIFFIE_SHOTS"); folder != "" {
		p.Shot(filepath.Join(folder, name+".png"))
	}
}

// href is where the link with these words goes.
func href(p *browsertest.Page, words string) string {
	return browsertest.Eval[string](p,
		fmt.Sprintf(`[...document.querySelectorAll("a")].find((a) => a.textContent.replace(/\s+/g, " ").includes(%q))?.href ?? ""`, words))
}

func expect(t testing.TB, p *browsertest.Page, status int) {
	t.Helper()
	if p.Status() != status {
		t.Errorf("%s: status %d, want %d", p.URL(), p.Status(), status)
	}
}
