package meeting_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/internal/zienswijze/zienswijzetest"
)

// asked is a region whose draft budget, a paper for its board, was sent to its councils.
func asked(t *testing.T, db postgres.DB, change func(*zienswijze.Draft), names ...string) (zienswijzetest.Region, proposal.Proposal, zienswijze.Procedure) {
	t.Helper()
	r := zienswijzetest.New(t, db, names...)
	paper := proposaltest.Offered(t, db, r.Secretary, r.Org.ID, r.Board.ID)
	return r, paper, r.Sent(t, db, func(d *zienswijze.Draft) {
		d.ProposalID = paper.ID
		if change != nil {
			change(d)
		}
	})
}

// placeOf is a council as the makers of meetings know it.
func placeOf(c zienswijzetest.Council) proposaltest.Place {
	return proposaltest.Place{Org: c.Org.Name(), ID: c.Org.ID, Body: c.Body.ID, Clerk: c.Clerk, Staff: c.Staff, Member: c.Member, Author: c.Author}
}

// evening is a meeting some weeks after the draft was sent.
func evening(t *testing.T, db postgres.DB, by access.Actor, kind meeting.Kind, body id.Body) meeting.Meeting {
	t.Helper()
	start := zienswijzetest.At.AddDate(0, 0, 40).Truncate(time.Hour)
	end := start.Add(2 * time.Hour)
	return create(t, db, by, meeting.Draft{Kind: kind, Bodies: []id.Body{body}, StartsAt: &start, EndsAt: &end, Location: "Raadzaal", Open: true})
}

// onAgenda lets a council put the draft on the agenda of a meeting of its own, from its in-tray.
func onAgenda(t *testing.T, db postgres.DB, c zienswijzetest.Council, paper proposal.Proposal) (meeting.Meeting, string) {
	t.Helper()
	m := evening(t, db, c.Clerk, meeting.Council, c.Body.ID)
	return m, takeUp(t, db, placeOf(c), m, paper)
}

// concluded lets the council decide on the item, and publishes that.
func concluded(t *testing.T, db postgres.DB, c zienswijzetest.Council, m meeting.Meeting, key string, change func(*meeting.DecisionDraft)) meeting.Decision {
	t.Helper()
	d := decides(placeOf(c), m)
	d.Kind, d.Text = proposal.FormalView, "De raad vraagt een lagere bijdrage."
	if change != nil {
		change(&d)
	}
	clerk := during(c.Clerk, m)
	return publish(t, db, clerk, m, key, record(t, db, clerk, m, key, d))
}

func textOf(t *testing.T, db postgres.DB, a access.Actor, p zienswijze.Procedure, c zienswijzetest.Council) string {
	t.Helper()
	var texts []zienswijze.Text
	if err := postgres.Read(t.Context(), db, zienswijze.TextInto(&texts, a, p.Key, c.Org.Key)); err != nil {
		t.Fatal(err)
	}
	if len(texts) == 0 {
		return ""
	}
	return texts[0].Text
}

func viewOf(t *testing.T, db postgres.DB, p zienswijze.Procedure, c zienswijzetest.Council) zienswijze.View {
	t.Helper()
	return zienswijzetest.View(t, db, c.Clerk, p, c)
}

func TestSendingADraftLaysItsPaperInTheInTraysOfTheCouncils(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r, paper, p := asked(t, tx, nil, "Hillegom", "Katwijk")
	for range 2 { // the second time changes nothing
		if _, err := zienswijze.Send(t.Context(), tx, r.Secretary, p.ID, zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version}); err != nil {
			t.Fatal(err)
		}
		steps := routeOf(t, tx, r.Secretary, paper)
		if len(steps) != 2 {
			t.Fatalf("the route has %d steps", len(steps))
		}
		for _, s := range steps {
			if s.State != route.StepSent || s.Treatment != proposal.ForView || s.Deadline == nil || !s.Deadline.Equal(*p.DueOn) {
				t.Errorf("%s: %s, %s, %v", s.OrgName, s.State, s.Treatment, s.Deadline)
			}
		}
	}
	for _, c := range r.Councils {
		var tray []route.Received
		var tasks []zienswijze.Task
		if err := postgres.Read(t.Context(), tx, route.InTray(&tray, c.Clerk, 1), zienswijze.Waiting(&tasks, c.Clerk)); err != nil {
			t.Fatal(err)
		}
		if len(tray) != 1 || len(tasks) != 0 {
			t.Errorf("%s has %d in its in-tray and %d tasks beside it", c.Org.Name(), len(tray), len(tasks))
		}
		if v := viewOf(t, tx, p, c); v.Step.State != route.StepSent {
			t.Errorf("the procedure shows a step %q", v.Step.State)
		}
	}
}

