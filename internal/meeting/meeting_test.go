package meeting_test

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"regiogriffie/internal/access"
	"regiogriffie/internal/dutch"
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

func minutes(n int) *int { return &n }

func draft(places ...proposaltest.Place) meeting.Draft {
	start := proposaltest.At.AddDate(0, 0, 30).Truncate(time.Hour)
	end := start.Add(2 * time.Hour)
	d := meeting.Draft{Kind: meeting.Council, StartsAt: &start, EndsAt: &end, Location: "Raadzaal", Open: true}
	for _, p := range places {
		d.Bodies = append(d.Bodies, p.Body)
	}
	return d
}

func create(t *testing.T, db postgres.DB, by access.Actor, d meeting.Draft) meeting.Meeting {
	t.Helper()
	m, err := meeting.Create(t.Context(), db, by, d)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// together makes a meeting of one and the others, each of which agreed.
func together(t *testing.T, db postgres.DB, one proposaltest.Place, d meeting.Draft, others ...proposaltest.Place) meeting.Meeting {
	t.Helper()
	for _, o := range others {
		o.Acts(t, db)
	}
	m := create(t, db, one.Clerk, d)
	for _, o := range others {
		if err := meeting.Agree(t.Context(), db, o.Clerk, m.ID, o.Key+"-raad"); err != nil {
			t.Fatal(err)
		}
	}
	found, err := meeting.Find(t.Context(), db, one.Clerk, m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func agendaOf(t *testing.T, db postgres.DB, as access.Actor, slug string) ([]meeting.Section, []meeting.Item) {
	t.Helper()
	var sections []meeting.Section
	var items []meeting.Item
	if err := postgres.Read(t.Context(), db, meeting.SectionsAt(&sections, as, slug), meeting.AgendaAt(&items, as, slug)); err != nil {
		t.Fatal(err)
	}
	return sections, items
}

func add(t *testing.T, db postgres.DB, by access.Actor, m meeting.Meeting, letter string, d meeting.ItemDraft) string {
	t.Helper()
	sections, _ := agendaOf(t, db, by, m.Slug)
	for _, s := range sections {
		if s.Letter == letter {
			d.SectionID = s.ID
		}
	}
	if d.Minutes == nil {
		d.Minutes = minutes(10)
	}
	key, err := meeting.AddItem(t.Context(), db, by, m.ID, d)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func convene(t *testing.T, db postgres.DB, by access.Actor, m id.Meeting) meeting.Meeting {
	t.Helper()
	found, err := meeting.Find(t.Context(), db, by, m)
	if err != nil {
		t.Fatal(err)
	}
	at := by.At
	found, err = meeting.Convene(t.Context(), db, by, m,
		meeting.Call{DeliveredAt: &at, Version: found.Version, Reasons: map[string]string{"GEZAMENLIJK": "de griffier daar"}})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func labels(items []meeting.Item) string {
	var list []string
	for _, i := range items {
		list = append(list, i.Label+"="+i.Title())
	}
	return strings.Join(list, " ")
}

func TestWhoMayDoWhatWithAMeeting(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	m := create(t, tx, here.Clerk, draft(here))
	own := []meeting.Organiser{{OrganisationID: here.ID, BodyID: here.Body}}
	for _, c := range []struct {
		who               string
		actor             access.Actor
		compose, announce bool
	}{
		{"the public", access.Actor{}, false, false},
		{"griffier", here.Clerk, true, true},
		{"griffiemedewerker", here.Staff, true, false},
		{"secretaris of the organisation", here.Secretary, false, false},
		{"steller", here.Author, false, false},
		{"raadslid", here.Member, false, false},
		{"griffier of another organisation", other.Clerk, false, false},
	} {
		if got := meeting.CanCompose(c.actor, m, own); got != c.compose {
			t.Errorf("%s may compose: %v", c.who, got)
		}
		if got := meeting.CanConvene(c.actor, m, own); got != c.announce {
			t.Errorf("%s may convene: %v", c.who, got)
		}
		_, err := meeting.Announce(t.Context(), tx, c.actor, m.ID)
		if (err == nil) != c.announce {
			t.Errorf("%s announces: %v", c.who, err)
		}
		if c.announce {
			m = create(t, tx, here.Clerk, draft(here)) // a fresh concept for the next in line
		}
	}
}

func TestAConceptIsNotThereForOthers(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	m := create(t, tx, here.Clerk, draft(here))
	for who, actor := range map[string]access.Actor{"the public": {}, "a member": here.Member, "a griffier elsewhere": other.Clerk} {
		if _, err := meeting.Find(t.Context(), tx, actor, m.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v, want not found", who, err)
		}
		if _, err := meeting.AddItem(t.Context(), tx, actor, m.ID, meeting.ItemDraft{SectionID: "x", Title: "T", Minutes: minutes(1)}); !errors.Is(err,
			fault.NotFound) {
			t.Errorf("%s adds: %v, want not found", who, err)
		}
	}
}

func TestAPlannedMeetingShowsItsDayAndNotItsAgenda(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "Nog niet openbaar"})
	if _, err := meeting.Announce(t.Context(), tx, here.Clerk, m.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := meeting.Find(t.Context(), tx, access.Actor{}, m.ID); err != nil {
		t.Errorf("the public does not find the planned meeting: %v", err)
	}
	sections, items := agendaOf(t, tx, access.Actor{}, m.Slug)
	if len(sections)+len(items) > 0 {
		t.Errorf("the public sees %v %v before the call", sections, items)
	}
}

// GW-19.2: what is convened is public in the same act; of a closed item only label, neutral title and time.
func TestConveningPublishesAndClosedMatterStaysWithItsBody(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	files := filetest.Store(t)
	m := create(t, tx, here.Clerk, draft(here))
	paper := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body, func(d *proposal.Draft) { d.Subject = "OPEN-STUK" })
	if _, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, ""); err != nil {
		t.Fatal(err)
	}
	key := add(t, tx, here.Clerk, m, "B",
		meeting.ItemDraft{
			Title: "GEHEIM-TITEL", Explanation: "GEHEIM-TEKST", Closed: true, Ground: "5.1.2.b", Treatment: proposal.Decisive,
			PortfolioHolders: []proposal.Holder{{Name: "GEHEIM-NAAM"}},
		})
	if err := meeting.AttachToItem(t.Context(), tx, files, here.Clerk, m.ID, key,
		file.Upload{Title: "GEHEIM-BIJLAGE", FileName: "geheim.pdf", Content: filetest.Upload("g.pdf").Content}); err != nil {
		t.Fatal(err)
	}
	convene(t, tx, here.Clerk, m.ID)

	for who, actor := range map[string]access.Actor{"the public": {}, "a steller here": here.Author, "a member elsewhere": other.Member} {
		_, items := agendaOf(t, tx, actor, m.Slug)
		if got := labels(items); got != "B.1=OPEN-STUK B.2="+meeting.NeutralTitle {
			t.Errorf("%s sees %s", who, got)
		}
		if i := items[1]; i.Matter || i.Explanation+i.Ground+string(i.Treatment) != "" || len(i.PortfolioHolders) > 0 || i.Minutes != 10 {
			t.Errorf("%s sees of the closed item: %+v", who, i)
		}
		var attached []file.Line
		if err := postgres.Read(t.Context(), tx, meeting.FilesAt(&attached, actor, m.Slug)); err != nil {
			t.Fatal(err)
		}
		if len(attached) > 0 {
			t.Errorf("%s sees the closed attachment %v", who, attached)
		}
		if _, err := proposal.Find(t.Context(), tx, actor, paper.ID); err != nil {
			t.Errorf("%s does not find the open paper after the call: %v", who, err)
		}
	}
	_, items := agendaOf(t, tx, here.Member, m.Slug)
	if i := items[1]; !i.Matter || i.Title() != "GEHEIM-TITEL" || i.Explanation != "GEHEIM-TEKST" {
		t.Errorf("a member does not read his own closed item: %+v", i)
	}

	// The short agenda is the same for each of them, but for the explanations.
	for who, actor := range map[string]access.Actor{"the public": {}, "a member": here.Member, "the clerk": here.Clerk, "a member elsewhere": other.Member} {
		_, want := agendaOf(t, tx, actor, m.Slug)
		for n := range want {
			want[n].Explanation = ""
		}
		var got []meeting.Item
		if err := postgres.Read(t.Context(), tx, meeting.LinesAt(&got, actor, m.Slug)); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", who, got, err, want)
		}
	}
}

func TestConveningTwiceIsConveningOnceAndLabelsStay(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	add(t, tx, here.Clerk, m, "A", meeting.ItemDraft{Title: "Opening"})
	gone := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "Valt af"})
	add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "Blijft"})
	first := convene(t, tx, here.Clerk, m.ID)
	second := convene(t, tx, here.Clerk, m.ID)
	if second.Version != first.Version || second.State != meeting.Convened {
		t.Errorf("the second call changed something: %v, %v", first, second)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, here.Clerk, m.ID, gone); err != nil {
		t.Fatal(err)
	}
	if _, err := meeting.RemoveItem(t.Context(), tx, here.Clerk, m.ID, gone); err != nil {
		t.Errorf("taking off twice: %v", err)
	}
	add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "Nagekomen"})
	_, items := agendaOf(t, tx, access.Actor{}, m.Slug)
	if got := labels(items); got != "A.1=Opening B.1=Valt af B.2=Blijft B.3=Nagekomen" {
		t.Errorf("agenda %s", got)
	}
	if !items[1].Dropped() || !items[3].AddedLater {
		t.Errorf("dropped %v, added later %v", items[1].Dropped(), items[3].AddedLater)
	}
}

