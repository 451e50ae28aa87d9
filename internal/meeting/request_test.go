package meeting_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

func organisersOf(t *testing.T, db postgres.DB, as access.Actor, m meeting.Meeting) []meeting.Organiser {
	t.Helper()
	_, organisers, err := meeting.FindWhole(t.Context(), db, as, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return organisers
}

func requestsAt(t *testing.T, db postgres.DB, as access.Actor, m meeting.Meeting) []meeting.Request {
	t.Helper()
	var list []meeting.Request
	if err := postgres.Read(t.Context(), db, meeting.RequestsAt(&list, as, m.Slug)); err != nil {
		t.Fatal(err)
	}
	return list
}

func refused(err error) bool {
	var refusal fault.Refusal
	return errors.As(err, &refusal)
}

// key is the key under which the body of a place has to do with a meeting.
func keyOf(p proposaltest.Place) string { return p.Key + "-raad" }

func TestABodyThatIsOnlyAskedAppearsNowhereAndIsNotTouched(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, asked := proposaltest.NewPlace(t, tx, "Heemstede"), proposaltest.NewPlace(t, tx, "Hillegom")
	asked.Acts(t, tx)
	paper := proposaltest.Offered(t, tx, asked.Author, asked.ID, asked.Body)
	m := create(t, tx, here.Clerk, draft(here, asked))
	if strings.Contains(m.Slug, "hillegom") {
		t.Errorf("the address names who is only asked: %s", m.Slug)
	}
	if list := organisersOf(t, tx, here.Clerk, m); len(list) != 1 || list[0].BodyID != here.Body {
		t.Errorf("it is held by %v", list)
	}
	if list := requestsAt(t, tx, here.Clerk, m); len(list) != 1 || list[0].BodyID != asked.Body {
		t.Errorf("asked are %v", list)
	}
	if _, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, ""); err == nil {
		t.Error("a paper meant for a body that is only asked was put on the agenda")
	}
	add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, Ground: "5.1.2.b"})
	if _, items := agendaOf(t, tx, asked.Clerk, m.Slug); len(items) > 0 {
		t.Errorf("who is asked reads the agenda of the others: %v", items)
	}
	if meeting.CanCompose(asked.Clerk, m, organisersOf(t, tx, asked.Clerk, m)) {
		t.Error("who is asked composes")
	}
	at := here.Clerk.At
	m, err := meeting.Find(t.Context(), tx, here.Clerk, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	var fields fault.Fields
	if _, err := meeting.Convene(t.Context(), tx, here.Clerk, m.ID, meeting.Call{DeliveredAt: &at, Version: m.Version}); !errors.As(err, &fields) ||
		fields["GEZAMENLIJK"] == "" {
		t.Errorf("convening without who was asked warns of nothing: %v", err)
	}
	m, err = meeting.Convene(t.Context(), tx, here.Clerk, m.ID,
		meeting.Call{DeliveredAt: &at, Version: m.Version, Reasons: map[string]string{"GEZAMENLIJK": "Zij antwoorden niet."}})
	if err != nil {
		t.Fatal(err)
	}
	var feed []meeting.Entry
	if err := postgres.Read(t.Context(), tx, meeting.Calendar(&feed, access.Actor{At: at}, asked.Key, "")); err != nil || len(feed) > 0 {
		t.Errorf("the calendar of who was asked holds %v, %v", feed, err)
	}
	for as, actor := range map[string]access.Actor{"public": {At: at}, "member": asked.Member} {
		if list := organisersOf(t, tx, actor, m); len(list) != 1 {
			t.Errorf("%s reads that it is held by %v", as, list)
		}
		if list := requestsAt(t, tx, actor, m); len(list) > 0 {
			t.Errorf("%s reads who was asked: %v", as, list)
		}
	}
	if err := meeting.Agree(t.Context(), tx, asked.Clerk, m.ID, keyOf(asked)); !refused(err) {
		t.Errorf("agreeing after the call: %v", err)
	}
	if found, err := proposal.Find(t.Context(), tx, asked.Clerk, paper.ID); err != nil || found.State != proposal.Offered || found.Visibility == access.Public {
		t.Errorf("the paper: %s %s, %v", found.State, found.Visibility, err)
	}
}