func TestADraftUsesTheStepsThatTheRouteHas(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk", "Lisse")
	paper := proposaltest.Offered(t, tx, r.Secretary, r.Org.ID, r.Board.ID)
	for n, c := range r.Councils[:2] {
		step := routetest.Step(placeOf(c), 1)
		if n == 0 {
			step.Treatment = proposal.ForView
		}
		if err := route.AddStep(t.Context(), tx, r.Secretary, paper.ID, step); err != nil {
			t.Fatal(err)
		}
	}
	p := r.Opened(t, tx, func(d *zienswijze.Draft) { d.ProposalID = paper.ID })
	send := zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version}
	var fields fault.Fields
	if _, err := zienswijze.Send(t.Context(), tx, r.Secretary, p.ID, send); !errors.As(err, &fields) || fields[route.RuleOrder] == "" {
		t.Fatalf("before the earlier step of Katwijk: %v", err)
	}
	send.Reasons = map[string]string{route.RuleOrder: "De raad van Katwijk weet ervan."}
	p, err := zienswijze.Send(t.Context(), tx, r.Secretary, p.ID, send)
	if err != nil {
		t.Fatal(err)
	}
	var views, planned int
	for _, s := range routeOf(t, tx, r.Secretary, paper) {
		switch {
		case s.Treatment == proposal.ForView && s.State == route.StepSent && s.Deadline.Equal(*p.DueOn):
			views++
		case s.State == route.StepPlanned:
			planned++ // what asks an opinion of Katwijk is another thing
		}
	}
	if views != 3 || planned != 1 {
		t.Errorf("%d views are asked, %d steps stayed", views, planned)
	}
}

func TestADraftWhosePaperWasNotOfferedStays(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom")
	paper := proposaltest.Concept(t, tx, r.Secretary, r.Org.ID, r.Board.ID)
	p := r.Opened(t, tx, func(d *zienswijze.Draft) { d.ProposalID = paper.ID })
	var fields fault.Fields
	if _, err := zienswijze.Send(t.Context(), tx, r.Secretary, p.ID, zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version}); !errors.As(err,
		&fields) || fields["sent_on"] == "" {
		t.Fatalf("the councils got a paper that has no version: %v", err)
	}
	if found, err := zienswijze.Find(t.Context(), tx, r.Secretary, p.Key); err != nil || found.State != zienswijze.Preparing {
		t.Errorf("the procedure is %s, %v", found.State, err)
	}
}

func TestADraftFindsWhatACouncilHasOnItsAgenda(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom")
	c := r.Councils[0]
	paper := proposaltest.Offered(t, tx, r.Secretary, r.Org.ID, r.Board.ID)
	step := routetest.Step(placeOf(c), 1)
	step.Treatment = proposal.ForView
	if err := route.AddStep(t.Context(), tx, r.Secretary, paper.ID, step); err != nil {
		t.Fatal(err)
	}
	if err := route.Send(t.Context(), tx, r.Secretary, paper.ID, []string{routeOf(t, tx, r.Secretary, paper)[0].Key}, nil); err != nil {
		t.Fatal(err)
	}
	m, key := onAgenda(t, tx, c, paper)
	p := r.Sent(t, tx, func(d *zienswijze.Draft) { d.ProposalID = paper.ID })
	if v := viewOf(t, tx, p, c); v.State != zienswijze.Scheduled || v.MeetingID != m.ID || v.ItemKey != key {
		t.Errorf("got %s at %q", v.State, v.MeetingID)
	}
}

