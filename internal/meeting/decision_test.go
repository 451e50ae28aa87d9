package meeting_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

// during is the actor half an hour into the meeting.
func during(a access.Actor, m meeting.Meeting) access.Actor {
	a.At = m.StartsAt.Add(30 * time.Minute)
	return a
}

func decides(p proposaltest.Place, m meeting.Meeting) meeting.DecisionDraft {
	day := m.StartsAt
	return meeting.DecisionDraft{
		Body: p.Body, Kind: proposal.Adopted, Text: "Het voorstel is vastgesteld.", DecidedOn: &day, Vote: meeting.Vote{Method: meeting.NoVote}, ProposalVersion: 1,
	}
}

// sitting is a convened meeting with one paper of the first place on its agenda.
func sitting(t *testing.T, db postgres.DB, change func(*proposal.Draft), places ...proposaltest.Place) (meeting.Meeting, string, proposal.Proposal) {
	t.Helper()
	here := places[0]
	m := together(t, db, here, draft(places...), places[1:]...)
	paper := proposaltest.Offered(t, db, here.Author, here.ID, here.Body, change)
	key, err := meeting.Schedule(t.Context(), db, here.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	return convene(t, db, here.Clerk, m.ID), key, paper
}

func open(*proposal.Draft) {}

func record(t *testing.T, db postgres.DB, by access.Actor, m meeting.Meeting, key string, d meeting.DecisionDraft) meeting.Decision {
	t.Helper()
	made, err := meeting.RecordDecision(t.Context(), db, by, m.ID, key, d)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func publish(t *testing.T, db postgres.DB, by access.Actor, m meeting.Meeting, key string, d meeting.Decision) meeting.Decision {
	t.Helper()
	made, err := meeting.PublishDecision(t.Context(), db, by, m.ID, key, meeting.Publication{Body: d.BodyID, Version: d.Version})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func decisionsAt(t *testing.T, db postgres.DB, as access.Actor, m meeting.Meeting) []meeting.Decision {
	t.Helper()
	var list []meeting.Decision
	if err := postgres.Read(t.Context(), db, meeting.DecisionsAt(&list, as, m.Slug)); err != nil {
		t.Fatal(err)
	}
	return list
}

func stateOf(t *testing.T, db postgres.DB, as access.Actor, p id.Proposal) proposal.State {
	t.Helper()
	found, err := proposal.Find(t.Context(), db, as, p)
	if err != nil {
		t.Fatal(err)
	}
	return found.State
}

func TestWhoMayRecordAndPublishADecision(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	m, key, _ := sitting(t, tx, open, here)
	o := meeting.Organiser{OrganisationID: here.ID, BodyID: here.Body}
	for _, c := range []struct {
		who             string
		actor           access.Actor
		record, publish bool
	}{
		{"the public", access.Actor{}, false, false},
		{"griffier", here.Clerk, true, true},
		{"griffiemedewerker", here.Staff, true, false},
		{"secretaris of the organisation", here.Secretary, false, false},
		{"steller", here.Author, false, false},
		{"portefeuillehouder", here.Holder, false, false},
		{"raadslid", here.Member, false, false},
		{"griffier of another organisation", other.Clerk, false, false},
	} {
		early := c.actor
		early.At = m.StartsAt.Add(-time.Second)
		if meeting.CanRecordDecision(early, m, o) {
			t.Errorf("%s may record before the start", c.who)
		}
		c.actor = during(c.actor, m)
		if got := meeting.CanRecordDecision(c.actor, m, o); got != c.record {
			t.Errorf("%s may record: %v", c.who, got)
		}
		if got := meeting.CanPublishDecision(c.actor, m, o); got != c.publish {
			t.Errorf("%s may publish: %v", c.who, got)
		}
		made, err := meeting.RecordDecision(t.Context(), tx, c.actor, m.ID, key, decides(here, m))
		if (err == nil) != c.record || err != nil && !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s records: %v", c.who, err)
		}
		_, err = meeting.PublishDecision(t.Context(), tx, c.actor, m.ID, key, meeting.Publication{Body: here.Body, Version: made.Version})
		if (err == nil) != c.publish || err != nil && !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s publishes: %v", c.who, err)
		}
	}
}

func TestADecisionIsADraftUntilItIsPublished(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m, key, paper := sitting(t, tx, open, here)
	clerk := during(here.Clerk, m)
	made := record(t, tx, during(here.Staff, m), m, key, decides(here, m))
	for who, actor := range map[string]access.Actor{"the public": {}, "a member": here.Member, "the steller": here.Author} {
		if list := decisionsAt(t, tx, actor, m); len(list) > 0 {
			t.Errorf("%s reads the draft", who)
		}
	}
	if s := stateOf(t, tx, clerk, paper.ID); s != proposal.Scheduled {
		t.Errorf("the draft moved the paper: %s", s)
	}
	corrected := decides(here, m)
	corrected.Text, corrected.Version = "Het voorstel is vastgesteld, met een verbetering.", made.Version
	made = record(t, tx, clerk, m, key, corrected)
	final := publish(t, tx, clerk, m, key, made)
	if final.Number != here.Key+"-raad-2018-001" || final.Visibility != access.Public || final.ProposalID != paper.ID || final.ProposalVersion != 1 {
		t.Errorf("published %+v", final)
	}
	for who, actor := range map[string]access.Actor{"the public": {}, "a member": here.Member} {
		if list := decisionsAt(t, tx, actor, m); len(list) != 1 || list[0].Text != corrected.Text {
			t.Errorf("%s reads %v", who, list)
		}
	}
	found, err := proposal.Find(t.Context(), tx, access.Actor{}, paper.ID)
	if err != nil || found.State != proposal.Done || found.DecisionKind != proposal.Adopted || found.DecidedOn == nil {
		t.Errorf("the paper is %s, %q: %v", found.State, found.DecisionKind, err)
	}
	if _, items := agendaOf(t, tx, access.Actor{}, m.Slug); items[0].State != meeting.ItemTreated {
		t.Errorf("the item is %s", items[0].State)
	}
	if proposal.CanRevise(here.Author, found) || proposal.CanWithdraw(here.Author, found) {
		t.Error("what was decided upon can still be changed or withdrawn")
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, clerk, m.ID, key); !errors.Is(err, fault.Forbidden) {
		t.Errorf("taking a settled item off: %v", err)
	}
	if _, err := meeting.Cancel(t.Context(), tx, clerk, m.ID, "Toch niet"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("cancelling after a decision: %v", err)
	}
}

func TestADeferredPaperIsFreeForAnotherAgenda(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m, key, paper := sitting(t, tx, open, here)
	clerk := during(here.Clerk, m)
	d := decides(here, m)
	d.Kind, d.Text = proposal.PutOff, ""
	publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, d))
	if s := stateOf(t, tx, access.Actor{}, paper.ID); s != proposal.Deferred {
		t.Errorf("the paper is %s", s)
	}
	if _, items := agendaOf(t, tx, access.Actor{}, m.Slug); items[0].State != meeting.ItemDeferred {
		t.Errorf("the item is %s", items[0].State)
	}
	var waiting []proposal.Row
	if err := postgres.Read(t.Context(), tx, proposal.OfferedTo(&waiting, clerk, []id.Body{here.Body})); err != nil || len(waiting) != 1 {
		t.Errorf("in the tray: %v, %v", waiting, err)
	}
	next := draft(here)
	start, end := m.StartsAt.AddDate(0, 0, 14), m.EndsAt.AddDate(0, 0, 14)
	next.StartsAt, next.EndsAt = &start, &end
	second := create(t, tx, here.Clerk, next)
	again, err := meeting.Schedule(t.Context(), tx, here.Clerk, second.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, here.Clerk, second.ID, again); err != nil {
		t.Fatal(err)
	}
	if s := stateOf(t, tx, clerk, paper.ID); s != proposal.Deferred {
		t.Errorf("off the second agenda it is %s", s)
	}
	if again, err = meeting.Schedule(t.Context(), tx, here.Clerk, second.ID, paper.ID, ""); err != nil {
		t.Fatal(err)
	}
	second = convene(t, tx, here.Clerk, second.ID)
	clerk = during(here.Clerk, second)
	publish(t, tx, clerk, second, again, record(t, tx, clerk, second, again, decides(here, second)))
	if s := stateOf(t, tx, access.Actor{}, paper.ID); s != proposal.Done {
		t.Errorf("after the second meeting it is %s", s)
	}
	// A late correction of the first decision changes nothing of what came after.
	d.Replaces, d.Reason, d.Kind = decisionsAt(t, tx, clerk, m)[0].ID, "De besluitenlijst was onjuist.", proposal.Noted
	publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, d))
	if s := stateOf(t, tx, access.Actor{}, paper.ID); s != proposal.Done {
		t.Errorf("after the correction it is %s", s)
	}
}

