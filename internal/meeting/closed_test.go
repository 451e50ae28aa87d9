package meeting_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
	"regiogriffie/internal/route"
	"regiogriffie/internal/route/routetest"
)

// faulty tells whether a field is wrong.
func faulty(err error, field string) bool {
	var fields fault.Fields
	return errors.As(err, &fields) && fields[field] != ""
}

// again is an item as it stands, to be revised.
func again(t *testing.T, db postgres.DB, as access.Actor, m meeting.Meeting, key string) meeting.ItemDraft {
	t.Helper()
	_, items := agendaOf(t, db, as, m.Slug)
	for _, i := range items {
		if i.Key == key {
			return meeting.ItemDraft{SectionID: i.SectionID, Title: i.MatterTitle, Minutes: minutes(10), Closed: i.Closed, Ground: i.Ground, Version: i.Version}
		}
	}
	t.Fatalf("%s does not read %s", as.Name, key)
	return meeting.ItemDraft{}
}

func titles(t *testing.T, db postgres.DB, as access.Actor, m meeting.Meeting) string {
	t.Helper()
	_, items := agendaOf(t, db, as, m.Slug)
	var list []string
	for _, i := range items {
		list = append(list, i.Title())
	}
	return strings.Join(list, " ")
}

// doors closes or opens a concept.
func doors(t *testing.T, db postgres.DB, as access.Actor, m meeting.Meeting, open bool) meeting.Meeting {
	t.Helper()
	found, organisers, err := meeting.FindWhole(t.Context(), db, as, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	d := meeting.DraftOf(found, organisers, requestsAt(t, db, as, found)...)
	d.Open = open
	if found, err = meeting.Revise(t.Context(), db, as, m.ID, d); err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAChoiceOfReadersStands(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	one, two := proposaltest.NewPlace(t, tx, "Een"), proposaltest.NewPlace(t, tx, "Twee")
	m := together(t, tx, one, draft(one, two), two)
	key := add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, Ground: "5.1.2.b", ClosedFor: []id.Body{one.Body}})
	unsaid := again(t, tx, one.Clerk, m, key)
	if err := meeting.ReviseItem(t.Context(), tx, one.Clerk, m.ID, key, unsaid); err != nil {
		t.Fatal(err)
	}
	if got := titles(t, tx, two.Clerk, m); got != meeting.NeutralTitle {
		t.Errorf("once revised another body reads %q", got)
	}
	free := add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "VRIJ"})
	away := again(t, tx, one.Clerk, m, free)
	away.Closed, away.Ground, away.ClosedFor = true, "5.1.2.b", []id.Body{two.Body}
	if err := meeting.ReviseItem(t.Context(), tx, one.Clerk, m.ID, free, away); !faulty(err, "closed_for") {
		t.Errorf("closed for the other alone: %v", err)
	}
	// A paper that two bodies read goes on the agenda of one of them for that one.
	paper := proposaltest.Offered(t, tx, one.Author, one.ID, one.Body)
	item, err := meeting.Schedule(t.Context(), tx, one.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	both := again(t, tx, one.Clerk, m, item)
	both.Closed, both.Ground, both.PublicTitle, both.ClosedFor = true, "5.1.2.b", "Besloten", []id.Body{one.Body, two.Body}
	if err := meeting.ReviseItem(t.Context(), tx, one.Clerk, m.ID, item, both); err != nil {
		t.Fatal(err)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, one.Clerk, m.ID, item); err != nil {
		t.Fatal(err)
	}
	alone := create(t, tx, one.Clerk, draft(one))
	if _, err := meeting.Schedule(t.Context(), tx, one.Clerk, alone.ID, paper.ID, ""); err != nil {
		t.Fatal(err)
	}
	convene(t, tx, one.Clerk, alone.ID)
	if got := titles(t, tx, two.Member, alone); got != "Besloten" {
		t.Errorf("who does not hold the meeting reads %q", got)
	}
}

