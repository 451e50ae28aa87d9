package meeting_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"regiogriffie/internal/access"
	"regiogriffie/internal/audit"
	"regiogriffie/internal/fault"
	"regiogriffie/internal/file/filetest"
	"regiogriffie/internal/id"
	"regiogriffie/internal/meeting"
	"regiogriffie/internal/postgres"
	"regiogriffie/internal/postgres/pgtest"
	"regiogriffie/internal/proposal"
	"regiogriffie/internal/proposal/proposaltest"
)

// acts are those on one item, by its key.
func acts(t *testing.T, db postgres.DB, by access.Actor, m meeting.Meeting, key string, d meeting.DecisionDraft) map[string]error {
	t.Helper()
	sections, items := agendaOf(t, db, by, m.Slug)
	revision := meeting.ItemDraft{SectionID: sections[1].ID, Title: "Anders", Minutes: minutes(10), Version: 1}
	for _, i := range items {
		if i.Key == key {
			revision.Version, revision.Closed, revision.Ground = i.Version, i.Closed, "5.1.2.b"
		}
	}
	_, record := meeting.RecordDecision(t.Context(), db, by, m.ID, key, d)
	_, publish := meeting.PublishDecision(t.Context(), db, by, m.ID, key, meeting.Publication{Body: d.Body, Version: 1})
	early := by
	early.At = m.StartsAt.AddDate(0, 0, -1)
	_, remove := meeting.RemoveItem(t.Context(), db, early, m.ID, key)
	return map[string]error{
		"revise": meeting.ReviseItem(t.Context(), db, early, m.ID, key, revision),
		"attach": meeting.AttachToItem(t.Context(), db, filetest.Store(t), early, m.ID, key, filetest.Upload("stuk.pdf")),
		"record": record, "publish": publish,
		"remove": remove,
	}
}

func TestAnItemIsReachedByItsOwnMeetingAlone(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m, key, _ := sitting(t, tx, open, here)
	other, _, _ := sitting(t, tx, open, here)
	for act, err := range acts(t, tx, during(here.Clerk, m), other, key, decides(here, m)) {
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s by another meeting: %v, want not found", act, err)
		}
	}
	if err := meeting.Move(t.Context(), tx, here.Clerk, other.ID, key, meeting.Up); !errors.Is(err, fault.NotFound) {
		t.Errorf("move by another meeting: %v, want not found", err)
	}
	if _, items := agendaOf(t, tx, here.Clerk, m.Slug); len(items) != 1 || items[0].Dropped() || items[0].MatterTitle == "Anders" {
		t.Errorf("the item became %+v", items)
	}
}

// A griffier who prepares the meeting may see that there is a closed item, and still not what it is about.
func TestNobodyActsOnAnItemWhoseMatterHeMayNotSee(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	m := create(t, tx, here.Clerk, draft(here))
	key := add(t, tx, here.Clerk, m, "B", meeting.ItemDraft{Title: "Besloten", Closed: true, Ground: "5.1.2.b"})
	m = convene(t, tx, here.Clerk, m.ID)
	asOwner(t, tx, `update agenda_item_matters x set audience_bodies = array[@body::uuid] where x.item_id = (select i.id from agenda_items i where i.key = @key)`,
		postgres.Args{"key": key, "body": other.Body})
	for act, err := range acts(t, tx, during(here.Clerk, m), m, key, decides(here, m)) {
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", act, err)
		}
	}
	if _, items := agendaOf(t, tx, here.Clerk, m.Slug); len(items) != 1 || items[0].Matter || items[0].Dropped() || items[0].Title() != meeting.NeutralTitle {
		t.Errorf("the item became %+v", items)
	}
}

// asOwner does behind the program's back what no verb does.
func asOwner(t *testing.T, tx pgx.Tx, sql string, args postgres.Args) {
	t.Helper()
	if _, err := tx.Exec(t.Context(), `reset role`); err != nil {
		t.Fatal(err)
	}
	if n, err := postgres.Exec(t.Context(), tx, sql, args); err != nil || n == 0 {
		t.Fatalf("%d rows: %v", n, err)
	}
	if _, err := tx.Exec(t.Context(), `set role regiogriffie_app`); err != nil {
		t.Fatal(err)
	}
}

