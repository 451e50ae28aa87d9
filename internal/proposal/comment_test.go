package proposal_test

import (
	"errors"
	"strings"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

func talkOf(t *testing.T, db postgres.DB, a access.Actor, p id.Proposal) string {
	t.Helper()
	var list []proposal.Comment
	must(t, postgres.Read(t.Context(), db, proposal.CommentsInto(&list, a, p)))
	var texts []string
	for _, c := range list {
		texts = append(texts, c.Text)
	}
	return strings.Join(texts, " ")
}

func TestWhoTakesPartInTheTalkAboutAPaper(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	steps(t, tx, owner)
	colleague := proposaltest.Actor(t, tx, "C. Collega", access.Grant{Role: access.Author, Organisation: owner.ID})
	open := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body)
	closed := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body, proposaltest.Closed)
	for _, p := range []proposal.Proposal{open, closed} {
		must(t, proposal.MarkReady(t.Context(), tx, owner.Author, p.ID, owner.Holder.Person))
	}
	people := []struct {
		who          string
		actor        access.Actor
		open, closed bool
	}{
		{"steller", owner.Author, true, true},
		{"portefeuillehouder who was asked", owner.Holder, true, true},
		{"griffier", owner.Clerk, true, false},
		{"griffiemedewerker", owner.Staff, true, false},
		{"secretaris", owner.Secretary, true, false},
		{"another steller", colleague, false, false},
		{"raadslid", owner.Member, false, false},
		{"griffier of the target", target.Clerk, false, false},
		{"the public", access.Actor{At: proposaltest.At}, false, false},
	}
	for _, c := range people {
		for _, x := range []struct {
			paper id.Proposal
			may   bool
		}{{open.ID, c.open}, {closed.ID, c.closed}} {
			if err := proposal.AddComment(t.Context(), tx, c.actor, x.paper, "", "Gezegd."); (err == nil) != x.may {
				t.Errorf("%s: %v, may %v", c.who, err, x.may)
			}
		}
	}
	for _, c := range people {
		if got := talkOf(t, tx, c.actor, open.ID); (got != "") != c.open {
			t.Errorf("%s reads %q of the open paper", c.who, got)
		}
		if got := talkOf(t, tx, c.actor, closed.ID); (got != "") != c.closed {
			t.Errorf("%s reads %q of the closed paper", c.who, got)
		}
	}
}

func TestTheTalkIsGoneOnceThePaperIsPublic(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p, m := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body), proposaltest.Meeting(t, tx, target)
	key := id.NewKey()
	for range 2 {
		must(t, proposal.AddComment(t.Context(), tx, owner.Author, p.ID, key, "Eén keer."))
	}
	if got := talkOf(t, tx, owner.Clerk, p.ID); got != "Eén keer." {
		t.Errorf("said twice: %q", got)
	}
	_, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", "")
	must(t, err)
	if got := talkOf(t, tx, target.Clerk, p.ID); got != "" {
		t.Errorf("the griffier of the target reads %q", got)
	}
	must(t, proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{p.ID}))
	for who, a := range map[string]access.Actor{"the steller": owner.Author, "the griffier": owner.Clerk, "the public": {}} {
		if got := talkOf(t, tx, a, p.ID); got != "" {
			t.Errorf("%s still reads %q", who, got)
		}
	}
	if err := proposal.AddComment(t.Context(), tx, owner.Author, p.ID, "", "Nog iets."); !errors.Is(err, fault.Forbidden) {
		t.Errorf("after publication: %v", err)
	}
}

func TestWhatIsWrongWithAComment(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Hillegom")
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body)
	for _, text := range []string{" ", strings.Repeat("x", 4001)} {
		if err := proposal.AddComment(t.Context(), tx, owner.Author, p.ID, "", text); fields(t, err)["comment"] == "" {
			t.Errorf("%d characters: %v", len(text), err)
		}
	}
}
