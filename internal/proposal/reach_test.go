package proposal_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

func attachments(t *testing.T, db postgres.DB, a access.Actor, p id.Proposal) []file.Attachment {
	t.Helper()
	var list []file.Attachment
	must(t, postgres.Read(t.Context(), db, file.Of(&list, a, string(p))))
	return list
}

func TestAnAttachmentIsTakenAwayByItsOwnPaperAlone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Hillegom")
	with := func(d *proposal.Draft) { d.AttachmentsNa = false }
	p, other := proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body, with), proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body, with)
	must(t, proposal.Attach(t.Context(), tx, filetest.Store(t), owner.Author, p.ID, filetest.Upload("stuk.pdf")))
	key := attachments(t, tx, owner.Author, p.ID)[0].Key
	if err := proposal.Detach(t.Context(), tx, owner.Author, other.ID, key); !errors.Is(err, fault.NotFound) {
		t.Errorf("by another paper: %v, want not found", err)
	}
	if n := len(attachments(t, tx, owner.Author, p.ID)); n != 1 {
		t.Errorf("the paper has %d attachments", n)
	}
}

func TestOnceOfferedNobodyElseComesToWriteAlong(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, with, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Lisse"), proposaltest.NewPlace(t, tx, "Leiden")
	steller(t, tx, with)
	p := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	for who, a := range map[string]access.Actor{"the steller": owner.Author, "the griffier": owner.Clerk, "the secretaris": owner.Secretary} {
		if err := proposal.SetCoAuthors(t.Context(), tx, a, p.ID, with.ID, []id.Person{with.Author.Person}); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", who, err)
		}
	}
	if slices.Contains(find(t, tx, owner.Author, p.ID).WriterIDs, with.Author.Person) {
		t.Error("someone came to write along")
	}
}

// Who gives consent holds a portfolio at that moment, and not only when he was asked.
func TestWhoHoldsNoPortfolioAnyMoreGivesNoConsent(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Hillegom")
	steps(t, tx, owner)
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body)
	must(t, proposal.MarkReady(t.Context(), tx, owner.Author, p.ID, owner.Holder.Person))
	left := owner.Holder
	left.Grants = []access.Grant{{Role: access.Member, Organisation: owner.ID, Body: owner.Body}} // he went back to the council
	another := proposaltest.Actor(t, tx, "W. Andere", access.Grant{Role: access.PortfolioHolder, Organisation: owner.ID})
	ready := find(t, tx, owner.Author, p.ID)
	for who, a := range map[string]access.Actor{"who left office": left, "another portefeuillehouder": another, "nobody": {Grants: another.Grants}} {
		if proposal.CanAgree(a, ready) || proposal.CanSendBack(a, ready) || proposal.CanComment(a, ready) {
			t.Errorf("%s has a say", who)
		}
	}
	if err := proposal.Agree(t.Context(), tx, left, p.ID); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who left office: %v, want forbidden", err)
	}
	must(t, proposal.Agree(t.Context(), tx, owner.Holder, p.ID))
}

