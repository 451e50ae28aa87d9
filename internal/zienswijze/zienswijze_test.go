package zienswijze_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/rule"
	"regiogriffie/internal/zienswijze"
	"regiogriffie/internal/zienswijze/zienswijzetest"
)

func later(a access.Actor, days int) access.Actor {
	a.At = a.At.AddDate(0, 0, days)
	return a
}

func field(err error, name string) bool {
	var f fault.Fields
	return errors.As(err, &f) && f[name] != ""
}

// People of a region, by the name of the test.
func people(r zienswijzetest.Region) map[string]access.Actor {
	a, b := r.Councils[0], r.Councils[1]
	return map[string]access.Actor{
		"public": {At: zienswijzetest.At}, "secretary": r.Secretary, "board": r.Member,
		"clerk": a.Clerk, "staff": a.Staff, "member": a.Member, "author": a.Author,
		"other clerk": b.Clerk, "other staff": b.Staff, "other member": b.Member, "other author": b.Author,
		"administrator": {At: zienswijzetest.At, Grants: []access.Grant{{Role: access.Admin}}},
	}
}

// TestWhoMayDoWhat is the readable form of access.go: each act, and who alone may do it.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk")
	preparing, sent := r.Opened(t, tx), r.Sent(t, tx)
	open := sent
	open.Visibility = access.Public
	view := zienswijzetest.View(t, tx, r.Councils[0].Clerk, sent, r.Councils[0])
	at := func(s zienswijze.ViewState) zienswijze.View { v := view; v.State = s; return v }
	closed := sent
	closed.State = zienswijze.Closed
	for name, c := range map[string]struct {
		may  func(access.Actor) bool
		only []string
	}{
		"open":                     {func(a access.Actor) bool { return zienswijze.CanOpen(a, r.Org.ID) }, []string{"secretary"}},
		"revise":                   {func(a access.Actor) bool { return zienswijze.CanRevise(a, sent) }, []string{"secretary"}},
		"revise a closed one":      {func(a access.Actor) bool { return zienswijze.CanRevise(a, closed) }, nil},
		"send":                     {func(a access.Actor) bool { return zienswijze.CanSend(a, preparing) }, []string{"secretary"}},
		"send again":               {func(a access.Actor) bool { return zienswijze.CanSend(a, sent) }, nil},
		"publish":                  {func(a access.Actor) bool { return zienswijze.CanPublish(a, sent) }, []string{"secretary"}},
		"publish a preparation":    {func(a access.Actor) bool { return zienswijze.CanPublish(a, preparing) }, nil},
		"close":                    {func(a access.Actor) bool { return zienswijze.CanClose(a, sent) }, []string{"secretary"}},
		"write":                    {func(a access.Actor) bool { return zienswijze.CanWrite(a, sent, at(zienswijze.Received)) }, []string{"clerk", "staff"}},
		"write what is adopted":    {func(a access.Actor) bool { return zienswijze.CanWrite(a, sent, at(zienswijze.Adopted)) }, nil},
		"write in a closed one":    {func(a access.Actor) bool { return zienswijze.CanWrite(a, closed, at(zienswijze.Received)) }, nil},
		"record":                   {func(a access.Actor) bool { return zienswijze.CanRecord(a, sent, at(zienswijze.Scheduled)) }, []string{"clerk"}},
		"send a view":              {func(a access.Actor) bool { return zienswijze.CanSendView(a, sent, at(zienswijze.Adopted)) }, []string{"clerk"}},
		"send none":                {func(a access.Actor) bool { return zienswijze.CanSendView(a, sent, at(zienswijze.None)) }, nil},
		"publish a view":           {func(a access.Actor) bool { return zienswijze.CanPublishView(a, open, at(zienswijze.ViewSent)) }, []string{"clerk"}},
		"publish it in a shut one": {func(a access.Actor) bool { return zienswijze.CanPublishView(a, sent, at(zienswijze.ViewSent)) }, nil},
		"answer":                   {func(a access.Actor) bool { return zienswijze.CanAnswer(a, closed, at(zienswijze.ViewSent)) }, []string{"secretary"}},
		"answer what is not sent":  {func(a access.Actor) bool { return zienswijze.CanAnswer(a, sent, at(zienswijze.Adopted)) }, nil},
	} {
		for who, a := range people(r) {
			if got, want := c.may(a), slices.Contains(c.only, who); got != want {
				t.Errorf("%s may %s: %v, want %v", who, name, got, want)
			}
		}
	}
}