func TestAnItemClosedAfterTheCallDisappearsAtOnceAndIsNotOpenedAgain(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	paper := proposaltest.Offered(t, tx, here.Author, here.ID, here.Body, func(d *proposal.Draft) { d.Subject = "TE OPEN" })
	key, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	convene(t, tx, here.Clerk, m.ID)
	_, items := agendaOf(t, tx, here.Clerk, m.Slug)
	d := meeting.ItemDraft{
		SectionID: items[0].SectionID, Title: "TE OPEN", Minutes: minutes(10), Closed: true, Ground: "5.1.2.e",
		PublicTitle: "Besloten punt", Version: items[0].Version,
	}
	if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, key, d); err != nil {
		t.Fatal(err)
	}
	if _, err := proposal.Find(t.Context(), tx, access.Actor{}, paper.ID); !errors.Is(err, fault.NotFound) {
		t.Errorf("the public still finds the paper: %v", err)
	}
	_, items = agendaOf(t, tx, access.Actor{}, m.Slug)
	if got := labels(items); got != "B.1=Besloten punt" || items[0].Matter {
		t.Errorf("the public sees %s", got)
	}
	_, items = agendaOf(t, tx, here.Clerk, m.Slug)
	d.Closed, d.Version = false, items[0].Version
	var fields fault.Fields
	if err := meeting.ReviseItem(t.Context(), tx, here.Clerk, m.ID, key, d); !errors.As(err, &fields) || fields["closed"] == "" {
		t.Errorf("opening it again: %v", err)
	}
}

