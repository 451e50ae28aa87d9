package proposal_test

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
)

// steller gives the author of the place his role in the database too.
func steller(t *testing.T, db postgres.DB, p proposaltest.Place) {
	t.Helper()
	_, err := postgres.Exec(t.Context(), db, `insert into role_grants (id, person_id, role, organisation_id, valid_from) values (@id, @person, 'author', @org, '2018-01-01')`,
		postgres.Args{"id": id.New[id.Grant](), "person": p.Author.Person, "org": p.ID})
	must(t, err)
}

func TestStellersOfTwoOrganisationsWriteOneConcept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, with, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Lisse"), proposaltest.NewPlace(t, tx, "Leiden")
	steller(t, tx, with)
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body)
	for who, a := range map[string]access.Actor{"a griffiemedewerker": owner.Staff, "the griffier": owner.Clerk, "a member": owner.Member, "the steller elsewhere": with.Author} {
		err := proposal.SetCoAuthors(t.Context(), tx, a, p.ID, with.ID, nil)
		if may := who == "the griffier"; (err == nil) != may {
			t.Errorf("%s: %v", who, err)
		}
	}
	if err := proposal.SetCoAuthors(t.Context(), tx, owner.Author, p.ID, with.ID, []id.Person{with.Member.Person}); fields(t, err)["people"] == "" {
		t.Errorf("a member writes along: %v", err)
	}
	if err := proposal.SetCoAuthors(t.Context(), tx, owner.Author, p.ID, owner.ID, []id.Person{owner.Author.Person}); fields(t, err)["organisatie"] == "" {
		t.Errorf("together with oneself: %v", err)
	}
	for range 2 {
		must(t, proposal.SetCoAuthors(t.Context(), tx, owner.Author, p.ID, with.ID, []id.Person{with.Author.Person}))
	}
	shared := find(t, tx, with.Author, p.ID)
	if len(shared.CoOrgs) != 1 || shared.CoOrgs[0].ID != with.ID || len(shared.WriterIDs) != 2 {
		t.Errorf("written together with %v by %v", shared.CoOrgs, shared.WriterIDs)
	}
	if !proposal.CanRevise(with.Author, shared) || !proposal.CanComment(with.Author, shared) || !proposal.CanComment(with.Clerk, shared) {
		t.Error("who writes along may not change it, or has no part in the talk")
	}
	for what, can := range map[string]bool{
		"offer": proposal.CanOffer(with.Author, shared), "withdraw": proposal.CanWithdraw(with.Author, shared), "invite": proposal.CanInvite(with.Author, shared),
		"revise as their griffier": proposal.CanRevise(with.Clerk, shared),
	} {
		if can {
			t.Errorf("who writes along may %s", what)
		}
	}
	if _, err := proposal.Find(t.Context(), tx, with.Clerk, p.ID); err != nil {
		t.Errorf("their griffier does not read along: %v", err)
	}
	if _, err := proposal.Find(t.Context(), tx, with.Member, p.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("a member there reads the concept: %v", err)
	}

	// Two at once: the later one is told, and nothing is lost.
	ours, theirs := proposal.DraftOf(shared), proposal.DraftOf(shared)
	ours.Legal, theirs.Legal = "Van Hillegom.", "Van Lisse."
	_, err := proposal.Revise(t.Context(), tx, with.Author, p.ID, theirs)
	must(t, err)
	if _, err := proposal.Revise(t.Context(), tx, owner.Author, p.ID, ours); !errors.Is(err, fault.Conflict) {
		t.Errorf("the later one: %v", err)
	}

	must(t, proposal.SetCoAuthors(t.Context(), tx, owner.Author, p.ID, with.ID, nil))
	for who, a := range map[string]access.Actor{"the steller": with.Author, "the griffier": with.Clerk} {
		if _, err := proposal.Find(t.Context(), tx, a, p.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s still reads it: %v", who, err)
		}
	}
}

func TestAClosedConceptIsWrittenTogetherByItsWritersAlone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, with := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Lisse")
	steller(t, tx, with)
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body, proposaltest.Closed)
	must(t, proposal.SetCoAuthors(t.Context(), tx, owner.Author, p.ID, with.ID, []id.Person{with.Author.Person}))
	if found := find(t, tx, with.Author, p.ID); !proposal.CanRevise(with.Author, found) {
		t.Error("who writes along may not change it")
	}
	for who, a := range map[string]access.Actor{"the griffier there": with.Clerk, "the secretaris there": with.Secretary} {
		if _, err := proposal.Find(t.Context(), tx, a, p.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s reads it: %v", who, err)
		}
	}
}

// The bounds come before the database is asked.
func TestListsOfAPaperHaveBounds(t *testing.T) {
	t.Parallel()
	var fields fault.Fields
	if err := proposal.SetCoAuthors(t.Context(), nil, access.Actor{}, id.New[id.Proposal](), id.New[id.Organisation](), make([]id.Person, 61)); !errors.As(err, &fields) || fields["people"] == "" {
		t.Errorf("61 people who write along: %v", err)
	}
	if err := proposal.Send(t.Context(), nil, access.Actor{}, id.New[id.Proposal](), make([]string, 1001), nil); !errors.As(err, &fields) || fields["steps"] == "" {
		t.Errorf("1,001 steps at once: %v", err)
	}
	long := proposal.Draft{}
	long.Authors, long.PortfolioHolders = make([]proposal.Author, 21), make([]proposal.Holder, 21)
	long.OrganiserIDs, long.DecisionPoints = make([]id.Organisation, 61), make([]string, 51)
	if err := long.Check(proposaltest.At); !errors.As(err, &fields) || fields["authors"] == "" || fields["portfolio_holders"] == "" || fields["organiser_ids"] == "" || fields["decision_points"] == "" {
		t.Errorf("a paper: %v", err)
	}
}