func TestTheTrailKeepsNoReasonOfAClosedDecision(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	for _, c := range []struct {
		change func(*proposal.Draft)
		kept   bool
	}{{open, true}, {proposaltest.Closed, false}} {
		m, key, _ := sitting(t, tx, c.change, here)
		clerk := during(here.Clerk, m)
		d := decides(here, m)
		few, more := 2, 3
		d.Vote = meeting.Vote{Method: meeting.RollCall, VotesFor: &few, VotesAgainst: &more}
		made := record(t, tx, clerk, m, key, d)
		if _, err := meeting.PublishDecision(t.Context(), tx, clerk, m.ID, key, meeting.Publication{
			Body: here.Body, Version: made.Version, Reasons: map[string]string{"GW-30": "Geheim weegt zwaarder."},
		}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(trail(t, tx, clerk, m.ID), "Geheim weegt zwaarder."); got != c.kept {
			t.Errorf("closed %v, the reason in the trail: %v", !c.kept, got)
		}
	}
}

func trail(t *testing.T, db postgres.DB, as access.Actor, m id.Meeting) string {
	t.Helper()
	var entries []audit.Entry
	if err := postgres.Read(t.Context(), db, audit.Of(&entries, as, string(m))); err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, e := range entries {
		reasons = append(reasons, e.Act+" "+e.Reason)
	}
	return strings.Join(reasons, "\n")
}

// Who sees a meeting, and may not do this with it; and what asks for the password again.
func TestTheVerbsRefuseWhoSeesTheMeeting(t *testing.T) {
	t.Parallel()
	tx := pgtest.Tx(t)
	here := proposaltest.NewPlace(t, tx, "Hier")
	m := create(t, tx, here.Clerk, draft(here))
	forbidden := func(act string, err error) {
		t.Helper()
		if !errors.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v, want forbidden", act, err)
		}
	}
	asks := func(act string, err error) {
		t.Helper()
		if !errors.Is(err, fault.Unconfirmed) {
			t.Errorf("%s: %v, want the password", act, err)
		}
	}
	idle := here.Clerk
	idle.Account, idle.Confirmed = id.New[id.Account](), idle.At.Add(-time.Hour)
	at := here.Clerk.At
	call := meeting.Call{DeliveredAt: &at, Version: m.Version}
	_, err := meeting.Create(t.Context(), tx, here.Member, draft(here))
	forbidden("a member makes one", err)
	_, err = meeting.Announce(t.Context(), tx, here.Staff, m.ID)
	forbidden("the staff announces", err)
	_, err = meeting.Announce(t.Context(), tx, idle, m.ID)
	asks("announcing", err)
	if m, err = meeting.Announce(t.Context(), tx, here.Clerk, m.ID); err != nil {
		t.Fatal(err)
	}
	call.Version = m.Version
	for who, a := range map[string]access.Actor{"the staff": here.Staff, "a member": here.Member, "the secretaris": here.Secretary} {
		_, err = meeting.Convene(t.Context(), tx, a, m.ID, call)
		forbidden(who+" convenes", err)
		_, err = meeting.Cancel(t.Context(), tx, a, m.ID, "Geen zaal.")
		forbidden(who+" cancels", err)
	}
	for who, a := range map[string]access.Actor{"a member": here.Member, "the secretaris": here.Secretary} {
		_, err = meeting.AddItem(t.Context(), tx, a, m.ID, meeting.ItemDraft{SectionID: "x", Title: "Van mij", Minutes: minutes(1)})
		forbidden(who+" adds an item", err)
		_, err = meeting.Revise(t.Context(), tx, a, m.ID, draft(here))
		forbidden(who+" changes it", err)
	}
	_, err = meeting.Cancel(t.Context(), tx, idle, m.ID, "Geen zaal.")
	asks("cancelling", err)
}

// The first wall alone: what a body decided behind closed doors is on no list of others.
func TestTheQueriesKeepDecisionsFromOthers(t *testing.T) {
	t.Parallel()
	tx := pgtest.OneWall(t)
	here, other := proposaltest.NewPlace(t, tx, "Hier"), proposaltest.NewPlace(t, tx, "Elders")
	m, key, paper := sitting(t, tx, proposaltest.Closed, here)
	clerk := during(here.Clerk, m)
	made := publish(t, tx, clerk, m, key, record(t, tx, clerk, m, key, decides(here, m)))
	for who, a := range map[string]access.Actor{"the public": {}, "a griffier elsewhere": other.Clerk, "a steller here": {Grants: here.Author.Grants}} {
		var on []meeting.Decision
		if err := postgres.Read(t.Context(), tx, meeting.DecisionsOn(&on, a, paper.ID)); err != nil {
			t.Fatal(err)
		}
		if len(on)+len(decisionsAt(t, tx, a, m)) > 0 {
			t.Errorf("%s reads %v", who, on)
		}
		if _, err := meeting.FindDecision(t.Context(), tx, a, made.ID); !errors.Is(err, fault.NotFound) {
			t.Errorf("%s finds it: %v", who, err)
		}
	}
	if len(decisionsAt(t, tx, here.Member, m)) != 1 {
		t.Error("a member does not read it")
	}
}