func TestAClosedMeetingShowsDayTimeAndPlaceOnly(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	d := draft(here)
	d.Open = false
	m := create(t, tx, here.Clerk, d)
	add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM"})
	convene(t, tx, here.Clerk, m.ID)
	found, err := meeting.Find(t.Context(), tx, access.Actor{}, m.ID)
	if err != nil || found.Location != "Raadzaal" {
		t.Errorf("the public does not see when and where: %v", err)
	}
	if sections, items := agendaOf(t, tx, access.Actor{}, m.Slug); len(sections)+len(items) > 0 {
		t.Errorf("the public sees %v %v", sections, items)
	}
	if _, items := agendaOf(t, tx, here.Member, m.Slug); labels(items) != "B.1=GEHEIM" {
		t.Errorf("a member sees %s", labels(items))
	}
}

func TestAJointMeetingIsMadeByEachOfItsGriffiers(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	one, two, third := proposaltest.NewPlace(t, tx, "Een"), proposaltest.NewPlace(t, tx, "Twee"), proposaltest.NewPlace(t, tx, "Drie")
	m := together(t, tx, one, draft(one, two), two)
	add(t, tx, one.Clerk, m, "A", meeting.ItemDraft{Title: "Van een"})
	add(t, tx, two.Clerk, m, "A", meeting.ItemDraft{Title: "Van twee"})
	if _, err := meeting.Create(t.Context(), tx, third.Clerk, draft(one, two)); err == nil {
		t.Error("a griffier of neither made their meeting")
	}
	convene(t, tx, two.Clerk, m.ID)
	if _, items := agendaOf(t, tx, third.Member, m.Slug); labels(items) != "A.1=Van een A.2=Van twee" {
		t.Errorf("agenda %s", labels(items))
	}
}

