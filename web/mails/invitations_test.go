package mails_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/id"
	"regiogriffie/internal/invitation"
	"regiogriffie/internal/invitation/invitationtest"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/web/mails"
)

// office does the work that waits, at the moment of the tests, and keeps what it wrote.
type office struct {
	t     *testing.T
	db    *pgxpool.Pool
	owner *pgxpool.Pool
}

type work struct {
	ID   int64
	Kind string
	Args json.RawMessage
}

type written struct {
	Name, Address, Subject, Text, Calendar, Method, Cause, Topic string
	Kept                                                         bool
}

func (o office) works() {
	o.t.Helper()
	table := mails.Office{DB: o.db, BaseURL: "https://regio.example", From: "griffie@regio.example", Now: func() time.Time { return proposaltest.At }}.Table()
	rows, err := o.owner.Query(o.t.Context(), `select id, kind, args from river_job order by id`)
	if err != nil {
		o.t.Fatal(err)
	}
	queued, err := pgx.CollectRows(rows, pgx.RowToStructByName[work])
	if err != nil {
		o.t.Fatal(err)
	}
	for _, each := range queued {
		for range 2 { // a worker that crashed does it again
			if err := table[each.Kind](o.t.Context(), each.Args); err != nil {
				o.t.Fatalf("%s: %v", each.Kind, err)
			}
		}
		if _, err := o.owner.Exec(o.t.Context(), `delete from river_job where id = $1`, each.ID); err != nil {
			o.t.Fatal(err)
		}
	}
}