// Who may give the word of a body, one row an actor.
func TestOnlyTheOwnGriffierGivesTheWordOfABody(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, asked, third := proposaltest.NewPlace(t, tx, "Heemstede"), proposaltest.NewPlace(t, tx, "Hillegom"), proposaltest.NewPlace(t, tx, "Lisse")
	asked.Acts(t, tx)
	m := create(t, tx, here.Clerk, draft(here, asked))
	for name, as := range map[string]access.Actor{
		"griffier who asks": here.Clerk, "staff": asked.Staff, "secretary": asked.Secretary, "member": asked.Member, "steller": asked.Author,
		"griffier of a third": third.Clerk, "public": {At: proposaltest.At},
	} {
		if err := meeting.Agree(t.Context(), tx, as, m.ID, keyOf(asked)); err == nil {
			t.Errorf("%s agreed", name)
		}
		if err := meeting.Decline(t.Context(), tx, as, m.ID, keyOf(asked), "Nee."); err == nil {
			t.Errorf("%s declined", name)
		}
	}
	idle := asked.Clerk
	idle.Confirmed = idle.At.Add(-2 * 3600e9)
	idle.Account = id.New[id.Account]()
	if err := meeting.Agree(t.Context(), tx, idle, m.ID, keyOf(asked)); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("agreeing after two idle hours: %v", err)
	}
	for range 2 {
		if err := meeting.Agree(t.Context(), tx, asked.Clerk, m.ID, keyOf(asked)); err != nil {
			t.Fatal(err)
		}
	}
	if list := organisersOf(t, tx, asked.Clerk, m); len(list) != 2 || !list[1].Agreed() {
		t.Errorf("held by %v", list)
	}
	if list := requestsAt(t, tx, here.Clerk, m); len(list) > 0 {
		t.Errorf("still asked: %v", list)
	}
	if err := meeting.Decline(t.Context(), tx, here.Clerk, m.ID, keyOf(here), "Toch niet."); err != nil {
		t.Errorf("who asked leaves: %v", err)
	}
	if err := meeting.Decline(t.Context(), tx, asked.Clerk, m.ID, keyOf(asked), "Toch niet."); !refused(err) {
		t.Errorf("the last one left: %v", err)
	}
}

func TestWhoDeclinesSaysWhyAndMayStillAgree(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, asked := proposaltest.NewPlace(t, tx, "Heemstede"), proposaltest.NewPlace(t, tx, "Hillegom")
	asked.Acts(t, tx)
	m := create(t, tx, here.Clerk, draft(here, asked))
	var fields fault.Fields
	if err := meeting.Decline(t.Context(), tx, asked.Clerk, m.ID, keyOf(asked), " "); !errors.As(err, &fields) || fields["reason"] == "" {
		t.Errorf("without a reason: %v", err)
	}
	if err := meeting.Decline(t.Context(), tx, asked.Clerk, m.ID, keyOf(asked), "Geen tijd."); err != nil {
		t.Fatal(err)
	}
	if list := requestsAt(t, tx, here.Clerk, m); len(list) != 1 || list[0].Open() || list[0].Reason != "Geen tijd." {
		t.Errorf("who asked reads %v", list)
	}
	var tasks []meeting.Task
	if err := postgres.Read(t.Context(), tx, meeting.Waiting(&tasks, here.Clerk)); err != nil ||
		!slices.ContainsFunc(tasks, func(x meeting.Task) bool { return x.Kind == "declined" }) {
		t.Errorf("it does not wait for who asked: %v, %v", tasks, err)
	}
	if _, err := meeting.Find(t.Context(), tx, asked.Clerk, m.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("who declined still sees the concept: %v", err)
	}
	for range 2 {
		if err := meeting.TakeBack(t.Context(), tx, here.Clerk, m.ID, keyOf(asked)); err != nil {
			t.Fatal(err)
		}
	}
	if list := requestsAt(t, tx, here.Clerk, m); len(list) > 0 {
		t.Errorf("left: %v", list)
	}
}

func TestTwoWhoAnswerAtOnceBothCount(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	here, one, two := proposaltest.NewPlace(t, db, "Heemstede"), proposaltest.NewPlace(t, db, "Hillegom"), proposaltest.NewPlace(t, db, "Lisse")
	one.Acts(t, db)
	two.Acts(t, db)
	m := create(t, db, here.Clerk, draft(here, one, two))
	var wait sync.WaitGroup
	for _, p := range []proposaltest.Place{one, two, one, two} {
		wait.Go(func() {
			if err := meeting.Agree(t.Context(), db, p.Clerk, m.ID, keyOf(p)); err != nil {
				t.Errorf("%s: %v", p.Org, err)
			}
		})
	}
	wait.Wait()
	if list := organisersOf(t, db, here.Clerk, m); len(list) != 3 {
		t.Errorf("held by %v", list)
	}
}