func TestAClosedAgendaIsReadByWhoHeldItWhenItWasWritten(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	one, two, three := proposaltest.NewPlace(t, tx, "Een"), proposaltest.NewPlace(t, tx, "Twee"), proposaltest.NewPlace(t, tx, "Drie")
	two.Acts(t, tx)
	three.Acts(t, tx)
	m := create(t, tx, one.Clerk, draft(one, two, three))
	add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "VRIJ"})
	add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, Ground: "5.1.2.b"})
	m = doors(t, tx, one.Clerk, m, false)
	add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "BINNEN"})
	if err := meeting.Agree(t.Context(), tx, two.Clerk, m.ID, keyOf(two)); err != nil {
		t.Fatal(err)
	}
	if got := titles(t, tx, two.Clerk, m); got != "" {
		t.Errorf("who came later reads %q", got)
	}
	// What one puts there for himself alone has no line for the other, and what is revised keeps its readers.
	own := add(t, tx, two.Clerk, m, "C", meeting.ItemDraft{Title: "EIGEN", ClosedFor: []id.Body{two.Body}})
	if err := meeting.ReviseItem(t.Context(), tx, two.Clerk, m.ID, own, again(t, tx, two.Clerk, m, own)); err != nil {
		t.Fatal(err)
	}
	// A paper stands there for its own body, and is put there by its own griffie.
	paper := proposaltest.Offered(t, tx, two.Author, two.ID, two.Body, func(d *proposal.Draft) { d.Subject = "STUK" })
	if _, err := meeting.Schedule(t.Context(), tx, two.Clerk, m.ID, paper.ID, ""); err != nil {
		t.Fatal(err)
	}
	if got := titles(t, tx, two.Clerk, m); got != "STUK EIGEN" {
		t.Errorf("who came later reads %q", got)
	}
	if got := titles(t, tx, one.Clerk, m); got != "VRIJ GEHEIM BINNEN" {
		t.Errorf("the first reads %q", got)
	}
	known := proposaltest.Offered(t, tx, two.Author, two.ID, two.Body)
	asOwner(t, tx, `update proposals set visibility = 'public' where id = @id`, postgres.Args{"id": known.ID})
	if _, err := meeting.Schedule(t.Context(), tx, one.Clerk, m.ID, known.ID, ""); !refused(err) {
		t.Errorf("a neighbour put a paper on it: %v", err)
	}
	// Open again, what was closed by itself stays with whom it was.
	sole := create(t, tx, one.Clerk, draft(one, three))
	add(t, tx, one.Clerk, sole, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, Ground: "5.1.2.b"})
	sole = doors(t, tx, one.Clerk, doors(t, tx, one.Clerk, sole, false), true)
	if err := meeting.Agree(t.Context(), tx, three.Clerk, sole.ID, keyOf(three)); err != nil {
		t.Fatal(err)
	}
	if got := titles(t, tx, three.Clerk, sole); got != meeting.NeutralTitle {
		t.Errorf("after its doors opened who came later reads %q", got)
	}
}

func TestAChangeOfAClosedAgendaLeavesNoTrace(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	d := draft(here)
	d.Open = false
	m := create(t, tx, here.Clerk, d)
	add(t, tx, here.Clerk, m, "A", meeting.ItemDraft{Title: "BLIJFT"})
	key := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "GAAT"})
	m = convene(t, tx, here.Clerk, m.ID)
	if _, err := meeting.RemoveItem(t.Context(), tx, here.Clerk, m.ID, key); err != nil {
		t.Fatal(err)
	}
	if found, err := meeting.Find(t.Context(), tx, access.Actor{At: here.Clerk.At}, m.ID); err != nil || found.ChangedAt != nil {
		t.Errorf("the public is told of a change at %v, %v", found.ChangedAt, err)
	}
	if got := trail(t, tx, here.Clerk, m.ID); !strings.Contains(got, "item.remove") || strings.Contains(got, "B.1") {
		t.Errorf("the trail: %s", got)
	}
}