func TestAProcedureFromOpeningToClosing(t *testing.T) {
	t.Parallel()
	tx, ctx := pgtest.Tx(t), t.Context()
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk", "Noordwijk")
	hillegom, katwijk, noordwijk := r.Councils[0], r.Councils[1], r.Councils[2]

	p := r.Opened(t, tx)
	if _, err := zienswijze.Find(ctx, tx, r.Member, p.Key); !errors.Is(err, fault.NotFound) {
		t.Errorf("a member of the board sees a preparation: %v", err)
	}
	d := r.Draft()
	d.Key = p.Key
	if again, err := zienswijze.Open(ctx, tx, r.Secretary, d); err != nil || again.ID != p.ID {
		t.Errorf("opening twice: %v, %v", again.ID, err)
	}
	if _, err := zienswijze.Open(ctx, tx, hillegom.Clerk, r.Draft()); !field(err, "collaboration_id") {
		t.Errorf("a griffier opens a procedure of the region: %v", err)
	}
	if _, err := zienswijze.Open(ctx, tx, hillegom.Member, r.Draft()); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a councillor opens a procedure: %v", err)
	}

	// Later than 84 days before the board asks for a reason, and the reason is kept.
	late := later(r.Secretary, 3)
	if _, err := zienswijze.Send(ctx, tx, late, p.ID, zienswijze.Dispatch{SentOn: &late.At, Version: p.Version}); !field(err, "WGR-35.1") {
		t.Errorf("sent late without a reason: %v", err)
	}
	tomorrow := later(r.Secretary, 1).At
	if _, err := zienswijze.Send(ctx, tx, r.Secretary, p.ID, zienswijze.Dispatch{SentOn: &tomorrow, Version: p.Version}); !field(err, "sent_on") {
		t.Errorf("sent on a day to come: %v", err)
	}
	if _, err := zienswijze.Send(ctx, tx, r.Secretary, p.ID, zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version + 1}); !errors.Is(err,
		fault.Conflict) {
		t.Errorf("sent from another version: %v", err)
	}
	for range 2 {
		var err error
		if p, err = zienswijze.Send(ctx, tx, r.Secretary, p.ID, zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version}); err != nil {
			t.Fatalf("sending: %v", err)
		}
	}
	if p.State != zienswijze.Sent || p.DueOn.Format(time.DateOnly) != "2026-07-07" || p.DueRule != "WGR-35.1" {
		t.Errorf("due %v under %s", p.DueOn, p.DueRule)
	}
	var views []zienswijze.View
	if err := postgres.Read(ctx, tx, zienswijze.ViewsInto(&views, noordwijk.Member, p.Key)); err != nil || len(views) != 3 {
		t.Fatalf("%d councils, %v", len(views), err)
	}
	for _, v := range views {
		if v.State != zienswijze.Received || v.BodyID == "" {
			t.Errorf("%s: %+v", v.OrgName, v)
		}
	}

	// One writes and sends, one declines, one is waited for.
	v := zienswijzetest.Delivered(t, tx, p, hillegom)
	none := zienswijzetest.View(t, tx, katwijk.Clerk, p, katwijk)
	if err := zienswijze.Adopt(ctx, tx, katwijk.Clerk, none.ID, &katwijk.Clerk.At); !field(err, "text") {
		t.Errorf("adopting nothing: %v", err)
	}
	if err := zienswijze.Decline(ctx, tx, katwijk.Clerk, none.ID, nil); !field(err, "decided_on") {
		t.Errorf("declining on no day: %v", err)
	}
	for range 2 {
		if err := zienswijze.Decline(ctx, tx, katwijk.Clerk, none.ID, &katwijk.Clerk.At); err != nil {
			t.Errorf("declining: %v", err)
		}
	}
	for range 2 {
		if err := zienswijze.SendView(ctx, tx, hillegom.Clerk, v.ID); err != nil {
			t.Errorf("sending a view again: %v", err)
		}
	}
	if err := zienswijze.Write(ctx, tx, hillegom.Clerk, v.ID, zienswijze.TextDraft{Text: "Toch anders", Version: 2}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("writing in what was sent: %v", err)
	}
	var refusal fault.Refusal
	if _, err := zienswijze.Close(ctx, tx, r.Secretary, p.ID); !errors.As(err, &refusal) || !strings.Contains(refusal.Why, "Hillegom en Noordwijk") ||
		strings.Contains(refusal.Why, "Katwijk") {
		t.Errorf("closing while councils are waited for: %v", err)
	}

	// The board answers; the stances of the council stay, with an answer to each.
	opinions := func(a access.Actor) (all []zienswijze.Opinion) {
		t.Helper()
		if err := postgres.Read(ctx, tx, zienswijze.OpinionsInto(&all, a, p.Key, hillegom.Org.Key)); err != nil {
			t.Fatal(err)
		}
		return all
	}
	text := func(a access.Actor) (all []zienswijze.Text) {
		t.Helper()
		if err := postgres.Read(ctx, tx, zienswijze.TextInto(&all, a, p.Key, hillegom.Org.Key)); err != nil {
			t.Fatal(err)
		}
		return all
	}
	said := opinions(r.Secretary)
	if len(said) != 1 || said[0].Stance != zienswijze.Provided || said[0].Title != "Bijdrage per inwoner" {
		t.Fatalf("the board reads %+v", said)
	}
	said[0].Answer = "Dat blijft het."
	answer := zienswijze.AnswerDraft{Answer: "Het bestuur deelt dit.", Opinions: said, Version: text(r.Secretary)[0].Version}
	if err := zienswijze.Answer(ctx, tx, r.Secretary, v.ID, zienswijze.AnswerDraft{Version: answer.Version}); !field(err, "board_answer") {
		t.Errorf("an empty answer: %v", err)
	}
	for range 2 {
		if err := zienswijze.Answer(ctx, tx, r.Secretary, v.ID, answer); err != nil {
			t.Errorf("answering: %v", err)
		}
	}
	answer.Answer = "Iets anders."
	if err := zienswijze.Answer(ctx, tx, r.Secretary, v.ID, answer); !errors.Is(err, fault.Conflict) {
		t.Errorf("answering from an old version: %v", err)
	}
	if got := text(noordwijk.Author); len(got) != 1 || got[0].BoardAnswer != "Het bestuur deelt dit." ||
		opinions(noordwijk.Author)[0].Answer != "Dat blijft het." {
		t.Errorf("a participant reads %+v", got)
	}

	// What is opened to everyone is taken back with the procedure.
	if err := zienswijze.PublishView(ctx, tx, hillegom.Clerk, v.ID); !errors.Is(err, fault.Forbidden) {
		t.Errorf("published under a procedure that is not: %v", err)
	}
	if _, err := zienswijze.Publish(ctx, tx, r.Secretary, p.ID); err != nil {
		t.Fatal(err)
	}
	public := access.Actor{At: zienswijzetest.At}
	if len(text(public)) != 0 {
		t.Error("the public reads what its council did not open")
	}
	if err := zienswijze.PublishView(ctx, tx, hillegom.Clerk, v.ID); err != nil || len(text(public)) != 1 || len(opinions(public)) != 1 {
		t.Errorf("publishing a view: %v", err)
	}
	if _, err := zienswijze.Retract(ctx, tx, r.Secretary, p.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := zienswijze.Find(ctx, tx, public, p.Key); !errors.Is(err, fault.NotFound) || len(text(public)) != 0 || len(opinions(public)) != 0 {
		t.Errorf("retracted, and still there: %v", err)
	}
	if _, err := zienswijze.Publish(ctx, tx, r.Secretary, p.ID); err != nil || len(text(public)) != 0 {
		t.Errorf("published anew, with what was taken back: %v", err)
	}

	// After the last day it closes, and nobody writes any more.
	after := later(r.Secretary, 90)
	for range 2 {
		if _, err := zienswijze.Close(ctx, tx, after, p.ID); err != nil {
			t.Errorf("closing: %v", err)
		}
	}
	waiting := zienswijzetest.View(t, tx, noordwijk.Clerk, p, noordwijk)
	if err := zienswijze.Write(ctx, tx, noordwijk.Clerk, waiting.ID, zienswijze.TextDraft{Text: "Te laat"}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("writing in a closed procedure: %v", err)
	}

	var trail []audit.Entry
	if err := postgres.Read(ctx, tx, audit.Of(&trail, r.Secretary, string(p.ID))); err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, e := range trail {
		acts = append(acts, strings.TrimPrefix(e.Act, "procedure."))
	}
	slices.Sort(acts)
	if got := strings.Join(acts, " "); got != "close open publish publish retract send" {
		t.Errorf("the trail: %s", got)
	}
	trail = nil
	if err := postgres.Read(ctx, tx, audit.Of(&trail, hillegom.Clerk, string(v.ID))); err != nil || len(trail) != 5 {
		t.Errorf("the trail of a view: %+v, %v", trail, err)
	}
}