// Even where both hold the meeting, a paper is its own griffie's: one row an act that a neighbour tries.
func TestSharingAMeetingGivesNoRightOverAPaper(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Heemstede"), proposaltest.NewPlace(t, tx, "Hillegom")
	m := together(t, tx, here, draft(here, other), other)
	theirs := proposaltest.Offered(t, tx, other.Author, other.ID, other.Body)
	if _, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, theirs.ID, ""); !refused(err) && !errors.Is(err, fault.NotFound) {
		t.Errorf("a neighbour scheduled it: %v", err)
	}
	key, err := meeting.Schedule(t.Context(), tx, other.Clerk, m.ID, theirs.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	convene(t, tx, here.Clerk, m.ID)
	_, items := agendaOf(t, tx, here.Clerk, m.Slug)
	closing := meeting.ItemDraft{
		SectionID: items[0].SectionID, Title: items[0].MatterTitle, Minutes: minutes(10), Closed: true, Ground: "5.1.2.b", PublicTitle: "Besloten",
		ClosedFor: []id.Body{here.Body, other.Body}, Version: items[0].Version,
	}
	if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, key, closing); !refused(err) {
		t.Errorf("a neighbour closed it: %v", err)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, here.Clerk, m.ID, key); !refused(err) {
		t.Errorf("a neighbour took it off: %v", err)
	}
	if found, err := proposal.Find(t.Context(), tx, access.Actor{At: proposaltest.At}, theirs.ID); err != nil || found.State != proposal.Scheduled {
		t.Errorf("the public paper: %s, %v", found.State, err)
	}
	// Its own griffie does all three; closing leaves the paper with its own body.
	closing.ClosedFor = []id.Body{here.Body}
	var fields fault.Fields
	if err := meeting.ReviseItem(t.Context(), tx, other.Clerk, m.ID, key, closing); !errors.As(err, &fields) || fields["closed_for"] == "" {
		t.Errorf("closed for the neighbour alone: %v", err)
	}
	closing.ClosedFor = []id.Body{other.Body}
	if err := meeting.ReviseItem(t.Context(), tx, other.Clerk, m.ID, key, closing); err != nil {
		t.Fatal(err)
	}
	if _, err := proposal.Find(t.Context(), tx, here.Clerk, theirs.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the neighbour reads the closed paper: %v", err)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, other.Clerk, m.ID, key); err != nil {
		t.Errorf("its own griffie takes it off: %v", err)
	}
}

func TestWhatWasRecordedForABodyOpensNothingOfIt(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, silent := proposaltest.NewPlace(t, tx, "Heemstede"), proposaltest.NewPlace(t, tx, "Hillegom")
	paper := proposaltest.Offered(t, tx, silent.Author, silent.ID, silent.Body)
	d := draft(here, silent)
	var fields fault.Fields
	if _, err := meeting.Create(t.Context(), tx, here.Clerk, d); !errors.As(err, &fields) || fields["agreed_with"] == "" {
		t.Errorf("without a word of who agreed: %v", err)
	}
	d.AgreedWith = "de voorzitter van Hillegom"
	m := create(t, tx, here.Clerk, d)
	list := organisersOf(t, tx, here.Clerk, m)
	if len(list) != 2 || list[1].Agreed() || list[1].AgreedWith != d.AgreedWith || list[1].RecordedBy != here.Clerk.Name {
		t.Errorf("held by %+v", list)
	}
	if meeting.CanCompose(silent.Clerk, m, list) || slices.Contains(meeting.Bodies(list), silent.Body) {
		t.Error("what was recorded gives the body a right")
	}
	if _, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, ""); err == nil {
		t.Error("what was recorded opens a paper of the body")
	}
	key := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, Ground: "5.1.2.b"})
	own := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body)
	if _, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, own.ID, ""); err != nil {
		t.Fatal(err)
	}
	if found, err := proposal.Find(t.Context(), tx, silent.Member, own.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("it reads the paper of the other before it is public: %v %v", found.Subject, err)
	}
	convene(t, tx, here.Clerk, m.ID)
	if _, items := agendaOf(t, tx, silent.Member, m.Slug); slices.ContainsFunc(items, func(i meeting.Item) bool { return i.Key == key && i.Matter }) {
		t.Error("its members read what is closed")
	}
	// Once its own griffier is here, he makes it his word, or takes it off, before the call; now it is settled.
	if err := meeting.Agree(t.Context(), tx, silent.Clerk, m.ID, keyOf(silent)); !refused(err) {
		t.Errorf("after the call: %v", err)
	}
	again := create(t, tx, here.Clerk, d)
	if err := meeting.Agree(t.Context(), tx, silent.Clerk, again.ID, keyOf(silent)); err != nil {
		t.Fatal(err)
	}
	if list := organisersOf(t, tx, here.Clerk, again); !list[1].Agreed() {
		t.Errorf("after its own word: %+v", list[1])
	}
	third := create(t, tx, here.Clerk, d)
	if err := meeting.Decline(t.Context(), tx, silent.Clerk, third.ID, keyOf(silent), "Dat is niet afgesproken."); err != nil {
		t.Fatal(err)
	}
	if list := organisersOf(t, tx, here.Clerk, third); len(list) != 1 {
		t.Errorf("after declining: %+v", list)
	}
}

func matters(items []meeting.Item) (read []string) {
	for _, i := range items {
		if i.Matter {
			read = append(read, i.MatterTitle)
		}
	}
	return read
}

