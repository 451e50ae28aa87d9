package proposal_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

func days(n int) *int { return &n }

// works lets the actor work for the place in the database too.
func works(t *testing.T, db postgres.DB, a access.Actor, p proposaltest.Place, function string) {
	t.Helper()
	_, err := postgres.Exec(t.Context(), db, `insert into mandates (id, person_id, body_id, function, starts_on) values (@id, @person, @body, @function, '2018-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": a.Person, "body": p.Body, "function": function})
	must(t, err)
}

func adviceOn(t *testing.T, db postgres.DB, a access.Actor, p id.Proposal) []proposal.Advice {
	t.Helper()
	var list []proposal.Advice
	must(t, postgres.Read(t.Context(), db, proposal.AdvicesInto(&list, a, p)))
	return list
}

func ask(person id.Person, body id.Body) proposal.AdviceDraft {
	return proposal.AdviceDraft{Key: id.NewKey(), Person: person, Body: body, Question: "Klopt dit?", Days: days(5), Working: true}
}

func TestWhoIsAskedForAdviceReadsThePaperAndAnswers(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	colleague := proposaltest.Actor(t, tx, "C. Collega", access.Grant{Role: access.Author, Organisation: owner.ID})
	works(t, tx, colleague, owner, "adviser")
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body)
	if err := proposal.AskAdvice(t.Context(), tx, owner.Author, p.ID, ask(target.Member.Person, "")); fields(t, err)["person_id"] == "" {
		t.Errorf("asked of someone elsewhere: %v", err)
	}
	d := ask(colleague.Person, "")
	for range 2 {
		must(t, proposal.AskAdvice(t.Context(), tx, owner.Author, p.ID, d))
	}
	found := find(t, tx, colleague, p.ID)
	if proposal.CanRevise(colleague, found) || proposal.CanOffer(colleague, found) || proposal.CanComment(colleague, found) {
		t.Error("who is asked for advice may change the paper, or takes part in the talk")
	}
	list := adviceOn(t, tx, colleague, p.ID)
	if len(list) != 1 || list[0].Asked() != "C. Collega" || list[0].Question != "Klopt dit?" {
		t.Fatalf("he reads %+v", list)
	}
	// Friday 1 June 2018, five working days.
	if got := list[0].DueOn.Format(time.DateOnly); got != "2018-06-08" {
		t.Errorf("due on %s", got)
	}
	if err := proposal.GiveAdvice(t.Context(), tx, colleague, list[0].ID, proposal.Negative, ""); fields(t, err)["text"] == "" {
		t.Errorf("negative without a word: %v", err)
	}
	if err := proposal.GiveAdvice(t.Context(), tx, owner.Author, list[0].ID, proposal.Positive, ""); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the steller answers himself: %v", err)
	}
	late := colleague
	late.At = late.At.AddDate(0, 0, 10)
	for range 2 {
		must(t, proposal.GiveAdvice(t.Context(), tx, late, list[0].ID, proposal.PositiveWithComments, "Noem de kosten."))
	}
	if err := proposal.GiveAdvice(t.Context(), tx, late, list[0].ID, proposal.Negative, "Toch niet."); !errors.Is(err, fault.Conflict) {
		t.Errorf("another answer: %v", err)
	}
	list = adviceOn(t, tx, owner.Clerk, p.ID)
	if len(list) != 1 || list[0].Opinion != proposal.PositiveWithComments || list[0].GivenBy != "C. Collega" || !list[0].Late(proposaltest.At) {
		t.Errorf("the griffier reads %+v", list)
	}
	_, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	must(t, err) // late or missing advice never stands in the way
	for who, a := range map[string]access.Actor{"a member here": owner.Member, "the griffier there": target.Clerk, "a member there": target.Member} {
		if list := adviceOn(t, tx, a, p.ID); len(list) > 0 {
			t.Errorf("%s reads the advice", who)
		}
	}
}

func TestABodyIsAskedForAdvice(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target, third := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Lisse")
	works(t, tx, owner.Member, owner, "councillor")
	p := proposaltest.Concept(t, tx, owner.Author, owner.ID, target.Body)
	must(t, proposal.AskAdvice(t.Context(), tx, owner.Author, p.ID, ask("", owner.Body)))
	if _, err := proposal.Find(t.Context(), tx, owner.Member, p.ID); err != nil {
		t.Errorf("a member of the body that was asked does not read the concept: %v", err)
	}
	if err := proposal.AskAdvice(t.Context(), tx, owner.Author, p.ID, ask("", third.Body)); fields(t, err)["body_id"] == "" {
		t.Errorf("a concept went to another organisation: %v", err)
	}
	_, err := proposal.Offer(t.Context(), tx, owner.Author, p.ID)
	must(t, err)
	must(t, proposal.AskAdvice(t.Context(), tx, owner.Author, p.ID, ask("", third.Body)))
	if _, err := proposal.Find(t.Context(), tx, third.Member, p.ID); err != nil {
		t.Errorf("the body that was asked does not read the paper: %v", err)
	}
	list := adviceOn(t, tx, third.Staff, p.ID)
	if len(list) != 1 || list[0].BodyID != third.Body {
		t.Fatalf("its griffie reads %+v", list)
	}
	if len(adviceOn(t, tx, third.Member, p.ID)) != 0 {
		t.Error("a member there reads what was asked")
	}
	if err := proposal.GiveAdvice(t.Context(), tx, third.Member, list[0].ID, proposal.Positive, ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("a member answers for his body: %v", err)
	}
	must(t, proposal.GiveAdvice(t.Context(), tx, third.Staff, list[0].ID, proposal.Positive, ""))
	// A revision leaves its readers.
	d := proposal.DraftOf(find(t, tx, owner.Author, p.ID))
	d.Legal = "Geen."
	_, err = proposal.Revise(t.Context(), tx, owner.Author, p.ID, d)
	must(t, err)
	if _, err := proposal.Find(t.Context(), tx, third.Member, p.ID); err != nil {
		t.Errorf("after a revision the body does not read the paper any more: %v", err)
	}
	if len(adviceOn(t, tx, third.Staff, p.ID)) != 1 {
		t.Error("after a revision its griffie does not read the advice any more")
	}
}

func TestAdviceOnAClosedPaperIsAskedOfItsReadersAlone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	works(t, tx, owner.Secretary, owner, "adviser")
	p := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body, proposaltest.Closed)
	if err := proposal.AskAdvice(t.Context(), tx, owner.Author, p.ID, ask(owner.Secretary.Person, "")); fields(t, err)["person_id"] == "" {
		t.Errorf("asked of someone who may not read it: %v", err)
	}
	if err := proposal.AskAdvice(t.Context(), tx, owner.Author, p.ID, ask("", owner.Body)); fields(t, err)["body_id"] == "" {
		t.Errorf("asked of a body that may not read it: %v", err)
	}
	must(t, proposal.AskAdvice(t.Context(), tx, owner.Author, p.ID, ask("", target.Body)))
	if list := adviceOn(t, tx, target.Clerk, p.ID); len(list) != 1 {
		t.Errorf("the griffie of its body reads %v", list)
	}
	for who, a := range map[string]access.Actor{"the griffier here": owner.Clerk, "the secretaris here": owner.Secretary, "the secretaris there": target.Secretary, "the public": {}} {
		if list := adviceOn(t, tx, a, p.ID); len(list) > 0 {
			t.Errorf("%s reads the advice", who)
		}
		if _, err := proposal.Find(t.Context(), tx, a, p.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s reads the paper: %v", who, err)
		}
	}
	// The second wall by itself.
	for who, a := range map[string]access.Actor{"the griffier here": owner.Clerk, "the secretaris there": target.Secretary} {
		if list, err := postgres.All[string](t.Context(), tx, `select question from advices`, postgres.Args{}.As(a)); err != nil || len(list) > 0 {
			t.Errorf("row security lets %s read %v: %v", who, list, err)
		}
	}
}

func TestWhoMayAskForAdvice(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, target := proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Leiden")
	p := proposaltest.Offered(t, tx, owner.Author, owner.ID, target.Body)
	for _, c := range []struct {
		who   string
		actor access.Actor
		may   bool
	}{
		{"steller", owner.Author, true},
		{"griffier", owner.Clerk, true},
		{"griffiemedewerker", owner.Staff, true},
		{"secretaris", owner.Secretary, true},
		{"raadslid", owner.Member, false},
		{"griffier of the target", target.Clerk, false},
		{"the public", access.Actor{}, false},
	} {
		if err := proposal.AskAdvice(t.Context(), tx, c.actor, p.ID, ask("", target.Body)); (err == nil) != c.may {
			t.Errorf("%s: %v", c.who, err)
		}
	}
	if proposal.CanAskAdvice(owner.Author, proposal.Proposal{Life: proposal.Life{State: proposal.Done}, OwnerOrgID: owner.ID}) {
		t.Error("advice on what is settled")
	}
}

func TestTwoOfOneGriffieWhoAdviseAtOnceGiveOneAdvice(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	owner, target := proposaltest.NewPlace(t, db, "Hillegom"), proposaltest.NewPlace(t, db, "Leiden")
	p := proposaltest.Offered(t, db, owner.Author, owner.ID, target.Body)
	must(t, proposal.AskAdvice(t.Context(), db, owner.Author, p.ID, ask("", target.Body)))
	advice := adviceOn(t, db, target.Clerk, p.ID)[0].ID
	var wait sync.WaitGroup
	errs := make([]error, 4)
	for n := range errs {
		wait.Go(func() {
			errs[n] = proposal.GiveAdvice(t.Context(), db, target.Clerk, advice, proposal.Negative, strings.Repeat("Nee. ", n+1))
		})
	}
	wait.Wait()
	given := 0
	for _, err := range errs {
		if err == nil {
			given++
		} else if !errors.Is(err, fault.Conflict) {
			t.Errorf("got %v", err)
		}
	}
	if given != 1 {
		t.Errorf("%d were given", given)
	}
}

func TestTheTermOfAnAdvice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		days    int
		working bool
		want    string
	}{
		{"TERM: ten working days", 10, true, "2018-06-15"},
		{"TERM: eight days, over a Saturday to Monday", 8, false, "2018-06-11"},
		{"TERM: five days, on a Wednesday", 5, false, "2018-06-06"},
	} {
		d := proposal.AdviceDraft{Days: &c.days, Working: c.working}
		if got := d.Due(proposaltest.At).Format(time.DateOnly); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	for field, d := range map[string]proposal.AdviceDraft{
		"person_id": {Question: "?", Days: days(1)},
		"question":  {Person: "x", Question: " ", Days: days(1)},
		"days":      {Person: "x", Question: "?", Days: days(0)},
	} {
		if fields(t, d.Check())[field] == "" {
			t.Errorf("%s: %v", field, d.Check())
		}
	}
	if fields(t, proposal.AdviceDraft{Person: "x", Body: "y", Question: "?", Days: days(1)}.Check())["person_id"] == "" {
		t.Error("asked of both")
	}
}
