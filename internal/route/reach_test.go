package route_test

import (
	"errors"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
)

// The first wall alone: of a route each reads what was sent to him, and nobody what another griffie makes of it.
func TestTheQueriesKeepRoutesFromOthers(t *testing.T) {
	t.Parallel()
	tx := pgtest.OneWall(t)
	r := newRegion(t, tx).routed(t, tx)
	first, second := r.step(t, tx, r.owner.Author, r.first), r.step(t, tx, r.owner.Author, r.second)
	progress := func(a access.Actor) int {
		t.Helper()
		var how route.Progress
		must(t, postgres.Read(t.Context(), tx, route.ProgressOf(&how, a, r.paper.ID)))
		return how.Total
	}
	alone := func(a access.Actor, key string) bool {
		t.Helper()
		var one route.Row
		err := postgres.Read(t.Context(), tx, route.StepAt(&one, a, r.paper.Key, key))
		if err != nil && !errors.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		return err == nil
	}
	if n := len(r.route(t, tx, r.owner.Member)) + progress(r.owner.Member); n > 0 || alone(r.owner.Member, first.Key) {
		t.Errorf("a member of the owner reads %d of what was not sent", n)
	}
	r.sent(t, tx, r.first)
	if n := len(r.route(t, tx, r.first.Clerk)) + progress(r.first.Clerk); n != 2 || !alone(r.first.Clerk, first.Key) || alone(r.first.Clerk, second.Key) {
		t.Errorf("the first receiver reads %d of his step", n)
	}
	if err := route.Ask(t.Context(), tx, r.second.Clerk, second.Key, "Wat kost dit?"); !errors.Is(err, fault.NotFound) {
		t.Errorf("the second asks about what was not sent: %v", err)
	}
	r.sent(t, tx, r.second)
	must(t, route.Ask(t.Context(), tx, r.first.Clerk, first.Key, "Wat kost dit?"))
	must(t, route.Prepare(t.Context(), tx, r.first.Staff, first.Key, route.Local{Title: "Onze titel"}))
	other := proposaltest.Offered(t, tx, r.owner.Author, r.owner.ID, r.owner.Body)
	var wrong route.Row
	if err := postgres.Read(t.Context(), tx, route.StepAt(&wrong, r.owner.Author, other.Key, first.Key)); !errors.Is(err, fault.NotFound) {
		t.Errorf("a step under another paper: %v", err)
	}
	for who, a := range map[string]access.Actor{"the other receiver": r.second.Clerk, "a griffier elsewhere": r.far.Clerk, "the public": {At: proposaltest.At}} {
		var questions []route.Question
		var local route.Local
		must(t, postgres.Read(t.Context(), tx, route.QuestionsOf(&questions, a, first.Key), route.LocalOf(&local, a, first.Key)))
		if len(questions) > 0 || local.Title != "" {
			t.Errorf("%s reads %v %q", who, questions, local.Title)
		}
	}
	var questions []route.Question
	var local route.Local
	must(t, postgres.Read(t.Context(), tx, route.QuestionsOf(&questions, r.owner.Clerk, first.Key), route.LocalOf(&local, r.first.Clerk, first.Key)))
	if len(questions) != 1 || local.Title != "Onze titel" {
		t.Errorf("the owner reads %v, and the receiver %q", questions, local.Title)
	}
	// A question is answered at its own step.
	if err := route.Answer(t.Context(), tx, r.owner.Author, second.Key, questions[0].Key, "Niets."); !errors.Is(err, fault.NotFound) {
		t.Errorf("answered at another step: %v", err)
	}
}

func TestWhatWasNotSentYetStays(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	_, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, proposaltest.Meeting(t, tx, target), nil, "", "")
	must(t, err)
	must(t, proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{p.ID}))
	if err := route.Follow(t.Context(), tx, access.Actor{At: proposaltest.At}, p.ID); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the public follows it: %v", err)
	}
	// The griffier of the owner sees what lies ready for his own body, and does nothing with it yet.
	must(t, route.AddStep(t.Context(), tx, owner.Author, p.ID, routetest.Step(owner, 1)))
	var steps []route.Row
	must(t, postgres.Read(t.Context(), tx, route.At(&steps, owner.Clerk, p.Key)))
	if err := route.Ask(t.Context(), tx, owner.Clerk, steps[0].Key, "Wanneer?"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("asked about what was not sent: %v", err)
	}
}
