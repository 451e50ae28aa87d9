package meetings_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/internal/zienswijze/zienswijzetest"
	"regiogriffie/web/meetings"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
)

// asking are the pages of a meeting as an actor asks them.
func asking(db *pgxpool.Pool, actor access.Actor) http.Handler {
	p, r := meetings.Pages{DB: db}, chi.NewRouter()
	r.Use(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(request.WithActor(r.Context(), actor)))
		})
	})
	page := respond.To
	r.Get("/vergaderingen/{meeting}", page(p.Show))
	r.Get("/vergaderingen/{meeting}/agenda/{item}", page(p.ShowItem))
	r.Get("/vergaderingen/{meeting}/agenda/{item}/besluit", page(p.NewDecision))
	r.Post("/vergaderingen/{meeting}/agenda/{item}/besluit/publicatie", page(p.CreateDecisionPublication))
	return r
}

func holds(t *testing.T, h http.Handler, address string, form url.Values, status int, texts ...string) string {
	t.Helper()
	method := http.MethodGet
	if form != nil {
		method = http.MethodPost
	}
	r := httptest.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != status {
		t.Fatalf("%s: status %d, want %d: %s", address, w.Code, status, w.Body)
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("%s: %q is not on the page: %s", address, text, w.Body)
		}
	}
	return w.Body.String()
}

func TestTheBoardReadsTheViewsAndGivesAReasonAtItsItem(t *testing.T) {
	t.Parallel()
	db, ctx := pgtest.DB(t), t.Context()
	r := zienswijzetest.New(t, db, "Hillegom", "Katwijk")
	paper := proposaltest.Offered(t, db, r.Secretary, r.Org.ID, r.Board.ID)
	replies := zienswijzetest.At.AddDate(0, 0, 30)
	p := r.Sent(t, db, func(d *zienswijze.Draft) {
		d.ProposalID, d.Kind, d.Year, d.RepliesDue = paper.ID, zienswijze.Decision, nil, &replies
	})
	zienswijzetest.Delivered(t, db, p, r.Councils[0])
	start := zienswijzetest.At.AddDate(0, 0, 40)
	end := start.Add(2 * time.Hour)
	m, err := meeting.Create(ctx, db, r.Secretary, meeting.Draft{
		Kind: meeting.GeneralBoard, Bodies: []id.Body{r.Board.ID}, StartsAt: &start, EndsAt: &end, Location: "Regiokantoor", Open: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	key, err := meeting.Schedule(ctx, db, r.Secretary, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	if m, err = meeting.Find(ctx, db, r.Secretary, m.ID); err != nil {
		t.Fatal(err)
	}
	if m, err = meeting.Convene(ctx, db, r.Secretary, m.ID, meeting.Call{DeliveredAt: &r.Secretary.At, Version: m.Version}); err != nil {
		t.Fatal(err)
	}
	during := r.Secretary
	during.At = start.Add(time.Hour)
	own, item := "/vergaderingen/"+m.Slug, "/vergaderingen/"+m.Slug+"/agenda/"+key
	secretary, public := asking(db, during), asking(db, access.Actor{At: during.At})

	const progress, said = "Zienswijzen: 1 van 2 ontvangen, 0 beantwoord.", "De raad van Hillegom vindt dit."
	holds(t, secretary, own, nil, http.StatusOK, progress, "/zienswijzen/"+p.Key+"#standpunten")
	holds(t, secretary, item, nil, http.StatusOK, progress, said, "Nog geen antwoord")
	for _, address := range []string{own, item} {
		if page := holds(t, public, address, nil, http.StatusOK); strings.Contains(page, "Zienswijzen: ") || strings.Contains(page, said) {
			t.Errorf("the public reads of a procedure that is not open: %s", page)
		}
	}
	if _, err := zienswijze.Publish(ctx, db, r.Secretary, p.ID); err != nil {
		t.Fatal(err)
	}
	if page := holds(t, public, item, nil, http.StatusOK, progress, "Haar tekst is nog niet openbaar."); strings.Contains(page, said) {
		t.Error("the public reads a view that its council did not open")
	}

	// Before a draft the form says what is left to do; to publish asks the reason under its rule.
	holds(t, secretary, item+"/besluit", nil, http.StatusOK, "nog geen antwoord op de zienswijze van Hillegom", "WGR-10.6")
	made, err := meeting.RecordDecision(ctx, db, during, m.ID, key, meeting.DecisionDraft{
		Body: r.Board.ID, Kind: proposal.Adopted, Text: "Vastgesteld.", DecidedOn: &start, Vote: meeting.Vote{Method: meeting.NoVote}, ProposalVersion: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, secretary, item+"/besluit", nil, http.StatusOK, `name="reason.WGR-10.6"`)
	form := url.Values{"body": {string(r.Board.ID)}, "version": {"1"}, "reason.WGR-10.6": {" "}}
	holds(t, secretary, item+"/besluit/publicatie", form, http.StatusUnprocessableEntity, "Geef een reden om toch door te gaan.",
		"nog geen antwoord op de zienswijze van Hillegom")
	form.Set("reason.WGR-10.6", "Hillegom kreeg mondeling antwoord.")
	for range 2 {
		holds(t, secretary, item+"/besluit/publicatie", form, http.StatusSeeOther)
	}
	if made.Version != 1 {
		t.Errorf("the draft was version %d", made.Version)
	}
}
