package route_test

import (
	"slices"
	"strings"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
)

// Who takes part in a step of another organisation's route, without a database.
func TestWhoTakesPartInARoute(t *testing.T) {
	t.Parallel()
	const (
		owner, target, elsewhere id.Organisation = "o1", "o3", "o4"
		council, theirs          id.Body         = "b3", "b4"
	)
	as := func(person id.Person, r access.Role, org id.Organisation, body id.Body) access.Actor {
		return access.Actor{Account: "a", Person: person, At: proposaltest.At, Grants: []access.Grant{{Role: r, Organisation: org, Body: body}}}
	}
	people := []struct {
		name  string
		actor access.Actor
	}{
		{"steller", as("p1", access.Author, owner, "")},
		{"griffier", as("p5", access.Clerk, owner, "b1")},
		{"medewerker", as("p6", access.ClerkStaff, owner, "b1")},
		{"secretaris", as("p7", access.Secretary, owner, "")},
		{"raadslid", as("p9", access.Member, owner, "b1")},
		{"griffier-daar", as("p11", access.Clerk, target, council)},
		{"medewerker-daar", as("p12", access.ClerkStaff, target, council)},
		{"raadslid-daar", as("p15", access.Member, target, council)},
		{"secretaris-daar", as("p16", access.Secretary, target, "")},
		{"griffier-commissie", as("p13", access.Clerk, target, theirs)}, // of another body there
		{"griffier-elders", as("p14", access.Clerk, elsewhere, "b5")},
		{"publiek", access.Actor{At: proposaltest.At}},
	}
	step := route.Step{BodyID: council, OrgID: target}
	for _, c := range []struct {
		what string
		can  func(access.Actor, route.Step) bool
		may  string
	}{
		{"receive a step", route.CanReceive, "griffier-daar medewerker-daar"},
		{"refuse a step", route.CanRefuse, "griffier-daar"},
	} {
		var who []string
		for _, p := range people {
			if c.can(p.actor, step) {
				who = append(who, p.name)
			}
		}
		if want := strings.Fields(c.may); !slices.Equal(who, want) {
			t.Errorf("%s: %v may, want %v", c.what, who, want)
		}
	}
	for _, p := range people {
		if got := route.CanFollow(p.actor); got != (p.name != "publiek") {
			t.Errorf("%s follows: %v", p.name, got)
		}
	}
	if route.CanFollow(access.Actor{Account: "a"}) {
		t.Error("an account without a person follows")
	}
}

// The bounds come before the database is asked.
func TestAListOfStepsHasABound(t *testing.T) {
	t.Parallel()
	if err := route.Send(t.Context(), nil, access.Actor{}, id.New[id.Proposal](), make([]string, 1001), nil); faults(err) != "steps" {
		t.Errorf("1,001 steps at once: %v", err)
	}
}