func TestWhatWasSentClosedStaysClosedAndHasAGround(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	sent := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, Ground: "5.1.2.b"})
	free := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "VRIJ"})
	if err := meeting.AttachToItem(t.Context(), tx, filetest.Store(t), here.Clerk, m.ID, free, filetest.Upload("stuk.pdf")); err != nil {
		t.Fatal(err)
	}
	paper := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body, proposaltest.Closed)
	own, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	opening := again(t, tx, here.Clerk, m, own)
	opening.Closed = false
	if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, own, opening); !faulty(err, "closed") {
		t.Errorf("opening an item whose paper is confidential: %v", err)
	}
	m = convene(t, tx, here.Clerk, m.ID)
	opening = again(t, tx, here.Clerk, m, sent)
	opening.Closed = false
	if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, sent, opening); !faulty(err, "closed") {
		t.Errorf("opening what was sent as closed: %v", err)
	}
	files := func() (list []file.Line) {
		if err := postgres.Read(t.Context(), tx, meeting.FilesAt(&list, access.Actor{At: here.Clerk.At}, m.Slug)); err != nil {
			t.Fatal(err)
		}
		return list
	}
	if n := len(files()); n != 1 {
		t.Fatalf("the public reads %d files", n)
	}
	closing := again(t, tx, here.Clerk, m, free)
	closing.Closed = true
	if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, free, closing); !faulty(err, "ground") {
		t.Errorf("closing without a ground: %v", err)
	}
	closing.Title, closing.SectionID = "NIEUW", again(t, tx, here.Clerk, m, free).SectionID
	if _, err := meeting.AddItem(t.Context(), tx, here.Clerk, m.ID, closing); !faulty(err, "ground") {
		t.Errorf("adding as closed without a ground: %v", err)
	}
	closing = again(t, tx, here.Clerk, m, free)
	closing.Closed, closing.Ground, closing.PublicTitle = true, "5.1.2.b", "Besloten"
	if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, free, closing); err != nil {
		t.Fatal(err)
	}
	if n := len(files()); n != 0 {
		t.Errorf("the public still reads %d files", n)
	}
}

// What is meant for a body, or came to it, ties it to the meeting; and a question is for those who hold it now.
func TestWhatBindsABodyToAMeetingAndWhoReadsItsQuestions(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, here, other, third := proposaltest.NewPlace(t, tx, "Regio"), proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders"),
		proposaltest.NewPlace(t, tx, "Drie")
	third.Acts(t, tx)
	m := together(t, tx, here, draft(here, other, third), other)
	if list := requestsAt(t, tx, other.Clerk, m); len(list) != 1 || list[0].BodyID != third.Body {
		t.Errorf("who holds it by now reads of the others that are asked: %v", list)
	}
	for name, as := range map[string]access.Actor{"secretaris": here.Secretary, "who is asked": third.Clerk} {
		if err := meeting.TakeBack(t.Context(), tx, as, m.ID, keyOf(third)); !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s takes the question back: %v", name, err)
		}
	}
	leave := func() error { return meeting.Decline(t.Context(), tx, other.Clerk, m.ID, keyOf(other), "Toch niet.") }
	paper := proposaltest.Offered(t, tx, other.Author, other.ID, other.Body)
	key, err := meeting.Schedule(t.Context(), tx, other.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := leave(); !refused(err) {
		t.Errorf("with its paper on the agenda: %v", err)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, other.Clerk, m.ID, key); err != nil {
		t.Fatal(err)
	}
	key = takeUp(t, tx, other, m, routed(t, tx, owner, other))
	if err := leave(); !refused(err) {
		t.Errorf("with what came along a route: %v", err)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, other.Clerk, m.ID, key); err != nil {
		t.Fatal(err)
	}
	if err := leave(); err != nil {
		t.Errorf("with nothing there: %v", err)
	}
}

