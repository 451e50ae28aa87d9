package proposals_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
)

// The follow-up of the paper is its route, never retyped.
func TestThePaperTellsOfItsRoute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, target := s.places()
	p := proposaltest.Offered(t, s.db, owner.Author, owner.ID, owner.Body)
	day := time.Date(2018, 9, 20, 0, 0, 0, 0, time.UTC)
	for n, place := range []proposaltest.Place{target, owner} {
		step := routetest.Step(place, n+1)
		step.Deadline = &day
		if err := route.AddStep(t.Context(), s.db, owner.Author, p.ID, step); err != nil {
			t.Fatal(err)
		}
	}
	page, edit := words(s.get(owner.Author, "/voorstellen/"+p.Key, http.StatusOK)), s.get(owner.Author, "/voorstellen/"+p.Key+"/bewerken", http.StatusOK)
	if !strings.Contains(page, "Route langs 2 gremia") || !strings.Contains(page, "20 september 2018") {
		t.Errorf("the paper does not tell of its route:\n%s", page)
	}
	if strings.Contains(edit, `id="veld-follow_up"`) || !strings.Contains(words(edit), "Het vervolgtraject is de route van dit voorstel") {
		t.Error("the follow-up can be typed beside the route")
	}
}
