package meeting_test

import (
	"slices"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/partner"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

// waiting are the kinds of tasks about one paper.
func waiting(t *testing.T, db postgres.DB, a access.Actor, p proposal.Proposal) []string {
	t.Helper()
	var tasks []meeting.Task
	if err := postgres.Read(t.Context(), db, meeting.Waiting(&tasks, a)); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, task := range tasks {
		if task.Key == p.Key {
			kinds = append(kinds, task.Kind)
		}
	}
	return kinds
}

func TestEachStepOfAPaperWaitsForWhoTakesIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	do := func(doing string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", doing, err)
		}
	}
	do("setting the steps", partner.SetInnerSteps(t.Context(), tx, here.Clerk, here.ID, true))
	_, err := postgres.Exec(t.Context(), tx, `insert into mandates (id, person_id, body_id, function, starts_on)
			values (@id, @person, @body, 'alderman', '2018-01-01')`,
		postgres.Args{"id": id.New[id.Mandate](), "person": here.Holder.Person, "body": here.Body})
	do("appointing", err)
	p := proposaltest.Concept(t, tx, here.Author, here.ID, here.Body)
	wait := func(when string, want map[string][]string) {
		t.Helper()
		for who, a := range map[string]access.Actor{"steller": here.Author, "holder": here.Holder, "griffier": here.Clerk, "raadslid": here.Member} {
			if got := waiting(t, tx, a, p); !slices.Equal(got, want[who]) {
				t.Errorf("%s: for the %s waits %v, want %v", when, who, got, want[who])
			}
		}
	}
	wait("a concept", map[string][]string{"steller": {"concept"}})
	five := 5
	do("asking advice", proposal.AskAdvice(t.Context(), tx, here.Author, p.ID, proposal.AdviceDraft{Body: here.Body, Question: "Klopt dit?", Days: &five}))
	do("ready", proposal.MarkReady(t.Context(), tx, here.Author, p.ID, here.Holder.Person))
	wait("ready", map[string][]string{"holder": {"consent"}, "griffier": {"advice"}})
	var list []proposal.Advice
	do("reading the advice", postgres.Read(t.Context(), tx, proposal.AdvicesInto(&list, here.Clerk, p.ID)))
	do("advising", proposal.GiveAdvice(t.Context(), tx, here.Clerk, list[0].ID, proposal.Positive, ""))
	do("sending back", proposal.SendBack(t.Context(), tx, here.Holder, p.ID, "Noem de kosten."))
	wait("sent back", map[string][]string{"steller": {"concept"}})
	do("ready again", proposal.MarkReady(t.Context(), tx, here.Author, p.ID, here.Holder.Person))
	do("agreeing", proposal.Agree(t.Context(), tx, here.Holder, p.ID))
	wait("agreed", map[string][]string{"steller": {"agreed"}})
	_, err = proposal.Offer(t.Context(), tx, here.Author, p.ID)
	do("offering", err)
	wait("offered", map[string][]string{"griffier": {"offered"}})
	m := create(t, tx, here.Clerk, draft(here))
	key, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, p.ID, "")
	do("scheduling", err)
	m = convene(t, tx, here.Clerk, m.ID)
	d := decides(here, m)
	d.Kind, d.Text = proposal.PutOff, ""
	publish(t, tx, during(here.Clerk, m), m, key, record(t, tx, during(here.Clerk, m), m, key, d))
	wait("deferred", map[string][]string{"griffier": {"deferred"}})
}