func TestWhoMayDisclose(t *testing.T) {
	t.Parallel()
	const council id.Body = "b1"
	closed := meeting.Decision{
		BodyID: council, PublishedAt: &proposaltest.At,
		Audience: access.Audience{Visibility: access.Org, AudienceBodies: []id.Body{council}},
	}
	draft, open, replaced := closed, closed, closed
	draft.PublishedAt, open.AudienceBodies, replaced.ReplacedBy = nil, nil, "R-2018-001"
	as := func(r access.Role, body id.Body) access.Actor {
		return access.Actor{At: proposaltest.At, Grants: []access.Grant{{Role: r, Organisation: "o1", Body: body}}}
	}
	griffier := as(access.Clerk, council)
	for what, c := range map[string]struct {
		actor access.Actor
		of    meeting.Decision
		may   bool
	}{
		"the griffier": {griffier, closed, true}, "a draft": {griffier, draft, false}, "an open one": {griffier, open, false},
		"one that was replaced": {griffier, replaced, false},
		"the staff":             {as(access.ClerkStaff, council), closed, false}, "another griffier": {as(access.Clerk, "b2"), closed, false},
		"the public": {access.Actor{}, closed, false},
	} {
		if got := meeting.CanDisclose(c.actor, c.of); got != c.may {
			t.Errorf("%s: %v", what, got)
		}
	}
}

func TestDisclosingAsksAsMuchAsPublishing(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	d := draft(here)
	d.Open = false
	m := create(t, tx, here.Clerk, d)
	key := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "BINNEN"})
	m = convene(t, tx, here.Clerk, m.ID)
	clerk := during(here.Clerk, m)
	decided := decides(here, m)
	few, more := 2, 3
	decided.Kind, decided.Vote = proposal.Rejected, meeting.Vote{Method: meeting.RollCall, VotesFor: &few, VotesAgainst: &more}
	made := record(t, tx, clerk, m, key, decided)
	if found, err := meeting.FindDecision(t.Context(), tx, here.Secretary, made.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the secretaris reads the draft %q, %v", found.Text, err)
	}
	closed := publish(t, tx, clerk, m, key, made)
	word := meeting.Disclosure{Body: here.Body, Number: closed.Number, Text: "Niet vastgesteld.", Reason: "Besluit van de raad."}
	disclose := func(as access.Actor, change func(*meeting.Disclosure)) (meeting.Decision, error) {
		t.Helper()
		nested, err := tx.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		o := word
		if change != nil {
			change(&o)
		}
		made, err := meeting.Disclose(t.Context(), nested, as, m.ID, key, o)
		if back := nested.Rollback(t.Context()); back != nil {
			t.Fatal(back)
		}
		return made, err
	}
	idle := clerk
	idle.Account, idle.Confirmed = id.New[id.Account](), idle.At.Add(-3600e9)
	if _, err := disclose(idle, nil); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("after an idle hour: %v", err)
	}
	if _, err := disclose(clerk, func(o *meeting.Disclosure) { o.Number = "R-1" }); !errors.Is(err, fault.Conflict) {
		t.Errorf("another than was read: %v", err)
	}
	if made, err := disclose(clerk, nil); err != nil || made.Counted() || made.Text != word.Text || made.Closed() {
		t.Errorf("without the votes: %+v, %v", made, err)
	}
	if made, err := disclose(clerk, func(o *meeting.Disclosure) { o.Votes = true }); err != nil || !made.Counted() {
		t.Errorf("with the votes: %+v, %v", made, err)
	}
	decided.Replaces, decided.Reason, decided.Text = closed.ID, "Verbeterd.", "Anders."
	record(t, tx, clerk, m, key, decided)
	if _, err := disclose(clerk, nil); !errors.Is(err, fault.Conflict) {
		t.Errorf("while another is being written: %v", err)
	}
	// On a paper that is confidential itself nothing is disclosed.
	secret, item, _ := sitting(t, tx, proposaltest.Closed, here)
	made = publish(t, tx, clerk, secret, item, record(t, tx, clerk, secret, item, decides(here, secret)))
	word.Number = made.Number
	if _, err := meeting.Disclose(t.Context(), tx, clerk, secret.ID, item, word); !refused(err) {
		t.Errorf("on a confidential paper: %v", err)
	}
}