func TestAPublishedDecisionIsCorrectedOnlyByAnotherWithAReason(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m, key, paper := sitting(t, tx, open, here)
	clerk := during(here.Clerk, m)
	first := publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, decides(here, m)))
	d := decides(here, m)
	d.Kind, d.Version = proposal.Rejected, first.Version
	if _, err := meeting.RecordDecision(t.Context(), tx, clerk, m.ID, key, d); !errors.Is(err, fault.Conflict) {
		t.Errorf("revising what was published: %v", err)
	}
	d.Replaces, d.Version = first.ID, 0
	var fields fault.Fields
	if _, err := meeting.RecordDecision(t.Context(), tx, clerk, m.ID, key, d); !errors.As(err, &fields) || fields["reason"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	d.Reason = "De voorzitter telde verkeerd."
	second := publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, d))
	list := decisionsAt(t, tx, access.Actor{}, m)
	if len(list) != 2 || list[0].ID != second.ID || list[0].ReplacesNumber != first.Number || list[1].ReplacedBy != second.Number || list[0].Reason != d.Reason {
		t.Errorf("the public reads %+v", list)
	}
	if found, _ := proposal.Find(t.Context(), tx, clerk, paper.ID); found.DecisionKind != proposal.Rejected {
		t.Errorf("the paper keeps %s", found.DecisionKind)
	}
}

