package stories

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/file"
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
	browsertest.Main(m, func() { _ = os.RemoveAll(sampled.folder) })
}

// sampled is the sample region, filled in once and copied for every site.
var sampled struct {
	sync.Once
	template, maintenance string // addresses of databases
	folder                string // of its files
	err                   error
}

// lasting keeps the databases of the first test for all others; the next run drops them.
type lasting struct{ testing.TB }

func (lasting) Cleanup(func())           {}
func (lasting) Context() context.Context { return context.Background() }

func seed(t testing.TB) error {
	var err error
	if sampled.folder, err = os.MkdirTemp("", "regiogriffie-stories-"); err != nil {
		return err
	}
	files, err := file.NewStore(sampled.folder)
	if err != nil {
		return err
	}
	sampled.maintenance, sampled.template = pgtest.Empty(lasting{t}), pgtest.URL(lasting{t})
	db, err := postgres.Open(context.Background(), sampled.template, postgres.Options{MaxConns: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = sample.Seed(context.Background(), db, files, time.Now())
	return err
}

// site is the whole program with the sample region, for one test.
type site struct {
	*httptest.Server
	t     testing.TB
	db    *pgxpool.Pool
	ahead atomic.Int64 // how far its clock is ahead
}

func open(t testing.TB) *site {
	t.Helper()
	sampled.Do(func() { sampled.err = seed(t) })
	if sampled.err != nil {
		t.Fatalf("filling the sample: %v", sampled.err)
	}
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(sampled.folder)); err != nil {
		t.Fatal(err)
	}
	files, err := file.NewStore(folder)
	if err != nil {
		t.Fatal(err)
	}
	db, err := postgres.Open(t.Context(), copied(t), postgres.Options{MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	s := &site{t: t, db: db}
	s.Server = httptest.NewUnstartedServer(nil)
	s.Config.Handler = web.Routes(web.App{
		DB: db, Health: db, Files: files, Contact: "griffie@regiogriffie.voorbeeld.nl",
		BaseURL: "http://" + s.Listener.Addr().String(),
		Now:     func() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) },
	})
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// copied is the address of a database of the test's own with the sample in it.
func copied(t testing.TB) string {
	t.Helper()
	address := pgtest.URL(t)
	admin, err := pgx.Connect(t.Context(), sampled.maintenance)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(t.Context())
	name, template := database(t, address), database(t, sampled.template)
	copying.Lock()
	defer copying.Unlock()
	for _, sql := range []string{`drop database ` + name, `create database ` + name + ` template ` + template + ` strategy file_copy`} {
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatalf("copying the sample: %v", err)
		}
	}
	return address
}

var copying sync.Mutex

func database(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return pgx.Identifier{strings.TrimPrefix(u.Path, "/")}.Sanitize()
}

// as is a page of someone who came in by the page for it; of the public without an address.
func (s *site) as(t testing.TB, o browsertest.Options, email string) *browsertest.Page {
	t.Helper()
	p := browsertest.Open(t).Page(t, o)
	if email == "" {
		p.Go(s.URL + "/")
		return p
	}
	p.Go(s.URL + "/inloggen")
	signIn(p, email)
	if !strings.HasSuffix(p.URL(), "/vandaag") {
		t.Fatalf("%s came to %s", email, p.URL())
	}
	return p
}

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
