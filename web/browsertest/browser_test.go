package browsertest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/a-h/templ"

	"regiogriffie/internal/file/filetest"
	"regiogriffie/web/browsertest"
	"regiogriffie/web/form"
	"regiogriffie/web/static"
	"regiogriffie/web/ui"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

// site is a small site of real components: a form, an agenda to read, an agenda to arrange.
type site struct {
	*httptest.Server
	mu     sync.Mutex
	sent   []map[string][]string // the forms that came
	orders [][]string            // the orders of the agenda that came
	refuse bool                  // the next orders
}

func (s *site) forms() []map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent
}

func (s *site) order() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.orders) == 0 {
		return nil
	}
	return s.orders[len(s.orders)-1]
}

func show(w http.ResponseWriter, r *http.Request, status int, title, message string, content ...templ.Component) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	whole := templ.ComponentFunc(func(ctx context.Context, out io.Writer) error { return templ.Join(content...).Render(ctx, out) })
	main := templ.ComponentFunc(func(ctx context.Context, out io.Writer) error {
		return ui.Two().Render(templ.WithChildren(ctx, whole), out)
	})
	frame := ui.Frame{Title: title, Here: r.URL.Path, Name: "S. Ververs", Message: message, Base: static.Base}
	if err := ui.Layout(frame).Render(templ.WithChildren(r.Context(), main), w); err != nil {
		panic(err)
	}
}