// GW-23.6: closed decisions are left out, their existence shown. They count by themselves, so that the others show no gap.
func TestAClosedDecisionStaysWithItsBodyAndLeavesNoGap(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	one := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "Open een"})
	shut := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, Ground: "5.1.2.b"})
	two := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "Open twee"})
	m = convene(t, tx, here.Clerk, m.ID)
	clerk := during(here.Clerk, m)
	var numbers []string
	for _, key := range []string{one, shut, two} {
		d := decides(here, m)
		if key == shut {
			d.Kind, d.Text = proposal.PutOff, "GEHEIM-BESLUIT"
		}
		made := record(t, tx, clerk, m, key, d)
		if key == shut {
			for who, actor := range map[string]access.Actor{"a member": here.Member, "the secretaris": here.Secretary} {
				if len(decisionsAt(t, tx, actor, m)) != 1 {
					t.Errorf("%s reads the closed draft", who)
				}
			}
		}
		numbers = append(numbers, publish(t, tx, clerk, m, key, made).Number)
	}
	k := here.Key + "-raad-2018-"
	if want := []string{k + "001", k + "B001", k + "002"}; !slices.Equal(numbers, want) {
		t.Errorf("numbers %v, want %v", numbers, want)
	}
	for who, actor := range map[string]access.Actor{"the public": {}, "the steller": here.Author, "the secretaris": here.Secretary} {
		for _, d := range decisionsAt(t, tx, actor, m) {
			if d.Closed() || strings.Contains(d.Text, "GEHEIM") {
				t.Errorf("%s reads %v", who, d)
			}
		}
		_, items := agendaOf(t, tx, actor, m.Slug)
		if items[1].State != meeting.ItemTreated {
			t.Errorf("%s sees that the closed item is %s; only that there is a decision may show", who, items[1].State)
		}
	}
	if _, items := agendaOf(t, tx, here.Member, m.Slug); items[1].State != meeting.ItemDeferred || len(decisionsAt(t, tx, here.Member, m)) != 3 {
		t.Errorf("a member sees %s", items[1].State)
	}
	// Closing an item afterwards closes what was decided on it.
	_, items := agendaOf(t, tx, clerk, m.Slug)
	if err := meeting.ReviseItem(t.Context(), tx, clerk, m.ID, one, meeting.ItemDraft{
		SectionID: items[0].SectionID, Title: "Open een", Minutes: minutes(10), Closed: true, Ground: "5.1.2.e", PublicTitle: "Besloten punt",
		Version: items[0].Version,
	}); err != nil {
		t.Fatal(err)
	}
	if list := decisionsAt(t, tx, access.Actor{}, m); len(list) != 1 {
		t.Errorf("the public still reads %d decisions", len(list))
	}
}