// What is closed is read by the bodies that both the meeting and the paper, or the item's own choice, allow.
func TestAClosedItemIsReadByWhomBothAllow(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	one, two := proposaltest.NewPlace(t, tx, "Heemstede"), proposaltest.NewPlace(t, tx, "Bloemendaal")
	m := together(t, tx, one, draft(one, two), two)
	paper := proposaltest.Offered(t, tx, one.Author, one.ID, one.Body, proposaltest.Closed, func(d *proposal.Draft) {
		d.Subject, d.PortfolioHolders = "ALLEEN EEN", []proposal.Holder{{Name: "GEHEIME HOUDER"}}
	})
	if _, err := meeting.Schedule(t.Context(), tx, one.Clerk, m.ID, paper.ID, ""); err != nil {
		t.Fatal(err)
	}
	closed := func(title string, by access.Actor, bodies ...id.Body) string {
		return add(t, tx, by, m, "B", meeting.ItemDraft{Title: title, Closed: true, Ground: "5.1.2.b", ClosedFor: bodies})
	}
	closed("ALLEEN TWEE", two.Clerk, two.Body)
	closed("SAMEN", one.Clerk, one.Body, two.Body)
	sections, _ := agendaOf(t, tx, one.Clerk, m.Slug)
	for name, bodies := range map[string][]id.Body{
		"nobody": {}, "who does not hold it": {one.Body, id.New[id.Body]()}, "the other alone": {two.Body},
		"unsaid": nil,
	} {
		var fields fault.Fields
		_, err := meeting.AddItem(t.Context(), tx, one.Clerk, m.ID, meeting.ItemDraft{
			SectionID: sections[1].ID, Title: "X", Minutes: minutes(1), Closed: true, Ground: "5.1.2.b", ClosedFor: bodies,
		})
		if !errors.As(err, &fields) || fields["closed_for"] == "" {
			t.Errorf("closed for %s: %v", name, err)
		}
	}
	check := func(when string) {
		t.Helper()
		for name, want := range map[string]struct {
			as   access.Actor
			read string
		}{
			"griffier of one": {one.Clerk, "ALLEEN EEN SAMEN"}, "griffier of two": {two.Clerk, "ALLEEN TWEE SAMEN"}, "secretary of one": {one.Secretary, ""},
		} {
			if _, items := agendaOf(t, tx, want.as, m.Slug); strings.Join(matters(items), " ") != want.read {
				t.Errorf("%s, %s reads %v, want %s", when, name, matters(items), want.read)
			}
		}
	}
	check("as a concept")
	// The griffier of one calls for both: what is closed for two, and what he cannot see, goes to its own members.
	convene(t, tx, one.Clerk, m.ID)
	check("after the call")
	for as, want := range map[string]string{"one": "ALLEEN EEN SAMEN", "two": "ALLEEN TWEE SAMEN"} {
		member := map[string]access.Actor{"one": one.Member, "two": two.Member}[as]
		if _, items := agendaOf(t, tx, member, m.Slug); strings.Join(matters(items), " ") != want {
			t.Errorf("a member of %s reads %v, want %s", as, matters(items), want)
		}
	}
	_, items := agendaOf(t, tx, access.Actor{At: proposaltest.At}, m.Slug)
	if len(items) != 3 || len(matters(items)) > 0 {
		t.Errorf("the public reads %v", matters(items))
	}
	for _, i := range items {
		if names := i.Readers(organisersOf(t, tx, one.Clerk, m)); i.PublicTitle == "Besloten voorstel" &&
			!slices.Equal(names, []string{"Raad van Heemstede Heemstede"}) {
			t.Errorf("the call says that %v read it", names)
		}
	}
}