func TestOneBodyOfAJointMeetingCannotActForAnother(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	m := together(t, tx, here, draft(here, other), other)
	revise := func(by access.Actor, places ...proposaltest.Place) error {
		found, organisers, err := meeting.FindWhole(t.Context(), tx, by, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		d := meeting.DraftOf(found, organisers)
		d.Bodies = nil
		for _, p := range places {
			d.Bodies = append(d.Bodies, p.Body)
		}
		_, err = meeting.Revise(t.Context(), tx, by, m.ID, d)
		return err
	}
	if err := revise(other.Clerk, other); !faulty(err, "bodies") {
		t.Errorf("taking off who gave its word: %v", err)
	}
	if err := revise(other.Clerk, here); !faulty(err, "bodies") {
		t.Errorf("locking himself out: %v", err)
	}
	if _, err := meeting.Create(t.Context(), tx, here.Clerk, draft(other)); !faulty(err, "bodies") {
		t.Errorf("making a meeting of others: %v", err)
	}
	key := add(t, tx, other.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, ClosedFor: []id.Body{other.Body}})
	found, err := meeting.Find(t.Context(), tx, here.Clerk, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	at := here.Clerk.At
	if _, err := meeting.Convene(t.Context(), tx, here.Clerk, m.ID, meeting.Call{DeliveredAt: &at, Version: found.Version}); !faulty(err, "GW-87") {
		t.Errorf("convening what another closed without a ground: %v", err)
	}
	grounded := again(t, tx, other.Clerk, m, key)
	grounded.Ground = "5.1.2.b"
	if err := meeting.ReviseItem(t.Context(), tx, other.Clerk, m.ID, key, grounded); err != nil {
		t.Fatal(err)
	}
	m = convene(t, tx, here.Clerk, m.ID)
	clerk := during(other.Clerk, m)
	made := publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, decides(other, m)))
	if found, err := meeting.FindDecision(t.Context(), tx, here.Member, made.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the other body reads %q, %v", found.Text, err)
	}
}

func TestAnAnnouncedMeetingKeepsItsDoorsAndItsPapers(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	paper := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body)
	m := create(t, tx, here.Clerk, draft(here))
	if _, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, ""); err != nil {
		t.Fatal(err)
	}
	m, err := meeting.Announce(t.Context(), tx, here.Clerk, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	public := access.Actor{At: here.Clerk.At}
	if _, err := proposal.Find(t.Context(), tx, public, paper.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("before the call the public reads the paper: %v", err)
	}
	if m = doors(t, tx, here.Clerk, m, false); !m.Open {
		t.Error("once announced its doors close")
	}
	_, organisers, err := meeting.FindWhole(t.Context(), tx, here.Clerk, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	moved := meeting.DraftOf(m, organisers)
	start := moved.StartsAt.Add(-3600e9)
	moved.StartsAt, moved.Reason = &start, "De zaal was bezet."
	idle := here.Clerk
	idle.Account, idle.Confirmed = id.New[id.Account](), idle.At.Add(-3600e9)
	if _, err := meeting.Revise(t.Context(), tx, idle, m.ID, moved); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("moving it after an idle hour: %v", err)
	}
	// What comes late to a closed agenda is not published with it.
	d := draft(here)
	d.Open = false
	shut := create(t, tx, here.Clerk, d)
	add(t, tx, here.Clerk, shut, "A", meeting.ItemDraft{Title: "BINNEN"})
	shut = convene(t, tx, here.Clerk, shut.ID)
	late := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body)
	if _, err := meeting.Schedule(t.Context(), tx, here.Clerk, shut.ID, late.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := proposal.Find(t.Context(), tx, public, late.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the public reads a paper of a closed agenda: %v", err)
	}
}