func open(t *testing.T) *site {
	t.Helper()
	s := &site{}
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /voorstellen/nieuw", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "sessie", Value: r.URL.Query().Get("als"), Path: "/", HttpOnly: true})
		show(w, r, http.StatusOK, "Nieuw voorstel", "", fields(form.New(map[string]string{"subject": "Conferentie", "version": "1"}))...)
	})
	mux.HandleFunc("POST /voorstellen", func(w http.ResponseWriter, r *http.Request) {
		r, release := form.Hold(r)
		defer release()
		f, err := form.ReadWithFiles(r, filetest.Store(t))
		if err != nil {
			t.Error(err)
			return
		}
		files := f.Uploads["paper"]
		s.mu.Lock()
		got := map[string][]string(f.Values)
		for _, file := range files {
			got["paper"] = append(got["paper"], file.FileName)
		}
		s.sent = append(s.sent, got)
		s.mu.Unlock()
		if f.Text("subject") == "" {
			f.Faults.Must(false, "subject", "Vul een onderwerp in.")
			f.Faults.Must(false, "kind", "Kies wat de vergadering met dit voorstel doet.")
			f.Faults.Must(false, "body", "Kies voor welke vergadering dit voorstel is.")
			f.Beside(map[string]string{"summary": "Op 8 november is er een regionale conferentie.\nMet zes organisaties.", "version": "2"}, "", time.Time{})
			show(w, r, http.StatusUnprocessableEntity, "Nieuw voorstel", "", fields(f)...)
			return
		}
		http.Redirect(w, r, "/vergaderingen/1", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /voorbeeld", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Fragment") != "1" {
			t.Error("the preview was asked for as a whole page")
		}
		fmt.Fprintf(w, "<p>Zo: <strong>%s</strong></p>", templ.EscapeString(r.PostFormValue("text")))
	})
	mux.HandleFunc("GET /vergaderingen/1", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, http.StatusOK, "Algemeen Bestuur", "Het voorstel is bewaard als concept.", html(t, "vergadering.html"))
	})
	mux.HandleFunc("GET /vergaderingen/1/bewerken", func(w http.ResponseWriter, r *http.Request) {
		show(w, r, http.StatusOK, "Agenda samenstellen", "", html(t, "bewerken.html"))
	})
	mux.HandleFunc("POST /vergaderingen/1/volgorde", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.refuse {
			w.WriteHeader(http.StatusConflict)
			return
		}
		s.orders = append(s.orders, r.PostForm["plaats"])
		w.Header().Set("Content-Type", "application/json")
		var facts []string
		for i, place := range r.PostForm["plaats"] {
			part, key, _ := strings.Cut(place, ":")
			facts = append(facts, fmt.Sprintf(`{"key":%q,"label":"%s.%d","clock":"15.%02d"}`, key, strings.ToUpper(part), i+1, 5*i))
		}
		fmt.Fprintf(w, "[%s]", strings.Join(facts, ","))
	})
	mux.HandleFunc("GET /stuk", func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("sessie")
		if err != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprint(w, "stuk voor ", c.Value)
	})
	mux.HandleFunc("GET /fout", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang="nl"><title>Fout</title><p style="color: #999">bleek</p><img src="/weg.png"><script>alert(1)</script>`)
	})
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func html(t *testing.T, name string) templ.Component {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return templ.Raw(string(text))
}

func fields(f *form.Form) []templ.Component {
	kinds := []form.Option{{Value: "info", Label: "Informatief"}, {Value: "besluit", Label: "Besluitvormend"}}
	return []templ.Component{
		templ.Raw(`<header class="stack"><h1>Nieuw voorstel</h1></header><form class="sheet stack" method="post" action="/voorstellen"` +
			` enctype="multipart/form-data" novalidate data-bewaak>`),
		form.Summary(f),
		form.Version(f),
		form.Text(f, "subject", "Onderwerp", form.Hint("In één regel, zoals het op de agenda komt.")),
		form.Select(f, "body", "Voor vergadering van",
			[]form.Option{{Value: "", Label: "Kies een vergadering"}, {Value: "ab", Label: "Algemeen Bestuur"}, {Value: "db", Label: "Dagelijks Bestuur"}}),
		form.Radios(f, "kind", "Soort", kinds),
		form.Checks(f, "organisers", "Organisatoren",
			[]form.Option{{Value: "1", Label: "Gemeente Hillegom"}, {Value: "2", Label: "Hoogheemraadschap van Rijnland"}}, form.Optional),
		form.Date(f, "date", "Datum", form.Optional),
		form.Clock(f, "clock", "Aanvang"),
		form.Number(f, "minutes", "Minuten"),
		form.Section(f, "summary", "Samenvatting", form.Rows(5)),
		form.Area(f, "remarks", "Opmerkingen", form.Optional),
		form.File(f, "paper", "Bijlage", form.Multiple, form.Accept(".pdf")),
		templ.Raw(`<p class="row"><button class="button primary">Bewaar als concept</button> <a class="button quiet" href="/vergaderingen/1">Terug</a></p></form>` +
			`<aside class="stack"><h2>Hulp</h2><p>Wat u bewaart, ziet alleen uw organisatie.</p></aside>`),
	}
}

// pictures writes what the page looks like to $REGIOGRIFFIE_SHOTS, for whoever wants to see.
func pictures(t *testing.T, p *browsertest.Page, name string) {
	t.Helper()
	if folder := os.Getenv("REGIOGRIFFIE_SHOTS"); folder != "" {
		p.Shot(filepath.Join(folder, name+".png"))
	}
}

func TestAFormIsFilledInByItsLabels(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, noScript := range []bool{false, true} {
		t.Run(fmt.Sprintf("no script %v", noScript), func(t *testing.T) {
			p := browsertest.Open(t).Page(t, browsertest.Options{NoScript: noScript})
			paper := filepath.Join(t.TempDir(), "programma.pdf")
			if err := os.WriteFile(paper, []byte("%PDF-"), 0o600); err != nil {
				t.Fatal(err)
			}
			p.Go(s.URL + "/voorstellen/nieuw?als=griffier")
			p.Fill("Onderwerp", "")
			p.Choose("Voor vergadering van", "Dagelijks Bestuur")
			p.Choose("Soort", "Besluitvormend")
			p.Choose("Organisatoren", "Gemeente Hillegom")
			p.Choose("Organisatoren", "Hoogheemraadschap van Rijnland")
			p.Fill("Datum", "28-06-2018")
			p.Fill("Samenvatting", "Regel één\n\nRegel twee")
			p.Check("N.v.t.: bij ‘Samenvatting’ is niets te melden")
			p.Uncheck("N.v.t.: bij ‘Samenvatting’ is niets te melden")
			p.Upload("Bijlage", paper)
			p.Click("Bewaar als concept")
			if p.Status() != http.StatusUnprocessableEntity {
				t.Fatalf("status %d", p.Status())
			}
			p.See("Vul een onderwerp in.")
			if !noScript && !strings.Contains(p.Focused(), "fouten") {
				t.Errorf("the focus is on %s", p.Focused())
			}
			p.Fill("Onderwerp", "Conferentie Samenwerking")
			p.Press("Enter")
			p.See("Het voorstel is bewaard als concept.")
			if !strings.HasSuffix(p.URL(), "/vergaderingen/1") || p.Status() != http.StatusOK {
				t.Errorf("at %s with status %d", p.URL(), p.Status())
			}
			all := s.forms()
			last := all[len(all)-1]
			for name, want := range map[string]string{
				"subject": "[Conferentie Samenwerking]", "body": "[db]", "kind": "[besluit]", "organisers": "[1 2]",
				"date": "[28-06-2018]", "summary": "[Regel één\n\nRegel twee]", "summary_na": "[]", "version": "[2]",
			} {
				if got := fmt.Sprint(last[name]); got != want {
					t.Errorf("%s: got %s, want %s", name, got, want)
				}
			}
			if first := fmt.Sprint(all[len(all)-2]["paper"]); first != "[programma.pdf]" {
				t.Errorf("the file that came: %s", first)
			}
			if status, _, body := p.Download("/stuk"); status != http.StatusOK || string(body) != "stuk voor griffier" {
				t.Errorf("the download: %d %s", status, body)
			}
			if d := p.Dialogs(); len(d) != 0 {
				t.Errorf("the browser asked: %s", d)
			}
		})
	}
}

func TestPagesShareNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	a, b := browsertest.Open(t).Page(t, browsertest.Options{}), browsertest.Open(t).Page(t, browsertest.Options{})
	a.Go(s.URL + "/voorstellen/nieuw?als=a")
	b.Go(s.URL + "/vergaderingen/1")
	if status, _, _ := b.Download("/stuk"); status != http.StatusNotFound {
		t.Errorf("the cookie of another page went along: %d", status)
	}
}

func TestPagesFitAndMeetTheGuidelines(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, o := range []browsertest.Options{{Width: 320}, {Width: 400, Dark: true}, {Width: 768, Dark: true}, {Width: 1280}} {
		t.Run(fmt.Sprintf("%d dark %v", o.Width, o.Dark), func(t *testing.T) {
			p := browsertest.Open(t).Page(t, o)
			check := func(name string) {
				t.Helper()
				p.NoOverflow(t)
				p.Axe(t)
				pictures(t, p, fmt.Sprintf("%s-%d-%v", name, o.Width, o.Dark))
			}
			p.Go(s.URL + "/vergaderingen/1")
			check("vergadering")
			p.Go(s.URL + "/vergaderingen/1/bewerken")
			check("bewerken")
			p.Go(s.URL + "/voorstellen/nieuw")
			p.Fill("Onderwerp", "")
			p.Fill("Samenvatting", "Onze eigen tekst.")
			p.Click("Bewaar als concept")
			p.Click("Voorbeeld")
			p.See("Zo: Onze eigen tekst.")
			check("formulier")
		})
	}
}

func TestThePageSaysWhatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := browsertest.Open(t).Page(t, browsertest.Options{})
	p.Go(s.URL + "/fout")
	got := strings.Join(p.Violations(), "\n")
	for _, want := range []string{"style", "script", "/weg.png: status 404"} {
		if !strings.Contains(got, want) {
			t.Errorf("no word of %s in:\n%s", want, got)
		}
	}
	p.Forgive()
	var heard listener
	p.Axe(&heard)
	if !strings.Contains(strings.Join(heard.said, "\n"), "image-alt") {
		t.Errorf("axe says nothing of the picture without words: %q", heard.said)
	}
}

// listener is a test that fails without consequence.
type listener struct {
	testing.TB
	said []string
}

func (l *listener) Helper() {}

func (l *listener) Errorf(format string, args ...any) {
	l.said = append(l.said, fmt.Sprintf(format, args...))
}

func TestAnAgendaIsReordered(t *testing.T) {
	t.Parallel()
	for _, width := range []int{400, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			s := open(t)
			p := browsertest.Open(t).Page(t, browsertest.Options{Width: width, Height: 3000})
			p.Go(s.URL + "/vergaderingen/1/bewerken")
			is := func(want string) {
				t.Helper()
				p.See("De volgorde is bewaard.")
				if got := strings.Join(s.order(), " "); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
			}
			p.Drag("[data-punt=p3] > .handle", "[data-punt=p1] .clock time")
			is("a:p3 a:p1 a:p2 b:p4 b:p5")
			p.See("Dit punt is nu A.1.")
			if got := browsertest.Eval[string](p, "document.querySelector('[data-punt=p3] > .handle').ariaLabel"); got != "Verplaats A.1" {
				t.Errorf("the handle says %s", got)
			}
			p.Drag("[data-punt=p1] > .handle", "[data-punt=p5] .chip")
			p.See("Dit punt is nu B.5.")
			is("a:p3 a:p2 b:p4 b:p5 b:p1")

			p.Press("ArrowUp", "ArrowUp", "ArrowUp")
			p.See("Dit punt is nu A.3.")
			is("a:p3 a:p2 a:p1 b:p4 b:p5")
			if !strings.Contains(p.Focused(), "Verplaats A.3") {
				t.Errorf("the focus is on %s", p.Focused())
			}
			p.Press("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp") // not above the first part
			p.See("Dit punt is nu A.1.")
			is("a:p1 a:p3 a:p2 b:p4 b:p5")

			s.mu.Lock()
			s.refuse = true
			s.mu.Unlock()
			p.Press("ArrowDown")
			p.See("De volgorde is niet bewaard: iemand anders heeft dit intussen gewijzigd. Ververs de pagina.")
			if got := browsertest.Eval[string](p, "[...document.querySelectorAll('[data-punt]')].map((e) => e.dataset.punt).join(' ')"); got != "p1 p3 p2 p4 p5" {
				t.Errorf("the page shows %s", got)
			}
			if !strings.Contains(p.Focused(), "handle") {
				t.Errorf("the focus is on %s", p.Focused())
			}
			p.Axe(t)
			p.NoOverflow(t)
		})
	}
}

func TestMarksAreAddedAndCanBeUndone(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := browsertest.Open(t).Page(t, browsertest.Options{})
	p.Go(s.URL + "/voorstellen/nieuw")
	is := func(want string) {
		t.Helper()
		if got := browsertest.Eval[string](p, "document.querySelector('#veld-summary').value"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	p.Fill("Samenvatting", "een\ntwee")
	p.Press("Control+a")
	p.Click("Genummerde lijst")
	is("1. een\n2. twee")
	p.Press("Control+z")
	is("een\ntwee")
	p.Press("Control+a")
	p.Click("Vet")
	is("**een\ntwee**")
	p.Fill("Samenvatting", "")
	p.Click("Link")
	is("[tekst van de link](https://)")
}

func TestLeavingWithUnsavedTextIsAskedAbout(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := browsertest.Open(t).Page(t, browsertest.Options{})
	p.Go(s.URL + "/voorstellen/nieuw")
	p.Click("Terug")
	if d := p.Dialogs(); len(d) != 0 {
		t.Errorf("nothing was typed, yet: %s", d)
	}
	p.Go(s.URL + "/voorstellen/nieuw")
	p.Fill("Onderwerp", "Iets")
	p.Click("Terug")
	p.See("Agenda")
	if d := p.Dialogs(); len(d) != 1 || !strings.HasPrefix(d[0], "beforeunload") {
		t.Errorf("asked: %s", d)
	}
}

func TestADoubleClickSendsOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := browsertest.Open(t).Page(t, browsertest.Options{})
	p.Go(s.URL + "/voorstellen/nieuw")
	browsertest.Eval[bool](p, "(() => { const b = document.querySelector('form .button.primary'); b.click(); b.click(); b.click(); return true })()")
	p.See("Het voorstel is bewaard als concept.")
	if n := len(s.forms()); n != 1 {
		t.Errorf("the form came %d times", n)
	}
}

func TestAPagePrints(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := browsertest.Open(t).Page(t, browsertest.Options{Dark: true})
	p.Go(s.URL + "/vergaderingen/1")
	path := filepath.Join(t.TempDir(), "vergadering.pdf")
	p.PDF(path)
	pdf, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Errorf("no PDF: %v", err)
	}
	if folder := os.Getenv("REGIOGRIFFIE_SHOTS"); folder != "" {
		if err := os.WriteFile(filepath.Join(folder, "vergadering.pdf"), pdf, 0o600); err != nil {
			t.Error(err)
		}
	}
}