// Who reads what a council says: its own organisation, its neighbours when it shares, the board when it is sent, everyone when
// it is published.
func TestWhoReadsAView(t *testing.T) {
	t.Parallel()
	tx, ctx := pgtest.Tx(t), t.Context()
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk")
	p := r.Sent(t, tx)
	own := []string{"clerk", "staff", "member", "author"}
	neighbours := append([]string{"other clerk", "other staff", "other member", "other author"}, own...)
	all := append([]string{"secretary", "board"}, neighbours...)
	reads := func(step string, want []string) {
		t.Helper()
		for who, a := range people(r) {
			var texts []zienswijze.Text
			var opinions []zienswijze.Opinion
			var cells []zienswijze.Cell
			err := postgres.Read(ctx, tx, zienswijze.TextInto(&texts, a, p.Key, r.Councils[0].Org.Key),
				zienswijze.OpinionsInto(&opinions, a, p.Key, r.Councils[0].Org.Key), zienswijze.MatrixInto(&cells, a, p.Key))
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			if want == nil || slices.Contains(want, who) {
				n = 1
			}
			if len(texts) != n || len(opinions) != n || len(cells) != n {
				t.Errorf("%s: %s reads %d texts, %d stances and %d cells, want %d", step, who, len(texts), len(opinions), len(cells), n)
			}
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c := r.Councils[0]
	v := zienswijzetest.Written(t, tx, p, c, false)
	reads("a draft", own)
	must(zienswijze.Write(ctx, tx, c.Clerk, v.ID, redraft(t, tx, c, p, true)))
	reads("a shared draft", neighbours)
	must(zienswijze.Write(ctx, tx, c.Clerk, v.ID, redraft(t, tx, c, p, false)))
	reads("no longer shared", own)
	must(zienswijze.Adopt(ctx, tx, c.Clerk, v.ID, &c.Clerk.At))
	reads("adopted", own)
	must(zienswijze.SendView(ctx, tx, c.Clerk, v.ID))
	reads("sent", all)
	_, err := zienswijze.Publish(ctx, tx, r.Secretary, p.ID)
	must(err)
	reads("the procedure published", all)
	must(zienswijze.PublishView(ctx, tx, c.Clerk, v.ID))
	reads("published", nil)
	must(zienswijze.RetractView(ctx, tx, c.Clerk, v.ID))
	reads("taken back", all)
}

// redraft is the text as it stands, shared or not.
func redraft(t *testing.T, db postgres.DB, c zienswijzetest.Council, p zienswijze.Procedure, shared bool) zienswijze.TextDraft {
	t.Helper()
	var texts []zienswijze.Text
	var opinions []zienswijze.Opinion
	err := postgres.Read(t.Context(), db, zienswijze.TextInto(&texts, c.Clerk, p.Key, c.Org.Key), zienswijze.OpinionsInto(&opinions, c.Clerk, p.Key, c.Org.Key))
	if err != nil || len(texts) != 1 {
		t.Fatalf("%d texts, %v", len(texts), err)
	}
	return zienswijze.TextDraft{Text: texts[0].Text, Shared: shared, Opinions: opinions, Version: texts[0].Version}
}

func TestACouncilPlansItsView(t *testing.T) {
	t.Parallel()
	tx, ctx := pgtest.Tx(t), t.Context()
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk")
	p := r.Sent(t, tx)
	a, b := r.Councils[0], r.Councils[1]
	meeting := func(c zienswijzetest.Council, on, state, visibility string) id.Meeting {
		t.Helper()
		m := id.New[id.Meeting]()
		// This room writes no meetings; the rows stand for what the room of meetings would write.
		for _, sql := range []string{
			`insert into meetings (id, slug, kind, host_org_id, starts_at, ends_at, state, visibility, org_ids, created_at, updated_at)
			 values (@m, @on::text || '-' || right(@m::uuid::text, 12), 'council', @o, (@on || ' 18:00Z')::timestamptz,
			   (@on || ' 20:00Z')::timestamptz, @state, @visibility, array[@o]::uuid[], now(), now())`,
			`insert into meeting_organisers (meeting_id, sequence, organisation_id, body_id) values (@m, 1, @o, @b)`,
		} {
			if _, err := postgres.Exec(ctx, tx, sql,
				postgres.Args{"m": m, "o": c.Org.ID, "b": c.Body.ID, "on": on, "state": state, "visibility": visibility}.As(c.Clerk)); err != nil {
				t.Fatal(err)
			}
		}
		return m
	}
	june := meeting(a, "2026-06-25", "gepland", "public")
	meeting(a, "2026-07-02", "concept", "draft")
	gone := meeting(a, "2026-06-04", "geannuleerd", "public")
	theirs := meeting(b, "2026-06-18", "gepland", "public")

	v := zienswijzetest.View(t, tx, r.Member, p, a)
	if len(v.Meetings) != 1 {
		t.Errorf("the board knows of %v", v.Meetings)
	}
	if own := zienswijzetest.View(t, tx, a.Clerk, p, a); len(own.Meetings) != 2 {
		t.Errorf("the griffier knows of %v", own.Meetings)
	}
	for name, m := range map[string]id.Meeting{"of another council": theirs, "cancelled": gone, "unknown": id.New[id.Meeting]()} {
		if err := zienswijze.Schedule(ctx, tx, a.Staff, v.ID, m); !field(err, "meeting_id") {
			t.Errorf("a meeting %s: %v", name, err)
		}
	}
	if err := zienswijze.Schedule(ctx, tx, b.Clerk, v.ID, june); !errors.Is(err, fault.Forbidden) {
		t.Errorf("the griffier of another council: %v", err)
	}
	for range 2 {
		if err := zienswijze.Schedule(ctx, tx, a.Staff, v.ID, june); err != nil {
			t.Fatal(err)
		}
	}
	if v = zienswijzetest.View(t, tx, r.Member, p, a); v.State != zienswijze.Scheduled || v.MeetingSlug == "" ||
		v.MeetingOn.Format(time.DateOnly) != "2026-06-25" {
		t.Errorf("scheduled: %+v", v)
	}
	if err := zienswijze.Schedule(ctx, tx, a.Clerk, v.ID, ""); err != nil {
		t.Fatal(err)
	}
	if v = zienswijzetest.View(t, tx, r.Member, p, a); v.State != zienswijze.Received || v.MeetingID != "" {
		t.Errorf("taken off: %+v", v)
	}
}

func TestASubjectWithAStanceStays(t *testing.T) {
	t.Parallel()
	tx, ctx := pgtest.Tx(t), t.Context()
	r := zienswijzetest.New(t, tx, "Hillegom")
	p := r.Sent(t, tx)
	zienswijzetest.Delivered(t, tx, p, r.Councils[0])
	d := r.Draft()
	d.Subject, d.Subjects = "Een ander onderwerp", []string{"Bijdrage", "Beleid", "Risico's"}
	moved := zienswijzetest.Board.AddDate(0, 0, -14)
	d.ABOn = &moved
	revised, err := zienswijze.Revise(ctx, tx, r.Secretary, p.ID, p.Version, d)
	if err != nil || revised.Subject != p.Subject || revised.DueOn.Format(time.DateOnly) != "2026-06-24" || revised.DueRule != "WGR-35.3" {
		t.Errorf("got %+v, %v: once sent the subject stays, and the last day moves along with the board", revised, err)
	}
	var subjects []zienswijze.Subject
	if err := postgres.Read(ctx, tx, zienswijze.SubjectsInto(&subjects, r.Councils[0].Author, p.Key)); err != nil || len(subjects) != 3 ||
		subjects[0].Title != "Bijdrage" {
		t.Errorf("subjects: %+v, %v", subjects, err)
	}
	if _, err := zienswijze.Revise(ctx, tx, r.Secretary, p.ID, p.Version, d); !errors.Is(err, fault.Conflict) {
		t.Errorf("from an old version: %v", err)
	}
	if revised.Version != p.Version+1 {
		t.Errorf("version %d after %d", revised.Version, p.Version)
	}
	p, err = zienswijze.Find(ctx, tx, r.Secretary, p.Key)
	if err != nil {
		t.Fatal(err)
	}
	d.Subjects = nil
	sub, err := tx.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := zienswijze.Revise(ctx, sub, r.Secretary, p.ID, p.Version, d); !field(err, "subjects") {
		t.Errorf("taking away what a council spoke on: %v", err)
	}
	_ = sub.Rollback(ctx)
	early := zienswijzetest.At
	d = r.Draft()
	d.ABOn = &early
	if _, err := zienswijze.Revise(ctx, tx, r.Secretary, p.ID, p.Version, d); !field(err, "ab_on") {
		t.Errorf("a board on the day of sending: %v", err)
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	views := []zienswijze.View{
		{OrgName: "Hillegom", State: zienswijze.ViewSent},
		{OrgName: "Katwijk", State: zienswijze.None},
		{OrgName: "Leiden", State: zienswijze.Answered},
		{OrgName: "Noordwijk", State: zienswijze.Scheduled},
	}
	for _, c := range []struct {
		name  string
		kind  zienswijze.Kind
		state zienswijze.State
		want  []rule.Finding
	}{
		{
			"WGR-35.4: a budget with a view without answer", zienswijze.Budget, zienswijze.Sent,
			[]rule.Finding{{Rule: "WGR-35.4", Grade: rule.Warn}, {Rule: "WGR-35.3", Grade: rule.Remind}},
		},
		{
			"WGR-10.6: a decision is blocked", zienswijze.Decision, zienswijze.Closed,
			[]rule.Finding{{Rule: "WGR-10.6", Grade: rule.Hard}, {Rule: "WGR-10.5", Grade: rule.Remind}},
		},
		{
			"WGR-25/31a: of wishes the law asks no answer", zienswijze.Wishes, zienswijze.Sent,
			[]rule.Finding{{Rule: "WGR-25/31a", Grade: rule.Remind}, {Rule: "WGR-25/31a", Grade: rule.Remind}},
		},
		{"WGR-1: a draft arrangement goes to their own college", zienswijze.Arrangement, zienswijze.Sent, nil},
		{"nothing was sent yet", zienswijze.Budget, zienswijze.Preparing, nil},
	} {
		found := zienswijze.Findings(zienswijze.Procedure{State: c.state, Facts: zienswijze.Facts{Kind: c.kind, Subject: "Ontwerp"}}, views)
		if len(found) != len(c.want) {
			t.Errorf("%s: %v", c.name, found)
			continue
		}
		for i, f := range found {
			if f.Rule != c.want[i].Rule || f.Grade != c.want[i].Grade || !strings.Contains(f.Text, []string{"Hillegom", "Noordwijk"}[i]) ||
				strings.Contains(f.Text, "Katwijk") || strings.Contains(f.Text, "Leiden") {
				t.Errorf("%s: %+v", c.name, f)
			}
		}
	}
}

// atStake are the findings for a decision of the board on an item without a paper.
func atStake(t *testing.T, db postgres.DB, a access.Actor, m id.Meeting, b id.Body) (rule.Findings, error) {
	t.Helper()
	section, item := id.New[id.Section](), id.New[id.Item]()
	args := postgres.Args{"section": section, "item": item, "meeting": m, "key": id.NewKey()}.As(a)
	for _, sql := range []string{
		`insert into agenda_sections (id, meeting_id, sequence, letter, title, visibility, org_ids)
				values (@section, @meeting, (select count(*) + 1 from agenda_sections where meeting_id = @meeting), '', 'Ter bespreking', 'public', '{}')`,
		`insert into agenda_items (id, key, meeting_id, section_id, sequence, label, public_title, visibility, org_ids)
		values (@item, @key, @meeting, @section, (select count(*) + 1 from agenda_items where meeting_id = @meeting), @key, 'Begroting', 'public', '{}')`,
	} {
		if _, err := postgres.Exec(t.Context(), db, sql, args); err != nil {
			t.Fatal(err)
		}
	}
	var stakes []zienswijze.Stake
	err := postgres.Read(t.Context(), db, zienswijze.StakesInto(&stakes, a, item, b))
	return zienswijze.AtStake(stakes), err
}

func TestAtStakeForTheMeetingOfTheBoard(t *testing.T) {
	t.Parallel()
	tx, ctx := pgtest.Tx(t), t.Context()
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk")
	m := id.New[id.Meeting]()
	for _, sql := range []string{
		`insert into meetings (id, slug, kind, host_org_id, starts_at, ends_at, state, visibility, org_ids, created_at, updated_at)
		 values (@m, '2026-07-09-' || right(@m::uuid::text, 12), 'general_board', @o, '2026-07-09 12:00Z', '2026-07-09 14:00Z', 'gepland',
		   'public', array[@o]::uuid[], now(), now())`,
		`insert into meeting_organisers (meeting_id, sequence, organisation_id, body_id) values (@m, 1, @o, @b)`,
	} {
		if _, err := postgres.Exec(ctx, tx, sql, postgres.Args{"m": m, "o": r.Org.ID, "b": r.Board.ID}.As(r.Secretary)); err != nil {
			t.Fatal(err)
		}
	}
	wrong := zienswijzetest.Board.AddDate(0, 0, 1)
	d := r.Draft()
	d.ABMeetingID, d.ABOn = m, &wrong
	if _, err := zienswijze.Open(ctx, tx, r.Secretary, d); !field(err, "ab_on") {
		t.Errorf("a meeting on another day: %v", err)
	}
	p := r.Sent(t, tx, func(d *zienswijze.Draft) { d.ABMeetingID, d.ABOn = m, nil })
	if p.ABOn == nil || !p.ABOn.Equal(zienswijzetest.Board) {
		t.Errorf("the day of the board is %v", p.ABOn)
	}
	v := zienswijzetest.Delivered(t, tx, p, r.Councils[0])
	found, err := atStake(t, tx, r.Secretary, m, r.Board.ID)
	if council, err := atStake(t, tx, r.Secretary, m, r.Councils[0].Body.ID); err != nil || len(council) != 0 {
		t.Errorf("of a council: %v, %v", council, err)
	}
	if err != nil || len(found) != 2 || found[0].Rule != "WGR-35.4" || found.Unmet(nil) == nil {
		t.Errorf("got %v, %v", found, err)
	}
	if seen, err := atStake(t, tx, access.Actor{At: zienswijzetest.At}, m, r.Board.ID); err != nil || len(seen) != 0 {
		t.Errorf("the public sees %v, %v", seen, err)
	}
	var texts []zienswijze.Text
	if err := postgres.Read(ctx, tx, zienswijze.TextInto(&texts, r.Secretary, p.Key, r.Councils[0].Org.Key)); err != nil {
		t.Fatal(err)
	}
	if err := zienswijze.Answer(ctx, tx, r.Secretary, v.ID, zienswijze.AnswerDraft{Answer: "Ja.", Version: texts[0].Version}); err != nil {
		t.Fatal(err)
	}
	if found, err = atStake(t, tx, r.Secretary, m, r.Board.ID); err != nil || len(found) != 1 || found.Unmet(nil) != nil {
		t.Errorf("after the answer: %v, %v", found, err)
	}
}

func TestWhatHasEndedAsksNoCouncils(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	r := zienswijzetest.New(t, tx, "Hillegom")
	if _, err := postgres.Exec(t.Context(), tx, `update collaborations set ended_on = @day where id = @id`,
		postgres.Args{"id": r.Collaboration.ID, "day": zienswijzetest.At}.As(r.Secretary)); err != nil {
		t.Fatal(err)
	}
	if _, err := zienswijze.Open(t.Context(), tx, r.Secretary, r.Draft()); !field(err, "collaboration_id") {
		t.Errorf("got %v", err)
	}
	var choices []zienswijze.Choice
	if err := postgres.Read(t.Context(), tx, zienswijze.CollaborationsFor(&choices, r.Secretary)); err != nil || len(choices) != 0 {
		t.Errorf("it is offered: %v, %v", choices, err)
	}
}

func TestTwoWhoWriteTheFirstText(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := zienswijzetest.New(t, db, "Hillegom")
	p := r.Sent(t, db)
	c := r.Councils[0]
	v := zienswijzetest.View(t, db, c.Clerk, p, c)
	var wait sync.WaitGroup
	answers := make([]error, 2)
	for i, a := range []access.Actor{c.Clerk, c.Staff} {
		wait.Go(func() {
			answers[i] = zienswijze.Write(t.Context(), db, a, v.ID, zienswijze.TextDraft{Text: "Van " + a.Name})
		})
	}
	wait.Wait()
	if (answers[0] == nil) == (answers[1] == nil) || !errors.Is(errors.Join(answers...), fault.Conflict) {
		t.Fatalf("got %v, want one saved and one conflict", answers)
	}
	// Who pressed twice gets no conflict with himself.
	winner := c.Clerk
	if answers[0] != nil {
		winner = c.Staff
	}
	if err := zienswijze.Write(t.Context(), db, winner, v.ID, zienswijze.TextDraft{Text: "Van " + winner.Name}); err != nil {
		t.Errorf("the same form twice: %v", err)
	}
}

func TestAdoptingAndDecliningAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := zienswijzetest.New(t, db, "Hillegom")
	p := r.Sent(t, db)
	c := r.Councils[0]
	v := zienswijzetest.Written(t, db, p, c, false)
	var wait sync.WaitGroup
	answers := make([]error, 2)
	wait.Go(func() { answers[0] = zienswijze.Adopt(t.Context(), db, c.Clerk, v.ID, &c.Clerk.At) })
	wait.Go(func() { answers[1] = zienswijze.Decline(t.Context(), db, c.Clerk, v.ID, &c.Clerk.At) })
	wait.Wait()
	if (answers[0] == nil) == (answers[1] == nil) {
		t.Errorf("got %v, want one of the two", answers)
	}
}

// An act that is cut off leaves nothing.
func TestASendingThatIsCutOffLeavesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	r := zienswijzetest.New(t, db, "Hillegom", "Katwijk")
	p := r.Opened(t, db)
	tx, err := db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := zienswijze.Send(t.Context(), tx, r.Secretary, p.ID, zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version}); err != nil {
		t.Fatal(err)
	}
	_ = tx.Rollback(t.Context()) // killed in between
	found, err := zienswijze.Find(t.Context(), db, r.Secretary, p.Key)
	if err != nil || found.State != zienswijze.Preparing {
		t.Errorf("got %+v, %v", found.State, err)
	}
	if _, err := zienswijze.Find(t.Context(), db, r.Councils[0].Clerk, p.Key); !errors.Is(err, fault.NotFound) {
		t.Errorf("a council knows of it: %v", err)
	}
	if _, err := zienswijze.Send(t.Context(), db, r.Secretary, p.ID, zienswijze.Dispatch{SentOn: &r.Secretary.At, Version: p.Version}); err != nil {
		t.Errorf("sending it after all: %v", err)
	}
}