// A paper that two bodies treat as one item is each one's own part.
func TestWhoTreatsAPaperOfAnotherHasHisStepAlone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	owner, here, other := proposaltest.NewPlace(t, tx, "Regio"), proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	m := together(t, tx, owner, draft(owner, here, other), here, other)
	paper := routed(t, tx, owner, here, other)
	key, err := meeting.Schedule(t.Context(), tx, owner.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	if taken := takeUp(t, tx, here, m, paper); taken != key {
		t.Fatalf("two items: %s and %s", key, taken)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, other.Clerk, m.ID, key); !refused(err) {
		t.Errorf("whose step does not stand there takes it off: %v", err)
	}
	if stays, err := meeting.RemoveItem(t.Context(), tx, here.Clerk, m.ID, key); err != nil || !stays {
		t.Errorf("his own part: %v, %v", stays, err)
	}
	if got := stateOf(t, tx, owner.Author, paper.ID); got != proposal.Scheduled {
		t.Errorf("it freed the paper of the other: %s", got)
	}
	// Laid out for a body and not sent to it yet, a paper is not before it.
	mine := proposaltest.Offered(t, tx, owner.Author, owner.ID, owner.Body)
	if err := route.AddStep(t.Context(), tx, owner.Author, mine.ID, routetest.Step(here, 1)); err != nil {
		t.Fatal(err)
	}
	if key, err = meeting.Schedule(t.Context(), tx, owner.Clerk, m.ID, mine.ID, ""); err != nil {
		t.Fatal(err)
	}
	m = convene(t, tx, owner.Clerk, m.ID)
	if _, err := meeting.RecordDecision(t.Context(), tx, during(here.Clerk, m), m.ID, key, decides(here, m)); !faulty(err, "body") {
		t.Errorf("deciding on what was not sent: %v", err)
	}
	if _, err := meeting.RecordDecision(t.Context(), tx, during(other.Clerk, m), m.ID, key, decides(other, m)); !faulty(err, "body") {
		t.Errorf("deciding on what is another's: %v", err)
	}
}

// Who gave its word in another way, such as by a signature, holds the meeting as the organisation that was asked.
func TestJoiningIsForTheOrganisationThatWasAskedAsLongAsItIsNotSettled(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, asked, third := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Zuid"), proposaltest.NewPlace(t, tx, "Elders")
	d := draft(here)
	d.Kind, d.Orgs, d.Signed = meeting.Consultation, []id.Organisation{third.ID, asked.ID}, true
	held := func(m meeting.Meeting) (ids []id.Organisation) {
		for _, o := range organisersOf(t, tx, here.Clerk, m) {
			ids = append(ids, o.OrganisationID)
		}
		return ids
	}
	join := func(m meeting.Meeting) {
		t.Helper()
		if err := meeting.Join(t.Context(), tx, asked.Secretary, m.ID, asked.ID); err != nil {
			t.Fatal(err)
		}
	}
	m := create(t, tx, here.Clerk, d)
	for range 2 {
		join(m)
	}
	if got := held(m); !slices.Equal(got, []id.Organisation{here.ID, asked.ID}) {
		t.Errorf("held by %v", got)
	}
	called := create(t, tx, here.Clerk, d)
	add(t, tx, here.Clerk, called, "A", meeting.ItemDraft{Title: "Opening"})
	called = convene(t, tx, here.Clerk, called.ID)
	join(called)
	if got := held(called); len(got) != 1 {
		t.Errorf("after the call: held by %v", got)
	}
	asked.Acts(t, tx)
	whole := create(t, tx, here.Clerk, draft(here, asked))
	join(whole)
	if got := held(whole); len(got) != 1 {
		t.Errorf("a body joined by the signature of its organisation: %v", got)
	}
}