func TestAnEventIsPublicWithItsProgrammeAndIsNeverConvened(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	d := draft()
	d.Kind, d.Title, d.Orgs, d.AgreedWith = meeting.Conference, "Conferentie", []id.Organisation{here.ID, other.ID}, "de griffier van Elders"
	m := create(t, tx, here.Clerk, d)
	add(t, tx, here.Clerk, m, "", meeting.ItemDraft{Title: "Welkom"})
	at := here.Clerk.At
	if _, err := meeting.Convene(t.Context(), tx, here.Clerk, m.ID, meeting.Call{DeliveredAt: &at, Version: m.Version}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an event was convened: %v", err)
	}
	if _, err := meeting.Announce(t.Context(), tx, here.Secretary, m.ID); err != nil {
		t.Fatal(err)
	}
	if _, items := agendaOf(t, tx, access.Actor{}, m.Slug); labels(items) != "1=Welkom" {
		t.Errorf("programme %s", labels(items))
	}
	if _, err := meeting.AddItem(t.Context(), tx, here.Clerk, m.ID,
		meeting.ItemDraft{SectionID: "00000000-0000-0000-0000-000000000000", Title: "T", Minutes: minutes(1)}); err == nil {
		t.Error("an item without a part was added")
	}
}

func TestMovingGoesThroughThePartsAndArrangingNamesAllItems(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	first := add(t, tx, here.Clerk, m, "A", meeting.ItemDraft{Title: "een"})
	second := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "twee"})
	third := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "drie"})
	seen := func() string {
		_, items := agendaOf(t, tx, here.Clerk, m.Slug)
		return labels(items)
	}
	for _, c := range []struct {
		key  string
		to   meeting.Direction
		want string
	}{
		{third, meeting.Up, "A.1=een B.1=drie B.2=twee"},
		{third, meeting.Up, "A.1=een A.2=drie B.1=twee"},
		{first, meeting.Up, "A.1=een A.2=drie B.1=twee"},
		{third, meeting.Down, "A.1=een B.1=drie B.2=twee"},
		{second, meeting.Down, "A.1=een B.1=drie C.1=twee"},
	} {
		if err := meeting.Move(t.Context(), tx, here.Clerk, m.ID, c.key, c.to); err != nil {
			t.Fatal(err)
		}
		if got := seen(); got != c.want {
			t.Errorf("after %s: %s, want %s", c.to, got, c.want)
		}
	}
	sections, _ := agendaOf(t, tx, here.Clerk, m.Slug)
	order := []meeting.Place{{Key: second, SectionID: sections[0].ID}, {Key: first, SectionID: sections[0].ID}, {Key: third, SectionID: sections[2].ID}}
	if err := meeting.Arrange(t.Context(), tx, here.Clerk, m.ID, order); err != nil {
		t.Fatal(err)
	}
	if got := seen(); got != "A.1=twee A.2=een C.1=drie" {
		t.Errorf("arranged %s", got)
	}
	for name, wrong := range map[string][]meeting.Place{"one missing": order[:2], "one twice": append(order[:2:2], order[0])} {
		if err := meeting.Arrange(t.Context(), tx, here.Clerk, m.ID, wrong); !errors.Is(err, fault.Conflict) {
			t.Errorf("%s: %v, want conflict", name, err)
		}
	}
}

func TestAPaperIsOnceOnAnAgendaAndBackWhenTheMeetingIsOff(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	m := create(t, tx, here.Clerk, draft(here))
	paper := proposaltest.Offered(t, tx, other.Author, other.ID, here.Body)
	one, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	two, err := meeting.Schedule(t.Context(), tx, here.Clerk, m.ID, paper.ID, "")
	if err != nil || one != two {
		t.Errorf("twice: %q, %q, %v", one, two, err)
	}
	if _, err := meeting.Cancel(t.Context(), tx, here.Clerk, m.ID, " "); err == nil {
		t.Error("cancelled without a reason")
	}
	for range 2 {
		if _, err := meeting.Cancel(t.Context(), tx, here.Clerk, m.ID, "Geen quorum te verwachten"); err != nil {
			t.Fatal(err)
		}
	}
	p, err := proposal.Find(t.Context(), tx, here.Clerk, paper.ID)
	if err != nil || p.State != proposal.Offered {
		t.Errorf("the paper is %s, %v", p.State, err)
	}
	if _, err := meeting.AddItem(t.Context(), tx, here.Clerk, m.ID,
		meeting.ItemDraft{SectionID: "00000000-0000-0000-0000-000000000000", Title: "T", Minutes: minutes(1)}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an item on a cancelled meeting: %v", err)
	}
}