func TestAPaperThatIsAddedLaterGoesAlong(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk")
	p := r.Sent(t, tx)
	zienswijzetest.Delivered(t, tx, p, r.Councils[1])
	concept := proposaltest.Concept(t, tx, r.Secretary, r.Org.ID, r.Board.ID)
	d := r.Draft()
	d.ProposalID = concept.ID
	var fields fault.Fields
	if _, err := zienswijze.Revise(t.Context(), tx, r.Secretary, p.ID, p.Version, d); !errors.As(err, &fields) || fields["proposal_id"] == "" {
		t.Fatalf("a concept: %v", err)
	}
	paper := proposaltest.Offered(t, tx, r.Secretary, r.Org.ID, r.Board.ID)
	d.ProposalID = paper.ID
	p, err := zienswijze.Revise(t.Context(), tx, r.Secretary, p.ID, p.Version, d)
	if err != nil {
		t.Fatal(err)
	}
	steps := routeOf(t, tx, r.Secretary, paper)
	if len(steps) != 1 || steps[0].BodyID != r.Councils[0].Body.ID || steps[0].State != route.StepSent {
		t.Errorf("the route is %+v", steps)
	}
	d.ProposalID = concept.ID
	if _, err := zienswijze.Revise(t.Context(), tx, r.Secretary, p.ID, p.Version, d); !errors.As(err, &fields) || fields["proposal_id"] == "" {
		t.Errorf("another paper while this one lies with the councils: %v", err)
	}
}

func TestWhatACouncilPutsOnItsAgendaIsPlannedInTheProcedure(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r, paper, p := asked(t, tx, nil, "Hillegom", "Katwijk")
	c := r.Councils[0]
	if err := zienswijze.Schedule(t.Context(), tx, c.Clerk, viewOf(t, tx, p, c).ID, proposaltest.Meeting(t, tx, placeOf(c))); err == nil {
		t.Error("planned by hand while it lies in the in-tray")
	}
	m, key := onAgenda(t, tx, c, paper)
	if v := viewOf(t, tx, p, c); v.State != zienswijze.Scheduled || v.MeetingID != m.ID || v.ItemKey != key {
		t.Fatalf("got %s at %q, item %q", v.State, v.MeetingID, v.ItemKey)
	}
	zienswijzetest.Written(t, tx, p, c, false)
	if err := zienswijze.Adopt(t.Context(), tx, c.Clerk, viewOf(t, tx, p, c).ID, &c.Clerk.At); !errors.Is(err, fault.Forbidden) {
		t.Errorf("decided by hand while it stands on the agenda: %v", err)
	}
	if other := viewOf(t, tx, p, r.Councils[1]); other.State != zienswijze.Received {
		t.Errorf("the other council is %s", other.State)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, c.Clerk, m.ID, key); err != nil {
		t.Fatal(err)
	}
	if v := viewOf(t, tx, p, c); v.State != zienswijze.Received || v.MeetingID != "" || !v.Step.Waits() {
		t.Errorf("off the agenda: %s at %q, step %s", v.State, v.MeetingID, v.Step.State)
	}
	takeUp(t, tx, placeOf(c), m, paper)
	if _, err := meeting.Cancel(t.Context(), tx, c.Clerk, m.ID, "Te weinig punten."); err != nil {
		t.Fatal(err)
	}
	if v := viewOf(t, tx, p, c); v.State != zienswijze.Received || v.MeetingID != "" {
		t.Errorf("of a cancelled meeting: %s at %q", v.State, v.MeetingID)
	}
}

