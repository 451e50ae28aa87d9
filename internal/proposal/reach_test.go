package proposal_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

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
