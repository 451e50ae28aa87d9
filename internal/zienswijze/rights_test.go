package zienswijze_test

import (
	"errors"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/internal/zienswijze/zienswijzetest"
)

// idle is the actor who gave his password an hour ago.
func idle(a access.Actor) access.Actor {
	a.Account, a.Confirmed = id.New[id.Account](), a.At.Add(-time.Hour)
	return a
}

func TestAnActWithLegalEffectAsksForThePassword(t *testing.T) {
	t.Parallel()
	tx, ctx := pgtest.Tx(t), t.Context()
	r := zienswijzetest.New(t, tx, "Hillegom")
	c := r.Councils[0]
	asks := func(act string, err error) {
		t.Helper()
		if !errors.Is(err, fault.Unconfirmed) {
			t.Errorf("%s: %v, want the password", act, err)
		}
	}
	p := r.Opened(t, tx)
	_, err := zienswijze.Send(ctx, tx, idle(r.Secretary), p.ID, zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version})
	asks("sending", err)
	p = r.Sent(t, tx)
	v := zienswijzetest.Written(t, tx, p, c, false)
	asks("adopting", zienswijze.Adopt(ctx, tx, idle(c.Clerk), v.ID, &c.Clerk.At))
	asks("declining", zienswijze.Decline(ctx, tx, idle(c.Clerk), v.ID, &c.Clerk.At))
	if err := zienswijze.Adopt(ctx, tx, c.Clerk, v.ID, &c.Clerk.At); err != nil {
		t.Fatal(err)
	}
	asks("sending a view", zienswijze.SendView(ctx, tx, idle(c.Clerk), v.ID))
	if err := zienswijze.SendView(ctx, tx, c.Clerk, v.ID); err != nil {
		t.Fatal(err)
	}
	asks("answering", zienswijze.Answer(ctx, tx, idle(r.Secretary), v.ID, zienswijze.AnswerDraft{Answer: "Het bestuur deelt dit.", Version: 1}))
	_, err = zienswijze.Publish(ctx, tx, idle(r.Secretary), p.ID)
	asks("publishing", err)
	if _, err := zienswijze.Publish(ctx, tx, r.Secretary, p.ID); err != nil {
		t.Fatal(err)
	}
	asks("opening a view", zienswijze.PublishView(ctx, tx, idle(c.Clerk), v.ID))
	_, err = zienswijze.Retract(ctx, tx, idle(r.Secretary), p.ID)
	asks("taking it back", err)
}

// Who sees a procedure, and may not do this with it.
func TestTheVerbsRefuseWhoSeesTheProcedure(t *testing.T) {
	t.Parallel()
	tx, ctx := pgtest.Tx(t), t.Context()
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk")
	c, other := r.Councils[0], r.Councils[1]
	forbidden := func(act string, err error) {
		t.Helper()
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", act, err)
		}
	}
	staff := zienswijzetest.Actor(t, tx, "M. Medewerker van de regio", access.ClerkStaff, r.Org.ID, r.Board.ID)
	draft := r.Opened(t, tx)
	_, err := zienswijze.Send(ctx, tx, staff, draft.ID, zienswijze.Dispatch{SentOn: &staff.At, Version: draft.Version})
	forbidden("the staff sends", err)
	p := r.Sent(t, tx)
	v := zienswijzetest.View(t, tx, c.Clerk, p, c)
	for who, a := range map[string]access.Actor{
		"a councillor": c.Member, "the griffier of another council": other.Clerk,
		"the secretaris of the board": r.Secretary,
	} {
		forbidden(who+" writes", zienswijze.Write(ctx, tx, a, v.ID, zienswijze.TextDraft{Text: "Van mij."}))
		forbidden(who+" plans", zienswijze.Schedule(ctx, tx, a, v.ID, id.New[id.Meeting]()))
	}
	zienswijzetest.Written(t, tx, p, c, true)
	for who, a := range map[string]access.Actor{
		"the staff": c.Staff, "a councillor": c.Member, "the griffier of another council": other.Clerk,
		"the secretaris of the board": r.Secretary,
	} {
		forbidden(who+" adopts", zienswijze.Adopt(ctx, tx, a, v.ID, &a.At))
		forbidden(who+" declines", zienswijze.Decline(ctx, tx, a, v.ID, &a.At))
	}
	if err := zienswijze.Adopt(ctx, tx, c.Clerk, v.ID, &c.Clerk.At); err != nil {
		t.Fatal(err)
	}
	for who, a := range map[string]access.Actor{"the staff": c.Staff, "the griffier of another council": other.Clerk, "the secretaris of the board": r.Secretary} {
		forbidden(who+" sends the view", zienswijze.SendView(ctx, tx, a, v.ID))
	}
	if err := zienswijze.SendView(ctx, tx, c.Clerk, v.ID); err != nil {
		t.Fatal(err)
	}
	for who, a := range map[string]access.Actor{"the griffier of the council": c.Clerk, "a member of the board": r.Member, "the staff of the board": staff} {
		forbidden(who+" answers", zienswijze.Answer(ctx, tx, a, v.ID, zienswijze.AnswerDraft{Answer: "Van mij.", Version: 1}))
		_, err := zienswijze.Publish(ctx, tx, a, p.ID)
		forbidden(who+" publishes", err)
		_, err = zienswijze.Close(ctx, tx, later(a, 100), p.ID)
		forbidden(who+" closes", err)
		_, err = zienswijze.Revise(ctx, tx, a, p.ID, p.Version, r.Draft())
		forbidden(who+" revises", err)
	}
	if _, err := zienswijze.Publish(ctx, tx, r.Secretary, p.ID); err != nil {
		t.Fatal(err)
	}
	for who, a := range map[string]access.Actor{"the staff": c.Staff, "the griffier of another council": other.Clerk, "the secretaris of the board": r.Secretary} {
		forbidden(who+" opens the view", zienswijze.PublishView(ctx, tx, a, v.ID))
	}
}