func TestAPlannedViewOfACancelledMeetingGoesBack(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom")
	p, c := r.Sent(t, tx), r.Councils[0]
	m := evening(t, tx, c.Clerk, meeting.Council, c.Body.ID)
	if err := zienswijze.Schedule(t.Context(), tx, c.Clerk, viewOf(t, tx, p, c).ID, m.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := meeting.Cancel(t.Context(), tx, c.Clerk, m.ID, "Te weinig punten."); err != nil {
		t.Fatal(err)
	}
	if v := viewOf(t, tx, p, c); v.State != zienswijze.Received {
		t.Errorf("it is %s", v.State)
	}
}

func TestThePublishedDecisionOfACouncilIsItsView(t *testing.T) {
	t.Parallel()
	votes := func(d *meeting.DecisionDraft) {
		yes, no := 12, 5
		d.Method, d.VotesFor, d.VotesAgainst = meeting.RollCall, &yes, &no
	}
	kind := func(k proposal.DecisionKind) func(*meeting.DecisionDraft) {
		return func(d *meeting.DecisionDraft) { d.Kind, d.Text = k, "Zo besloten." }
	}
	for _, c := range []struct {
		name    string
		written bool
		change  func(*meeting.DecisionDraft)
		state   zienswijze.ViewState
		text    string
		votes   bool
	}{
		{"the text of the decision", false, votes, zienswijze.Adopted, "De raad vraagt een lagere bijdrage.", true},
		{"a text that was written stays", true, nil, zienswijze.Adopted, "De raad van Hillegom vindt dit.", false},
		{"WGR-1: noted is no view", false, kind(proposal.Noted), zienswijze.None, "", false},
		{"put off waits again", false, kind(proposal.PutOff), zienswijze.Received, "", false},
		{"rejected says nothing of a view", false, kind(proposal.Rejected), zienswijze.Scheduled, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			r, paper, p := asked(t, tx, nil, "Hillegom")
			here := r.Councils[0]
			m, key := onAgenda(t, tx, here, paper)
			m = convene(t, tx, here.Clerk, m.ID)
			if c.written {
				zienswijzetest.Written(t, tx, p, here, false)
			}
			d := decides(placeOf(here), m)
			d.Kind, d.Text = proposal.FormalView, "De raad vraagt een lagere bijdrage."
			if c.change != nil {
				c.change(&d)
			}
			clerk := during(here.Clerk, m)
			made := record(t, tx, clerk, m, key, d)
			if v := viewOf(t, tx, p, here); v.State != zienswijze.Scheduled {
				t.Fatalf("before publication it is %s", v.State)
			}
			for range 2 {
				made = publish(t, tx, clerk, m, key, made)
				v := viewOf(t, tx, p, here)
				if got := textOf(t, tx, here.Clerk, p, here); v.State != c.state || got != c.text {
					t.Errorf("got %s with %q", v.State, got)
				}
				if (v.VotesFor != nil) != c.votes {
					t.Errorf("the votes for are %v", v.VotesFor)
				}
				if v.State == zienswijze.Adopted && (v.DecisionNo != made.Number || v.DecidedOn == nil || !v.DecidedOn.Equal(made.DecidedOn)) {
					t.Errorf("the decision is %q on %v, want %s", v.DecisionNo, v.DecidedOn, made.Number)
				}
			}
			if got := textOf(t, tx, r.Secretary, p, here); got != "" {
				t.Errorf("the board reads %q before it was sent", got)
			}
		})
	}
}

func TestADecisionThatTakesThePlaceOfAnotherChangesTheViewUntilItIsSent(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r, paper, p := asked(t, tx, nil, "Hillegom")
	c := r.Councils[0]
	m, key := onAgenda(t, tx, c, paper)
	m = convene(t, tx, c.Clerk, m.ID)
	first := concluded(t, tx, c, m, key, nil)
	second := concluded(t, tx, c, m, key, func(d *meeting.DecisionDraft) {
		d.Kind, d.Text, d.Replaces, d.Reason = proposal.Noted, "", first.ID, "Verkeerd opgeschreven."
	})
	if v := viewOf(t, tx, p, c); v.State != zienswijze.None || v.DecisionNo != second.Number {
		t.Fatalf("got %s by %q", v.State, v.DecisionNo)
	}
	third := concluded(t, tx, c, m, key, func(d *meeting.DecisionDraft) { d.Replaces, d.Reason = second.ID, "Toch een zienswijze." })
	if err := zienswijze.SendView(t.Context(), tx, c.Clerk, viewOf(t, tx, p, c).ID); err != nil {
		t.Fatal(err)
	}
	concluded(t, tx, c, m, key, func(d *meeting.DecisionDraft) {
		d.Kind, d.Text, d.Replaces, d.Reason = proposal.Rejected, "", third.ID, "De stemmen waren verkeerd geteld."
	})
	if v := viewOf(t, tx, p, c); v.State != zienswijze.ViewSent {
		t.Errorf("what was sent is %s", v.State)
	}
}

func TestARefusedDraftShowsItsReasonInTheProcedure(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r, paper, p := asked(t, tx, nil, "Hillegom", "Katwijk")
	c := r.Councils[0]
	if err := route.Refuse(t.Context(), tx, c.Clerk, stepOf(t, tx, c.Clerk, paper, placeOf(c)).Key, "De raad is op reces."); err != nil {
		t.Fatal(err)
	}
	var views []zienswijze.View
	if err := postgres.Read(t.Context(), tx, zienswijze.ViewsInto(&views, r.Secretary, p.Key)); err != nil {
		t.Fatal(err)
	}
	if views[0].Step.State != route.StepRefused || views[0].Step.Reason != "De raad is op reces." || views[1].Step.Reason != "" {
		t.Errorf("got %+v and %+v", views[0].Step, views[1].Step)
	}
	// By hand it goes on: no step is left behind in the in-tray.
	zienswijzetest.Written(t, tx, p, c, false)
	if err := zienswijze.Adopt(t.Context(), tx, c.Clerk, views[0].ID, &c.Clerk.At); err != nil {
		t.Fatal(err)
	}
	if s := stepOf(t, tx, r.Secretary, paper, placeOf(c)); s.State != route.StepTreated || s.Outcome != proposal.FormalView {
		t.Errorf("the step is %s, %s", s.State, s.Outcome)
	}
}

func TestAskingAndSchedulingAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r, paper, p := asked(t, db, nil, "Hillegom")
	c := r.Councils[0]
	first, second := evening(t, db, c.Clerk, meeting.Council, c.Body.ID), evening(t, db, c.Clerk, meeting.Council, c.Body.ID)
	step := stepOf(t, db, c.Clerk, paper, placeOf(c)).Key
	d := r.Draft()
	later := zienswijzetest.Board.AddDate(0, 0, 7)
	d.ProposalID, d.ABOn = paper.ID, &later
	var wait sync.WaitGroup
	errs := make([]error, 3)
	wait.Go(func() { _, errs[0] = meeting.ScheduleStep(t.Context(), db, c.Clerk, first.ID, step, "") })
	wait.Go(func() { _, errs[1] = meeting.ScheduleStep(t.Context(), db, c.Staff, second.ID, step, "") })
	wait.Go(func() { _, errs[2] = zienswijze.Revise(t.Context(), db, r.Secretary, p.ID, p.Version, d) })
	wait.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || !errors.Is(errors.Join(errs[0], errs[1]), fault.Conflict) || errs[2] != nil {
		t.Fatalf("got %v, want one on an agenda, one conflict, and the day moved", errs)
	}
	v, s := viewOf(t, db, p, c), stepOf(t, db, c.Clerk, paper, placeOf(c))
	if v.State != zienswijze.Scheduled || v.MeetingID != s.MeetingID || s.State != route.StepScheduled {
		t.Errorf("the view is at %q, the step at %q", v.MeetingID, s.MeetingID)
	}
	found, err := zienswijze.Find(t.Context(), db, r.Secretary, p.Key)
	if err != nil || s.Deadline == nil || !s.Deadline.Equal(*found.DueOn) {
		t.Errorf("the step is due on %v, the procedure on %v, %v", s.Deadline, found.DueOn, err)
	}
}

func TestTheBoardGivesAReasonForDecidingBeforeItAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule string
		kind func(*zienswijze.Draft)
		made proposal.DecisionKind
		asks bool
	}{
		{"WGR-35.4", func(*zienswijze.Draft) {}, proposal.Adopted, true},
		{"WGR-35.4", func(*zienswijze.Draft) {}, proposal.PutOff, false},
		{"WGR-10.6", func(d *zienswijze.Draft) {
			replies := zienswijzetest.At.AddDate(0, 0, 30)
			d.Kind, d.Year, d.RepliesDue = zienswijze.Decision, nil, &replies
		}, proposal.Adopted, true},
	} {
		t.Run(c.rule+" "+string(c.made), func(t *testing.T) {
			t.Parallel()
			tx := pgtest.Tx(t)
			r, paper, p := asked(t, tx, c.kind, "Hillegom")
			zienswijzetest.Delivered(t, tx, p, r.Councils[0])
			m := evening(t, tx, r.Secretary, meeting.GeneralBoard, r.Board.ID)
			key, err := meeting.Schedule(t.Context(), tx, r.Secretary, m.ID, paper.ID, "")
			if err != nil {
				t.Fatal(err)
			}
			m = convene(t, tx, r.Secretary, m.ID)
			secretary, day := during(r.Secretary, m), m.StartsAt
			made := record(t, tx, secretary, m, key, meeting.DecisionDraft{
				Body: r.Board.ID, Kind: c.made, Text: "De begroting is vastgesteld.", DecidedOn: &day, Vote: meeting.Vote{Method: meeting.NoVote}, ProposalVersion: 1,
			})
			final := meeting.Publication{Body: r.Board.ID, Version: made.Version}
			_, err = meeting.PublishDecision(t.Context(), tx, secretary, m.ID, key, final)
			var fields fault.Fields
			if errors.As(err, &fields) != c.asks || c.asks && fields[c.rule] == "" {
				t.Fatalf("got %v", err)
			}
			if !c.asks {
				return
			}
			final.Reasons = map[string]string{c.rule: "De raad kreeg mondeling antwoord."}
			if _, err := meeting.PublishDecision(t.Context(), tx, secretary, m.ID, key, final); err != nil {
				t.Fatal(err)
			}
			var history []audit.Entry
			if err := postgres.Read(t.Context(), tx, audit.Of(&history, secretary, string(m.ID))); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(history[0].Reason, c.rule+": De raad kreeg mondeling antwoord.") {
				t.Errorf("the note is %q", history[0].Reason)
			}
		})
	}
}

