package proposal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/difference"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

func TestExplicitlyNoneIsAWordOfItsOwnBetweenVersions(t *testing.T) {
	t.Parallel()
	full := proposal.Snapshot{Content: proposaltest.Full(t, "Eerst", false, "")}
	if changes := proposal.Compare(full, full); len(changes) > 0 {
		t.Errorf("nothing changed, and %v shows", changes)
	}
	none := full
	none.Legal, none.LegalNa = "", true
	changes := proposal.Compare(full, none)
	if len(changes) != 1 || changes[0].Label != "Juridisch" || changes[0].Pieces[1].Text != "N.v.t." && changes[0].Pieces[1].Kind != difference.Added {
		t.Errorf("explicitly none: %v", changes)
	}
}

func TestAReaderKeepsWhatHeReadForHimself(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	read := func(a access.Actor) (list []proposal.Reading) {
		t.Helper()
		must(t, postgres.Read(t.Context(), tx, proposal.ReadingInto(&list, a, p.ID)))
		return list
	}
	for range 2 {
		must(t, proposal.MarkRead(t.Context(), tx, target.Member, p.ID, 1))
	}
	if err := proposal.MarkRead(t.Context(), tx, target.Member, p.ID, 2); !errors.Is(err, fault.NotFound) {
		t.Errorf("a version that is not there: %v", err)
	}
	d := proposal.DraftOf(p)
	d.Legal = "Geen."
	_, err := proposal.Revise(t.Context(), tx, owner.Author, p.ID, d)
	must(t, err)
	must(t, proposal.MarkRead(t.Context(), tx, target.Member, p.ID, 2))
	must(t, proposal.MarkRead(t.Context(), tx, target.Member, p.ID, 1))
	if list := read(target.Member); len(list) != 1 || list[0].Version != 2 {
		t.Errorf("he reads back %v", list)
	}
	if list := read(owner.Author); len(list) > 0 {
		t.Errorf("another reads it too: %v", list)
	}
	if err := proposal.MarkRead(t.Context(), tx, access.Actor{At: proposaltest.At}, p.ID, 1); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the public: %v", err)
	}
	stranger := proposaltest.NewPlace(t, tx, "Elders")
	if err := proposal.MarkRead(t.Context(), tx, stranger.Member, p.ID, 1); !errors.Is(err, fault.NotFound) {
		t.Errorf("who may not see the paper: %v", err)
	}
	// The second wall: without the condition there are no rows of others either.
	list, err := postgres.All[int](t.Context(), tx, `select version from proposal_readings`, postgres.Args{}.As(owner.Clerk))
	if err != nil || len(list) > 0 {
		t.Errorf("row security lets %v through: %v", list, err)
	}
}