// The first wall alone: whoever reads the paper does not read the talk about it, nor the advice on it.
func TestTheQueriesKeepTalkAndAdviceFromWhoReadsThePaper(t *testing.T) {
	t.Parallel()
	tx := pgtest.OneWall(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	works(t, tx, owner.Secretary, owner, "adviser")
	p := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	must(t, proposal.AddComment(t.Context(), tx, owner.Author, p.ID, "", "Onder ons."))
	must(t, proposal.AskAdvice(t.Context(), tx, owner.Author, p.ID, ask(owner.Secretary.Person, "")))
	for who, a := range map[string]access.Actor{"a member here": owner.Member, "the griffier there": target.Clerk, "a member there": target.Member} {
		if _, err := proposal.Find(t.Context(), tx, a, p.ID); err != nil {
			t.Errorf("%s does not read the paper: %v", who, err)
		}
		if got := talkOf(t, tx, a, p.ID); got != "" {
			t.Errorf("%s reads %q", who, got)
		}
		if list := adviceOn(t, tx, a, p.ID); len(list) > 0 {
			t.Errorf("%s reads the advice", who)
		}
	}
	if got := talkOf(t, tx, owner.Clerk, p.ID); !strings.Contains(got, "Onder ons.") || len(adviceOn(t, tx, owner.Clerk, p.ID)) != 1 {
		t.Errorf("the griffier here reads %q", got)
	}
}

// The first wall alone: a paper is found, listed, counted and acted upon by its readers, whichever way one asks for it.
func TestTheQueriesKeepPapersFromOthers(t *testing.T) {
	t.Parallel()
	tx := pgtest.OneWall(t)
	owner, target, elsewhere := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Lisse")
	concept := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body)
	closed := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body, proposaltest.Closed)
	m := proposaltest.Meeting(t, tx, target)
	if _, err := proposal.Schedule(t.Context(), tx, target.Clerk, closed.ID, m, []id.Body{target.Body}, closed.Ground, closed.PublicTitle); err != nil {
		t.Fatal(err)
	}
	proposaltest.Item(t, tx, target, m, closed.ID)
	_, err := postgres.Exec(t.Context(), tx, `update agenda_item_matters x set visibility = 'org', audience_bodies = array[@body::uuid] where x.proposal_id = @id`,
		postgres.Args{"body": target.Body, "id": closed.ID})
	must(t, err)
	offered := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body, proposaltest.Closed)

	for who, a := range map[string]access.Actor{
		"the public": {At: proposaltest.At}, "a griffier elsewhere": elsewhere.Clerk,
		"a steller there": target.Author, "a member here": owner.Member,
	} {
		for what, p := range map[string]proposal.Proposal{"a concept": concept, "a closed paper": closed} {
			if _, err := proposal.Find(t.Context(), tx, a, p.ID); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s finds %s: %v", who, what, err)
			}
			if _, err := proposal.FindByKey(t.Context(), tx, a, p.Key); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s finds %s by its key: %v", who, what, err)
			}
			if err := proposal.AddComment(t.Context(), tx, a, p.ID, "", "Gezegd."); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s says something of %s: %v", who, what, err)
			}
			if err := proposal.Withdraw(t.Context(), tx, a, p.ID, "Weg ermee."); !errors.Is(err, fault.NotFound) {
				t.Errorf("%s withdraws %s: %v", who, what, err)
			}
		}
		var rows, tray []proposal.Row
		var owning []proposal.Organiser
		var versions []proposal.Version
		var one proposal.Version
		var places []proposal.Place
		total := 0
		must(t, postgres.Read(t.Context(), tx, proposal.List(&rows, a, proposal.Filter{}), proposal.Total(&total, a, proposal.Filter{}), proposal.Owning(&owning, a),
			proposal.OfferedTo(&tray, a, []id.Body{target.Body}), proposal.Versions(&versions, a, closed.ID), proposal.Places(&places, a, closed.ID)))
		if len(rows)+len(tray)+len(owning)+len(versions)+len(places)+total > 0 {
			t.Errorf("%s lists %d papers of %d, %d in a tray, %v, %d versions and %v", who, len(rows), total, len(tray), owning, len(versions), places)
		}
		if err := postgres.Read(t.Context(), tx, proposal.VersionByKey(&one, a, closed.Key, 1)); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s reads a version: %v", who, err)
		}
		if err := proposal.MarkRead(t.Context(), tx, a, closed.ID, 1); a.Person != "" && !errors.Is(err, fault.NotFound) {
			t.Errorf("%s marks it as read: %v", who, err)
		}
	}
	var tray []proposal.Row
	var versions []proposal.Version
	var places []proposal.Place
	must(t, postgres.Read(t.Context(), tx, proposal.OfferedTo(&tray, target.Clerk, []id.Body{target.Body}),
		proposal.Versions(&versions, target.Member, closed.ID), proposal.Places(&places, target.Member, closed.ID)))
	if len(tray) != 1 || tray[0].ID != offered.ID || len(versions) != 1 || len(places) != 1 {
		t.Errorf("its readers find %d in the tray, %d versions, %v", len(tray), len(versions), places)
	}
}