// The first wall alone: a preparation is there for nobody else, and a draft view for its own organisation.
func TestTheQueriesKeepAProcedureFromOthers(t *testing.T) {
	t.Parallel()
	tx, ctx := pgtest.OneWall(t), t.Context()
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk")
	c, other := r.Councils[0], r.Councils[1]
	preparing := r.Opened(t, tx)
	for who, a := range map[string]access.Actor{"the public": {At: zienswijzetest.At}, "a griffier": c.Clerk, "a member of the board": r.Member} {
		if _, err := zienswijze.Find(ctx, tx, a, preparing.Key); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s finds a preparation: %v", who, err)
		}
		var rows []zienswijze.Row
		if err := postgres.Read(ctx, tx, zienswijze.List(&rows, a, zienswijze.Filter{})); err != nil || len(rows) > 0 {
			t.Errorf("%s lists %v, %v", who, rows, err)
		}
	}
	p := r.Sent(t, tx)
	zienswijzetest.Written(t, tx, p, c, false)
	read := func(a access.Actor) int {
		t.Helper()
		var texts []zienswijze.Text
		var opinions []zienswijze.Opinion
		var cells []zienswijze.Cell
		if err := postgres.Read(ctx, tx, zienswijze.TextInto(&texts, a, p.Key, c.Org.Key), zienswijze.OpinionsInto(&opinions, a, p.Key, c.Org.Key),
			zienswijze.MatrixInto(&cells, a, p.Key)); err != nil {
			t.Fatal(err)
		}
		return len(texts) + len(opinions) + len(cells)
	}
	if got := read(c.Member); got != 3 {
		t.Errorf("a councillor reads %d of his own draft", got)
	}
	for who, a := range map[string]access.Actor{
		"the griffier of another council": other.Clerk, "the secretaris of the board": r.Secretary,
		"the public": {At: zienswijzetest.At},
	} {
		if got := read(a); got > 0 {
			t.Errorf("%s reads %d of a draft", who, got)
		}
	}
	if _, err := zienswijze.Find(ctx, tx, access.Actor{At: zienswijzetest.At}, p.Key); !errors.Is(err, fault.NotFound) {
		t.Errorf("the public finds what was sent: %v", err)
	}
}

