package meeting_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
)

// routed is a paper of the owner, for its own body, sent to the other places side by side.
func routed(t *testing.T, db postgres.DB, owner proposaltest.Place, places ...proposaltest.Place) proposal.Proposal {
	t.Helper()
	p := proposaltest.Offered(t, db, owner.Author, owner.ID, owner.Body)
	var keys []string
	for _, place := range places {
		if err := route.AddStep(t.Context(), db, owner.Author, p.ID, routetest.Step(place, 1)); err != nil {
			t.Fatal(err)
		}
	}
	for _, s := range routeOf(t, db, owner.Author, p) {
		keys = append(keys, s.Key)
	}
	if err := route.Send(t.Context(), db, owner.Author, p.ID, keys, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

func routeOf(t *testing.T, db postgres.DB, as access.Actor, p proposal.Proposal) []route.Row {
	t.Helper()
	var list []route.Row
	if err := postgres.Read(t.Context(), db, route.At(&list, as, p.Key)); err != nil {
		t.Fatal(err)
	}
	return list
}

func stepOf(t *testing.T, db postgres.DB, as access.Actor, p proposal.Proposal, place proposaltest.Place) route.Row {
	t.Helper()
	for _, s := range routeOf(t, db, as, p) {
		if s.BodyID == place.Body {
			return s
		}
	}
	return route.Row{}
}

func takeUp(t *testing.T, db postgres.DB, place proposaltest.Place, m meeting.Meeting, p proposal.Proposal) string {
	t.Helper()
	key, err := meeting.ScheduleStep(t.Context(), db, place.Clerk, m.ID, stepOf(t, db, place.Clerk, p, place).Key, "")
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestOnePaperStandsOnTheAgendasOfManyCouncils(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Holland Rijnland")
	var places []proposaltest.Place
	for n := range 13 {
		places = append(places, proposaltest.NewPlace(t, tx, fmt.Sprintf("Gemeente %02d", n)))
	}
	p := routed(t, tx, owner, places...)
	for n, place := range places {
		m := create(t, tx, place.Staff, draft(place))
		key := takeUp(t, tx, place, m, p)
		if again := takeUp(t, tx, place, m, p); again != key {
			t.Errorf("twice on one agenda: %s and %s", key, again)
		}
		_, items := agendaOf(t, tx, place.Clerk, m.Slug)
		if len(items) != 1 || items[0].MatterTitle != p.Subject || items[0].Treatment != proposal.Opinion || items[0].ProposalID != p.ID || items[0].StepKey == "" {
			t.Errorf("%s: %+v", place.Org, items)
		}
		if s := stepOf(t, tx, owner.Author, p, place); s.State != route.StepScheduled || s.MeetingSlug != "" {
			t.Errorf("%s: the owner sees %s at %q, before the day is known", place.Org, s.State, s.MeetingSlug)
		}
		if n%2 == 0 {
			convene(t, tx, place.Clerk, m.ID)
			if s := stepOf(t, tx, owner.Author, p, place); s.MeetingSlug != m.Slug || s.ItemKey != key {
				t.Errorf("%s: published, and the owner sees %q %q", place.Org, s.MeetingSlug, s.ItemKey)
			}
		}
	}
	// The public reads the paper, and the steps of the agendas that are out.
	if got := len(routeOf(t, tx, access.Actor{At: proposaltest.At}, p)); got != 7 {
		t.Errorf("the public sees %d steps, want 7", got)
	}
	found, err := proposal.Find(t.Context(), tx, access.Actor{At: proposaltest.At}, p.ID)
	if err != nil || found.State != proposal.Offered {
		t.Errorf("the paper: %v %s", err, found.State)
	}
}

func TestWhatTheGriffieMadeOfItStandsOnTheAgendaAndComesBackWithTheItem(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, here := proposaltest.NewPlace(t, tx, "Regio"), proposaltest.NewPlace(t, tx, "Leiden")
	p := routed(t, tx, owner, here)
	step := stepOf(t, tx, here.Clerk, p, here).Key
	if err := route.Prepare(t.Context(), tx, here.Staff, step, route.Local{
		Title: "Zienswijze begroting", Treatment: proposal.ForView, PortfolioHolders: []proposal.Holder{{Name: "A. Wethouder"}},
		CoveringNote: "Oplegger van de griffie.",
	}); err != nil {
		t.Fatal(err)
	}
	m := create(t, tx, here.Clerk, draft(here))
	key := takeUp(t, tx, here, m, p)
	sections, items := agendaOf(t, tx, here.Clerk, m.Slug)
	if i := items[0]; i.MatterTitle != "Zienswijze begroting" || i.Treatment != proposal.ForView || i.Explanation != "Oplegger van de griffie." ||
		i.PortfolioHolders[0].Name != "A. Wethouder" {
		t.Errorf("on the agenda: %+v", i)
	}
	if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, key, meeting.ItemDraft{
		SectionID: sections[1].ID, Title: p.Subject, Explanation: "Aangevuld.", Treatment: proposal.Exploratory, Minutes: minutes(5), Version: items[0].Version,
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, here.Clerk, m.ID, key); err != nil {
		t.Fatal(err)
	}
	if s := stepOf(t, tx, owner.Author, p, here); s.State != route.StepSent || s.ItemID != "" {
		t.Errorf("after removing the item: %+v", s.Step)
	}
	var l route.Local
	if err := postgres.Read(t.Context(), tx, route.LocalOf(&l, here.Clerk, step)); err != nil {
		t.Fatal(err)
	}
	if l.Title != "" || l.Treatment != proposal.Exploratory || l.CoveringNote != "Aangevuld." {
		t.Errorf("kept of the item: %+v", l)
	}
	other := create(t, tx, here.Clerk, draft(here))
	takeUp(t, tx, here, other, p)
	if _, err := meeting.Cancel(t.Context(), tx, here.Clerk, other.ID, "Geen zaal."); err != nil {
		t.Fatal(err)
	}
	if s := stepOf(t, tx, here.Clerk, p, here); s.State != route.StepSent || s.MeetingID != "" {
		t.Errorf("after cancelling the meeting: %+v", s.Step)
	}
}

func TestAStepGoesOnlyToAMeetingOfItsBody(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, here, other := proposaltest.NewPlace(t, tx, "Regio"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Lisse")
	p := routed(t, tx, owner, here)
	step := stepOf(t, tx, here.Clerk, p, here).Key
	m := create(t, tx, other.Clerk, draft(other))
	if _, err := meeting.ScheduleStep(t.Context(), tx, here.Clerk, m.ID, step, ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("on an agenda that is not there for him: %v", err)
	}
	if _, err := meeting.ScheduleStep(t.Context(), tx, other.Clerk, m.ID, step, ""); !errors.Is(err, fault.NotFound) {
		t.Errorf("by who did not get it: %v", err)
	}
	both := here.Clerk
	both.Grants = append(append([]access.Grant{}, both.Grants...), access.Grant{Role: access.Clerk, Organisation: other.ID, Body: other.Body})
	var refusal fault.Refusal
	if _, err := meeting.ScheduleStep(t.Context(), tx, both, m.ID, step, ""); !errors.As(err, &refusal) || !strings.Contains(refusal.Why, "ander gremium") {
		t.Errorf("on the agenda of another body: %v", err)
	}
	if err := proposal.Withdraw(t.Context(), tx, owner.Author, p.ID, "Vervalt."); err != nil {
		t.Fatal(err)
	}
	own := create(t, tx, here.Clerk, draft(here))
	if _, err := meeting.ScheduleStep(t.Context(), tx, here.Clerk, own.ID, step, ""); !errors.As(err, &refusal) {
		t.Errorf("after the paper was withdrawn: %v", err)
	}
}

// A joint meeting of two receivers has the paper as one item, and each takes its own part in it off.
func TestTwoReceiversShareTheItemOfTheirJointMeeting(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, here, other := proposaltest.NewPlace(t, tx, "Regio"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Lisse")
	p := routed(t, tx, owner, here, other)
	m := together(t, tx, here, draft(here, other), other)
	key := takeUp(t, tx, here, m, p)
	if shared := takeUp(t, tx, other, m, p); shared != key {
		t.Errorf("two items: %s and %s", key, shared)
	}
	for n, place := range []proposaltest.Place{here, other} {
		stays, err := meeting.RemoveItem(t.Context(), tx, place.Clerk, m.ID, key)
		if err != nil || stays != (n == 0) {
			t.Fatalf("%s: the item stays %v, %v", place.Org, stays, err)
		}
		if s := stepOf(t, tx, owner.Author, p, place); s.State != route.StepSent {
			t.Errorf("%s: %s", place.Org, s.State)
		}
		if s := stepOf(t, tx, owner.Author, p, other); n == 0 && s.State != route.StepScheduled {
			t.Errorf("with the other's part: %s", s.State)
		}
	}
}

// What was decided flows back when it is published, and not before.
func TestTheOutcomeFlowsBackWhenItIsPublished(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, here, other := proposaltest.NewPlace(t, tx, "Regio"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Lisse")
	p := routed(t, tx, owner, here, other)
	m := create(t, tx, here.Clerk, draft(here))
	key := takeUp(t, tx, here, m, p)
	m = convene(t, tx, here.Clerk, m.ID)
	found, err := proposal.Find(t.Context(), tx, owner.Author, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	d := proposal.DraftOf(found)
	d.Summary = "Na de verzending aangevuld."
	if _, err := proposal.Revise(t.Context(), tx, owner.Author, p.ID, d); err != nil {
		t.Fatal(err)
	}
	clerk := during(here.Clerk, m)
	decision := decides(here, m)
	votes := func(n int) *int { return &n }
	decision.Kind, decision.Text, decision.ProposalVersion = proposal.FormalView, "De raad stemt in, met één opmerking.", 2
	decision.Vote = meeting.Vote{Method: meeting.ShowOfHands, VotesFor: votes(20), VotesAgainst: votes(3)}
	recorded := record(t, tx, clerk, m, key, decision)
	for name, as := range map[string]access.Actor{"owner": owner.Author, "other receiver": other.Clerk, "public": {At: clerk.At}, "own griffier": here.Clerk} {
		if s := stepOf(t, tx, as, p, here); s.State != route.StepScheduled || s.Outcome != "" || s.OutcomeText != "" {
			t.Errorf("%s reads the outcome before it is published: %+v", name, s.Step)
		}
	}
	publish(t, tx, clerk, m, key, recorded)
	for name, as := range map[string]access.Actor{"owner": owner.Author, "other receiver": other.Member, "public": {At: clerk.At}} {
		s := stepOf(t, tx, as, p, here)
		if s.State != route.StepTreated || s.Outcome != proposal.FormalView || s.OutcomeText != decision.Text || *s.TreatedVersion != 2 || *s.SentVersion != 1 ||
			*s.VotesFor != 20 || *s.VotesAgainst != 3 || s.SettledAt == nil {
			t.Errorf("%s: %+v", name, s.Step)
		}
	}
	// The paper itself waits for its own body, and can still be withdrawn.
	if found, err = proposal.Find(t.Context(), tx, owner.Author, p.ID); err != nil || found.State != proposal.Offered ||
		!proposal.CanWithdraw(owner.Author, found) {
		t.Errorf("the paper: %v %s", err, found.State)
	}
}

func TestADeferredStepWaitsAgainAndMayBeCorrected(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, here := proposaltest.NewPlace(t, tx, "Regio"), proposaltest.NewPlace(t, tx, "Leiden")
	p := routed(t, tx, owner, here)
	m := create(t, tx, here.Clerk, draft(here))
	key := takeUp(t, tx, here, m, p)
	m = convene(t, tx, here.Clerk, m.ID)
	clerk := during(here.Clerk, m)
	d := decides(here, m)
	d.Kind, d.Text = proposal.PutOff, ""
	put := publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, d))
	if s := stepOf(t, tx, owner.Author, p, here); s.State != route.StepSent || s.SettledAt != nil || s.Outcome != proposal.PutOff {
		t.Errorf("deferred: %+v", s.Step)
	}
	d = decides(here, m)
	d.Replaces, d.Reason = put.ID, "Verkeerd genoteerd."
	publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, d))
	if s := stepOf(t, tx, owner.Author, p, here); s.State != route.StepTreated || s.Outcome != proposal.Adopted {
		t.Errorf("corrected: %+v", s.Step)
	}
}

func TestWhatIsDecidedBehindClosedDoorsStaysThere(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, here, other := proposaltest.NewPlace(t, tx, "Regio"), proposaltest.NewPlace(t, tx, "Leiden"), proposaltest.NewPlace(t, tx, "Lisse")
	p := routed(t, tx, owner, here, other)
	shut := draft(here)
	shut.Open = false
	m := create(t, tx, here.Clerk, shut)
	key := takeUp(t, tx, here, m, p)
	m = convene(t, tx, here.Clerk, m.ID)
	if _, err := proposal.Find(t.Context(), tx, access.Actor{At: proposaltest.At}, p.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the public reads the paper of a closed meeting: %v", err)
	}
	clerk := during(here.Clerk, m)
	d := decides(here, m)
	d.Kind, d.Text = proposal.Rejected, "De raad wil dit niet, om geheime redenen."
	shown := func(as access.Actor) route.Step { t.Helper(); return stepOf(t, tx, as, p, here).Step }
	before := map[string]route.Step{"owner": shown(owner.Author), "other receiver": shown(other.Clerk)}
	closed := publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, d))
	for name, as := range map[string]access.Actor{"owner": owner.Author, "other receiver": other.Clerk} {
		if after := shown(as); !reflect.DeepEqual(before[name], after) || after.State != route.StepSent {
			t.Errorf("%s sees that something happened: %+v", name, after)
		}
	}
	if list := waitingStepsOf(t, tx, clerk); len(list) > 0 {
		t.Errorf("what was treated behind closed doors waits again: %v", list)
	}
	// Made public, the outcome flows back as it would have.
	o := meeting.Disclosure{Body: here.Body, Number: closed.Number, Text: "De raad stemt niet in.", Reason: "Besluit van de raad van 6 juli 2018."}
	for range 2 {
		if _, err := meeting.Disclose(t.Context(), tx, clerk, m.ID, key, o); err != nil {
			t.Fatal(err)
		}
	}
	for name, as := range map[string]access.Actor{"owner": owner.Author, "other receiver": other.Clerk} {
		if s := shown(as); s.State != route.StepTreated || s.Outcome != proposal.Rejected || s.OutcomeText != o.Text {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

func waitingStepsOf(t *testing.T, db postgres.DB, as access.Actor) []route.Received {
	t.Helper()
	var list []route.Received
	if err := postgres.Read(t.Context(), db, route.InTray(&list, as, 1)); err != nil {
		t.Fatal(err)
	}
	return list
}

// The step of the body the paper is meant for moves the paper too.
func TestTheLastStepSettlesThePaper(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner := proposaltest.NewPlace(t, tx, "Regio")
	p := routed(t, tx, owner, owner)
	m := create(t, tx, owner.Clerk, draft(owner))
	key := takeUp(t, tx, owner, m, p)
	if got := stateOf(t, tx, owner.Author, p.ID); got != proposal.Scheduled {
		t.Errorf("on its agenda: %s", got)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, owner.Clerk, m.ID, key); err != nil {
		t.Fatal(err)
	}
	if got := stateOf(t, tx, owner.Author, p.ID); got != proposal.Offered {
		t.Errorf("off its agenda: %s", got)
	}
	key = takeUp(t, tx, owner, m, p)
	m = convene(t, tx, owner.Clerk, m.ID)
	clerk := during(owner.Clerk, m)
	publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, decides(owner, m)))
	if got := stateOf(t, tx, owner.Author, p.ID); got != proposal.Done {
		t.Errorf("decided: %s", got)
	}
	if s := stepOf(t, tx, owner.Author, p, owner); s.State != route.StepTreated || s.Outcome != proposal.Adopted {
		t.Errorf("its step: %+v", s.Step)
	}
}

// A paper that comes late to an agenda that was sent is public with it.
func TestALateStepIsPublishedWithTheAgenda(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, here := proposaltest.NewPlace(t, tx, "Regio"), proposaltest.NewPlace(t, tx, "Leiden")
	p := routed(t, tx, owner, here)
	m := create(t, tx, here.Clerk, draft(here))
	add(t, tx, here.Clerk, m, "A", meeting.ItemDraft{Title: "Opening"})
	m = convene(t, tx, here.Clerk, m.ID)
	takeUp(t, tx, here, m, p)
	if _, err := proposal.Find(t.Context(), tx, access.Actor{At: proposaltest.At}, p.ID); err != nil {
		t.Errorf("the public, of the paper: %v", err)
	}
	if got := len(routeOf(t, tx, access.Actor{At: proposaltest.At}, p)); got != 1 {
		t.Errorf("the public sees %d steps", got)
	}
}

// Griffier and griffiemedewerker put one step on two agendas, and the owner withdraws: whoever is first, nothing is doubled.
func TestTwoTakeUpOneStepAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	owner, here := proposaltest.NewPlace(t, db, "Regio"), proposaltest.NewPlace(t, db, "Leiden")
	for round := range 5 {
		p := routed(t, db, owner, here)
		step := stepOf(t, db, here.Clerk, p, here)
		var acts []func() error
		for n := range 4 {
			m := create(t, db, here.Clerk, draft(here))
			by := []access.Actor{here.Clerk, here.Staff}[n%2]
			acts = append(acts, func() error { _, err := meeting.ScheduleStep(t.Context(), db, by, m.ID, step.Key, ""); return err })
		}
		acts = append(acts, func() error { return route.Refuse(t.Context(), db, here.Clerk, step.Key, "Niet van ons.") })
		var wait sync.WaitGroup
		results := make([]error, len(acts))
		start := make(chan struct{})
		for n, act := range acts {
			wait.Go(func() { <-start; results[n] = act() })
		}
		close(start)
		wait.Wait()
		won := 0
		for _, err := range results {
			if err == nil {
				won++
			} else if !errors.Is(err, fault.Conflict) {
				t.Errorf("neither won nor was told: %v", err)
			}
		}
		items, err := postgres.One[int](t.Context(), db, `select count(*)::int from agenda_item_matters x where x.proposal_id = @id`,
			postgres.Args{"id": p.ID}.As(here.Clerk))
		if err != nil {
			t.Fatal(err)
		}
		after := stepOf(t, db, here.Clerk, p, here)
		if won != 1 || (after.State == route.StepScheduled) != (items == 1) || items > 1 {
			t.Errorf("round %d: %d won, %d items, the step is %s", round, won, items, after.State)
		}
	}
}

// Two councils take up the same late papers, in opposite order: neither waits for the other for ever.
func TestTwoCouncilsTakeUpTheSamePapersInOppositeOrder(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	owner, here, other := proposaltest.NewPlace(t, db, "Regio"), proposaltest.NewPlace(t, db, "Leiden"), proposaltest.NewPlace(t, db, "Lisse")
	var papers []proposal.Proposal
	for range 8 {
		papers = append(papers, routed(t, db, owner, here, other))
	}
	var wait sync.WaitGroup
	for n, place := range []proposaltest.Place{here, other} {
		m := create(t, db, place.Clerk, draft(place))
		add(t, db, place.Clerk, m, "A", meeting.ItemDraft{Title: "Opening"})
		m = convene(t, db, place.Clerk, m.ID)
		var keys []string
		for _, p := range papers {
			keys = append(keys, stepOf(t, db, place.Clerk, p, place).Key)
		}
		if n == 1 {
			slices.Reverse(keys)
		}
		wait.Go(func() {
			for _, key := range keys {
				if _, err := meeting.ScheduleStep(t.Context(), db, place.Clerk, m.ID, key, ""); err != nil {
					t.Errorf("%s: %v", place.Org, err)
				}
			}
		})
	}
	wait.Wait()
}