func TestACouncilThatDecidesOnTheDraftIsNotAskedForTheAnswersOfTheBoard(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r, paper, p := asked(t, tx, nil, "Hillegom", "Katwijk")
	m, key := onAgenda(t, tx, r.Councils[0], paper)
	zienswijzetest.Delivered(t, tx, p, r.Councils[1])
	concluded(t, tx, r.Councils[0], convene(t, tx, r.Councils[0].Clerk, m.ID), key, nil)
}

func TestTheAgendaTellsHowFarTheCouncilsAre(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r, paper, p := asked(t, tx, nil, "Hillegom", "Katwijk", "Lisse")
	zienswijzetest.Delivered(t, tx, p, r.Councils[0])
	zienswijzetest.Written(t, tx, p, r.Councils[1], false)
	if err := zienswijze.Decline(t.Context(), tx, r.Councils[2].Clerk, viewOf(t, tx, p, r.Councils[2]).ID, &r.Secretary.At); err != nil {
		t.Fatal(err)
	}
	m := evening(t, tx, r.Secretary, meeting.GeneralBoard, r.Board.ID)
	key, err := meeting.Schedule(t.Context(), tx, r.Secretary, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	m = convene(t, tx, r.Secretary, m.ID)
	read := func(a access.Actor) (tallies []zienswijze.Tally, heard []zienswijze.Heard) {
		t.Helper()
		if err := postgres.Read(t.Context(), tx, zienswijze.OnAgenda(&tallies, a, m.Slug), zienswijze.HeardOn(&heard, a, m.Slug, key)); err != nil {
			t.Fatal(err)
		}
		return tallies, heard
	}
	tallies, heard := read(r.Member)
	if len(tallies) != 1 || tallies[0].Councils != 3 || tallies[0].Received != 1 || tallies[0].Answered != 0 || tallies[0].None != 1 ||
		tallies[0].ProposalID != paper.ID {
		t.Fatalf("a member of the board reads %+v", tallies)
	}
	if len(heard) != 2 || heard[0].Text == "" || heard[1].State != zienswijze.None {
		t.Errorf("a member of the board reads %+v", heard)
	}
	if tallies, heard := read(access.Actor{At: m.StartsAt}); len(tallies) != 0 || len(heard) != 0 {
		t.Errorf("the public reads %+v, %+v", tallies, heard)
	}
	if _, err := zienswijze.Publish(t.Context(), tx, r.Secretary, p.ID); err != nil {
		t.Fatal(err)
	}
	if tallies, heard := read(access.Actor{At: m.StartsAt}); len(tallies) != 1 || len(heard) != 2 || heard[0].Text != "" {
		t.Errorf("of an open procedure the public reads %+v, %+v", tallies, heard)
	}
}

func TestTwoWhoSendADraftAtOnceSendItOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := zienswijzetest.New(t, db, "Hillegom", "Katwijk")
	paper := proposaltest.Offered(t, db, r.Secretary, r.Org.ID, r.Board.ID)
	p := r.Opened(t, db, func(d *zienswijze.Draft) { d.ProposalID = paper.ID })
	var wait sync.WaitGroup
	errs := make([]error, 3)
	for n := range 2 {
		wait.Go(func() {
			_, errs[n] = zienswijze.Send(t.Context(), db, r.Secretary, p.ID, zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version})
		})
	}
	wait.Go(func() { // and a steller lays out the route by hand
		step := routetest.Step(placeOf(r.Councils[0]), 1)
		step.Treatment = proposal.ForView
		errs[2] = route.AddStep(t.Context(), db, r.Secretary, paper.ID, step)
	})
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	steps := routeOf(t, db, r.Secretary, paper)
	if len(steps) != 2 {
		t.Fatalf("the route has %d steps", len(steps))
	}
	for _, s := range steps {
		if s.State != route.StepSent {
			t.Errorf("%s has %s", s.OrgName, s.State)
		}
	}
	var told int
	if err := pgtest.Owner(t, db).QueryRow(t.Context(),
		`select count(*) from river_job where kind in ('route.sent', 'procedure.sent')`).Scan(&told); err != nil || told != 1 {
		t.Errorf("%d jobs tell of it, %v", told, err)
	}
}