func TestOrganisersThatChangeNeverWidenWhatIsClosedNorLockOutItsOwner(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	one, two, three := proposaltest.NewPlace(t, tx, "Een"), proposaltest.NewPlace(t, tx, "Twee"), proposaltest.NewPlace(t, tx, "Drie")
	for _, p := range []proposaltest.Place{two, three} {
		p.Acts(t, tx)
	}
	m := create(t, tx, one.Clerk, draft(one, two))
	add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, Ground: "5.1.2.b"})
	if err := meeting.Agree(t.Context(), tx, two.Clerk, m.ID, keyOf(two)); err != nil {
		t.Fatal(err)
	}
	if _, items := agendaOf(t, tx, two.Clerk, m.Slug); len(matters(items)) > 0 {
		t.Errorf("who came later reads %v", matters(items))
	}
	revise := func(by access.Actor, change func(*meeting.Draft), places ...proposaltest.Place) error {
		found, organisers, err := meeting.FindWhole(t.Context(), tx, by, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		d := meeting.DraftOf(found, organisers, requestsAt(t, tx, by, found)...)
		if places != nil {
			d.Bodies = nil
			for _, p := range places {
				d.Bodies = append(d.Bodies, p.Body)
			}
		}
		if change != nil {
			change(&d)
		}
		_, err = meeting.Revise(t.Context(), tx, by, m.ID, d)
		return err
	}
	var fields fault.Fields
	if err := revise(two.Clerk, nil, two); !errors.As(err, &fields) || fields["bodies"] == "" {
		t.Errorf("a neighbour took the owner off: %v", err)
	}
	both := one.Clerk // he prepares the meetings of a third body too
	both.Grants = append(slices.Clone(both.Grants), access.Grant{Role: access.Clerk, Organisation: three.ID, Body: three.Body})
	if err := revise(both, nil, two, three); !errors.As(err, &fields) || fields["bodies"] == "" {
		t.Errorf("the body that an item is closed for was taken off: %v", err)
	}
	if err := revise(both, nil, one, two, three); err != nil {
		t.Fatal(err)
	}
	m, err := meeting.Find(t.Context(), tx, one.Clerk, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, items := agendaOf(t, tx, three.Clerk, m.Slug); len(matters(items)) > 0 {
		t.Errorf("a third reads %v", matters(items))
	}
	if _, items := agendaOf(t, tx, one.Clerk, m.Slug); len(matters(items)) != 1 {
		t.Error("the owner is locked out")
	}
	// An item is not opened for more by revising it.
	_, items := agendaOf(t, tx, one.Clerk, m.Slug)
	d := meeting.ItemDraft{
		SectionID: items[0].SectionID, Title: "GEHEIM", Minutes: minutes(5), Closed: true, Ground: "5.1.2.b", ClosedFor: []id.Body{one.Body, two.Body},
		Version: items[0].Version,
	}
	if err := meeting.ReviseItem(t.Context(), tx, one.Clerk, m.ID, items[0].Key, d); !errors.As(err, &fields) || fields["closed_for"] == "" {
		t.Errorf("closed for more than before: %v", err)
	}
	// The doors of a joint meeting close over what is there, and open again only by who prepares for all.
	if err := revise(one.Clerk, func(d *meeting.Draft) { d.Open = false }); err != nil {
		t.Fatal(err)
	}
	if err := revise(one.Clerk, func(d *meeting.Draft) { d.Open = true }); !errors.As(err, &fields) || fields["open"] == "" {
		t.Errorf("one of three opened the doors: %v", err)
	}
	// Who gave his word takes it back, as long as nothing there is his.
	if err := meeting.Decline(t.Context(), tx, one.Clerk, m.ID, keyOf(one), "Toch niet."); !refused(err) {
		t.Errorf("who has a closed item there left: %v", err)
	}
	if err := meeting.Decline(t.Context(), tx, two.Clerk, m.ID, keyOf(two), "Toch niet."); err != nil {
		t.Errorf("who has nothing there cannot leave: %v", err)
	}
}

func TestOpeningWhatIsClosedForMoreBodiesAsksThemAll(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	one, two := proposaltest.NewPlace(t, tx, "Een"), proposaltest.NewPlace(t, tx, "Twee")
	m := together(t, tx, one, draft(one, two), two)
	key := add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "SAMEN", Closed: true, Ground: "5.1.2.b", ClosedFor: []id.Body{one.Body, two.Body}})
	_, items := agendaOf(t, tx, two.Clerk, m.Slug)
	var fields fault.Fields
	err := meeting.ReviseItem(t.Context(), tx, two.Clerk, m.ID, key,
		meeting.ItemDraft{SectionID: items[0].SectionID, Title: "SAMEN", Minutes: minutes(5), Version: items[0].Version})
	if !errors.As(err, &fields) || fields["closed"] == "" {
		t.Errorf("one of two opened it: %v", err)
	}
}