func TestOnceABodyDecidedAChangeSaysWhetherItMustDoSoAgain(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target, other := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Lisse")
	p, m := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body), proposaltest.Meeting(t, tx, target, other)
	_, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", "")
	must(t, err)
	settled := proposal.Settled{Proposal: p.ID, Meeting: m, Body: other.Body, Kind: proposal.PutOff, Version: 1, DecidedOn: proposaltest.At}
	advance(t, tx, other.Clerk, settled)
	d := proposal.DraftOf(p)
	d.Legal = "Geen."
	p, err = proposal.Revise(t.Context(), tx, owner.Author, p.ID, d)
	must(t, err) // putting off is no decision on the paper

	settled.Kind = proposal.Noted
	advance(t, tx, other.Clerk, settled)
	if found := find(t, tx, owner.Author, p.ID); found.State != proposal.Scheduled || len(found.DecidedBodyIDs) != 1 {
		t.Fatalf("the paper is %s, decided by %v", found.State, found.DecidedBodyIDs)
	}
	d = proposal.DraftOf(p)
	if _, err = proposal.Revise(t.Context(), tx, owner.Author, p.ID, d); err != nil {
		t.Errorf("nothing changed, and it is asked: %v", err)
	}
	p = find(t, tx, owner.Author, p.ID)
	d = proposal.DraftOf(p)
	d.Financial = "Toch 10 euro."
	_, err = proposal.Revise(t.Context(), tx, owner.Author, p.ID, d)
	if why := fields(t, err); why["renewal"] == "" || why["renewal_reason"] == "" {
		t.Errorf("unasked: %v", err)
	}
	d.Renewal = proposal.Renewal{Renewal: proposal.RenewalNeeded, RenewalReason: "Het kost geld."}
	_, err = proposal.Revise(t.Context(), tx, owner.Author, p.ID, d)
	must(t, err)
	var versions []proposal.Version
	must(t, postgres.Read(t.Context(), tx, proposal.Versions(&versions, target.Member, p.ID)))
	if versions[0].Number != 3 || versions[0].Renewal.Renewal != "ja" || versions[0].RenewalReason != "Het kost geld." || versions[1].Renewal.Renewal != "" {
		t.Errorf("kept %+v", versions)
	}
	var queued proposal.Changed
	var args string
	if err := tx.QueryRow(t.Context(), `select args::text from river_job where kind = 'proposal.changed'`).Scan(&args); err != nil {
		t.Fatalf("nobody is told: %v", err)
	}
	if err := json.Unmarshal([]byte(args), &queued); err != nil || queued.Version != 3 || fmt.Sprint(queued.Bodies) != fmt.Sprint([]id.Body{other.Body}) {
		t.Errorf("told %s: %v", args, err)
	}
	// Two at once: the later one sees both, whatever he answered.
	if _, err := proposal.Revise(t.Context(), tx, owner.Clerk, p.ID, func() proposal.Draft { d.Financial = "Iets anders."; return d }()); !errors.Is(err, fault.Conflict) {
		t.Errorf("on an older version: %v", err)
	}
}

func TestAFieldThatCameLaterMakesNoVersion(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target, other := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Lisse")
	p, m := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body), proposaltest.Meeting(t, tx, target, other)
	_, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", "")
	must(t, err)
	p, err = proposal.FindLocked(t.Context(), tx, other.Clerk, p.ID)
	must(t, err)
	must(t, proposal.Advance(t.Context(), tx, other.Clerk, p, proposal.Settled{
		Proposal: p.ID, Meeting: m, Body: other.Body, Kind: proposal.Noted, Version: 1, DecidedOn: proposaltest.At,
	}))
	// As a version of before these fields has it.
	n, err := postgres.Exec(t.Context(), tx, `update proposal_versions set fields = fields - '{Legal,LegalNa,Minutes,DecisionPoints,PortfolioHolders}'::text[] where proposal_id = @id`,
		postgres.Args{"id": p.ID}.As(owner.Author))
	if err != nil || n != 1 {
		t.Fatalf("taking fields out of %d versions: %v", n, err)
	}
	p, err = proposal.Revise(t.Context(), tx, owner.Author, p.ID, proposal.DraftOf(find(t, tx, owner.Author, p.ID)))
	must(t, err)
	told := func() (versions []proposal.Version, mails int) {
		t.Helper()
		must(t, postgres.Read(t.Context(), tx, proposal.Versions(&versions, owner.Author, p.ID)))
		must(t, tx.QueryRow(t.Context(), `select count(*) from river_job where kind = 'proposal.changed'`).Scan(&mails))
		return versions, mails
	}
	if versions, mails := told(); len(versions) != 1 || mails > 0 {
		t.Errorf("nothing was changed, and %d versions are kept and %d mails go out", len(versions), mails)
	}
	d := proposal.DraftOf(p)
	d.Legal, d.Renewal = "Geen.", proposal.Renewal{Renewal: proposal.NoRenewal, RenewalReason: "Het zegt niets nieuws."}
	_, err = proposal.Revise(t.Context(), tx, owner.Author, p.ID, d)
	must(t, err)
	if versions, mails := told(); len(versions) != 2 || mails != 1 {
		t.Errorf("what was filled in is kept in %d versions and told in %d mails", len(versions), mails)
	}
}