func TestTheLaterOfTwoEditorsIsTold(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	d := draft(here)
	d.Version, d.Chair = m.Version, "eerste"
	if _, err := meeting.Revise(t.Context(), tx, here.Clerk, m.ID, d); err != nil {
		t.Fatal(err)
	}
	d.Chair = "tweede"
	if _, err := meeting.Revise(t.Context(), tx, here.Staff, m.ID, d); !errors.Is(err, fault.Conflict) {
		t.Errorf("the second edit of one version: %v", err)
	}
	at := here.Clerk.At
	if _, err := meeting.Convene(t.Context(), tx, here.Clerk, m.ID, meeting.Call{DeliveredAt: &at, Version: m.Version, Reasons: map[string]string{}}); err == nil {
		t.Error("convened what the griffier had not seen")
	}
}

// Many hands on one agenda: each item is there once, order and labels are dense.
func TestManyAddAndMoveAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	here := proposaltest.NewPlace(t, db, "Hier")
	m := create(t, db, here.Clerk, draft(here))
	keys := []string{add(t, db, here.Clerk, m, "B", meeting.ItemDraft{Title: "nul"})}
	sections, _ := agendaOf(t, db, here.Clerk, m.Slug)
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			if _, err := meeting.AddItem(t.Context(), db, here.Staff, m.ID, meeting.ItemDraft{SectionID: sections[1].ID, Title: "T", Minutes: minutes(n)}); err != nil {
				t.Error(err)
			}
			if err := meeting.Move(t.Context(), db, here.Clerk, m.ID, keys[0], meeting.Down); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	_, items := agendaOf(t, db, here.Clerk, m.Slug)
	if len(items) != 9 {
		t.Fatalf("%d items", len(items))
	}
	next := map[string]int{}
	for n, i := range items {
		letter, _, _ := strings.Cut(i.Label, ".")
		next[letter]++
		if i.Sequence != n+1 || i.Label != letter+"."+dutch.Number(next[letter]) {
			t.Errorf("item %d has sequence %d and label %s", n, i.Sequence, i.Label)
		}
	}
}

func TestTwoConveneAtOnceAndItHappensOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.DB(t)
	here := proposaltest.NewPlace(t, db, "Hier")
	m := create(t, db, here.Clerk, draft(here))
	add(t, db, here.Clerk, m, "A", meeting.ItemDraft{Title: "Opening"})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			at := here.Clerk.At
			if _, err := meeting.Convene(t.Context(), db, here.Clerk, m.ID, meeting.Call{DeliveredAt: &at, Version: m.Version}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := notes(t, db, "meeting.convene"); n != 1 {
		t.Errorf("%d calls in the trail, want 1", n)
	}
}

func notes(t *testing.T, db *pgxpool.Pool, act string) (n int) {
	t.Helper()
	if err := pgtest.Owner(t, db).QueryRow(t.Context(), `select count(*) from audit_entries where act = $1`, act).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAfterHalfAnHourIdleTheCallAsksForThePassword(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	add(t, tx, here.Clerk, m, "A", meeting.ItemDraft{Title: "Opening"})
	idle := here.Clerk
	idle.Account, idle.Confirmed = id.New[id.Account](), idle.At.Add(-31*time.Minute)
	at := idle.At
	if _, err := meeting.Convene(t.Context(), tx, idle, m.ID, meeting.Call{DeliveredAt: &at, Version: m.Version}); !errors.Is(err, fault.Unconfirmed) {
		t.Errorf("got %v, want unconfirmed", err)
	}
}

func TestMovingWhatOthersKnowAsksForAReasonAndSaysWhatItWas(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	add(t, tx, here.Clerk, m, "A", meeting.ItemDraft{Title: "Opening"})
	m = convene(t, tx, here.Clerk, m.ID)
	d := draft(here)
	later := d.StartsAt.AddDate(0, 0, 1)
	ends := d.EndsAt.AddDate(0, 0, 1)
	before := *d.StartsAt
	d.StartsAt, d.EndsAt, d.Version = &later, &ends, m.Version
	var fields fault.Fields
	if _, err := meeting.Revise(t.Context(), tx, here.Clerk, m.ID, d); !errors.As(err, &fields) || fields["reason"] == "" {
		t.Errorf("moved without a reason: %v", err)
	}
	d.Reason = "De zaal is bezet"
	if _, err := meeting.Revise(t.Context(), tx, here.Staff, m.ID, d); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a griffiemedewerker moved a convened meeting: %v", err)
	}
	if _, err := meeting.Revise(t.Context(), tx, here.Clerk, m.ID, d); err != nil {
		t.Fatal(err)
	}
	seen, err := meeting.Find(t.Context(), tx, access.Actor{}, m.ID)
	if err != nil || seen.MovedFrom == nil || !seen.MovedFrom.Equal(before) || seen.MovedReason != "De zaal is bezet" || seen.ChangedAt == nil ||
		seen.Slug != m.Slug {
		t.Errorf("the public sees %+v, %v", seen, err)
	}
}