func TestWhatIsClosedOnOneAgendaIsClosedOnAnEarlierOneToo(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	first, key, paper := sitting(t, tx, func(d *proposal.Draft) { d.Subject = "LATER GEHEIM" }, here)
	if err := meeting.AttachToItem(t.Context(), tx, filetest.Store(t), here.Clerk, first.ID, key, filetest.Upload("stuk.pdf")); err != nil {
		t.Fatal(err)
	}
	clerk := during(here.Clerk, first)
	d := decides(here, first)
	d.Kind, d.Text = proposal.PutOff, ""
	publish(t, tx, clerk, first, key, record(t, tx, clerk, first, key, d))
	later := draft(here)
	start := first.StartsAt.AddDate(0, 0, 7)
	end := start.Add(3600e9)
	later.StartsAt, later.EndsAt = &start, &end
	second := create(t, tx, clerk, later)
	again, err := meeting.Schedule(t.Context(), tx, clerk, second.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	_, items := agendaOf(t, tx, clerk, second.Slug)
	if err := meeting.ReviseItem(t.Context(), tx, clerk, second.ID, again, meeting.ItemDraft{
		SectionID: items[0].SectionID, Title: "LATER GEHEIM", Minutes: minutes(5), Closed: true, Ground: "5.1.2.b", PublicTitle: "Besloten",
		Version: items[0].Version,
	}); err != nil {
		t.Fatal(err)
	}
	_, items = agendaOf(t, tx, access.Actor{At: clerk.At}, first.Slug)
	if len(items) != 1 || items[0].Matter || items[0].PublicTitle != "Besloten" {
		t.Errorf("the public still reads %+v", items)
	}
	if list := decisionsAt(t, tx, access.Actor{At: clerk.At}, first); len(list) > 0 {
		t.Errorf("and %d decisions", len(list))
	}
	var files []file.Line
	if err := postgres.Read(t.Context(), tx, meeting.FilesAt(&files, access.Actor{At: clerk.At}, first.Slug)); err != nil || len(files) > 0 {
		t.Errorf("and %d files, %v", len(files), err)
	}
	if _, items = agendaOf(t, tx, here.Member, first.Slug); len(matters(items)) != 1 {
		t.Error("its own members no longer read it")
	}
}

// All that an outsider can learn of a paper, for comparison before and after what happens behind closed doors.
type outside struct {
	Paper    proposal.Proposal
	Moves    []proposal.Move
	Places   []proposal.Place
	Stands   []meeting.Appearance
	Verdicts []meeting.Verdict
	Rows     []proposal.Row
	Versions []proposal.Version
}

func seenOutside(t *testing.T, db postgres.DB, as access.Actor, p proposal.Proposal) outside {
	t.Helper()
	var o outside
	var err error
	if o.Paper, err = proposal.Find(t.Context(), db, as, p.ID); err != nil {
		t.Fatal(err)
	}
	if err := postgres.Read(t.Context(), db, proposal.Moves(&o.Moves, as, p.ID), proposal.Places(&o.Places, as, p.ID), meeting.AppearancesOf(&o.Stands, as, p.ID),
		meeting.VerdictsOn(&o.Verdicts, as, p.ID), proposal.List(&o.Rows, as, proposal.Filter{}), proposal.Versions(&o.Versions, as, p.ID)); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestAnOpenPaperShowsNothingOfWhatHappensBehindClosedDoors(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	// A paper that everyone reads: it was put off in public.
	first, firstKey, paper := sitting(t, tx, open, here)
	clerk := during(here.Clerk, first)
	d := decides(here, first)
	d.Kind, d.Text = proposal.PutOff, ""
	publish(t, tx, clerk, first, firstKey, record(t, tx, clerk, first, firstKey, d))
	public := access.Actor{At: clerk.At}
	outsiders := map[string]access.Actor{"public": public, "steller": here.Author, "secretary": here.Secretary, "holder": here.Holder}
	before := map[string]outside{}
	for name, as := range outsiders {
		before[name] = seenOutside(t, tx, as, paper)
	}
	same := func(when string) {
		t.Helper()
		for name, as := range outsiders {
			if after := seenOutside(t, tx, as, paper); !reflect.DeepEqual(before[name], after) {
				t.Errorf("%s, the %s sees another paper:\n%+v\n%+v", when, name, before[name], after)
			}
		}
	}
	shut := draft(here)
	start := first.StartsAt.AddDate(0, 0, 7)
	end := start.Add(3600e9)
	shut.StartsAt, shut.EndsAt, shut.Open = &start, &end, false
	m := create(t, tx, clerk, shut)
	key, err := meeting.Schedule(t.Context(), tx, clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	same("scheduled")
	var offered []proposal.Row
	if err := postgres.Read(t.Context(), tx, proposal.OfferedTo(&offered, clerk, []id.Body{here.Body})); err != nil || len(offered) > 0 {
		t.Errorf("for the griffie it still waits for an agenda: %v, %v", offered, err)
	}
	m = convene(t, tx, clerk, m.ID)
	same("convened")
	clerk = during(here.Clerk, m)
	d = decides(here, m)
	d.Kind, d.Text = proposal.Rejected, "Verworpen, om geheime redenen."
	closed := publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, d))
	if !closed.Closed() {
		t.Fatal("a decision of a closed meeting is open")
	}
	same("decided")
	o := meeting.Disclosure{Body: here.Body, Number: closed.Number, Text: "De raad heeft het voorstel verworpen."}
	var fields fault.Fields
	if _, err := meeting.Disclose(t.Context(), tx, clerk, m.ID, key, o); !errors.As(err, &fields) || fields["reason"] == "" {
		t.Errorf("disclosed by nobody's word: %v", err)
	}
	o.Reason = "De raad hief de geheimhouding op 6 juli 2018 op."
	for name, as := range map[string]access.Actor{"staff": here.Staff, "member": here.Member, "steller": here.Author} {
		as.At = clerk.At
		if _, err := meeting.Disclose(t.Context(), tx, as, m.ID, key, o); err == nil {
			t.Errorf("%s disclosed it", name)
		}
	}
	same("not yet disclosed")
	for range 2 {
		if _, err := meeting.Disclose(t.Context(), tx, clerk, m.ID, key, o); err != nil {
			t.Fatal(err)
		}
	}
	after := seenOutside(t, tx, public, paper)
	if after.Paper.State != proposal.Done || after.Paper.DecisionKind != proposal.Rejected || len(after.Verdicts) != 2 || after.Verdicts[1].Text != o.Text {
		t.Errorf("after disclosing: %s %s %+v", after.Paper.State, after.Paper.DecisionKind, after.Verdicts)
	}
	if strings.Contains(after.Verdicts[1].Text, "geheime") {
		t.Error("the closed text is out")
	}
}

// Of two that hold a closed meeting, what one put there for itself alone is not in the way of the other, nor opened by it.
func TestWhatOneHasBehindDoorsIsNeitherOpenedNorInTheWayOfTheOther(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	one, two := proposaltest.NewPlace(t, db, "Een"), proposaltest.NewPlace(t, db, "Twee")
	shut := draft(one, two)
	shut.Open = false
	m := together(t, db, one, shut, two)
	paper := proposaltest.Offered(t, db, two.Author, two.ID, two.Body, func(d *proposal.Draft) { d.Subject = "GEHEIM" })
	if _, err := meeting.Schedule(t.Context(), db, two.Clerk, m.ID, paper.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, items := agendaOf(t, db, one.Clerk, m.Slug); len(items) > 0 {
		t.Errorf("the other reads %v", items)
	}
	first := add(t, db, one.Clerk, m, "B", meeting.ItemDraft{Title: "Van een"})
	second := add(t, db, one.Clerk, m, "B", meeting.ItemDraft{Title: "Ook van een"})
	if err := meeting.Move(t.Context(), db, one.Clerk, m.ID, second, meeting.Up); err != nil {
		t.Fatal(err)
	}
	sections, items := agendaOf(t, db, one.Clerk, m.Slug)
	if err := meeting.Arrange(t.Context(), db, one.Clerk, m.ID,
		[]meeting.Place{{Key: first, SectionID: sections[1].ID}, {Key: second, SectionID: sections[1].ID}}); err != nil {
		t.Errorf("arranging %v: %v", labels(items), err)
	}
	if _, items := agendaOf(t, db, two.Clerk, m.Slug); len(items) != 3 || items[0].MatterTitle != "GEHEIM" {
		t.Errorf("its owner reads %s", labels(items))
	}
	found, organisers, err := meeting.FindWhole(t.Context(), db, one.Clerk, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	d := meeting.DraftOf(found, organisers)
	d.Open = true
	var fields fault.Fields
	if _, err := meeting.Revise(t.Context(), db, one.Clerk, m.ID, d); !errors.As(err, &fields) || fields["open"] == "" {
		t.Errorf("one opened the doors: %v", err)
	}
	trail := func(as access.Actor) string {
		var entries []audit.Entry
		if err := postgres.Read(t.Context(), db, audit.Of(&entries, as, string(m.ID))); err != nil {
			t.Fatal(err)
		}
		acts := ""
		for _, e := range entries {
			acts += e.Act + " "
		}
		return acts
	}
	if got := trail(one.Clerk); strings.Contains(got, "item.schedule") {
		t.Errorf("the trail tells the other of it: %s", got)
	}
	if got := trail(two.Clerk); !strings.Contains(got, "item.schedule") {
		t.Errorf("its own trail lacks it: %s", got)
	}
	// Called off by one, the paper of the other is free again.
	if _, err := meeting.Cancel(t.Context(), db, one.Clerk, m.ID, "Geen zaal."); err != nil {
		t.Fatal(err)
	}
	var waiting []proposal.Row
	if err := postgres.Read(t.Context(), db, proposal.OfferedTo(&waiting, two.Clerk, []id.Body{two.Body})); err != nil || len(waiting) != 1 {
		t.Errorf("it waits nowhere: %v, %v", waiting, err)
	}
}

func TestDoorsNeitherOpenNorCloseOverPapers(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	for _, open := range []bool{true, false} {
		d := draft(here)
		d.Open = open
		m := create(t, tx, here.Clerk, d)
		paper := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body)
		if _, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, ""); err != nil {
			t.Fatal(err)
		}
		d = meeting.DraftOf(m, organisersOf(t, tx, here.Clerk, m))
		d.Open = !open
		var fields fault.Fields
		if _, err := meeting.Revise(t.Context(), tx, here.Clerk, m.ID, d); !errors.As(err, &fields) || fields["open"] == "" {
			t.Errorf("open %v: %v", open, err)
		}
	}
}

// Who came later may not read a paper that stands there already, and does nothing with its item; that he calls the members publishes it.
func TestWhoCameLaterTouchesNoPaperThatHeMayNotRead(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	one, two := proposaltest.NewPlace(t, tx, "Een"), proposaltest.NewPlace(t, tx, "Twee")
	two.Acts(t, tx)
	m := create(t, tx, one.Clerk, draft(one, two))
	paper := proposaltest.Offered(t, tx, one.Author, one.ID, one.Body)
	key, err := meeting.Schedule(t.Context(), tx, one.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := meeting.Agree(t.Context(), tx, two.Clerk, m.ID, keyOf(two)); err != nil {
		t.Fatal(err)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, two.Clerk, m.ID, key); !refused(err) {
		t.Errorf("taking it off: %v", err)
	}
	_, items := agendaOf(t, tx, two.Clerk, m.Slug)
	if err := meeting.ReviseItem(t.Context(), tx, two.Clerk, m.ID, key, meeting.ItemDraft{
		SectionID: items[0].SectionID, Title: "X", Minutes: minutes(1), Closed: true, Ground: "5.1.2.b", ClosedFor: []id.Body{two.Body}, Version: items[0].Version,
	}); !refused(err) {
		t.Errorf("closing it: %v", err)
	}
	m = convene(t, tx, two.Clerk, m.ID)
	if found, err := proposal.Find(t.Context(), tx, access.Actor{At: proposaltest.At}, paper.ID); err != nil || found.State != proposal.Scheduled {
		t.Errorf("the paper of a published item: %s, %v", found.State, err)
	}
	var fields fault.Fields
	if _, err := meeting.RecordDecision(t.Context(), tx, during(two.Clerk, m), m.ID, key, decides(two, m)); !errors.As(err, &fields) || fields["body"] == "" {
		t.Errorf("deciding on it: %v", err)
	}
}

// A body that reads an item is taken out of its readers by its own griffie alone, and keeps what it decided.
func TestNobodyTakesAnotherBodyOutOfTheReadersOfAnItem(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	one, two := proposaltest.NewPlace(t, tx, "Een"), proposaltest.NewPlace(t, tx, "Twee")
	m := together(t, tx, one, draft(one, two), two)
	closed := add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "SAMEN", Closed: true, Ground: "5.1.2.b", ClosedFor: []id.Body{one.Body, two.Body}})
	open := add(t, tx, one.Clerk, m, "B", meeting.ItemDraft{Title: "Open"})
	m = convene(t, tx, one.Clerk, m.ID)
	d := decides(two, m)
	d.ProposalVersion = 0
	publish(t, tx, during(two.Clerk, m), m, open, record(t, tx, during(two.Clerk, m), m, open, d))
	for _, key := range []string{closed, open} {
		_, items := agendaOf(t, tx, one.Clerk, m.Slug)
		i := items[slices.IndexFunc(items, func(i meeting.Item) bool { return i.Key == key })]
		var fields fault.Fields
		if err := meeting.ReviseItem(t.Context(), tx, one.Clerk, m.ID, key, meeting.ItemDraft{
			SectionID: i.SectionID, Title: "X", Minutes: minutes(1), Closed: true, Ground: "5.1.2.b", ClosedFor: []id.Body{one.Body}, Version: i.Version,
		}); !errors.As(err, &fields) || fields["closed_for"] == "" {
			t.Errorf("%s for one alone: %v", i.Label, err)
		}
	}
	if list := decisionsAt(t, tx, two.Member, m); len(list) != 1 {
		t.Errorf("the other reads %d of its decisions", len(list))
	}
}