// TestWhoMayDoWhat has who takes part; here who stands beside them, and the states in which it is over or not yet time.
func TestWhoStandsBesideAProcedureDoesNothingWithIt(t *testing.T) {
	t.Parallel()
	const (
		region, town    id.Organisation = "o1", "o2"
		board, council  id.Body         = "b1", "b2"
		committee, away id.Body         = "b3", "b4"
	)
	as := func(r access.Role, org id.Organisation, body id.Body) access.Actor {
		return access.Actor{Grants: []access.Grant{{Role: r, Organisation: org, Body: body}}}
	}
	secretary, clerk, staff := as(access.Clerk, region, board), as(access.Clerk, town, council), as(access.ClerkStaff, town, council)
	beside := map[string]access.Actor{
		"the staff of the board": as(access.ClerkStaff, region, board), "a member of the board": as(access.Member, region, board),
		"the griffier of a committee there": as(access.Clerk, town, committee), "its staff": as(access.ClerkStaff, town, committee),
		"a councillor": as(access.Member, town, council), "a griffier elsewhere": as(access.Clerk, "o3", away), "the public": {},
	}
	procedure := func(s zienswijze.State, v access.Visibility) zienswijze.Procedure {
		return zienswijze.Procedure{OrganisationID: region, State: s, Audience: access.Audience{Visibility: v}}
	}
	view := func(s zienswijze.ViewState) zienswijze.View {
		return zienswijze.View{OrganisationID: town, BodyID: council, State: s}
	}
	of := func(can func(access.Actor, zienswijze.Procedure) bool, p zienswijze.Procedure) func(access.Actor) bool {
		return func(a access.Actor) bool { return can(a, p) }
	}
	on := func(can func(access.Actor, zienswijze.Procedure, zienswijze.View) bool, p zienswijze.Procedure, v zienswijze.View) func(access.Actor) bool {
		return func(a access.Actor) bool { return can(a, p, v) }
	}
	preparing, sent, closed := procedure(zienswijze.Preparing, access.Org), procedure(zienswijze.Sent, access.Public), procedure(zienswijze.Closed, access.Public)
	for _, c := range []struct {
		what  string
		can   func(access.Actor) bool
		may   *access.Actor
		staff bool
	}{
		{"open", func(a access.Actor) bool { return zienswijze.CanOpen(a, region) }, &secretary, false},
		{"revise", of(zienswijze.CanRevise, sent), &secretary, false},
		{"revise what is closed", of(zienswijze.CanRevise, closed), nil, false},
		{"send", of(zienswijze.CanSend, preparing), &secretary, false},
		{"send again", of(zienswijze.CanSend, sent), nil, false},
		{"publish", of(zienswijze.CanPublish, sent), &secretary, false},
		{"publish a preparation", of(zienswijze.CanPublish, preparing), nil, false},
		{"close", of(zienswijze.CanClose, sent), &secretary, false},
		{"close a preparation", of(zienswijze.CanClose, preparing), nil, false},
		{"answer", on(zienswijze.CanAnswer, closed, view(zienswijze.ViewSent)), &secretary, false},
		{"answer what was not sent", on(zienswijze.CanAnswer, sent, view(zienswijze.Adopted)), nil, false},
		{"write", on(zienswijze.CanWrite, sent, view(zienswijze.Received)), &clerk, true},
		{"write what is adopted", on(zienswijze.CanWrite, sent, view(zienswijze.Adopted)), nil, false},
		{"write in a closed one", on(zienswijze.CanWrite, closed, view(zienswijze.Received)), nil, false},
		{"record", on(zienswijze.CanRecord, sent, view(zienswijze.Scheduled)), &clerk, false},
		{"record what was sent", on(zienswijze.CanRecord, sent, view(zienswijze.ViewSent)), nil, false},
		{"record in a closed one", on(zienswijze.CanRecord, closed, view(zienswijze.Received)), nil, false},
		{"send a view", on(zienswijze.CanSendView, sent, view(zienswijze.Adopted)), &clerk, false},
		{"send none", on(zienswijze.CanSendView, sent, view(zienswijze.None)), nil, false},
		{"open a view", on(zienswijze.CanPublishView, sent, view(zienswijze.Answered)), &clerk, false},
		{"open a view that was not sent", on(zienswijze.CanPublishView, sent, view(zienswijze.Adopted)), nil, false},
		{"open a view of a shut one", on(zienswijze.CanPublishView, procedure(zienswijze.Sent, access.Participants), view(zienswijze.ViewSent)), nil, false},
	} {
		if got := c.can(secretary); got != (c.may == &secretary) {
			t.Errorf("the secretaris may %s: %v", c.what, got)
		}
		if got := c.can(clerk); got != (c.may == &clerk) {
			t.Errorf("the griffier may %s: %v", c.what, got)
		}
		if got := c.can(staff); got != c.staff {
			t.Errorf("his staff may %s: %v", c.what, got)
		}
		for who, a := range beside {
			if c.can(a) {
				t.Errorf("%s may %s", who, c.what)
			}
		}
	}
	for who, a := range beside {
		want := who == "the staff of the board"
		if got := zienswijze.CanSeeHistory(a, region); got != want {
			t.Errorf("%s reads the trail: %v", who, got)
		}
	}
}
