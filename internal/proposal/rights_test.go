package proposal_test

import (
	"slices"
	"strings"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

// Who takes part in a paper of one organisation that another writes along, and in its advice, without a database.
// TestWhoMayMoveAPaper has its life.
func TestWhoTakesPartInAPaper(t *testing.T) {
	t.Parallel()
	const (
		owner, along, target, elsewhere id.Organisation = "o1", "o2", "o3", "o4"
		council, theirs                 id.Body         = "b3", "b4"
	)
	as := func(person id.Person, r access.Role, org id.Organisation, body id.Body) access.Actor {
		return access.Actor{Account: "a", Person: person, At: proposaltest.At, Grants: []access.Grant{{Role: r, Organisation: org, Body: body}}}
	}
	people := []struct {
		name  string
		actor access.Actor
	}{
		{"steller", as("p1", access.Author, owner, "")},
		{"medesteller", as("p2", access.Author, along, "")},
		{"lezer", as("p3", access.Author, owner, "")},      // reads along for his advice
		{"vertrokken", as("p1", access.Member, owner, "")}, // wrote it, and is no steller any more
		{"collega", as("p4", access.Author, owner, "")},
		{"griffier", as("p5", access.Clerk, owner, "b1")},
		{"medewerker", as("p6", access.ClerkStaff, owner, "b1")},
		{"secretaris", as("p7", access.Secretary, owner, "")},
		{"houder", as("p8", access.PortfolioHolder, owner, "")},
		{"raadslid", as("p9", access.Member, owner, "b1")},
		{"griffier-mee", as("p10", access.Clerk, along, "b2")},
		{"griffier-daar", as("p11", access.Clerk, target, council)},
		{"medewerker-daar", as("p12", access.ClerkStaff, target, council)},
		{"griffier-commissie", as("p13", access.Clerk, target, theirs)}, // of another body there
		{"griffier-elders", as("p14", access.Clerk, elsewhere, "b5")},
		{"publiek", access.Actor{At: proposaltest.At}},
	}
	paper := func(s proposal.State, change ...func(*proposal.Proposal)) proposal.Proposal {
		p := proposal.Proposal{
			Life: proposal.Life{State: s, HolderID: "p8", ReaderIDs: []id.Person{"p3", "p8"}}, OwnerOrgID: owner, TargetOrgID: target, Content: proposal.Content{TargetBodyID: council},
			Audience: access.Audience{Visibility: access.Draft, OrgIDs: []id.Organisation{owner, along}, WriterIDs: []id.Person{"p1", "p2", "p3", "p8"}},
		}
		for _, c := range change {
			c(&p)
		}
		return p
	}
	steps := func(p *proposal.Proposal) { p.InnerSteps = true }
	closed := func(p *proposal.Proposal) { p.AudienceBodies = []id.Body{council} }
	public := func(p *proposal.Proposal) { p.Visibility = access.Public }
	offered := func(p *proposal.Proposal) { p.OfferedAt = &proposaltest.At }
	routed := func(p *proposal.Proposal) { p.Routed = true }
	on := func(can func(access.Actor, proposal.Proposal) bool, p proposal.Proposal) func(access.Actor) bool {
		return func(a access.Actor) bool { return can(a, p) }
	}
	const own = "steller griffier secretaris"
	const writes = "steller medesteller griffier secretaris"
	const prepares = "steller medesteller griffier medewerker secretaris"
	const talks = "steller medesteller griffier medewerker secretaris houder griffier-mee"
	const trail = "griffier medewerker secretaris griffier-mee"
	for _, c := range []struct {
		what string
		can  func(access.Actor) bool
		may  string
	}{
		{"start one", func(a access.Actor) bool { return proposal.CanCreate(a, owner) }, "steller lezer collega griffier medewerker secretaris"},
		{"revise a concept", on(proposal.CanRevise, paper(proposal.Concept)), prepares},
		{"revise what was offered", on(proposal.CanRevise, paper(proposal.Offered)), writes},
		{"invite co-authors", on(proposal.CanInvite, paper(proposal.Concept)), own},
		{"invite them once it was sent back", on(proposal.CanInvite, paper(proposal.Returned)), own},
		{"invite them once it is offered", on(proposal.CanInvite, paper(proposal.Offered)), ""},
		{"invite them while it waits for consent", on(proposal.CanInvite, paper(proposal.Ready)), ""},
		{"invite who reads a closed one, or open it up", on(proposal.CanInvite, paper(proposal.Concept, closed)), own + " griffier-daar"},
		{"open a closed one up", on(proposal.CanOpenUp, paper(proposal.Concept, closed)), "griffier-daar"},
		{"put it on an agenda", on(proposal.CanDispose, paper(proposal.Offered)), "griffier-daar medewerker-daar"},
		{"mark it ready", on(proposal.CanMarkReady, paper(proposal.Concept, steps)), own},
		{"consent", on(proposal.CanAgree, paper(proposal.Ready)), "houder"},
		{"send back what waits", on(proposal.CanSendBack, paper(proposal.Ready)), own + " houder"},
		{"send back what was offered", on(proposal.CanSendBack, paper(proposal.Offered)), "griffier-daar"},
		{"send back what went along a route", on(proposal.CanSendBack, paper(proposal.Offered, routed)), ""},
		{"send back what is public", on(proposal.CanSendBack, paper(proposal.Offered, public)), ""},
		{"offer it", on(proposal.CanOffer, paper(proposal.Concept)), own},
		{"offer it without its steps", on(proposal.CanOffer, paper(proposal.Concept, steps)), ""},
		{"offer it again", on(proposal.CanOffer, paper(proposal.Offered)), ""},
		{"withdraw it", on(proposal.CanWithdraw, paper(proposal.Offered)), own},
		{"take an attachment away", on(proposal.CanDetach, paper(proposal.Scheduled)), writes},
		{"take an attachment away that is public", on(proposal.CanDetach, paper(proposal.Scheduled, public)), ""},
		{"read its trail", on(proposal.CanSeeHistory, paper(proposal.Concept)), trail},
		{"read the trail of what was offered", on(proposal.CanSeeHistory, paper(proposal.Offered, offered)), trail + " griffier-daar medewerker-daar griffier-commissie"},
		{"lay out its route", on(proposal.CanRoute, paper(proposal.Offered)), own},
		{"talk about it", on(proposal.CanComment, paper(proposal.Concept)), talks},
		{"talk about a closed one", on(proposal.CanComment, paper(proposal.Concept, closed)), "steller medesteller houder"},
		{"talk about a public one", on(proposal.CanComment, paper(proposal.Scheduled, public)), ""},
		{"talk about a withdrawn one", on(proposal.CanComment, paper(proposal.Withdrawn)), ""},
		{"talk about a settled one", on(proposal.CanComment, paper(proposal.Done)), ""},
		{"ask for advice", on(proposal.CanAskAdvice, paper(proposal.Concept)), "steller griffier medewerker secretaris"},
		{"ask for advice on a settled one", on(proposal.CanAskAdvice, paper(proposal.Done)), ""},
		{"ask for advice on a withdrawn one", on(proposal.CanAskAdvice, paper(proposal.Withdrawn)), ""},
		{"give the advice of the reader", func(a access.Actor) bool { return proposal.CanGiveAdvice(a, proposal.Advice{PersonID: "p3"}) }, "lezer"},
		{"give the advice of the council", func(a access.Actor) bool { return proposal.CanGiveAdvice(a, proposal.Advice{BodyID: council}) }, "griffier-daar medewerker-daar"},
		{"give it again", func(a access.Actor) bool {
			return proposal.CanGiveAdvice(a, proposal.Advice{BodyID: council, GivenAt: &proposaltest.At})
		}, ""},
	} {
		var who []string
		for _, p := range people {
			if c.can(p.actor) {
				who = append(who, p.name)
			}
		}
		want := strings.Fields(c.may)
		slices.Sort(who)
		slices.Sort(want)
		if !slices.Equal(who, want) {
			t.Errorf("%s: %v may, want %v", c.what, who, want)
		}
	}
	if program := (access.Actor{Account: "a"}); proposal.CanMarkRead(program) {
		t.Error("an account without a person reads")
	}
}