func TestADisclosedOutcomeThatIsCorrectedIsOneForEveryone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	shut := draft(here)
	shut.Open = false
	m := create(t, tx, here.Clerk, shut)
	paper := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body)
	key, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	m = convene(t, tx, here.Clerk, m.ID)
	clerk := during(here.Clerk, m)
	var last meeting.Decision
	for _, kind := range []proposal.DecisionKind{proposal.Adopted, proposal.Rejected} {
		d := decides(here, m)
		d.Kind, d.Text, d.Replaces = kind, "GEHEIM "+string(kind), last.ID
		if last.ID != "" {
			d.Reason = "Verkeerd vastgelegd."
		}
		closed := publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, d))
		if last, err = meeting.Disclose(t.Context(), tx, clerk, m.ID, key,
			meeting.Disclosure{Body: here.Body, Number: closed.Number, Text: "Openbaar.", Reason: "De raad, 6 juli 2018."}); err != nil {
			t.Fatal(err)
		}
	}
	after := seenOutside(t, tx, here.Author, paper)
	if len(after.Verdicts) != 2 || !after.Verdicts[0].Replaced || after.Verdicts[1].Replaced || after.Paper.DecisionKind != proposal.Rejected {
		t.Errorf("the owner reads %+v, %s", after.Verdicts, after.Paper.DecisionKind)
	}
}

// As long as an invitation runs, its organisations hold the meeting or sign for it.
func TestAnInvitedMeetingIsLeftByItsInvitationAlone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, asked := proposaltest.NewPlace(t, tx, "Heemstede"), proposaltest.NewPlace(t, tx, "Hillegom")
	asked.Acts(t, tx)
	m := create(t, tx, here.Clerk, draft(here, asked))
	if err := meeting.Invite(t.Context(), tx, here.Clerk, m.ID, "Avond"); err != nil {
		t.Fatal(err)
	}
	if err := meeting.Decline(t.Context(), tx, asked.Clerk, m.ID, keyOf(asked), "Nee."); !refused(err) {
		t.Errorf("declining: %v", err)
	}
	if err := meeting.TakeBack(t.Context(), tx, here.Clerk, m.ID, keyOf(asked)); !refused(err) {
		t.Errorf("taking back: %v", err)
	}
}