func TestEachBodyOfAJointMeetingDecidesForItself(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	one, two := proposaltest.NewPlace(t, tx, "Een"), proposaltest.NewPlace(t, tx, "Twee")
	m := together(t, tx, one, draft(one, two), two)
	paper := proposaltest.Offered(t, tx, one.Author, one.ID, one.Body)
	onPaper, err := meeting.Schedule(t.Context(), tx, one.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	key := add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "Samen"})
	m = convene(t, tx, one.Clerk, m.ID)
	if _, err := meeting.RecordDecision(t.Context(), tx, during(one.Clerk, m), m.ID, key, decides(two, m)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("recording for the other body: %v", err)
	}
	own := decides(two, m)
	own.ProposalVersion = 0
	theirs := record(t, tx, during(two.Clerk, m), m, key, own)
	if list := decisionsAt(t, tx, one.Clerk, m); len(list) > 0 {
		t.Error("a griffier reads the draft of the other body")
	}
	publish(t, tx, during(two.Clerk, m), m, key, theirs)
	// On a paper decides the body that it is meant for, and no other.
	var fields fault.Fields
	if _, err := meeting.RecordDecision(t.Context(), tx, during(two.Clerk, m), m.ID, onPaper, decides(two, m)); !errors.As(err, &fields) || fields["body"] == "" {
		t.Errorf("a decision on the paper of another: %v", err)
	}
	d := decides(one, m)
	d.Kind, d.Text = proposal.PutOff, ""
	ours := publish(t, tx, during(one.Clerk, m), m, onPaper, record(t, tx, during(one.Clerk, m), m, onPaper, d))
	if s := stateOf(t, tx, one.Clerk, paper.ID); s != proposal.Deferred || !strings.HasSuffix(ours.Number, "2018-001") {
		t.Errorf("the paper is %s, the decision %s", s, ours.Number)
	}
	if _, items := agendaOf(t, tx, access.Actor{}, m.Slug); items[1].State != meeting.ItemTreated {
		t.Errorf("one of two decided, and the item is %s", items[1].State)
	}
}

func TestRecordingAndPublishingTwiceIsOnce(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m, key, _ := sitting(t, tx, open, here)
	clerk := during(here.Clerk, m)
	first, again := record(t, tx, clerk, m, key, decides(here, m)), record(t, tx, clerk, m, key, decides(here, m))
	if first.ID != again.ID || first.Version != again.Version {
		t.Errorf("recording twice: %v, %v", first, again)
	}
	once, twice := publish(t, tx, clerk, m, key, first), publish(t, tx, clerk, m, key, first)
	if once.ID != twice.ID || once.Number != twice.Number || once.Version != twice.Version {
		t.Errorf("publishing twice: %v, %v", once, twice)
	}
}

func TestTwoWhoRecordAtOnceBothSeeIt(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	here := proposaltest.NewPlace(t, db, "Hier")
	m, key, _ := sitting(t, db, open, here)
	var wait sync.WaitGroup
	errs := make([]error, 4)
	for n := range errs {
		wait.Go(func() {
			d := decides(here, m)
			d.Text = fmt.Sprintf("Tekst %d", n)
			_, errs[n] = meeting.RecordDecision(t.Context(), db, during(here.Clerk, m), m.ID, key, d)
		})
	}
	wait.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if !errors.Is(err, fault.Conflict) {
			t.Errorf("got %v", err)
		}
	}
	if won != 1 {
		t.Errorf("%d were kept", won)
	}
}

func TestNumbersOfDecisionsHaveNoGapWhoeverIsFirst(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	here := proposaltest.NewPlace(t, db, "Hier")
	m := create(t, db, here.Clerk, draft(here))
	var keys []string
	for n := range 6 {
		keys = append(keys, add(t, db, here.Clerk, m, "B", meeting.ItemDraft{Title: fmt.Sprint("Punt ", n)}))
	}
	m = convene(t, db, here.Clerk, m.ID)
	clerk := during(here.Clerk, m)
	var wait sync.WaitGroup
	numbers := make([]string, len(keys))
	for n, key := range keys {
		made := record(t, db, clerk, m, key, decides(here, m))
		wait.Go(func() {
			p, err := meeting.PublishDecision(t.Context(), db, clerk, m.ID, key, meeting.Publication{Body: here.Body, Version: made.Version})
			if err != nil {
				t.Error(err)
			}
			numbers[n] = p.Number
		})
	}
	wait.Wait()
	slices.Sort(numbers)
	for n, number := range numbers {
		if want := fmt.Sprintf("%s-raad-2018-%03d", here.Key, n+1); number != want {
			t.Errorf("number %s, want %s", number, want)
		}
	}
}

func TestPublishingADecisionAsksThePasswordAgain(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m, key, paper := sitting(t, tx, open, here)
	clerk := during(here.Clerk, m)
	made := record(t, tx, clerk, m, key, decides(here, m))
	clerk.Account, clerk.Confirmed = "x", clerk.At.Add(-time.Hour)
	if _, err := meeting.PublishDecision(t.Context(), tx, clerk, m.ID, key,
		meeting.Publication{Body: here.Body, Version: made.Version}); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("got %v", err)
	}
	if s := stateOf(t, tx, here.Clerk, paper.ID); s != proposal.Scheduled {
		t.Errorf("the paper is %s", s)
	}
}