// The first wall alone: what someone read of a paper is for himself.
func TestTheQueriesKeepReadingFromOthers(t *testing.T) {
	t.Parallel()
	tx := pgtest.OneWall(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	must(t, proposal.MarkRead(t.Context(), tx, target.Member, p.ID, 1))
	var his, read []proposal.Reading
	must(t, postgres.Read(t.Context(), tx, proposal.ReadingInto(&his, target.Member, p.ID), proposal.ReadingInto(&read, owner.Member, p.ID)))
	if len(his) != 1 || len(read) > 0 {
		t.Errorf("he reads %v, and another reads what someone read: %v", his, read)
	}
}

func TestTheVerbsRefuseWhoSeesThePaper(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Hillegom")
	steps(t, tx, owner)
	files := filetest.Store(t)
	forbidden := func(act string, err error) {
		t.Helper()
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", act, err)
		}
	}
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, owner.Body, func(d *proposal.Draft) { d.AttachmentsNa = false })
	must(t, proposal.Attach(t.Context(), tx, files, owner.Author, p.ID, filetest.Upload("stuk.pdf")))
	key := attachments(t, tx, owner.Author, p.ID)[0].Key
	forbidden("the staff marks it ready", proposal.MarkReady(t.Context(), tx, owner.Staff, p.ID, owner.Holder.Person))
	must(t, proposal.MarkReady(t.Context(), tx, owner.Author, p.ID, owner.Holder.Person))
	forbidden("the staff sends it back", proposal.SendBack(t.Context(), tx, owner.Staff, p.ID, "Nog niet."))
	forbidden("a file while it waits", proposal.Attach(t.Context(), tx, files, owner.Author, p.ID, filetest.Upload("meer.pdf")))
	forbidden("a file less while it waits", proposal.Detach(t.Context(), tx, owner.Author, p.ID, key))
	forbidden("the griffier consents", proposal.Agree(t.Context(), tx, owner.Clerk, p.ID))
	idle := owner.Holder
	idle.Account, idle.Confirmed = id.New[id.Account](), proposaltest.At.Add(-time.Hour)
	if err := proposal.Agree(t.Context(), tx, idle, p.ID); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("consent after an hour: %v, want the password", err)
	}
	must(t, proposal.Agree(t.Context(), tx, owner.Holder, p.ID))
	p, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	must(t, err)
	// A key that is taken makes a paper of one's own.
	d := proposaltest.Draft(owner.ID, owner.Body)
	d.Key, d.Subject = p.Key, "Van een ander"
	if made, err := proposal.Create(t.Context(), tx, owner.Secretary, d); err == nil && made.ID == p.ID {
		t.Error("the key of another's paper gives that paper")
	}
}

func TestWhatIsPublicStays(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.AttachmentsNa = false })
	must(t, proposal.Attach(t.Context(), tx, filetest.Store(t), owner.Author, p.ID, filetest.Upload("stuk.pdf")))
	p, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	must(t, err)
	_, err = proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, proposaltest.Meeting(t, tx, target), nil, "", "")
	must(t, err)
	must(t, proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{p.ID}))
	p = find(t, tx, owner.Author, p.ID)
	d := proposal.DraftOf(p)
	proposaltest.Closed(&d)
	if _, err := proposal.Revise(t.Context(), tx, owner.Author, p.ID, d); fields(t, err)["closed"] == "" {
		t.Errorf("a public paper is closed by revising it: %v", err)
	}
	key := attachments(t, tx, owner.Author, p.ID)[0].Key
	if err := proposal.Detach(t.Context(), tx, owner.Author, p.ID, key); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a public attachment is taken away: %v", err)
	}
}

// What is said of a closed paper, and who advises on it, is for fewer than read the paper; by each wall.
func TestTalkAndAdviceAreForFewerThanThePaper(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	works(t, tx, target.Member, target, "councillor")
	colleague := proposaltest.Actor(t, tx, "C. Collega", access.Grant{Role: access.Author, Organisation: owner.ID})
	works(t, tx, colleague, owner, "adviser")
	alone := func(table string, a access.Actor, p id.Proposal) int {
		t.Helper()
		n, err := postgres.One[int](t.Context(), tx, `select count(*)::int from `+table+` where proposal_id = @id`, postgres.Args{"id": p}.As(a))
		must(t, err)
		return n
	}
	open := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body)
	must(t, proposal.AskAdvice(t.Context(), tx, owner.Author, open.ID, ask(colleague.Person, "")))
	must(t, proposal.AddComment(t.Context(), tx, owner.Author, open.ID, "", "Onder ons."))
	if talkOf(t, tx, colleague, open.ID) != "" || alone("comments", colleague, open.ID) > 0 {
		t.Error("who reads along for his advice reads the talk")
	}
	closed := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body, proposaltest.Closed, func(d *proposal.Draft) {
		d.Authors = append(d.Authors, proposal.Author{Name: colleague.Name, Person: colleague.Person})
	})
	must(t, proposal.AddComment(t.Context(), tx, owner.Author, closed.ID, "", "Onder ons."))
	must(t, proposal.AskAdvice(t.Context(), tx, owner.Author, closed.ID, ask(colleague.Person, "")))
	for who, a := range map[string]access.Actor{"the griffier here": owner.Clerk, "the griffier of its body": target.Clerk} {
		if talkOf(t, tx, a, closed.ID) != "" || alone("comments", a, closed.ID) > 0 {
			t.Errorf("%s reads the talk about a closed paper", who)
		}
		if len(adviceOn(t, tx, a, closed.ID)) > 0 || alone("advices", a, closed.ID) > 0 {
			t.Errorf("%s reads the advice that was asked of a writer", who)
		}
	}
	if alone("comments", colleague, closed.ID) != 1 || alone("advices", colleague, closed.ID) != 1 {
		t.Error("a writer does not read the talk, or what is asked of him")
	}
}
