package proposal_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

// steps lets papers of the place take the inner steps, with its Holder in office.
func steps(t *testing.T, db postgres.DB, p proposaltest.Place) {
	t.Helper()
	must(t, partner.SetInnerSteps(t.Context(), db, p.Secretary, p.ID, true))
	_, err := postgres.Exec(t.Context(), db, `insert into mandates (id, person_id, body_id, function, starts_on) values (@id, @person, @body, 'alderman', '2018-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": p.Holder.Person, "body": p.Body})
	must(t, err)
}

func find(t *testing.T, db postgres.DB, a access.Actor, p id.Proposal) proposal.Proposal {
	t.Helper()
	found, err := proposal.Find(t.Context(), db, a, p)
	must(t, err)
	return found
}

func movesOf(t *testing.T, db postgres.DB, a access.Actor, p id.Proposal) string {
	t.Helper()
	var list []proposal.Move
	must(t, postgres.Read(t.Context(), db, proposal.Moves(&list, a, p)))
	var acts []string
	for _, m := range slices.Backward(list) {
		act := string(m.Act)
		if m.Reason != "" {
			act += "(" + m.Reason + ")"
		}
		acts = append(acts, act)
	}
	return strings.Join(acts, " ")
}

func TestWhoMayMoveAPaper(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	begun, ahead := proposaltest.At.Add(-time.Minute), proposaltest.At.Add(time.Minute)
	paper := func(s proposal.State, change ...func(*proposal.Proposal)) proposal.Proposal {
		p := proposal.Proposal{
			Life: proposal.Life{State: s, HolderID: owner.Holder.Person}, OwnerOrgID: owner.ID, InnerSteps: true, Content: proposal.Content{TargetBodyID: target.Body},
			Audience: access.Audience{OrgIDs: []id.Organisation{owner.ID}, WriterIDs: []id.Person{owner.Author.Person, owner.Holder.Person}},
		}
		for _, c := range change {
			c(&p)
		}
		return p
	}
	without := func(p *proposal.Proposal) { p.InnerSteps = false }
	acts := []struct {
		name string
		can  func(access.Actor, proposal.Proposal) bool
	}{
		{"revise", proposal.CanRevise},
		{"ready", proposal.CanMarkReady},
		{"agree", proposal.CanAgree},
		{"return", proposal.CanSendBack},
		{"offer", proposal.CanOffer},
		{"withdraw", proposal.CanWithdraw},
	}
	people := []struct {
		name  string
		actor access.Actor
	}{
		{"steller", owner.Author},
		{"griffier", owner.Clerk},
		{"medewerker", owner.Staff},
		{"secretaris", owner.Secretary},
		{"houder", owner.Holder},
		{"raadslid", owner.Member},
		{"griffier-daar", target.Clerk},
		{"medewerker-daar", target.Staff},
		{"secretaris-daar", target.Secretary},
		{"publiek", access.Actor{At: proposaltest.At}},
	}
	const own = "steller griffier secretaris"
	for _, c := range []struct {
		name  string
		paper proposal.Proposal
		may   map[string]string
	}{
		{"concept", paper(proposal.Concept), map[string]string{"revise": "steller griffier medewerker secretaris", "ready": own, "withdraw": own}},
		{"concept without steps", paper(proposal.Concept, without), map[string]string{"revise": "steller griffier medewerker secretaris", "offer": own, "withdraw": own}},
		{"ready", paper(proposal.Ready), map[string]string{"agree": "houder", "return": own + " houder", "withdraw": own}},
		{"ready, and the steps set off", paper(proposal.Ready, without), map[string]string{"agree": "houder", "return": own + " houder", "offer": own, "withdraw": own}},
		{"agreed", paper(proposal.Agreed), map[string]string{"return": own + " houder", "offer": own, "withdraw": own}},
		{"returned", paper(proposal.Returned), map[string]string{"revise": "steller griffier medewerker secretaris", "ready": own, "withdraw": own}},
		{"offered", paper(proposal.Offered), map[string]string{"revise": own, "return": "griffier-daar", "withdraw": own}},
		{"offered and public", paper(proposal.Offered, func(p *proposal.Proposal) { p.Visibility = access.Public }), map[string]string{"revise": own, "withdraw": own}},
		{"scheduled", paper(proposal.Scheduled, func(p *proposal.Proposal) { p.TreatedFrom = &ahead }), map[string]string{"revise": own, "withdraw": own}},
		{"in treatment", paper(proposal.Scheduled, func(p *proposal.Proposal) { p.TreatedFrom = &begun }), map[string]string{"revise": own}},
		{"deferred", paper(proposal.Deferred), map[string]string{"revise": own, "withdraw": own}},
		{"settled", paper(proposal.Done), nil},
		{"withdrawn", paper(proposal.Withdrawn), nil},
	} {
		for _, act := range acts {
			var who []string
			for _, p := range people {
				if act.can(p.actor, c.paper) {
					who = append(who, p.name)
				}
			}
			want := strings.Fields(c.may[act.name])
			slices.Sort(who)
			slices.Sort(want)
			if !slices.Equal(who, want) {
				t.Errorf("%s: %s may %v, want %v", c.name, act.name, who, want)
			}
		}
	}
}

func TestAPaperWithInnerStepsGoesThroughThemBeforeItIsOffered(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	steps(t, tx, owner)
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body, func(d *proposal.Draft) { d.Summary = "" })
	if _, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID); !errors.Is(err, fault.Forbidden) {
		t.Errorf("offered past the steps: %v", err)
	}
	if err := proposal.MarkReady(t.Context(), tx, owner.Author, p.ID, owner.Holder.Person); fields(t, err)["summary"] == "" {
		t.Errorf("ready without a summary: %v", err)
	}
	d := proposal.DraftOf(p)
	d.Summary = "Waar het over gaat."
	_, err := proposal.Revise(t.Context(), tx, owner.Author, p.ID, d)
	must(t, err)
	if err := proposal.MarkReady(t.Context(), tx, owner.Author, p.ID, owner.Member.Person); fields(t, err)["holder_id"] == "" {
		t.Errorf("consent asked of a member: %v", err)
	}
	if _, err := proposal.Find(t.Context(), tx, owner.Holder, p.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the portfolio holder reads the concept: %v", err)
	}
	for range 2 {
		must(t, proposal.MarkReady(t.Context(), tx, owner.Author, p.ID, owner.Holder.Person))
	}
	if found := find(t, tx, owner.Holder, p.ID); found.State != proposal.Ready {
		t.Errorf("it is %s", found.State)
	}
	if _, err := proposal.Revise(t.Context(), tx, owner.Author, p.ID, d); !errors.Is(err, fault.Forbidden) {
		t.Errorf("changed while it waits for consent: %v", err)
	}
	for range 2 {
		must(t, proposal.Agree(t.Context(), tx, owner.Holder, p.ID))
	}
	if _, err := proposal.Find(t.Context(), tx, owner.Member, p.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("a member reads it before it is offered: %v", err)
	}
	offered, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	if err != nil || offered.State != proposal.Offered {
		t.Fatalf("offered: %v, %v", offered.State, err)
	}
	if got := movesOf(t, tx, owner.Author, p.ID); got != "ready agree offer" {
		t.Errorf("the steller reads %q", got)
	}
	if got := movesOf(t, tx, target.Member, p.ID); got != "offer" {
		t.Errorf("a member of the target reads %q", got)
	}
}

func TestAPaperSentBackIsAConceptAgainOnceItsWritersChangeIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	if err := proposal.SendBack(t.Context(), tx, target.Clerk, p.ID, " "); fields(t, err)["reason"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	for range 2 {
		must(t, proposal.SendBack(t.Context(), tx, target.Clerk, p.ID, "De kosten ontbreken."))
	}
	if err := proposal.SendBack(t.Context(), tx, target.Member, p.ID, "Ook zo."); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a member sends it back again: %v", err)
	}
	if found := find(t, tx, target.Member, p.ID); found.State != proposal.Returned || found.ReturnedReason != "De kosten ontbreken." {
		t.Errorf("who read it reads %s, %q", found.State, found.ReturnedReason)
	}
	d := proposal.DraftOf(p)
	d.Financial = "Het kost niets."
	revised, err := proposal.Revise(t.Context(), tx, owner.Author, p.ID, d)
	if err != nil || revised.State != proposal.Concept || revised.Visibility != access.Draft || revised.OfferedAt != nil {
		t.Fatalf("revised: %s, %s, %v", revised.State, revised.Visibility, err)
	}
	for who, a := range map[string]access.Actor{"the griffier there": target.Clerk, "a member there": target.Member, "a member here": owner.Member} {
		if _, err := proposal.Find(t.Context(), tx, a, p.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s reads the concept: %v", who, err)
		}
		if got := movesOf(t, tx, a, p.ID); got != "" {
			t.Errorf("%s reads the steps of the concept: %q", who, got)
		}
	}
	_, err = proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	must(t, err)
	var versions []proposal.Version
	must(t, postgres.Read(t.Context(), tx, proposal.Versions(&versions, target.Clerk, p.ID)))
	if len(versions) != 2 {
		t.Errorf("%d versions", len(versions))
	}
	if got := movesOf(t, tx, owner.Author, p.ID); got != "offer return(De kosten ontbreken.) reopen offer" {
		t.Errorf("the steller reads %q", got)
	}
}

func TestThePublicReadsTheStepsSinceThePublication(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p, m := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body), proposaltest.Meeting(t, tx, target)
	must(t, proposal.SendBack(t.Context(), tx, target.Clerk, p.ID, "INTERNE REDEN"))
	d := proposal.DraftOf(p)
	d.Legal = "Geen."
	_, err := proposal.Revise(t.Context(), tx, owner.Author, p.ID, d)
	must(t, err)
	_, err = proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	must(t, err)
	_, err = proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", "")
	must(t, err)
	must(t, proposal.Publish(t.Context(), tx, target.Clerk, []id.Proposal{p.ID}))
	must(t, proposal.Withdraw(t.Context(), tx, owner.Author, p.ID, "Openbare reden."))
	if got := movesOf(t, tx, access.Actor{}, p.ID); got != "publish withdraw(Openbare reden.)" {
		t.Errorf("the public reads %q", got)
	}
	must(t, proposal.Tighten(t.Context(), tx, target.Clerk, p.ID, []id.Body{target.Body}, "5.1.2.b", "Besloten voorstel"))
	if got := movesOf(t, tx, access.Actor{}, p.ID); got != "" {
		t.Errorf("of what was closed the public reads %q", got)
	}
	if got := movesOf(t, tx, target.Member, p.ID); !strings.Contains(got, "tighten") {
		t.Errorf("a member reads %q", got)
	}
}

// The state follows from the clock of the meeting, without anything that turns it.
func TestAPaperIsInTreatmentFromTheStartOfItsMeeting(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p, m := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body), proposaltest.Meeting(t, tx, target)
	_, err := proposal.Schedule(t.Context(), tx, target.Clerk, p.ID, m, nil, "", "")
	must(t, err)
	start := time.Date(2018, 6, 28, 13, 0, 0, 0, time.UTC)
	if found := find(t, tx, owner.Author, p.ID); found.Stage(start) != proposal.Scheduled {
		t.Errorf("the meeting was not convened, and the paper is %s", found.Stage(start))
	}
	_, err = postgres.Exec(t.Context(), tx, `update meetings set state = 'opgeroepen', published_at = now() where id = @id`, postgres.Args{"id": m}.As(target.Clerk))
	must(t, err)
	found := find(t, tx, owner.Author, p.ID)
	if found.Stage(start.Add(-time.Second)) != proposal.Scheduled || found.Stage(start) != proposal.InTreatment {
		t.Errorf("at the start it is %s", found.Stage(start))
	}
	late := owner.Author
	late.At = start
	if err := proposal.Withdraw(t.Context(), tx, late, p.ID, "Te laat."); !errors.Is(err, fault.Forbidden) {
		t.Errorf("withdrawn during the treatment: %v", err)
	}
	for state, want := range map[proposal.State]int{proposal.InTreatment: 1, proposal.Scheduled: 0} {
		var rows []proposal.Row
		must(t, postgres.Read(t.Context(), tx, proposal.List(&rows, late, proposal.Filter{Organisation: owner.Key, State: state})))
		if len(rows) != want || want == 1 && rows[0].Stage(start) != state {
			t.Errorf("%d papers are %s, want %d", len(rows), state, want)
		}
	}
}

func TestTwoWhoMoveAPaperAtOnceMoveItOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	owner, target := proposaltest.NewPlace(t, db, "Hillegom"), proposaltest.NewPlace(t, db, "Leiden")
	steps(t, db, owner)
	p := proposaltest.Concept(t, db, owner.Author, owner.ID, target.Body)
	must(t, proposal.MarkReady(t.Context(), db, owner.Author, p.ID, owner.Holder.Person))
	var wait sync.WaitGroup
	errs := make([]error, 6)
	for n := range errs {
		wait.Go(func() {
			if n%2 == 0 {
				errs[n] = proposal.Agree(t.Context(), db, owner.Holder, p.ID)
			} else {
				errs[n] = proposal.SendBack(t.Context(), db, owner.Clerk, p.ID, "Nog niet.")
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil && !errors.Is(err, fault.Forbidden) {
			t.Errorf("got %v", err)
		}
	}
	if got := movesOf(t, db, owner.Author, p.ID); got != "ready agree return(Nog niet.)" && got != "ready return(Nog niet.)" {
		t.Errorf("the paper went %q", got)
	}
}

func TestTheInnerStepsAreSetByGriffierOrSecretaris(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	for _, c := range []struct {
		who   string
		actor access.Actor
		may   bool
	}{
		{"griffier", here.Clerk, true},
		{"secretaris", here.Secretary, true},
		{"griffiemedewerker", here.Staff, false},
		{"steller", here.Author, false},
		{"griffier elsewhere", other.Clerk, false},
		{"the public", access.Actor{}, false},
	} {
		if err := partner.SetInnerSteps(t.Context(), tx, c.actor, here.ID, true); (err == nil) != c.may {
			t.Errorf("%s: %v", c.who, err)
		}
	}
}
