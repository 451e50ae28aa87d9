package routes_test

import (
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/web/form"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
	"regiogriffie/web/routes"
)

// site is the area with a reader before it.
type site struct {
	t   *testing.T
	db  *pgxpool.Pool
	mux http.Handler
}

func newSite(t *testing.T) site {
	t.Helper()
	s := site{t: t, db: pgtest.DB(t)}
	ways, page := routes.Pages{DB: s.db}, respond.To
	r := chi.NewRouter()
	r.NotFound(respond.NotFound)
	r.Get("/voorstellen/{proposal}/dossier", page(ways.Dossier))
	r.Get("/routes", page(ways.Index))
	r.Route("/voorstellen/{proposal}/route", func(r chi.Router) {
		r.Get("/", page(ways.Show))
		r.Post("/", page(ways.Create))
		r.Get("/samenstellen", page(ways.Compose))
		r.Post("/volgen", page(ways.CreateFollowing))
		r.Post("/ontvolgen", page(ways.DeleteFollowing))
		r.Post("/stappen", page(ways.CreateStep))
		r.Get("/verzending", page(ways.NewSending))
		r.Post("/verzending", page(ways.CreateSending))
		r.Get("/{step}", page(ways.ShowStep))
		r.Get("/{step}/bewerken", page(ways.EditStep))
		r.Post("/{step}/bewerken", page(ways.UpdateStep))
		r.Post("/{step}/verwijdering", page(ways.DeleteStep))
		r.Get("/{step}/overslaan", page(ways.NewSkip))
		r.Post("/{step}/overslaan", page(ways.CreateSkip))
		r.Post("/{step}/agendering", page(ways.CreatePlacing))
		r.Post("/{step}/planning", page(ways.CreatePlanning))
		r.Get("/{step}/oplegger", page(ways.EditLocal))
		r.Post("/{step}/oplegger", page(ways.UpdateLocal))
		r.Get("/{step}/weigering", page(ways.NewRefusal))
		r.Post("/{step}/weigering", page(ways.CreateRefusal))
		r.Post("/{step}/vragen", page(ways.CreateQuestion))
		r.Get("/{step}/vragen/{question}", page(ways.NewAnswer))
		r.Post("/{step}/vragen/{question}", page(ways.CreateAnswer))
	})
	r.Get("/postvak-in", page(ways.InTray))
	r.Get("/raad/{body}", page(ways.Before))
	s.mux = r
	return s
}

func (s site) ask(a access.Actor, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r, release := form.Hold(r)
	defer release()
	s.mux.ServeHTTP(w, r.WithContext(request.WithActor(r.Context(), a)))
	return w
}

func (s site) get(a access.Actor, address string, want int) string {
	s.t.Helper()
	w := s.ask(a, httptest.NewRequest(http.MethodGet, address, nil))
	if w.Code != want {
		s.t.Errorf("%s as %q: %d, want %d", address, a.Name, w.Code, want)
	}
	return w.Body.String()
}

func (s site) post(a access.Actor, address string, fields url.Values, want int) (body, to string) {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, address, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := s.ask(a, r)
	if w.Code != want {
		s.t.Errorf("POST %s as %q: %d, want %d\n%s", address, a.Name, w.Code, want, words(w.Body.String()))
	}
	return w.Body.String(), w.Header().Get("Location")
}

var tags = regexp.MustCompile(`<[^>]*>`)

// words are what a page says, on one line.
func words(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(page, " "))), " ")
}

func (s site) places() (owner, target proposaltest.Place) {
	s.t.Helper()
	owner, target = proposaltest.NewPlace(s.t, s.db, "Hillegom"), proposaltest.NewPlace(s.t, s.db, "Leiden")
	return owner, target
}