func TestWhatAProcedureMustBe(t *testing.T) {
	t.Parallel()
	day := func(s string) *time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return &d
	}
	year, far := 2027, 27
	good := zienswijze.Draft{CollaborationID: id.New[id.Collaboration](), Facts: zienswijze.Facts{Kind: zienswijze.Budget, Subject: "Begroting", Year: &year}}
	if err := good.Check(zienswijzetest.At); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*zienswijze.Draft){
		"collaboration_id": func(d *zienswijze.Draft) { d.CollaborationID = "" },
		"kind":             func(d *zienswijze.Draft) { d.Kind = "iets" },
		"subject":          func(d *zienswijze.Draft) { d.Subject = " " },
		"year":             func(d *zienswijze.Draft) { d.Year = &far },
		"replies_due":      func(d *zienswijze.Draft) { d.RepliesDue = day("2026-05-01") },
		"subjects":         func(d *zienswijze.Draft) { d.Subjects = []string{strings.Repeat("x", 251)} },
	} {
		d := good
		change(&d)
		if err := d.Check(zienswijzetest.At); !field(err, name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	d := good
	d.Kind, d.RepliesDue, d.ABOn = zienswijze.Decision, day("2026-05-01"), day("2026-05-01")
	if err := d.Check(zienswijzetest.At); !field(err, "replies_due") {
		t.Errorf("views due on the day of the board: %v", err)
	}
}

func TestWhatWaits(t *testing.T) {
	t.Parallel()
	tx, ctx := pgtest.Tx(t), t.Context()
	r := zienswijzetest.New(t, tx, "Hillegom", "Katwijk")
	waits := func(a access.Actor) string {
		t.Helper()
		var tasks []zienswijze.Task
		if err := postgres.Read(ctx, tx, zienswijze.Waiting(&tasks, a)); err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, each := range zienswijze.Ordered(tasks) {
			line := each.Kind
			if each.Due != nil {
				line += " " + each.Due.Format(time.DateOnly)
			}
			list = append(list, line)
		}
		return strings.Join(list, ", ")
	}
	expect := func(step string, want map[string]string) {
		t.Helper()
		for who, a := range people(r) {
			if got := waits(a); got != want[who] {
				t.Errorf("%s: for %s waits %q, want %q", step, who, got, want[who])
			}
		}
	}
	r.Opened(t, tx, func(d *zienswijze.Draft) { later := zienswijzetest.Board.AddDate(0, 0, 7); d.ABOn = &later })
	r.Opened(t, tx)
	expect("in preparation", map[string]string{"secretary": "dispatch 2026-04-16, dispatch 2026-04-23"})
	p := r.Sent(t, tx)
	plan, both := "plan 2026-07-07", "dispatch 2026-04-16, dispatch 2026-04-23"
	expect("sent", map[string]string{"secretary": both, "clerk": plan, "staff": plan, "other clerk": plan, "other staff": plan})
	v := zienswijzetest.Written(t, tx, p, r.Councils[0], false)
	if err := zienswijze.Adopt(ctx, tx, r.Councils[0].Clerk, v.ID, &zienswijzetest.At); err != nil {
		t.Fatal(err)
	}
	deliver := "deliver 2026-07-07"
	expect("adopted", map[string]string{"secretary": both, "clerk": deliver, "other clerk": plan, "other staff": plan})
	if err := zienswijze.SendView(ctx, tx, r.Councils[0].Clerk, v.ID); err != nil {
		t.Fatal(err)
	}
	expect("delivered", map[string]string{"secretary": both + ", answer 2026-07-08", "other clerk": plan, "other staff": plan})
}

func TestListsOfAProcedureHaveBounds(t *testing.T) {
	t.Parallel()
	var fields fault.Fields
	if err := (zienswijze.Draft{Subjects: make([]string, 31)}).Check(zienswijzetest.At); !errors.As(err, &fields) || fields["subjects"] == "" {
		t.Errorf("subjects: %v", err)
	}
	if err := (zienswijze.TextDraft{Text: "Een tekst.", Opinions: make([]zienswijze.Opinion, 31)}).Check(zienswijzetest.At); !errors.As(err,
		&fields) || fields["text"] == "" {
		t.Errorf("opinions: %v", err)
	}
}
