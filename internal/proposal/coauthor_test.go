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

// steller gives the author of the place his role in the database too.
func steller(t *testing.T, db postgres.DB, p proposaltest.Place) {
	t.Helper()
	_, err := postgres.Exec(t.Context(), db, `insert into role_grants (id, person_id, role, organisation_id, valid_from)
			values (@id, @person, 'author', @org, '2018-01-01')`,
		postgres.Args{"id": id.New[id.Grant](), "person": p.Author.Person, "org": p.ID})
	must(t, err)
}

func TestStellersOfTwoOrganisationsWriteOneConcept(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, with, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Lisse"), proposaltest.NewPlace(t, tx, "Leiden")
	steller(t, tx, with)
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body)
	for who, a := range map[string]access.Actor{
		"a griffiemedewerker": owner.Staff, "the griffier": owner.Clerk, "a member": owner.Member,
		"the steller elsewhere": with.Author,
	} {
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
	// The steller and the secretaris have no word in who reads what is closed; the griffiemedewerker neither.
	for who, a := range map[string]access.Actor{"the steller": owner.Author, "the griffiemedewerker": owner.Staff, "the griffier there": with.Clerk} {
		err := proposal.SetCoAuthors(t.Context(), tx, a, p.ID, with.ID, []id.Person{with.Author.Person})
		if who == "the steller" && !strings.Contains(fields(t, err)["people"], "vraag de griffier (Raad van Hillegom") || err == nil {
			t.Errorf("%s opens it: %v", who, err)
		}
		if _, err := proposal.Find(t.Context(), tx, with.Author, p.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("opened by %s: %v", who, err)
		}
	}
	// Members of the body do not read a concept yet, so that one of them is a steller elsewhere changes nothing.
	_, err := postgres.Exec(t.Context(), tx, `insert into mandates (id, person_id, body_id, function, starts_on)
			values (@id, @person, @body, 'councillor', '2018-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": with.Author.Person, "body": owner.Body})
	must(t, err)
	if err := proposal.SetCoAuthors(t.Context(), tx, owner.Author, p.ID, with.ID, []id.Person{with.Author.Person}); err == nil || fields(t, err)["people"] == "" {
		t.Errorf("the steller opens a concept to a member: %v", err)
	}
	must(t, proposal.SetCoAuthors(t.Context(), tx, owner.Clerk, p.ID, with.ID, []id.Person{with.Author.Person}))
	must(t, proposal.SetCoAuthors(t.Context(), tx, owner.Author, p.ID, with.ID, []id.Person{with.Author.Person})) // who reads it already
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
	if err := proposal.SetCoAuthors(t.Context(), nil, access.Actor{}, id.New[id.Proposal](), id.New[id.Organisation](),
		make([]id.Person, 61)); !errors.As(err, &fields) || fields["people"] == "" {
		t.Errorf("61 people who write along: %v", err)
	}
	long := proposal.Draft{}
	long.Authors, long.PortfolioHolders = make([]proposal.Author, 21), make([]proposal.Holder, 21)
	long.OrganiserIDs, long.DecisionPoints = make([]id.Organisation, 61), make([]string, 51)
	if err := long.Check(proposaltest.At); !errors.As(err, &fields) || fields["authors"] == "" || fields["portfolio_holders"] == "" ||
		fields["organiser_ids"] == "" || fields["decision_points"] == "" {
		t.Errorf("a paper: %v", err)
	}
}

// moved is the same person with another place to work.
func moved(a access.Actor, grants ...access.Grant) access.Actor {
	a.Grants = grants
	return a
}

// Who works for no organisation of a paper any more reads it no longer, whatever he wrote, was asked or said.
func TestWhoLeftReadsNoLonger(t *testing.T) {
	t.Parallel()
	for _, closed := range []bool{false, true} {
		tx := pgtest.Tx(t)
		owner, with, other := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Lisse"), proposaltest.NewPlace(t, tx, "Leiden")
		steller(t, tx, with)
		var p proposal.Proposal
		if closed {
			p = proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body, proposaltest.Closed)
		} else {
			p = proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body)
		}
		must(t, proposal.SetCoAuthors(t.Context(), tx, owner.Clerk, p.ID, with.ID, []id.Person{with.Author.Person}))
		must(t, proposal.AddComment(t.Context(), tx, with.Author, p.ID, id.NewKey(), "Van Lisse."))
		_, err := postgres.Exec(t.Context(), tx, `update proposals set participant_org_ids = @orgs, adviser_org_ids = @orgs where id = @id`,
			postgres.Args{"id": p.ID, "orgs": []id.Organisation{other.ID}}.As(owner.Author))
		must(t, err)
		at := func(org id.Organisation, r access.Role) access.Grant { return access.Grant{Role: r, Organisation: org} }
		for who, a := range map[string]access.Actor{
			"a writer of the owner without work":                      moved(owner.Author),
			"a writer of the owner, at an organisation that gets it":  moved(owner.Author, at(other.ID, access.Author)),
			"a co-author without work":                                moved(with.Author),
			"a co-author, at an organisation that gets it":            moved(with.Author, at(other.ID, access.Author)),
			"the administrator of the owner, who wrote it once":       moved(owner.Author, at(owner.ID, access.Admin)),
			"the griffier of an organisation that gets it when it is": other.Clerk,
		} {
			if _, err := proposal.Find(t.Context(), tx, a, p.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("closed %v: %s reads it: %v", closed, who, err)
			}
			var comments []proposal.Comment
			must(t, postgres.Read(t.Context(), tx, proposal.CommentsInto(&comments, a, p.ID)))
			if len(comments) > 0 {
				t.Errorf("closed %v: %s reads the talk", closed, who)
			}
		}
		// Who is no steller there any more, and still works there, goes with his organisation, and does not come back with it.
		_, err = postgres.Exec(t.Context(), tx, `update role_grants set role = 'controller' where person_id = @person`, postgres.Args{"person": with.Author.Person})
		must(t, err)
		second := proposaltest.Actor(t, tx, "T. Steller Lisse", at(with.ID, access.Author))
		_, err = postgres.Exec(t.Context(), tx, `insert into role_grants (id, person_id, role, organisation_id, valid_from)
				values (@id, @person, 'author', @org, '2018-01-01')`,
			postgres.Args{"id": id.New[id.Grant](), "person": second.Person, "org": with.ID})
		must(t, err)
		must(t, proposal.SetCoAuthors(t.Context(), tx, owner.Clerk, p.ID, with.ID, nil))
		must(t, proposal.SetCoAuthors(t.Context(), tx, owner.Clerk, p.ID, with.ID, []id.Person{second.Person}))
		if _, err := proposal.Find(t.Context(), tx, second, p.ID); err != nil {
			t.Errorf("closed %v: the new co-author: %v", closed, err)
		}
		if _, err := proposal.Find(t.Context(), tx, moved(with.Author, at(with.ID, access.Controller)), p.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("closed %v: who was taken off reads it again: %v", closed, err)
		}
		// What of the talk and the advice still names an organisation that was taken off, stays shut with the paper.
		must(t, proposal.SetCoAuthors(t.Context(), tx, owner.Clerk, p.ID, with.ID, nil))
		_, err = postgres.Exec(t.Context(), tx, `update comments set org_ids = org_ids || @org::uuid where proposal_id = @id`,
			postgres.Args{"id": p.ID, "org": with.ID}.As(owner.Author))
		must(t, err)
		var comments []proposal.Comment
		var advices []proposal.Advice
		must(t, postgres.Read(t.Context(), tx, proposal.CommentsInto(&comments, with.Clerk, p.ID), proposal.AdvicesInto(&advices, with.Clerk, p.ID)))
		if len(comments)+len(advices) > 0 {
			t.Errorf("closed %v: the griffier of an organisation that was taken off reads %v, %v", closed, comments, advices)
		}
	}
}