// takes is what was written since the last time.
func (o office) takes() []written {
	o.t.Helper()
	o.works()
	rows, err := o.owner.Query(o.t.Context(), `
		select x.name, x.address, x.subject, x.text, coalesce(convert_from(x.calendar, 'UTF8'), '') as calendar, x.method, g.cause, g.topic, g.kept
		from messages x join mailings g on g.id = x.mailing_id order by x.created_at, x.id`)
	if err != nil {
		o.t.Fatal(err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByName[written])
	if err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.owner.Exec(o.t.Context(), `update mailings set object_id = object_id; delete from messages`); err != nil {
		o.t.Fatal(err)
	}
	return list
}

func (o office) addresses(p proposaltest.Place, people ...access.Actor) {
	o.t.Helper()
	for _, a := range people {
		if _, err := o.owner.Exec(o.t.Context(), `update persons set work_email = $2 where id = $1`, a.Person,
			strings.ToLower(string(a.Person)[24:])+"@werk.example"); err != nil {
			o.t.Fatal(err)
		}
	}
	for function, a := range map[string]access.Actor{"councillor": p.Member, "clerk": p.Clerk} {
		if _, err := o.owner.Exec(o.t.Context(), `insert into mandates (id, person_id, body_id, function, starts_on) values ($1, $2, $3, $4, '2018-01-01')`,
			string(id.New[id.Mandate]()), string(a.Person), string(p.Body), function); err != nil {
			o.t.Fatal(err)
		}
	}
}

func flat(calendar string) string { return strings.ReplaceAll(calendar, "\r\n ", "") }

func about(list []written, subject string) int {
	n := 0
	for _, m := range list {
		if strings.HasPrefix(m.Subject, subject) {
			n++
		}
	}
	return n
}

func sequence(t *testing.T, m written) string {
	t.Helper()
	_, rest, _ := strings.Cut(flat(m.Calendar), "SEQUENCE:")
	n, _, _ := strings.Cut(rest, "\r\n")
	return n
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheMailsOfAnInvitation(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	o := office{t, db, pgtest.Owner(t, db)}
	here, there := proposaltest.NewPlace(t, db, "Hier"), proposaltest.NewPlace(t, db, "Daar")
	mayors := map[id.Organisation]access.Actor{
		here.ID:  invitationtest.Mayor(t, db, here, "Burgemeester Hier"),
		there.ID: invitationtest.Mayor(t, db, there, "Burgemeester Daar"),
	}
	o.addresses(here, here.Clerk, here.Member, mayors[here.ID])
	o.addresses(there, there.Clerk, there.Member, mayors[there.ID])
	ctx := t.Context()
	again := func(i invitation.Invitation) invitation.Invitation {
		return invitationtest.Again(t, db, here.Secretary, i)
	}
	signed := func(i invitation.Invitation) invitation.Invitation {
		t.Helper()
		i = again(i)
		invitationtest.Sign(t, db, here.Clerk, i, here.ID)
		invitationtest.Sign(t, db, there.Clerk, i, there.ID)
		return again(i)
	}

	// Asking for signatures: to who signs and to the griffiers, not to who asks; the text itself stays inside.
	i := invitationtest.Complete(t, db, here.Clerk, mayors, here, there)
	ok(t, invitation.Ask(ctx, db, here.Clerk, i.ID, i.Version, nil))
	list := o.takes()
	if len(list) != 3 {
		t.Errorf("asked of %d: %+v", len(list), list)
	}
	for _, m := range list {
		if !strings.HasPrefix(m.Subject, "Ter ondertekening: uitnodiging van Hier en Daar") || m.Method != "" || m.Topic != "" || m.Name == here.Clerk.Name {
			t.Errorf("%+v", m)
		}
		if strings.Contains(m.Subject+m.Text, i.Title) || strings.Contains(m.Text, "Kom luisteren") ||
			!strings.Contains(m.Text, "https://regio.example/uitnodigingen/"+i.Key) {
			t.Errorf("a mail about a concept: %s", m.Text)
		}
	}

	// A change after a signature: those who sign hear it once, however much follows.
	i = again(i)
	invitationtest.Sign(t, db, there.Clerk, i, there.ID)
	for range 3 {
		text := invitationtest.Text(again(i))
		text.Closing += "Tot dan."
		text.Sections[0].Text += " Echt."
		ok(t, invitation.Revise(ctx, db, here.Clerk, i.ID, text))
		_, err := invitation.AddPart(ctx, db, here.Clerk, i.ID, invitation.PartDraft{Title: "Nog iets"})
		ok(t, err)
	}
	list = o.takes()
	if n := about(list, "Opnieuw ondertekenen"); n != 3 || !strings.Contains(list[len(list)-1].Text, here.Clerk.Name+" heeft de uitnodiging") {
		t.Errorf("lapsed: %d %+v", n, list)
	}

	// All signed: those who decide hear it. Published: every member and griffier once, with the entry for his calendar.
	i = signed(i)
	list = o.takes()
	if n := about(list, "Ondertekend door iedereen"); n != 3 {
		t.Errorf("ready: %d %+v", n, list)
	}
	// For both mayors their griffier signed: each of them hears that.
	if n := about(list, "Voor u ondertekend"); n != 2 {
		t.Errorf("signed for: %d", n)
	}
	ok(t, invitation.Publish(ctx, db, here.Clerk, i.ID, i.Version))
	list = o.takes()
	if len(list) != 6 { // of each: the mayor, who sits in this body, a councillor and the griffier
		t.Errorf("invited %d: %+v", len(list), list)
	}
	for _, m := range list {
		if m.Topic != "uitnodigingen" || !strings.Contains(m.Text, "https://regio.example/afmelden/") {
			t.Errorf("it does not say how to stop: %s %s", m.Topic, m.Text)
		}
		if m.Method != "REQUEST" || !strings.HasPrefix(m.Subject, "Uitnodiging: "+i.Title) || !strings.Contains(m.Text, "Kom luisteren.") ||
			!strings.Contains(m.Text, "Namens Hier") {
			t.Errorf("%+v", m)
		}
		if n := strings.Count(flat(m.Calendar), "ATTENDEE"); n != 1 || !strings.Contains(flat(m.Calendar), m.Address) {
			t.Errorf("%d attendees in the entry of %s", n, m.Name)
		}
	}
	first := list[0]

	// Changed and published again: the same entry with a higher sequence.
	text := invitationtest.Text(again(i))
	text.Closing = "Tot gauw."
	ok(t, invitation.Revise(ctx, db, here.Clerk, i.ID, text))
	i = signed(i)
	ok(t, invitation.Publish(ctx, db, there.Clerk, i.ID, i.Version))
	var second written
	for _, m := range o.takes() {
		if m.Name == first.Name && m.Method == "REQUEST" {
			second = m
		}
	}
	uid := string(i.MeetingID) + "@regiogriffie"
	if !strings.HasPrefix(second.Subject, "Gewijzigd: ") || sequence(t, second) <= sequence(t, first) ||
		!strings.Contains(flat(second.Calendar), uid) || !strings.Contains(flat(first.Calendar), uid) {
		t.Errorf("published again: %s, sequence %s after %s", second.Subject, sequence(t, second), sequence(t, first))
	}

	// Moved at the meeting itself: those invited hear it, with the reason.
	m, organisers, err := meeting.FindWhole(ctx, db, here.Clerk, i.MeetingID)
	ok(t, err)
	d := meeting.DraftOf(m, organisers)
	later, end := m.StartsAt.Add(24*time.Hour), m.EndsAt.Add(24*time.Hour)
	d.StartsAt, d.EndsAt, d.Reason = &later, &end, "De zaal is bezet."
	_, err = meeting.Revise(ctx, db, here.Clerk, m.ID, d)
	ok(t, err)
	list = o.takes()
	if len(list) != 6 || !strings.HasPrefix(list[0].Subject, "Verplaatst: ") || !strings.Contains(list[0].Text, "De zaal is bezet.") ||
		list[0].Method != "REQUEST" || sequence(t, list[0]) <= sequence(t, second) {
		t.Errorf("moved: %+v", list)
	}
	// Called off.
	ok(t, invitation.Cancel(ctx, db, there.Clerk, i.ID, "De spreker is ziek."))
	list = o.takes()
	if len(list) != 6 || list[0].Method != "CANCEL" || !strings.Contains(list[0].Text, "De spreker is ziek.") || !strings.Contains(flat(list[0].Calendar), uid) {
		t.Errorf("called off: %+v", list)
	}
}

func TestTheMailsOfASaveTheDate(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	o := office{t, db, pgtest.Owner(t, db)}
	here := proposaltest.NewPlace(t, db, "Hier")
	o.addresses(here, here.Member)
	d := invitationtest.Draft(here)
	m, err := meeting.Create(t.Context(), db, here.Secretary,
		meeting.Draft{Kind: d.Kind, Title: d.Title, Orgs: d.Orgs, StartsAt: d.StartsAt, EndsAt: d.EndsAt, Location: d.Location, Open: true})
	ok(t, err)
	_, err = meeting.Announce(t.Context(), db, here.Secretary, m.ID)
	ok(t, err)
	ok(t, invitation.SendSaveTheDate(t.Context(), db, here.Secretary, m.ID, []id.Body{here.Body}, "Over samenwerken."))
	list := o.takes()
	if len(list) != 2 {
		t.Fatalf("%d mails: %+v", len(list), list)
	}
	saved := list[0]
	if saved.Address == "" {
		saved = list[1]
	}
	if !strings.HasPrefix(saved.Subject, "Houd vrij: "+d.Title) || !strings.Contains(saved.Text, "Over samenwerken.") || saved.Method != "REQUEST" {
		t.Errorf("%+v", saved)
	}
	// What is called off before its turn came is not told.
	ok(t, invitation.SendSaveTheDate(t.Context(), db, here.Secretary, m.ID, []id.Body{here.Body}, "Nog eens."))
	_, err = meeting.Cancel(t.Context(), db, here.Secretary, m.ID, "Toch niet.")
	ok(t, err)
	for _, each := range o.takes() {
		if !strings.HasPrefix(each.Subject, "Gaat niet door: ") {
			t.Errorf("told: %s", each.Subject)
		}
	}
}