func TestAMeetingThatWasHeldStaysAsItWas(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	key := add(t, tx, here.Clerk, m, "A", meeting.ItemDraft{Title: "Opening"})
	m = convene(t, tx, here.Clerk, m.ID)
	after := here.Clerk
	after.At = m.EndsAt.Add(time.Minute)
	if _, err := meeting.RemoveItem(t.Context(), tx, after, m.ID, key); !errors.Is(err, fault.Forbidden) {
		t.Errorf("taking an item off: %v", err)
	}
	if _, err := meeting.Cancel(t.Context(), tx, after, m.ID, "te laat"); !errors.Is(err, fault.Forbidden) {
		t.Errorf("cancelling: %v", err)
	}
}

// A note "changed" that appears when only closed matter changed would tell that there was something.
func TestAChangeOfClosedMatterIsNotToldToReaders(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	key := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "GEHEIM", Closed: true, Ground: "5.1.2.b"})
	m = convene(t, tx, here.Clerk, m.ID)
	later := here.Clerk
	later.At = later.At.Add(time.Hour)
	revise := func(change func(*meeting.ItemDraft)) meeting.Meeting {
		_, items := agendaOf(t, tx, here.Clerk, m.Slug)
		d := meeting.ItemDraft{SectionID: items[0].SectionID, Title: "GEHEIM", Minutes: minutes(10), Closed: true, Ground: "5.1.2.b", Version: items[0].Version}
		change(&d)
		if err := meeting.ReviseItem(t.Context(), tx, later, m.ID, key, d); err != nil {
			t.Fatal(err)
		}
		seen, err := meeting.Find(t.Context(), tx, access.Actor{}, m.ID)
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	if seen := revise(func(d *meeting.ItemDraft) { d.Title, d.Explanation = "ANDERS", "MEER" }); seen.ChangedAt != nil || !seen.UpdatedAt.Equal(m.UpdatedAt) {
		t.Errorf("the public is told of a change of closed matter: %v, %v", seen.ChangedAt, seen.UpdatedAt)
	}
	if seen := revise(func(d *meeting.ItemDraft) { d.Minutes = minutes(25) }); seen.ChangedAt == nil {
		t.Error("the public is not told of a change of the planned time")
	}
}

// queued counts the mails that acts on this meeting asked for.
func queued(t *testing.T, db postgres.DB, m id.Meeting) string {
	t.Helper()
	kinds, err := postgres.All[string](t.Context(), db, `select kind from river_job where args->>'Meeting' = @id order by id`, postgres.Args{"id": string(m)})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(kinds, " ")
}

func TestEachActThatMembersMustKnowAsksForMailOnce(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "Opening"})
	if _, err := meeting.Announce(t.Context(), tx, here.Clerk, m.ID); err != nil {
		t.Fatal(err)
	}
	if got := queued(t, tx, m.ID); got != "" {
		t.Errorf("before the call: %q", got)
	}
	convened := convene(t, tx, here.Clerk, m.ID)
	convene(t, tx, here.Clerk, m.ID)
	if got := queued(t, tx, m.ID); got != "meeting.convened" {
		t.Errorf("after the call, made twice: %q", got)
	}
	d := draft(here)
	later := d.StartsAt.Add(time.Hour)
	end := later.Add(time.Hour)
	d.StartsAt, d.EndsAt, d.Reason, d.Version = &later, &end, "De zaal is bezet.", convened.Version
	if _, err := meeting.Revise(t.Context(), tx, here.Clerk, m.ID, d); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := meeting.Cancel(t.Context(), tx, here.Clerk, m.ID, "Er is niets te bespreken."); err != nil {
			t.Fatal(err)
		}
	}
	if got := queued(t, tx, m.ID); got != "meeting.convened meeting.moved meeting.cancelled" {
		t.Errorf("in the end: %q", got)
	}
}