func TestWhatIsWrongWithADecision(t *testing.T) {
	t.Parallel()
	m := meeting.Meeting{StartsAt: proposaltest.At, EndsAt: proposaltest.At.Add(2 * time.Hour)}
	now := proposaltest.At.AddDate(0, 0, 1)
	n := func(i int) *int { return &i }
	day := func(d int) *time.Time { t := proposaltest.At.AddDate(0, 0, d); return &t }
	for _, c := range []struct {
		name   string
		change func(*meeting.DecisionDraft)
		field  string
	}{
		{"nothing", func(*meeting.DecisionDraft) {}, ""},
		{"no kind", func(d *meeting.DecisionDraft) { d.Kind = "" }, "kind"},
		{"no text where one is needed", func(d *meeting.DecisionDraft) { d.Text = " " }, "text"},
		{"no text for taking note", func(d *meeting.DecisionDraft) { d.Kind, d.Text = proposal.Noted, "" }, ""},
		{"no method", func(d *meeting.DecisionDraft) { d.Method = "" }, "method"},
		{"votes without a vote (GW-32.3)", func(d *meeting.DecisionDraft) { d.VotesFor, d.VotesAgainst = n(3), n(1) }, "votes_for"},
		{"half counted", func(d *meeting.DecisionDraft) { d.Method, d.VotesFor = meeting.ShowOfHands, n(3) }, "votes_against"},
		{"roll call uncounted (GW-32.2)", func(d *meeting.DecisionDraft) { d.Method = meeting.RollCall }, "votes_for"},
		{"hands uncounted", func(d *meeting.DecisionDraft) { d.Method = meeting.ShowOfHands }, ""},
		{"fewer than none", func(d *meeting.DecisionDraft) { d.Method, d.VotesFor, d.VotesAgainst = meeting.RollCall, n(-1), n(1) }, "votes_for"},
		{"no day", func(d *meeting.DecisionDraft) { d.DecidedOn = nil }, "decided_on"},
		{"before the meeting", func(d *meeting.DecisionDraft) { d.DecidedOn = day(-1) }, "decided_on"},
		{"still to come", func(d *meeting.DecisionDraft) { d.DecidedOn = day(2) }, "decided_on"},
		{"in place of another without a reason", func(d *meeting.DecisionDraft) { d.Replaces = "x" }, "reason"},
	} {
		d := meeting.DecisionDraft{Body: "b", Kind: proposal.Adopted, Text: "Vastgesteld.", DecidedOn: day(0), Vote: meeting.Vote{Method: meeting.NoVote}}
		c.change(&d)
		var fields fault.Fields
		errors.As(d.Check(m, now), &fields)
		if c.field == "" && len(fields) > 0 || c.field != "" && fields[c.field] == "" {
			t.Errorf("%s: %v", c.name, fields)
		}
	}
}

// The test vectors of domain 3.2, as far as a summary of votes goes.
func TestWhatVotesSayOfTheOutcome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		kind         proposal.DecisionKind
		yes, no, all int
		want         string
	}{
		{"GW-30: 5-4 of 16, adopted", proposal.Adopted, 5, 4, 16, ""},
		{"GW-30: 4-5, adopted all the same", proposal.Adopted, 4, 5, 16, "GW-30"},
		{"GW-30: 5-4, rejected all the same", proposal.Rejected, 5, 4, 16, "GW-30"},
		{"GW-30: 4-5, rejected", proposal.Rejected, 4, 5, 16, ""},
		{"GW-32.4: 8-8, deferred", proposal.PutOff, 8, 8, 18, ""},
		{"GW-32.4: 8-8, adopted", proposal.Adopted, 8, 8, 18, "GW-32.4"},
		{"GW-32.4: 8-8, rejected: the meeting must be full", proposal.Rejected, 8, 8, 18, "GW-32.4"},
		{"GW-29: 8 of 16 took part", proposal.Adopted, 5, 3, 16, "GW-29"},
		{"VR-1: weights add up to more than heads", proposal.Adopted, 7, 5, 4, "STEMMEN"},
		{"nobody knows how many members there are", proposal.Adopted, 2, 1, 0, ""},
	} {
		var ids []string
		for _, f := range meeting.VoteFindings(c.kind, meeting.Vote{Method: meeting.RollCall, VotesFor: &c.yes, VotesAgainst: &c.no}, c.all) {
			ids = append(ids, f.Rule)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: found %q, want %q", c.name, got, c.want)
		}
	}
	if found := meeting.VoteFindings(proposal.Adopted, meeting.Vote{Method: meeting.ShowOfHands}, 18); len(found) > 0 {
		t.Errorf("votes that were not counted: %v", found)
	}
}
