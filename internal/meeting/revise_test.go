package meeting

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/id"
)

var (
	planAt     = time.Date(2018, 6, 1, 9, 0, 0, 0, time.UTC)
	planClerk  = access.Actor{At: planAt, Person: "p", Name: "G. Griffier", Grants: []access.Grant{{Role: access.Clerk, Organisation: "o", Body: "b"}}}
	planStaff  = access.Actor{At: planAt, Person: "q", Name: "M. Medewerker", Grants: []access.Grant{{Role: access.ClerkStaff, Organisation: "o", Body: "b"}}}
	planHolder = []Organiser{{OrganisationID: "o", BodyID: "b"}}
)

func wrong(err error) string {
	var fields fault.Fields
	var refusal fault.Refusal
	switch {
	case err == nil:
		return ""
	case errors.As(err, &fields):
		for name := range fields {
			return name
		}
	case errors.As(err, &refusal):
		return "refused"
	}
	return err.Error()
}

func TestWhatARevisionMakesOfAMeeting(t *testing.T) {
	t.Parallel()
	start := planAt.AddDate(0, 0, 20)
	meeting := func(change func(*Meeting)) Meeting {
		m := Meeting{ID: "m", Kind: Council, Open: true, State: Concept, StartsAt: start, EndsAt: start.Add(time.Hour), Location: "Raadzaal", Sequence: 3, Version: 7}
		change(&m)
		return m
	}
	concept := func(*Meeting) {}
	planned := func(m *Meeting) { m.State = Planned }
	called := func(m *Meeting) { m.State, m.PublishedAt = Convened, &planAt }
	invited := func(m *Meeting) { called(m); m.Invited, m.Kind, m.Title = true, Conference, "Samen" }
	later := func(d *Draft) {
		from, until := start.Add(time.Hour), start.Add(2*time.Hour)
		d.StartsAt, d.EndsAt = &from, &until
	}
	withReason := func(d *Draft) { later(d); d.Reason = "De zaal is bezet." }
	elsewhere := func(d *Draft) { d.Location = " Trouwzaal " }
	for _, c := range []struct {
		what   string
		was    func(*Meeting)
		by     access.Actor
		change func(*Draft)
		want   string // what is wrong, or sequence, whether it was moved, and who is told
	}{
		{"nothing of a concept", concept, planStaff, func(*Draft) {}, "3"},
		{"a concept moves without a word", concept, planStaff, later, "3"},
		{"nothing of a planned meeting", planned, planStaff, func(*Draft) {}, "4"},
		{"a planned meeting moves with a reason", planned, planStaff, later, "reason"},
		{"and is not told by mail, as nobody was called", planned, planStaff, withReason, "4 moved"},
		{"its place changes without one", planned, planStaff, elsewhere, "4"},
		{"called members: not by who only prepares", called, planStaff, withReason, "refused"},
		{"called members hear of another day", called, planClerk, withReason, "4 moved changed meeting.moved"},
		{"and of another place", called, planClerk, elsewhere, "4 changed meeting.moved(place)"},
		{"another chair is no move", called, planStaff, func(d *Draft) { d.Chair = "A. Voorzitter" }, "4 changed"},
		{"who invites to it hears it too", invited, planClerk, withReason, "4 moved changed meeting.changed meeting.moved"},
		{"the draft is of an older version", concept, planClerk, func(d *Draft) { d.Version = 6 }, fault.Conflict.Error()},
		{"its kind is fixed by now", planned, planClerk, func(d *Draft) { d.Kind = Conference }, "4"},
		{"a draft without an end", concept, planClerk, func(d *Draft) { d.EndsAt = nil }, "ends_at"},
	} {
		was := meeting(c.was)
		d := DraftOf(was, planHolder)
		c.change(&d)
		d, err := asked(was, planHolder, nil, d)
		var plan revision
		if err == nil {
			plan, err = planRevision(c.by, was, holders{meeting: was, organisers: planHolder}, d)
		}
		got := wrong(err)
		if err == nil {
			got = fmt.Sprint(plan.next.Sequence)
			if plan.next.MovedFrom != nil {
				got += " moved"
			}
			if plan.next.ChangedAt != nil {
				got += " changed"
			}
			for _, each := range plan.told(was, plan.next) {
				got += " " + each.kind
				if each.OnlyPlace {
					got += "(place)"
				}
			}
			if plan.next.Kind != was.Kind {
				got += " of another kind"
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

func TestWhatARevisionMakesOfAnItem(t *testing.T) {
	t.Parallel()
	both := []Organiser{{OrganisationID: "o", BodyID: "b"}, {OrganisationID: "x", BodyID: "c"}}
	minutes := 10
	open := Meeting{ID: "m", Open: true, State: Concept}
	published := Meeting{ID: "m", Open: true, State: Convened, PublishedAt: &planAt}
	item := func(change func(*Item)) Item {
		i := Item{ID: "i", Key: "k", SectionID: "s", Minutes: 10, Version: 2, Matter: true, MatterTitle: "Punt"}
		change(&i)
		return i
	}
	plain := func(*Item) {}
	shut := func(i *Item) { i.Closed, i.ClosedFor, i.PublicTitle = true, []id.Body{"b"}, "Besloten" }
	shutForBoth := func(i *Item) { i.Closed, i.ClosedFor = true, []id.Body{"b", "c"} }
	closing := func(d *ItemDraft) { d.Closed, d.ClosedFor, d.Ground = true, []id.Body{"b", "c"}, "5.1.2.b" }
	closingHere := func(d *ItemDraft) { d.Closed, d.ClosedFor, d.Ground = true, []id.Body{"b"}, "5.1.2.b" }
	for _, c := range []struct {
		what   string
		on     Meeting
		was    func(*Item)
		change func(*ItemDraft)
		there  bool
		want   string
	}{
		{"another title", open, plain, func(d *ItemDraft) { d.Title = "Ander punt" }, true, "open"},
		{"its part is gone", open, plain, func(*ItemDraft) {}, false, "section_id"},
		{"an older version", open, plain, func(d *ItemDraft) { d.Version = 1 }, true, fault.Conflict.Error()},
		{"closed to this griffier", open, func(i *Item) { i.Matter = false }, func(*ItemDraft) {}, true, fault.Forbidden.Error()},
		{"with a paper of another", open, func(i *Item) { i.PaperID = "p" }, func(*ItemDraft) {}, true, "refused"},
		{"to another part", open, plain, func(d *ItemDraft) { d.SectionID = "t" }, true, "open"},
		{"to another part after the call", published, plain, func(d *ItemDraft) { d.SectionID = "t" }, true, "section_id"},
		{"closed", open, plain, closing, true, "closes"},
		{"closed after the call", published, plain, closing, true, "closes"},
		{"closed after the call without a ground", published, plain, func(d *ItemDraft) { closing(d); d.Ground = "" }, true, "ground"},
		{"closed for others alone", open, plain, func(d *ItemDraft) { closing(d); d.ClosedFor = []id.Body{"c"} }, true, "closed_for"},
		{"taking another body out of the readers", open, shutForBoth, closingHere, true, "closed_for"},
		{"the same of a closed one is seen by nobody else", open, shut, func(d *ItemDraft) { closingHere(d); d.PublicTitle = "Besloten"; d.Explanation = "Meer." }, true, "unseen"},
		{"opened before the call", open, shut, func(*ItemDraft) {}, true, "opens"},
		{"opened after the call", published, shut, func(*ItemDraft) {}, true, "closed"},
		{"opened while another reads it", open, shutForBoth, func(*ItemDraft) {}, true, "closed"},
	} {
		d := ItemDraft{SectionID: "s", Title: "Punt", Minutes: &minutes, Version: 2}
		c.change(&d)
		plan, err := planItem(planClerk, c.on, both, item(c.was), d, c.there)
		got := wrong(err)
		switch {
		case err != nil:
		case plan.closes:
			got = "closes"
		case plan.opens:
			got = "opens"
		case plan.unseen:
			got = "unseen"
		default:
			got = "open"
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
